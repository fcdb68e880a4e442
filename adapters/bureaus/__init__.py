"""One file a bureau, which declares once all that the gateway knows of it.

A bureau is found by its file: every module of this package that has a `BUREAU` is one.
"""

import importlib
import pkgutil
import re
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from catalogue.columns import COUNTIES
from catalogue.declarations import Bureau, Dataset, DeclarationError
from catalogue.incentives.city_files import DEMO_CITY, city_called
from catalogue.score_programmes import ScoreProgramme


def discover() -> dict[str, Bureau]:
    """Import every module of this package and return the bureaus by name, in the order of the files.

    DeclarationError names the file and the line of a declaration that cannot be made.
    """
    return {
        name: _declared(name) for name in sorted(module.name for module in pkgutil.iter_modules(__path__))
    }


def bureaus_of(city: str) -> Mapping[str, Bureau]:
    """Return the bureaus of a city: its districts and courts label its tables, and its programme the scores."""
    of = city_called(city)
    own = {COUNTIES: of.counties, frozenset(city_called(DEMO_CITY).courts): frozenset(of.courts)}
    return {
        name: replace(
            each,
            datasets=tuple(_banded(it, of.programme) for it in each.datasets),
            tables=tuple(_counted(it, own) for it in each.tables),
        )
        for name, each in discover().items()
    }


def _banded(dataset: Dataset, programme: ScoreProgramme | None) -> Dataset:
    """Return a data set of scores with the programme by whose table its labels are held."""
    banding = dataset.banding
    return (
        dataset
        if banding is None
        else replace(dataset, banding=msgspec.structs.replace(banding, of=programme))
    )


def _counted(table: Dataset, own: Mapping[frozenset[str], frozenset[str]]) -> Dataset:
    columns = tuple(
        replace(each, codes=own[each.codes])
        if isinstance(each.codes, frozenset) and each.codes in own
        else each
        for each in table.columns
    )
    return replace(table, columns=columns)


def _declared(name: str) -> Bureau:
    try:
        found = importlib.import_module(f"{__name__}.{name}").BUREAU
    except (Exception, SystemExit) as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [each.lineno for each in frames if Path(each.filename).name == f"{name}.py"]
        line = getattr(error, "lineno", None) or (lines[-1] if lines else 1)
        reason = re.sub(r"\s*\(/[^)]*\)", "", " ".join(str(error).split()))  # an ImportError shows a path
        raise DeclarationError(
            f"adapters/bureaus/{name}.py, line {line}: {type(error).__name__}: {reason}; correct the declaration"
        ) from error
    if not isinstance(found, Bureau) or found.name != name:
        raise DeclarationError(
            f'adapters/bureaus/{name}.py: state a BUREAU = Bureau("{name}", ...) of that name'
        )
    return found
