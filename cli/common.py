"""What several commands share: groups of commands, the settings, and operations that are named by file."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import typer
from pydantic import ValidationError

from catalogue.incentives.city_files import DEMO_CITY
from gateway.errors import RequestError, StartRefused
from gateway.installation import Rules, city_of
from gateway.operations.document import Document, read_document
from gateway.operations.register import Registration, read_registration
from gateway.pipeline.prepare import Preparer
from gateway.settings import LimitSettings, Settings, TwoCities, UnknownSetting
from observability.hooks import Hooks
from resolvers.fetch.batching import Loaders

T = TypeVar("T")
_WHERE: Final = re.compile(r'field "[a-z_]+"|line \d+, column \d+|end of document')


def command_group(text: str) -> typer.Typer:
    """Return a group of commands that prints its help where no command is named."""
    return typer.Typer(help=text, no_args_is_help=True, rich_markup_mode=None)


def configured(**given: Any) -> Settings:
    """Return the settings, of the demo's city where none is set. Raises StartRefused, also for a city that is not there."""
    settings = settings_given(**given)
    found = settings if settings.city else settings.model_copy(update={"city": DEMO_CITY})
    city_of(found)
    return found


def settings_given(**given: Any) -> Settings:
    """Return the settings; arguments that are not None replace the environment's. Raises StartRefused.

    The error names the setting and never its value.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(step) for step in problem['loc'])}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise StartRefused(f"The settings are wrong: {problems}. See docs/settings.md.") from None
    except UnknownSetting as error:
        raise StartRefused(f"{error}. Correct or remove it; docs/settings.md lists all settings.") from None
    except TwoCities as error:
        raise StartRefused(
            f"{error}. An installation serves one: name it once, as CREDITGRAPH_CITY or as `city` in the file."
        ) from None
    except FileNotFoundError as error:
        raise StartRefused(f"{error}. Name the file of the settings, or leave the variable out.") from None
    except (OSError, ValueError) as error:
        # The text of the error can hold a value; the name of a setting and a place in the file cannot.
        where = "".join(f", {each}" for each in _WHERE.findall(str(error)))
        raise StartRefused(
            f"The settings cannot be read: {type(error).__name__}{where}. Mend the file that CREDITGRAPH_CONFIG names, or"
            " the JSON of a nested setting: docs/settings.md."
        ) from None


def find(kind: str, name: str, known: Mapping[str, T]) -> T:
    """Return the client or operation of this name; StartRefused with the known names."""
    if name not in known:
        raise StartRefused(f"There is no {kind} {name!r}. {kind.capitalize()}s: {', '.join(known)}.")
    return known[name]


def read_draft(file: Path, rules: Rules) -> Registration:
    """Read one operation from its file, which need not be in the register's folder yet."""
    if file.suffix != ".toml":
        raise StartRefused(f"{file} is no operation file: name one that ends in .toml.")
    if not file.is_file():
        raise StartRefused(f"There is no file {file}. Name an operation's file, as in operations/bank.toml.")
    return read_registration(file, rules.policy.purposes, rules.clients)


def document_of(
    name: str, text: str, rules: Rules, limits: LimitSettings, operation: str | None = None
) -> Document:
    """Read a document; StartRefused with every reason, in words that contain no value of it."""
    try:
        return read_document(rules.graph, text, operation, limits, introspection=False)
    except RequestError as error:
        reasons = [error.detail or error.code.meaning, *error.extensions.get("others", ())]
        raise StartRefused(f"{name}: {error.code.name} {'; '.join(reasons)}") from None


def preparer_of(rules: Rules) -> Preparer:
    """Return a preparer that checks operations and reads no bureau."""
    hooks = Hooks()
    return Preparer(rules.graph, rules.policy, Loaders({}, hooks), hooks)
