"""The tree of purposes. An operation carries exactly one leaf; a pattern such as "reward.*" names a subtree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, TypeGuard, TypeVar, cast

import msgspec

from catalogue.toml_files import Text, named_structure, read_tables
from gateway.authorization.callers import CallerKind
from gateway.errors import StartRefused
from resolvers.plan.field_use import SeesDead, SeesMinors

OPEN_PURPOSE: Final = "open.catalogue"
"""The purpose of a document that reads nothing but the catalogue."""
_OWN: Final = "subject.*"
_OF_LENDERS: Final = "financing.*"
"""Lenders read by authorisation (河南省社会信用条例 art. 18; by analogy 征信业管理条例 art. 18)."""
_OWN_HOLDERS: Final = frozenset({"person", "organ"})
"""The subject, and the window at which it stands (河南省社会信用条例 art. 40)."""
_MINORS: Final[Mapping[str, frozenset[SeesMinors]]] = {
    _OWN: frozenset({"none", "own"}),
    "rights.*": frozenset({"none", "all"}),
    "measure.enforcement": frozenset({"none", "all"}),
}
"""The values of `minors` that each purpose may state. Minors are no subjects of credit (河南省社会信用条例 art. 3). "own" shows
the minor who asks, and the ward of a guardian who asks. "all" shows minors to those who settle their rights, and to a court
in its case."""
_DEAD: Final[Mapping[str, frozenset[SeesDead]]] = {
    _OWN: frozenset({"none", "own"}),
    "rights.*": frozenset({"none", "all"}),
    "measure.enforcement": frozenset({"none", "all"}),
}
"""The values of `dead` that each purpose may state. Whoever has died is a subject of no duty. "own" shows the one who asks,
whom the registry calls dead by mistake (个人信息保护法 art. 45, 46). "all" shows the dead to those who settle what close
relatives ask for (art. 49), and to a court in its case."""


class Branch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An inner node of the tree, which nobody holds, with what it states for all that hangs on it."""

    name: str
    zh: Text
    en: Text
    case_number: bool = False
    """Whether each request must name the case that it serves."""
    authorisation: bool = False
    """Whether the case is an authorisation, which each subject must have given to the caller."""
    beside_rewards: bool = False
    """Whether a client that rewards may hold it too. A duty that sees records would tell why an answer is null."""
    minors: SeesMinors = "none"
    dead: SeesDead = "none"


class Purpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A leaf of the tree: what data is asked for, on which basis, and which kinds of caller may hold it."""

    name: str
    zh: Text
    en: Text
    basis: Text
    holders: Annotated[frozenset[str], msgspec.Meta(min_length=1)]
    case_number: bool = False
    authorisation: bool = False
    beside_rewards: bool = False
    minors: SeesMinors = "none"
    """Whether minors are shown: none; the one who asks and the wards of a guardian who asks; or all."""
    dead: SeesDead = "none"
    """Whether persons are shown whom the registry calls dead: none; the one who asks; or all."""
    department: Text | None = None
    """The only department whose clients hold it, where its answers tell what that department alone may see."""


@dataclass(frozen=True, slots=True)
class PurposeTree:
    """Leaves and branches by name, in the order of the file."""

    leaves: Mapping[str, Purpose]
    branches: Mapping[str, Branch]

    @property
    def titles(self) -> Mapping[str, tuple[str, str]]:
        """The Chinese and the English title of each leaf."""
        return {name: (each.zh, each.en) for name, each in self.leaves.items()}

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Return the leaves that a pattern names: a leaf, a subtree "reward.*", or "*" for all."""
        return tuple(name for name in self.leaves if covers(pattern, name))

    def minors_shown(self, purpose: str) -> SeesMinors:
        """Return whether a purpose shows minors; one that nobody declared shows none."""
        leaf = self.leaves.get(purpose)
        return "none" if leaf is None else leaf.minors

    def dead_shown(self, purpose: str) -> SeesDead:
        """Return whether a purpose shows the dead; one that nobody declared shows none."""
        leaf = self.leaves.get(purpose)
        return "none" if leaf is None else leaf.dead


def covers(pattern: str, purpose: str) -> bool:
    """Whether a pattern names a purpose."""
    return pattern in ("*", purpose) or (pattern.endswith(".*") and purpose.startswith(pattern[:-1]))


def is_own(purpose: str) -> bool:
    """Whether a purpose is a subject's own: it covers nobody but the subject who asks."""
    return covers(_OWN, purpose)


_ROOT: Final = Branch("", "", "")
_Node = TypeVar("_Node", Branch, Purpose)


def parent_of(name: str) -> str | None:
    """Return the branch that a purpose hangs on, or None at the root."""
    return name.rpartition(".")[0] or None


def load_purposes(file: Path, kinds: Mapping[str, CallerKind]) -> PurposeTree:
    """Read the tree, or raise StartRefused with the file and the purpose that is wrong.

    A kind of the sandbox holds every purpose; the file does not name it.
    """
    leaves: dict[str, Purpose] = {}
    branches: dict[str, Branch] = {}
    sandbox = frozenset(kind.name for kind in kinds.values() if kind.sandbox)
    for name, table in _tables(read_tables(file, StartRefused), ()):
        place = f"{file.name}: the purpose {name}"
        above = branches.get(parent_of(name) or "", _ROOT)
        if _is_branch(table):
            own = {key: value for key, value in table.items() if not isinstance(value, dict)}
            if above is _ROOT and "case_number" not in own:
                raise StartRefused(
                    f"{place} does not state whether each request carries a case number: state `case_number`"
                )
            branches[name] = _inherited(named_structure(place, name, own, Branch, StartRefused), above)
            continue
        leaf = named_structure(place, name, table, Purpose, StartRefused)
        for holder in sorted(leaf.holders - kinds.keys()):
            raise StartRefused(f"{file.name}: {name} is held by {holder!r}, which is not in callers.toml")
        for stated in ("case_number", "authorisation"):
            if getattr(above, stated) and table.get(stated) is False:
                raise StartRefused(
                    f"{place} serves a case as all of its branch do, and states {stated} = false"
                )
        leaf = _inherited(leaf, above)
        _check_own(leaf, file.name)
        _check_shown(leaf, "minors", leaf.minors, _MINORS, file.name)
        _check_shown(leaf, "dead", leaf.dead, _DEAD, file.name)
        _check_authorisation(leaf, file.name)
        leaves[name] = msgspec.structs.replace(leaf, holders=leaf.holders | sandbox)
    return PurposeTree(leaves, branches)


def _tables(node: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Yield every branch and leaf by its name, a branch before what hangs on it."""
    for key, below in node.items():
        if isinstance(below, dict) or not path:
            yield ".".join((*path, key)), below
        if _is_branch(below):
            yield from _tables(below, (*path, key))


def _is_branch(table: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(table, dict) and any(
        isinstance(each, dict) for each in cast("dict[str, Any]", table).values()
    )


def _inherited(node: _Node, above: Branch) -> _Node:
    """Return a node with what its branch states for all that hangs on it."""
    return msgspec.structs.replace(
        node,
        case_number=node.case_number or above.case_number,
        authorisation=node.authorisation or above.authorisation,
        beside_rewards=node.beside_rewards or above.beside_rewards,
        minors=above.minors if node.minors == "none" else node.minors,
        dead=above.dead if node.dead == "none" else node.dead,
    )


def _check_authorisation(leaf: Purpose, file: str) -> None:
    """Refuse a purpose of lenders that needs no authorisation, and an authorisation without a number."""
    if covers(_OF_LENDERS, leaf.name) and not leaf.authorisation:
        raise StartRefused(
            f"{file}: {leaf.name} is for lenders, whom each borrower must authorise: state `authorisation = true`"
        )
    if leaf.authorisation and not leaf.case_number:
        raise StartRefused(
            f"{file}: {leaf.name} needs an authorisation, whose number is a case number: state `case_number = true`"
        )


def _check_own(leaf: Purpose, file: str) -> None:
    """Refuse a subject's own purpose that is held by others than the subject and its window."""
    others = sorted(leaf.holders - _OWN_HOLDERS)
    if is_own(leaf.name) and others:
        raise StartRefused(
            f"{file}: {leaf.name} is a subject's own, and is held by {', '.join(others)};"
            f" it may be held by {' and '.join(sorted(_OWN_HOLDERS))} alone"
        )


def _check_shown(
    leaf: Purpose, name: str, stated: str, allowed: Mapping[str, frozenset[str]], file: str
) -> None:
    """Refuse a purpose that would show minors, or the dead, beyond what the law names."""
    here = next((each for pattern, each in allowed.items() if covers(pattern, leaf.name)), {"none"})
    if stated not in here:
        raise StartRefused(
            f"{file}: {leaf.name} states {name} = {stated!r}; they are shown under none but"
            f" {', '.join(allowed)}: leave it out"
        )
