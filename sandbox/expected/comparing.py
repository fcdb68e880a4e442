"""Where an answer differs from what it must be. No value of an answer is repeated: a place is a path of names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

Path: TypeAlias = str
"""Where something stands in an answer, as `standing.pds028` or `person.honours[0].level`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Stands in an expected answer for a part that is no constant: it yields the places, below its own, that break it. None breaks it."""

    broken: Callable[[Any], Iterator[Path]]


def differences(expected: Any, found: Any, path: Path = "", *, whole: bool = True) -> Iterator[Path]:
    """Yield the place of each difference; unless `whole`, members of objects that are not expected are no difference."""
    if isinstance(expected, Rule):
        yield from [path] if found is None else (_below(path, each) for each in expected.broken(found))
    elif isinstance(expected, Mapping) and isinstance(found, dict):
        of = cast("Mapping[str, Any]", expected), cast("dict[str, Any]", found)
        yield from _of_members(*of, path, whole)
    elif isinstance(expected, list) and isinstance(found, list):
        yield from _of_items(cast("list[Any]", expected), cast("list[Any]", found), path, whole)
    elif not _is_equal(cast("object", expected), found):
        yield path or "."


def _below(path: Path, place: Path) -> Path:
    """Return the path of a place below another one."""
    return f"{path}{'' if not (path and place) or place.startswith('[') else '.'}{place}"


def _is_equal(expected: object, found: object) -> bool:
    """Whether two values are one: true is not 1."""
    return expected == found and type(expected) is type(found)


def _of_members(
    expected: Mapping[str, Any], found: Mapping[str, Any], path: Path, whole: bool
) -> Iterator[Path]:
    dot = "." if path else ""
    for name in dict.fromkeys((*expected, *found)) if whole else expected:
        if name not in expected or name not in found:
            yield f"{path}{dot}{name}"
        else:
            yield from differences(expected[name], found[name], f"{path}{dot}{name}", whole=whole)


def _of_items(expected: Sequence[Any], found: Sequence[Any], path: Path, whole: bool) -> Iterator[Path]:
    if len(expected) != len(found):
        yield f"{path}[{len(expected)}]"
        return
    for at, (one, other) in enumerate(zip(expected, found, strict=True)):
        yield from differences(one, other, f"{path}[{at}]", whole=whole)
