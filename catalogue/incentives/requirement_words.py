"""What is required of a subject, in words for the subject itself: each requirement has its title and source here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from catalogue.declared_codes import bilingual
from catalogue.incentives.requirement_kinds import REQUIREMENT_KINDS
from catalogue.score_programmes import ScoreProgramme


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


INDIVIDUAL: Final = RequirementWords("是个体工商户", "Is an individual business")
NOT_INDIVIDUAL: Final = RequirementWords("不是个体工商户", "Is no individual business")


def registered_in(zh: str, en: str) -> RequirementWords:
    """Return the words for a registration in a city."""
    return RequirementWords(f"登记在{zh}", f"Is registered in {en}")


def enrolled_in(programme: ScoreProgramme | None) -> RequirementWords:
    """Return the words for taking part in the city's score programme."""
    if programme is None:
        return RequirementWords("已参加个人积分项目", "Joined a score programme")
    return RequirementWords(
        f"已参加{programme.zh}", f"Joined {programme.en} ({programme.zh})", programme.source
    )


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


_LABELS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "honour_levels": {
        "NATIONAL": ("国家级", "national"),
        "PROVINCIAL": ("省级", "provincial"),
        "CITY": ("市级", "city"),
        "COUNTY": ("县级", "county"),
    },
    "legal_forms": {
        "COMPANY": ("公司", "company"),
        "COOPERATIVE": ("合作社", "cooperative"),
        "INDIVIDUAL_BUSINESS": ("个体工商户", "individual business"),
    },
}
"""The words of codes, by the kind that asks for them."""


def words_of(name: str, asked: bool | int | frozenset[str], zh: str, en: str) -> RequirementWords:
    """Return the words of any line of a condition for everybody; `zh` and `en` are the names of the city."""
    if name == "clean_years":
        years = "1 year" if asked == 1 else f"{asked} years"
        return RequirementWords(f"{asked}年内无不良记录", f"{years} without an adverse record")
    if name in _LABELS and isinstance(asked, frozenset):
        of, (in_zh, in_en) = _LABELS[name], REQUIREMENT_KINDS[name].text
        texts = [of[each] for each in _in_order(name, asked)]
        said_zh, said_en = "、".join(each for each, _ in texts), ", ".join(each for _, each in texts)
        return RequirementWords(in_zh.format(said_zh), in_en.format(said_en))
    if name == "red_list":
        return RED_LISTED
    if name == "local":
        return registered_in(zh, en)
    if isinstance(asked, bool):
        return INDIVIDUAL if asked else NOT_INDIVIDUAL
    return of_kind(name, asked)


def of_kind(name: str, asked: int | frozenset[str]) -> RequirementWords:
    """Return the words of a kind of requirement that a condition states, with what it asks for."""
    zh, en = REQUIREMENT_KINDS[name].text
    text = "/".join(_in_order(name, asked)) if isinstance(asked, frozenset) else str(asked)
    return RequirementWords(zh.format(text), f"{en[0].upper()}{en[1:]}".format(text))


def _in_order(name: str, codes: frozenset[str]) -> list[str]:
    return [each for each in REQUIREMENT_KINDS[name].codes or sorted(codes) if each in codes]
