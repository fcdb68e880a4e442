"""A declaration that does not say how its records count, live and end, or whom they lead to, is refused by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catalogue.catalogue_item import Disclosure, Nature, SubjectKind
from catalogue.classification import DataClass
from catalogue.declaration_checks import check_declarations
from catalogue.declarations import Column, LeadsTo
from catalogue.record_forms import DETERMINATION, Adverse, RecordForm, StatutoryTerm
from tests.catalogue.test_declarations import ARREARS, refused
from tests.support.declared_otherwise import DATASETS, with_column, with_dataset


@pytest.mark.parametrize("data_class", [DataClass.ADVERSE, DataClass.JUDICIAL])
def test_an_adverse_data_set_without_a_rule_is_refused(data_class: DataClass):
    """What would be shown as adverse, and ignored by every reward, does not compose."""
    found = with_dataset(ARREARS, data_class=data_class, adverse=None)
    refused(
        found, r"tax\.tax_arrears is adverse and does not say how its records count and end: state `adverse`"
    )


def test_an_adverse_column_or_item_needs_a_rule_too():
    """A data set of another class is adverse by one of its columns, or by what its catalogue item says."""
    licence = "transport.licence"
    refused(
        with_column(licence, "status", data_class=DataClass.ADVERSE), "licence is adverse and does not say"
    )
    item = replace(DATASETS[licence].item, nature=Nature.ADVERSE)
    refused(with_dataset(licence, item=item), "licence is adverse and does not say")


LIFE = DATASETS[ARREARS].life
assert LIFE is not None
DEFAULTS = DATASETS["courts.judgment_defaulter"]
TERM = StatutoryTerm("tax", "judgment.term", "judgment.extension", frozenset({"VALUE_ADDED"}))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"life": None}, "its records have no life that ends: state `life`"),
        ({"life": replace(LIFE, form=RecordForm.AWARD)}, "no life that ends: state `life` of another form"),
        ({"life": replace(LIFE, form=RecordForm.PENALTY)}, "lacks procedure, sanction, .* life of a PENALTY"),
        ({"life": replace(LIFE, form=RecordForm.LISTING)}, "lacks notice_number, notified_on, by which"),
        ({"life": replace(LIFE, begins="decided_on")}, "begins by decided_on, which is no titled day"),
        (
            {"life": replace(LIFE, begins="cleared_on")},
            "begins by cleared_on, which is no titled day that is",
        ),
        ({"life": replace(LIFE, done="paid_on")}, "ends by paid_on, which is no titled day of it"),
        ({"life": replace(LIFE, owing="since")}, "reads since, which is no titled amount"),
        (
            {"life": replace(LIFE, done_code=("tax", "FULL"))},
            "ends by the code FULL, which tax does not have",
        ),
        ({"adverse": Adverse(1, "cleared_on")}, "counts by the day cleared_on, which is no titled day"),
        ({"life": replace(LIFE, owed="since")}, "reads since, which is no titled amount"),
        ({"life": replace(LIFE, owed="")}, "has the amount amount_fen, which nothing bounds"),
        ({"life": replace(LIFE, done="")}, "bounds an amount by what its life does not name: state `done`"),
        (
            {"life": replace(LIFE, owed="", claimed="amount_fen")},
            "state `done` with `owed`, and `owing` with",
        ),
        ({"life": replace(LIFE, determined=False)}, "counts against a reward without a determination"),
        ({"life": replace(LIFE, term=TERM)}, "ends by law, but not by codes of tax and beside a last day"),
    ],
)
def test_a_life_that_its_data_set_cannot_tell_is_refused(changes: dict[str, Any], named: str):
    """A life is told by the columns of its form, and by days, amounts and codes that every record has."""
    refused(with_dataset(ARREARS, **changes), rf"tax\.tax_arrears .*{named}")


def test_what_is_determined_says_by_which_decision():
    """A duty that counts once it is determined has the number and the day of the decision, and only a duty that counts."""
    fewer = tuple(each for each in DATASETS[ARREARS].columns if each.name not in DETERMINATION)
    refused(
        with_dataset(ARREARS, columns=fewer), "is determined, and lacks determination_number, determined_on"
    )
    name = "courts.closed_enforcement"
    life = DATASETS[name].life
    assert life is not None
    columns = (*DATASETS[name].columns, *(DATASETS[ARREARS].by_name[each] for each in DETERMINATION))
    wrong = with_dataset(name, life=replace(life, determined=True), columns=columns)
    refused(wrong, "or has one and does not count")


@pytest.mark.parametrize("member", ["rule", "extension"])
def test_a_term_by_law_is_a_dated_rule(member: str):
    """The term that a law states for a list, and its extension, stand among the dated rules."""
    life = DEFAULTS.life
    assert life is not None
    assert life.term is not None
    wrong = replace(life, term=replace(life.term, **{member: "no.rule"}))
    refused(
        with_dataset("courts.judgment_defaulter", life=wrong), r"ends by no\.rule, which is no rule of dated"
    )


@pytest.mark.parametrize(
    "changes",
    [{"without": frozenset({"NO_CODE"})}, {"without": frozenset(DEFAULTS.by_name["conduct"].codes or ())}],
)
def test_a_term_by_law_is_of_some_codes_of_its_column(changes: dict[str, Any]):
    """The term that a law states is one for some codes of a column, not for none, and beside a last day that is stated."""
    life = DEFAULTS.life
    assert life is not None
    assert life.term is not None
    wrong = replace(life, term=replace(life.term, **changes))
    refused(with_dataset("courts.judgment_defaulter", life=wrong), "ends by law, but not by codes of conduct")
    refused(
        with_dataset("courts.judgment_defaulter", life=replace(life, through="")), "ends by law, but not by"
    )


MARKS = "tax.responsibility_by_person"
MARK = DATASETS[MARKS].life
assert MARK is not None


@pytest.mark.rule("C4")
@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (
            {"life": replace(MARK, about="courts.judgment_defaulter")},
            r"judicial list \(JUDICIAL_RESPONSIBILITY\)",
        ),
        ({"life": replace(MARK, about="courts.closed_enforcement")}, "JUDICIAL_RESPONSIBILITY"),
        ({"data_class": DataClass.JUDICIAL}, "JUDICIAL_RESPONSIBILITY"),
        (
            {"life": replace(MARK, about="tax.nothing")},
            "'tax.nothing', which is no adverse list of enterprises",
        ),
        ({"life": replace(MARK, about="")}, "is about '', which is no adverse list"),
        ({"life": replace(MARK, about="tax.tax_arrears")}, "which is no adverse list of enterprises"),
        ({"life": replace(MARK, about="credit_office.red_list")}, "which is no adverse list of enterprises"),
        ({"life": replace(MARK, about="transport.transport_violation")}, "which is no adverse list"),
        ({"data_class": DataClass.ADMINISTRATIVE}, "is not ADVERSE, or counts against a reward"),
        ({"adverse": Adverse(9)}, "is not ADVERSE, or counts against a reward"),
        (
            {"life": replace(MARK, leaves="")},
            "is a mark that outlives its entry: state `leaves='entry_ended_on'`",
        ),
        ({"life": replace(MARK, leaves="until")}, "is a mark that outlives its entry"),
        ({"life": replace(MARK, person="credit_code")}, "leads to no PERSON by 'credit_code'"),
        ({"life": replace(MARK, enterprise="")}, "leads to no ENTERPRISE by ''"),
        ({"life": None}, "is adverse and does not say how its records count"),
    ],
)
def test_a_mark_that_names_nobody_by_a_decision_is_refused(changes: dict[str, Any], named: str):
    """A mark is about an adverse list of enterprises and never about a court's, counts against nobody, and leads to both."""
    both = with_dataset(MARKS, **changes)
    fewer = [
        replace(each, datasets=tuple(d for d in each.datasets if d.name != "responsibility_by_enterprise"))
        for each in both
    ]
    refused(fewer, rf"tax\.responsibility_by_person .*{named}")


@pytest.mark.parametrize("name", [ARREARS, "courts.judgment_defaulter"])
def test_an_adverse_record_leads_to_no_person_but_by_a_mark(name: str):
    """Whoever is reached from an adverse record is named by a decision: an edge without one is refused."""
    payer = Column("payer", leads_to=LeadsTo("payer", SubjectKind.PERSON, "人", "Payer"))
    found = with_dataset(name, columns=(*DATASETS[name].columns, payer))
    refused(found, "leads from an adverse record to a person: state a `life` of the form RESPONSIBILITY")
    firm = Column("payer", leads_to=LeadsTo("payer", SubjectKind.ENTERPRISE, "企", "Payer"))
    check_declarations(with_dataset(name, columns=(*DATASETS[name].columns, firm)))


@pytest.mark.parametrize("member", ["about", "person", "enterprise"])
def test_no_other_form_states_whom_a_decision_names(member: str):
    """What a mark states beside other forms says nothing of them, so it is refused there."""
    refused(with_dataset(ARREARS, life=replace(LIFE, **{member: ARREARS})), "and is no RESPONSIBILITY")


def test_a_list_that_nobody_leaves_is_refused():
    """An entry ends by its term, or on the day on which it is off its list."""
    name = "tax.serious_violation"
    life = DATASETS[name].life
    assert life is not None
    refused(with_dataset(name, life=replace(life, leaves="")), "is a list that nobody leaves")


@pytest.mark.rule("C7")
def test_penalties_that_are_public_are_refused():
    """Minor penalties are not public (信用修复管理办法), and a publication does not tell them from others."""
    name = "transport.transport_violation"
    item = replace(DATASETS[name].item, disclosure=Disclosure.PUBLIC)
    refused(with_dataset(name, item=item), "holds penalties and is public")


def test_a_judicial_record_that_is_not_adverse_has_a_life_too():
    """What a court states as a fact is kept no longer than any other record."""
    name = "courts.closed_enforcement"
    item = replace(DATASETS[name].item, nature=Nature.OTHER)
    check_declarations(with_dataset(name, adverse=None, item=item))
    refused(
        with_dataset(name, adverse=None, item=item, life=None), "is JUDICIAL and its records have no life"
    )


def test_a_rule_without_an_adverse_class_is_refused():
    """Only records of the classes ADVERSE and JUDICIAL are gathered as adverse."""
    refused(with_dataset(ARREARS, data_class=DataClass.GRADE), "states `adverse` and is no list of the class")


def test_two_data_sets_in_one_place_are_refused():
    """The order of adverse records is the same for everybody who declares one."""
    rule = DATASETS[ARREARS].adverse
    assert rule is not None
    refused(with_dataset(ARREARS, adverse=replace(rule, place=2)), "has the place 2 in adverseRecords")
