"""The incentives of the cities and what each rests on: the data of `catalogue/incentives/`, checked as it is read.

Sources are the cities' own documents, which each incentive cites; thresholds are configuration of ours, since the
documents state none.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec.structs import asdict

from catalogue.incentives.requirement_kinds import KINDS, REQUIREMENT_KINDS, Beneficiary
from catalogue.toml_files import TomlError, read_toml

CATALOGUE: Final = Path(__file__).resolve().parent

Alternative: TypeAlias = Mapping[str, bool | int | frozenset[str]]
"""One way to meet a condition: what is stated by the name of its kind must hold, everything of it."""
Benefit: TypeAlias = Literal[
    "CONVENIENCE",
    "DEPOSIT_FREE",
    "DISCOUNT",
    "FEE_WAIVER",
    "FINANCE",
    "GREEN_LANE",
    "LIGHT_SUPERVISION",
    "LOWER_THRESHOLD",
    "MULTI",
    "PRIORITY",
    "SIMPLIFIED_PROCEDURE",
]

_SCENE: Final = re.compile(r"reward(\.[a-z_]+)+")


class City(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A city with the document that states its incentives.

    Where it has a score programme of its own, its incentives are for those who joined that one.
    """

    zh: str
    en: str
    document: str
    programme: Literal["WANXIN", "SHANGDING"] | None = None


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a basis asks of a kind of subject: one of the alternatives. `owner` answers for its numbers."""

    owner: str
    zh: str
    en: str
    person: tuple[Alternative, ...] = ()
    enterprise: tuple[Alternative, ...] = ()

    def alternatives(self, kind: Beneficiary) -> tuple[Alternative, ...]:
        """Return what it asks of one kind of subject; nothing where it asks nothing of that kind."""
        return self.person if kind == "person" else self.enterprise


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    place: str
    zh: str
    en: str
    scene: str
    benefit: Benefit
    basis: str
    beneficiaries: frozenset[Beneficiary] = msgspec.field(name="for")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    city: dict[str, City]
    unanswered: dict[str, str]
    by_duty: dict[str, str]
    """The scenes in which an organ acts by duty, each with its basis."""
    incentive: dict[str, _Entry]


class Incentive(_Entry, frozen=True, kw_only=True):
    """One incentive of a city. `place` is its heading in the city's document; `scene` a leaf of the purposes.

    `condition` is None where the graph holds nothing to answer it by; then `unanswered` says why.
    """

    id: str
    city: City
    condition: Condition | None
    unanswered: str
    by_duty: bool = False
    """Whether an organ acts by duty in its scene, and nobody else does."""

    @property
    def field(self) -> str:
        """The name of its field in the graph: `ny005` for NY-005."""
        return self.id.replace("-", "").lower()

    @property
    def city_code(self) -> str:
        """The letters of its city: NY for NY-005."""
        return self.id.partition("-")[0]

    def alternatives(self, kind: Beneficiary) -> tuple[Alternative, ...]:
        """Return what its condition asks of a kind of subject; nothing where it is not for that kind."""
        if self.condition is None or kind not in self.beneficiaries:
            return ()
        return self.condition.alternatives(kind)

    def is_of_duty(self, kind: Beneficiary) -> bool:
        """Whether an organ answers it by duty on what it holds by duty, so that it needs no consent.

        A score is not held by duty (河南省社会信用条例 art. 22; 个人信息保护法 art. 13(3)).
        """
        return self.by_duty and not any("least_score" in each for each in self.alternatives(kind))


@cache
def cities(folder: Path = CATALOGUE) -> Mapping[str, City]:
    """Return the cities by the letters with which the ids of their incentives begin."""
    return read_toml(folder / "incentives.toml", _File).city


@cache
def incentives(folder: Path = CATALOGUE) -> Mapping[str, Incentive]:
    """Return every incentive by its id, in the order of the file, or raise TomlError.

    Its condition is what its basis asks by itself; what an answer asks in its scene is in `catalogue.incentives.scene_threshold`.
    """
    file = read_toml(folder / "incentives.toml", _File)
    conditions = read_toml(folder / "conditions.toml", dict[str, Condition])
    for name, condition in conditions.items():
        _check_condition(name, condition)
    return {id_: _incentive(id_, entry, file, conditions) for id_, entry in file.incentive.items()}


def _incentive(id_: str, entry: _Entry, file: _File, conditions: Mapping[str, Condition]) -> Incentive:
    city = file.city.get(id_.partition("-")[0])
    if city is None:
        raise TomlError(f"incentives.toml: {id_} is of no city of the file")
    if not _SCENE.fullmatch(entry.scene):
        raise TomlError(f"incentives.toml: {id_} has the scene {entry.scene}, which is no leaf of reward")
    condition, unanswered = conditions.get(entry.basis), file.unanswered.get(entry.basis, "")
    if (condition is None) is not bool(unanswered):
        raise TomlError(
            f"incentives.toml: {id_} rests on {entry.basis}, which needs either a condition or a reason"
        )
    for kind in sorted(entry.beneficiaries):
        if condition is not None and not condition.alternatives(kind):
            raise TomlError(f"incentives.toml: {id_} is for a {kind}, of whom {entry.basis} asks nothing")
    by_duty = entry.scene in file.by_duty
    return Incentive(
        id=id_, city=city, condition=condition, unanswered=unanswered, by_duty=by_duty, **asdict(entry)
    )


def _check_condition(name: str, condition: Condition) -> None:
    """Refuse what everybody meets, and whatever the kind of a requirement does not have."""
    for beneficiary in KINDS:
        for alternative in condition.alternatives(beneficiary):
            if not any(alternative.values()):
                raise TomlError(f"conditions.toml: {name} has an alternative that asks nothing")
            for line, value in alternative.items():
                kind = REQUIREMENT_KINDS.get(line)
                if kind is None:
                    raise TomlError(f"conditions.toml: {name} states {line}, which is no kind of requirement")
                if beneficiary not in kind.beneficiaries:
                    raise TomlError(
                        f"conditions.toml: {name} asks a {beneficiary} for {line}, which it cannot have"
                    )
                for problem in kind.problems(value):
                    raise TomlError(f"conditions.toml: {name} {problem}")
