"""One file a bureau, which declares once all that the gateway knows of it.

A bureau is found by its file: every module of this package that has a `BUREAU` is one.
"""

from __future__ import annotations

import importlib
import pkgutil
import traceback
from pathlib import Path

from catalogue.declarations import Bureau, DeclarationError


def discover() -> dict[str, Bureau]:
    """Import every module of this package and return the bureaus by name, in the order of the files.

    DeclarationError names the file and the line of a declaration that cannot be made.
    """
    found: dict[str, Bureau] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        bureau = _declared(name)
        if bureau.name in found:
            raise DeclarationError(
                f"{name}.py declares the bureau {bureau.name}, as another file does: rename it"
            )
        found[bureau.name] = bureau
    return found


def _declared(name: str) -> Bureau:
    try:
        return importlib.import_module(f"{__name__}.{name}").BUREAU
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [each.lineno for each in frames if Path(each.filename).name == f"{name}.py"]
        line = getattr(error, "lineno", None) or (lines[-1] if lines else 1)
        raise DeclarationError(
            f"adapters/bureaus/{name}.py, line {line}: {error}; correct the declaration"
        ) from error
