"""A bureau's file that says what cannot be is refused with its place: types, names, and what Python itself refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters import bureaus
from catalogue.declaration_checks import check_declarations
from catalogue.declarations import Bureau, Counting, DeclarationError, SubjectField
from catalogue.declared_codes import Codes
from catalogue.record_forms import Adverse
from gateway.errors import StartRefused
from gateway.installation import read_graph
from gateway.settings import Settings
from tests.support.declared_otherwise import BUREAUS, columns_with, with_dataset
from tests.support.tested_city import TESTED_CITY

ARREARS, TABLE = "tax.tax_arrears", "tax.enterprises_by_county_and_grade"


def refused(found: Sequence[Bureau], named: str) -> None:
    """Expect the declarations to be refused with a text."""
    with pytest.raises(DeclarationError, match=named):
        check_declarations(found)


@pytest.mark.parametrize(
    ("name", "changes", "named"),
    [
        (ARREARS, {"title": "欠税"}, r"tax\.tax_arrears: `title` is '欠税'; state tuple\[str, str\]"),
        (ARREARS, {"title": ("欠税", "Tax", "Impôt")}, "`title` is"),
        (ARREARS, {"title": None}, "`title` is None"),
        (ARREARS, {"data_class": "ADVERSE"}, "`data_class` is 'ADVERSE'; state .*DataClass"),
        (ARREARS, {"sensitivity": 2}, "`sensitivity` is 2; state Sensitivity"),
        (
            ARREARS,
            {"adverse": Adverse("1")},
            r"tax_arrears\.adverse: `place` is '1'; state int",
        ),
        (ARREARS, {"adverse": Adverse(1, None)}, "`within` is None; state str"),
        (ARREARS, {"life": "since"}, "`life` is 'since'; state .*RecordLife"),
        (ARREARS, {"field": "taxArrears"}, "`field` is 'taxArrears'"),
        (ARREARS, {"field": SubjectField("x", frozenset(["vehicle"]), "车", "Car")}, "`subjects` is"),
        (ARREARS, {"many": "no"}, "`many` is 'no'; state bool"),
        (ARREARS, {"item": None}, "`item` is None; state CatalogueItem"),
        (
            ARREARS,
            {"columns": columns_with(ARREARS, "since", kind="date")},
            r"since: `kind` is 'date'; state Kind",
        ),
        (ARREARS, {"columns": columns_with(ARREARS, "since", uses=frozenset(["guess"]))}, "`uses` is"),
        (TABLE, {"counting": Counting("county", "grade", ("TaxGrade.year",), "5")}, "`minimum` is '5'"),
    ],
)
def test_a_value_of_a_wrong_type_is_refused(name: str, changes: dict[str, Any], named: str):
    """What Python lets pass is refused with the place, the value, and what belongs there."""
    refused(with_dataset(name, **changes), named)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"source": "oracle"}, "tax: `source` is 'oracle'; state .*postgres"),
        ({"title": ("", "Tax")}, "the bureau tax has no title in Chinese"),
        ({"name": "Tax Bureau"}, "'Tax Bureau' is no name: state one such as"),
        ({"datasets": (), "tables": ()}, "the bureau tax shares nothing"),
        ({"tables": BUREAUS["tax"].datasets[:1]}, "declared twice|`tables` holds"),
        ({"datasets": (*BUREAUS["tax"].datasets, None)}, "`datasets` is"),
    ],
)
def test_a_bureau_that_does_not_say_what_it_is_is_refused(changes: dict[str, Any], named: str):
    """A bureau states its name, both titles, a known source, and what it shares."""
    refused([*(BUREAUS | {"tax": replace(BUREAUS["tax"], **changes)}).values()], named)


@pytest.mark.parametrize(
    ("title", "label"), [("封存", ("封", "Seal")), (("封存", "Sealed"), "封存"), (("封",), ("封", "Seal"))]
)
def test_codes_without_a_pair_of_titles_are_refused(title: Any, label: Any):
    """A text of two signs is no pair of titles."""
    with pytest.raises(TypeError, match="is no pair of a Chinese and an English text"):
        Codes("State", title, SEALED=label)


def test_data_sets_of_one_name_are_refused():
    """A full name stands for one data set."""
    tax = BUREAUS["tax"]
    refused(
        [*BUREAUS.values(), replace(tax, datasets=tax.datasets[:1], tables=())],
        "tax is declared twice: rename",
    )


BROKEN = '''
"""A bureau."""
from catalogue.classification import DataClass

CLASS = DataClass.SECRET
'''


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("broken_class", BROKEN, r"adapters/bureaus/broken_class\.py, line 5: .*SECRET; correct the"),
        ("broken_text", "BUREAU = (", r"adapters/bureaus/broken_text\.py, line 1: "),
        ("ghost", "from catalogue.catalogue_item import SubjectKind\nSubjectKind.GHOST", r"line 2: .*GHOST"),
        ("broken_exit", "import sys\nsys.exit(0)", r"line 2: SystemExit: 0; correct"),
        ("broken_type", "BUREAU = 5", r"broken_type\.py: state a BUREAU = Bureau"),
        ("broken_import", "from catalogue.columns import money", r"line 1: ImportError: [^/]*; correct"),
        ("broken_assert", "assert False", r"line 1: AssertionError: ; correct"),
        ("broken_empty", "", r"adapters/bureaus/broken_empty\.py, line 1: .*BUREAU"),
        (
            "zz_second",
            "from adapters.bureaus.tax import BUREAU",
            r"zz_second\.py: state a BUREAU = Bureau\(\"zz_second\"",
        ),
    ],
)
def test_a_file_that_declares_what_is_not_there_is_refused(tmp_path: Path, name: str, text: str, named: str):
    """An unknown class or subject is refused at start with the file and the line."""
    (tmp_path / f"{name}.py").write_text(text, "utf-8")
    bureaus.__path__.append(str(tmp_path))
    try:
        with pytest.raises(StartRefused, match=named):
            read_graph(Settings(city=TESTED_CITY))
    finally:
        bureaus.__path__.remove(str(tmp_path))
