"""What may stand in the folders of policies and of operations. Any other file is refused, because nothing would read it."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from catalogue.incentives.city_files import city_names
from catalogue.incentives.city_texts import holds_number
from gateway.authorization.clients import FILE as CLIENTS
from gateway.errors import StartRefused
from gateway.operations.approvals import FOLDER as APPROVALS
from gateway.operations.register import REVOKED_FILE

_RULES: Final = frozenset({"ceilings", "permits"})
"""The folders of rules."""
_POLICIES: Final = frozenset(
    {
        CLIENTS,
        "approvers.json",
        "callers.toml",
        "case_numbers.toml",
        "duty_items.toml",
        "purposes.toml",
        "schema.cedarschema",
    }
)
_OPERATION: Final = ".toml"
_APPROVAL: Final = ".json"
_RULE: Final = ".cedar"


def refuse_unknown_files(policies: Path, operations: Path) -> None:
    """Raise StartRefused with the path of the first folder or file that means nothing. Hidden ones are left out.

    A misspelt folder of a city would otherwise take its operations and clients away without a word.
    """
    for path, reason in (*_unknown_of_policies(policies), *_unknown_of_operations(operations)):
        raise StartRefused(f"{path}: {reason}")


def _unknown_of_policies(folder: Path) -> Iterator[tuple[str, str]]:
    yield from _unknown_folders(folder, {*_RULES, *city_names()})
    for file in _files(folder):
        if file.name not in _POLICIES:
            yield (
                _path(folder, file),
                f"the policies have no such file: they are {', '.join(sorted(_POLICIES))}",
            )
    for own in (folder / name for name in sorted(_RULES)):
        yield from _others_than(folder, own, _RULE, "the file of a rule")
    for own in _cities(folder):
        yield from _unknown_folders(folder, set(), own)
        for file in _files(own):
            if file.name != CLIENTS:
                yield (
                    _path(folder, file),
                    f"the policies of a city have no such file: {CLIENTS} is the only one",
                )


def _unknown_of_operations(folder: Path) -> Iterator[tuple[str, str]]:
    yield from _unknown_folders(folder, {APPROVALS, *city_names()})
    for own in (folder, *_cities(folder)):
        if own != folder:
            yield from _unknown_folders(folder, {APPROVALS}, own)
        for file in _files(own):
            if file.suffix != _OPERATION:
                yield _path(folder, file), f"the file of an operation ends in {_OPERATION}"
            elif file.name == REVOKED_FILE and own != folder:
                yield _path(folder, file), "what is revoked stands beside the operations of every city"
        yield from _others_than(folder, own / APPROVALS, _APPROVAL, "the file of an approval")


def _others_than(root: Path, folder: Path, ending: str, what: str) -> Iterator[tuple[str, str]]:
    """Yield what stands in a folder, if there is one, and is no file of its ending: a misnamed rule would forbid nothing."""
    for each in _children(folder):
        if each.is_dir() or each.suffix != ending:
            yield _path(root, each), f"{what} ends in {ending}, and stands in no folder below"


def _unknown_folders(
    root: Path, known: Collection[str], folder: Path | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the folders within a folder that are none of those that are known."""
    for each in _children(folder or root):
        if each.is_dir() and each.name not in known:
            names = ", ".join(sorted(known)) or "none"
            yield _path(root, each), f"this folder means nothing here; those that do: {names}"


def _cities(folder: Path) -> list[Path]:
    return [folder / name for name in city_names() if (folder / name).is_dir()]


def _files(folder: Path) -> list[Path]:
    return [each for each in _children(folder) if each.is_file()]


def _children(folder: Path) -> list[Path]:
    return sorted(each for each in folder.glob("*") if not each.name.startswith("."))


def _path(root: Path, path: Path) -> str:
    """Return a path within the project, and only that of its folder where its name could be an identity number."""
    shown = path.parent if holds_number(path.name) else path
    return f"{root.name}/{shown.relative_to(root)}".removesuffix("/.")
