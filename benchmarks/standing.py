"""The condition, in SQL, by which a server without the gateway shows only the records that stand today.

It knows the forms that the questions of the benchmarks reach under a duty: duties that are owed, and lists.
"""

from adapters.bureaus import discover
from catalogue.city_clock import city_today
from catalogue.dated_rules import dated_rules
from catalogue.declarations import datasets_by_name
from catalogue.record_forms import DETERMINATION, RecordForm, StatutoryTerm

_TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"


def standing(name: str) -> str:
    """Return the condition for a data set by its full name."""
    life = datasets_by_name(discover().values())[name].life
    assert life is not None  # noqa: S101 only such data sets are asked for
    ends = filter(None, ("withdrawn_on", "sealed_on", "repaired_on", life.done, life.leaves))
    found = [f"{life.begins} <= {_TODAY}", *(f"({each} IS NULL OR {each} > {_TODAY})" for each in ends)]
    if life.through:
        found.append(f"({life.through} IS NULL OR {life.through} >= {_TODAY})")
    if life.term:
        found.append(_within_its_term(life.term, life.begins, life.through))
    if life.determined:
        number, day = DETERMINATION
        found.append(f"{number} ~ '[[:alnum:]]' AND {day} <= {_TODAY}")
    if life.owing:
        found.append(f"{life.owing} > 0")
    if life.done_code:
        found.append(f"{life.done_code[0]} <> '{life.done_code[1]}'")
    if life.form is RecordForm.DUTY:
        found.append(f"LEAST({life.begins}, conduct_ended_on) + interval '5 years' >= {_TODAY}")
    disputed = f"disputed_on <= {_TODAY} AND (settled_on IS NULL OR settled_on > {_TODAY})"
    return " AND ".join([*found, f"NOT COALESCE({disputed}, false)"])


def _within_its_term(term: StatutoryTerm, begins: str, through: str) -> str:
    """Return the condition that the term of the law is not over; a stated last day may be later by the extension alone."""
    today = city_today()
    months, more = (dated_rules().term(rule, today).months for rule in (term.rule, term.extension))
    without = ", ".join(f"'{code}'" for code in sorted(term.without))
    longest = f"CASE WHEN {through} IS NULL THEN {months} ELSE {months + more} END"
    return f"({term.column} IN ({without}) OR {begins} + make_interval(months => {longest}) >= {_TODAY})"
