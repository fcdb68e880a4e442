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
    `rights` are the rights by which a subject that does not meet it can act, by their names in `subject_rights.toml`.
    """

    zh: str
    en: str
    source: str = ""
    rights: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The requirement in both languages."""
        return bilingual(self.zh, self.en)


_OBJECTION: Final = ("objection",)
"""What is wrong or missing can be objected to (河南省社会信用条例 art. 41)."""
_RIGHTS_OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {"clean_years": ("repair", "withdrawal", "objection")}
"""The rights of the kinds of requirement that give others than an objection."""

OF_AGE: Final = RequirementWords(
    "年满十八周岁", "Is 18 years of age", "河南省社会信用条例 第三条；民法典 第十七条"
)
ALIVE: Final = RequirementWords("登记为在世", "Is registered as living", "民法典 第十三条", _OBJECTION)
ACTIVE: Final = RequirementWords("登记状态为存续", "Is registered and in business", rights=_OBJECTION)
RED_LISTED: Final = RequirementWords("在守信红名单上", "Stands on a red list", rights=_OBJECTION)
BROKEN: Final = RequirementWords(
    "所依据的记录有误，未被使用",
    "Records that it rests on are faulty and are not used",
    "河南省社会信用条例 第四十一条",
    _OBJECTION,
)
"""In place of a requirement where nothing is derived, because records break their contract: the subject may object."""


INDIVIDUAL: Final = RequirementWords("是个体工商户", "Is an individual business", rights=_OBJECTION)
NOT_INDIVIDUAL: Final = RequirementWords("不是个体工商户", "Is no individual business", rights=_OBJECTION)


def registered_in(zh: str, en: str) -> RequirementWords:
    """Return the words for a registration in a city."""
    return RequirementWords(f"登记在{zh}", f"Is registered in {en}", rights=_OBJECTION)


def enrolled_in(programme: ScoreProgramme | None) -> RequirementWords:
    """Return the words for taking part in the city's score programme."""
    if programme is None:
        return RequirementWords("已参加个人积分项目", "Joined a score programme")
    zh, en = f"已参加{programme.zh}", f"Joined {programme.en} ({programme.zh})"
    return RequirementWords(zh, en, programme.source, ("no_bundling",))


def consented_to(scene: str) -> RequirementWords:
    """Return the words for a consent to a scene."""
    return RequirementWords(
        f"已同意用于场景{scene}，且同意有效",
        f"Consented to the scene {scene}, and the consent is valid",
        "个人信息保护法 第十四条、第十五条、第二十三条",
        ("consent",),
    )


def owner_consented_to(scene: str) -> RequirementWords:
    """Return the words for a consent that the owner of an individual business gives to a scene."""
    return RequirementWords(
        f"个体工商户的经营者已同意用于场景{scene}，且同意有效",
        f"The owner of the individual business consented to the scene {scene}, and the consent is valid",
        "民法典 第五十四条；个人信息保护法 第十四条、第十五条、第二十三条",
        ("consent",),
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
    rights = _RIGHTS_OF_KIND.get(name, _OBJECTION)
    if name == "clean_years":
        years = "1 year" if asked == 1 else f"{asked} years"
        return RequirementWords(zh.format(asked), f"{years} without an adverse record", rights=rights)
    said_zh, said_en = _codes(name, asked) if isinstance(asked, frozenset) else (str(asked), str(asked))
    title = f"{en[0].upper()}{en[1:]}".format(said_en)
    return RequirementWords(zh.format(said_zh), title, rights=rights)


def _codes(name: str, codes: frozenset[str]) -> tuple[str, str]:
    """Return codes in words, in the order of their kind; those that have no words stand as they are."""
    ordered = [each for each in REQUIREMENT_KINDS[name].codes or sorted(codes) if each in codes]
    labels = _LABELS.get(name)
    if labels is None:
        return "/".join(ordered), "/".join(ordered)
    texts = [labels[each] for each in ordered]
    return "、".join(zh for zh, _ in texts), ", ".join(en for _, en in texts)
