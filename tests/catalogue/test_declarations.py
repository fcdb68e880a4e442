"""A declaration that does not make a graph is refused by name, with a remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from catalogue.catalogue_item import BOTH, PERSONS, Nature, SubjectKind
from catalogue.classification import FILTERED, ORDERED, DataClass, Use
from catalogue.declaration_checks import check_declarations
from catalogue.declarations import Bureau, Column, Counting, DeclarationError, Kind, LeadsTo, SubjectField
from catalogue.declared_codes import Codes
from tests.support.declared_otherwise import BUREAUS, DATASETS, columns_with, with_column, with_dataset

ARREARS, TABLE, OFFICES = (
    "tax.tax_arrears",
    "tax.enterprises_by_county_and_grade",
    "registry.office_by_person",
)


NOT_ADVERSE: dict[str, Any] = {
    "data_class": DataClass.ADMINISTRATIVE,
    "item": replace(DATASETS[ARREARS].item, nature=Nature.BASIC),
    "adverse": None,
    "life": None,
}
"""What makes a data set one that is not adverse."""


def refused(found: Sequence[Bureau], named: str) -> None:
    """Expect the declarations to be refused with a text."""
    with pytest.raises(DeclarationError, match=named):
        check_declarations(found)


def test_this_installation_is_declared():
    """The declarations of this installation make a graph."""
    check_declarations(BUREAUS.values())


@pytest.mark.rule("R08", "R14", "R31", "HN-11")
@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"data_class": None}, "states no class: state `data_class`"),
        ({"data_class": DataClass.STATISTIC}, "is a statistic and no registered table"),
        ({"title": ("", "Arrears")}, "tax_arrears has no title in Chinese: state"),
        ({"title": ("欠税", "")}, "tax_arrears has no title in English: state"),
        ({"type_name": "taxArrears"}, "has the type 'taxArrears': state another `type_name`"),
        ({"identifies": SubjectKind.PERSON}, "identifies subjects of the kind PERSON, as another does"),
        ({"born": "since"}, "states `born` and identifies no persons"),
        ({"died": "since"}, "states `died` and identifies no persons"),
        (
            {"field": SubjectField("taxArrears", BOTH, "欠税", "")},
            "field taxArrears, has no title in English",
        ),
        ({"field": SubjectField("tax_arrears", BOTH, "欠税", "Arrears")}, "which is no name: state one"),
        (
            {"field": SubjectField("scores", PERSONS, "欠税", "Arrears")},
            "scores, which the subject PERSON has already",
        ),
        ({"item": replace(DATASETS[ARREARS].item, code="XY-TAX-001")}, "XY-TAX-001 otherwise than"),
        ({"type_name": "TaxGrade"}, "declares TaxGrade otherwise than"),
        ({"type_name": "Float"}, "has the type 'Float'"),
        ({"type_name": "Mutation"}, "has the type 'Mutation'"),
        ({"title": ("欠税", " ")}, "tax_arrears has no title in English"),
        ({"title": ("欠税\x00", "Arrears")}, "tax_arrears has no title in Chinese"),
        ({"field": SubjectField("name", BOTH, "名", "Name")}, "the field name, which the subject"),
        ({"field": SubjectField("adverseRecords", BOTH, "全部", "All")}, "adverseRecords, which the subject"),
        ({"field": SubjectField("taxArrears", frozenset(), "欠税", "Tax")}, "is a field of no subject"),
        ({"name": "tax.arrears"}, "'tax.arrears' is no name"),
        ({"name": ""}, "'' is no name"),
        ({"key": "the subject"}, "'the subject' is no name of a column"),
        ({"relation": "share.x; DROP TABLE y"}, "is read from 'share.x; DROP TABLE y'"),
        ({"latest": True}, "shows its latest record alone: state `order`, and `many=False`"),
        ({"data_class": DataClass.OPEN, "adverse": None}, "is OPEN, the class of the catalogue alone"),
        ({"columns": (), **NOT_ADVERSE}, "shows nothing: declare a column"),
        ({"item": replace(DATASETS[ARREARS].item, code="no code \n")}, "has the item 'no code"),
        ({"item": replace(DATASETS[ARREARS].item, code="XY-ADV-001")}, "XY-ADV-001 otherwise than the graph"),
        ({"item": replace(DATASETS[ARREARS].item, subjects=PERSONS)}, "is not about all subjects"),
        ({"item": replace(DATASETS[ARREARS].item, legal_basis=" ")}, "has no legal_basis: state"),
        ({"item": replace(DATASETS[ARREARS].item, legal_basis="")}, "has no legal_basis: state"),
        (
            {"item": replace(DATASETS[ARREARS].item, legal_basis="第十二条\u200b")},
            "has no legal_basis: state",
        ),
        (
            {"field": SubjectField("taxArrears", BOTH, "欠税", "Arrears", unpublished=PERSONS)},
            "keeps records of subjects unpublished whom the field is not about, or of an item that is not public",
        ),
        ({"item": replace(DATASETS[ARREARS].item, name=("欠税", ""))}, "item .* has no title in English"),
        ({"item": replace(DATASETS[ARREARS].item, nature=Nature.GRADE)}, "its item is of another nature"),
    ],
)
def test_a_data_set_that_does_not_say_what_it_is_is_refused(changes: dict[str, Any], named: str):
    """Class, titles in both languages, type and field are stated, and none of them for something else too."""
    refused(with_dataset(ARREARS, **changes), named)


def test_a_list_without_an_order_is_refused():
    """Chance would decide which record of a list comes first."""
    refused(with_dataset(ARREARS, order=()), "tax_arrears is a list without an order")


def test_a_data_set_that_nobody_could_ask_for_is_refused():
    """A data set is a field of a subject, or it identifies one."""
    refused(with_dataset("transport.licence", field=None), "licence is reached by no field of a subject")


@pytest.mark.parametrize("born", ["", "name", "born_on"])
def test_persons_without_a_birth_date_are_refused(born: str):
    """Who is a minor is known by a birth date, so a data set that identifies persons names its column."""
    refused(
        with_dataset("registry.person", born=born), r"registry\.person identifies persons by no birth date"
    )


@pytest.mark.parametrize("died", ["", "name", "birth_date", "died_on"])
def test_persons_of_whom_nobody_tells_who_has_died_are_refused(died: str):
    """The dead are shown under few purposes, so a data set that identifies persons names the column that tells it."""
    refused(with_dataset("registry.person", died=died), r"registry\.person does not tell who has died")


def test_a_field_of_a_subject_that_nobody_identifies_is_refused():
    """An edge to a subject that does not exist is named with its data set."""
    registry = BUREAUS["registry"]
    fewer = tuple(each for each in registry.datasets if each.identifies is not SubjectKind.ENTERPRISE)
    found = (BUREAUS | {"registry": replace(registry, datasets=fewer)}).values()
    refused([*found], "is a field of the subject ENTERPRISE, which no data set identifies")


COLUMN = Column("fine_number", "编号", "Number", kind=Kind.TEXT)


@pytest.mark.parametrize(
    ("column", "named"),
    [
        (replace(COLUMN, en=""), "tax_arrears.fine_number has no title in English"),
        (replace(COLUMN, zh=""), "tax_arrears.fine_number has no title in Chinese"),
        (replace(COLUMN, zh="", en=""), "tax_arrears.fine_number has no title in Chinese and English"),
        (replace(COLUMN, uses=FILTERED), "fine_number is TEXT, and no list has the use filter"),
        (replace(COLUMN, uses=ORDERED, kind=Kind.BOOLEAN), "is BOOLEAN, and no list has the use sort"),
        (replace(COLUMN, codes=frozenset("AB"), uses=FILTERED), "no list has the use filter"),
        (replace(COLUMN, codes=frozenset[str]()), "has codes and is no text, or has none"),
        (
            replace(COLUMN, codes=Codes("Fine", ("罚", "Fine"), A=("甲", ""))),
            "code A, has no title in English",
        ),
        (
            replace(COLUMN, codes=Codes("Fine", ("", "Fine"), A=("甲", "a"))),
            "codes Fine, has no title in Chin",
        ),
        (replace(COLUMN, codes=Codes("TaxKind", ("税", "Tax"), A=("甲", "a"))), "TaxKind otherwise than"),
        (
            replace(COLUMN, codes=Codes("Fine Kind", ("罚", "Fine"), A=("甲", "a"))),
            "has the codes 'Fine Kind': state another name",
        ),
        (replace(COLUMN, codes=Codes("Fine", ("罚", "Fine"), true=("甲", "a"))), "has the code 'true'"),
        (replace(COLUMN, uses=frozenset({Use.JOIN_KEY})), "has the use join_key, which no column states"),
        (
            Column("payer", "人", "Payer", leads_to=LeadsTo("payer", SubjectKind.PERSON, "人", "Payer")),
            "leads to a subject, and is no plain text or has titles",
        ),
        (
            Column("payer", kind=Kind.DATE, leads_to=LeadsTo("payer", SubjectKind.PERSON, "人", "Payer")),
            "leads to a subject, and is no plain text",
        ),
        *(
            (
                Column("payer", leads_to=LeadsTo("payer", SubjectKind.PERSON, "人", "Payer", term)),
                "leads to a ward by a term that is none",
            )
            for term in (("since", "tax"), ("cleared_on", "since"), ("since", "until"))
        ),
        (
            Column("payer", leads_to=LeadsTo("the payer", SubjectKind.PERSON, "人", "Payer")),
            "'the payer', which is no name",
        ),
        (replace(COLUMN, field="number"), "is renamed to number, and only a subject's"),
        (replace(COLUMN, field="asOf"), "is renamed to asOf, and only a subject's"),
        (replace(COLUMN, name="fine_n_o"), "'fine_n_o' is no name of a column"),
        (
            replace(COLUMN, leads_to=LeadsTo("payer", SubjectKind.PERSON, "人", "")),
            "field payer, has no title in English",
        ),
    ],
)
def test_a_column_that_does_not_say_what_it_is_is_refused(column: Column, named: str):
    """A column has both titles or none, codes that have labels, and only uses that its kind allows."""
    columns = (*DATASETS[ARREARS].columns, column)
    refused(with_dataset(ARREARS, columns=columns), named)


@pytest.mark.parametrize("data_class", [DataClass.INCENTIVE, DataClass.IDENTITY, DataClass.RIGHTS])
@pytest.mark.parametrize("use", ["filter", "sort"])
def test_a_class_that_never_filters_is_refused_by_name(data_class: DataClass, use: str):
    """A column of such a class that declares to filter or to sort is refused."""
    uses = frozenset(each for each in ORDERED if each.value == use)
    found = with_column(ARREARS, "amount_fen", data_class=data_class, uses=uses)
    refused(found, rf"tax_arrears\.amount_fen is {data_class.name} and never has the use {use}")


@pytest.mark.parametrize("order", [("-since", "fine_number"), ("-since", "subject"), ("-person_number",)])
def test_an_order_that_tells_of_what_no_field_shows_is_refused(order: tuple[str, ...]):
    """Who sees two records sees which comes first: a column that decides it is shown, or named and refused."""
    leads = Column("person_number", leads_to=LeadsTo("payer", SubjectKind.PERSON, "人", "Payer"))
    columns = (*DATASETS[ARREARS].columns, leads)
    refused(
        with_dataset(ARREARS, columns=columns, order=order),
        rf"tax\.tax_arrears is ordered by {order[-1].strip('-')}, which no field of TaxArrears shows",
    )


def test_an_order_by_a_neutral_column_is_accepted():
    """A number that was drawn at random tells nothing of anybody."""
    columns = (*DATASETS[ARREARS].columns, Column("entry", neutral=True))
    check_declarations(with_dataset(ARREARS, columns=columns, order=("-since", "entry")))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"counting": None}, "`tables` holds all that have `counting`"),
        ({"data_class": DataClass.GRADE}, "is a statistic and no registered table"),
        ({"columns": columns_with(TABLE, "county", codes=None)}, "labels its cells by county"),
        ({"columns": columns_with(TABLE, "grade", nullable=True)}, "labels its cells by grade"),
        ({"columns": columns_with(TABLE, "grade", name="other")}, "labels its cells by grade"),
        ({"columns": columns_with(TABLE, "count", kind=Kind.FEN)}, "no column count"),
        ({"columns": columns_with(TABLE, "count", nullable=True)}, "no column count"),
        ({"columns": (*DATASETS[TABLE].columns, COLUMN)}, "has other columns than county, grade and count"),
        ({"many": False}, "no column count"),
        (
            {"counting": Counting("county", "grade", ("TaxGrade.year",), 2)},
            "counts of 2; the least minimum is 3",
        ),
        (
            {"counting": Counting("county", "county", ("TaxGrade.year",))},
            "has other columns than county, county",
        ),
        ({"counting": Counting("county", "grade")}, "does not say by which fields it counts"),
        ({"field": SubjectField("counted", BOTH, "数", "Counts")}, "is a field of a subject"),
        ({"identifies": SubjectKind.PERSON}, "identifies subjects of the kind PERSON"),
    ],
)
def test_a_table_that_is_laid_out_wrongly_is_refused(changes: dict[str, Any], named: str):
    """Labels are closed sets of codes, the count a whole number, the minimum at least three; nobody reads cells."""
    refused(with_dataset(TABLE, **changes), named)
