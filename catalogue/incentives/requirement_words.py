"""What is required of a subject, in words for the subject itself: each requirement has its title and source here."""

from dataclasses import dataclass
from typing import Final

from catalogue.declared_codes import bilingual
from catalogue.incentives.requirement_kinds import REQUIREMENT_KINDS


@dataclass(frozen=True, slots=True)
class RequirementWords:
    """A requirement in Chinese and in English, and the law that makes it.

    Without a `source` it comes from the incentive's own document, and the owner of the condition answers for its numbers.
    """

    zh: str
    en: str
    source: str = ""

    @property
    def title(self) -> str:
        """The requirement in both languages."""
        return bilingual(self.zh, self.en)


OF_AGE: Final = RequirementWords(
    "年满十八周岁", "Is 18 years of age", "河南省社会信用条例 第三条；民法典 第十七条"
)
ALIVE: Final = RequirementWords("登记为在世", "Is registered as living", "民法典 第十三条")
ACTIVE: Final = RequirementWords("登记状态为存续", "Is registered and in business")
RED_LISTED: Final = RequirementWords("在守信红名单上", "Stands on a red list")
BROKEN: Final = RequirementWords(
    "所依据的记录有误，未被使用",
    "Records that it rests on are faulty and are not used",
    "河南省社会信用条例 第四十一条",
)
"""In place of a requirement where nothing is derived, because records break their contract: the subject may object."""


_PROGRAMMES: Final = {
    "WANXIN": ("宛信分", "Nanyang's 宛信分", "宛信用办〔2022〕4号"),
    "SHANGDING": ("商鼎分", "Zhengzhou's 商鼎分", "郑信用〔2019〕3号"),
}
_ANY_PROGRAMME: Final = ("个人积分项目", "a city's score programme", "宛信用办〔2022〕4号；郑信用〔2019〕3号")


def enrolled_in(programme: str | None) -> RequirementWords:
    """Return the words for taking part in a score programme, or in that one."""
    zh, en, source = _PROGRAMMES.get(programme or "", _ANY_PROGRAMME)
    return RequirementWords(f"已参加{zh}", f"Joined {en}", source)


def consented_to(scene: str) -> RequirementWords:
    """Return the words for a consent to a scene."""
    return RequirementWords(
        f"已同意用于场景{scene}，且同意有效",
        f"Consented to the scene {scene}, and the consent is valid",
        "个人信息保护法 第十四条、第十五条、第二十三条",
    )


def owner_consented_to(scene: str) -> RequirementWords:
    """Return the words for a consent that the owner of an individual business gives to a scene."""
    return RequirementWords(
        f"个体工商户的经营者已同意用于场景{scene}，且同意有效",
        f"The owner of the individual business consented to the scene {scene}, and the consent is valid",
        "民法典 第五十四条；个人信息保护法 第十四条、第十五条、第二十三条",
    )


def of_kind(name: str, asked: int | frozenset[str]) -> RequirementWords:
    """Return the words of a kind of requirement that a condition states, with what it asks for."""
    zh, en = REQUIREMENT_KINDS[name].text
    text = "/".join(_in_order(name, asked)) if isinstance(asked, frozenset) else str(asked)
    return RequirementWords(zh.format(text), f"{en[0].upper()}{en[1:]}".format(text))


def _in_order(name: str, codes: frozenset[str]) -> list[str]:
    return [each for each in REQUIREMENT_KINDS[name].codes if each in codes]
