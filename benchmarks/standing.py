"""The state of a record in SQL: a server without the gateway shows it, or shows only the records that stand today.

It knows the forms of the records that the questions of the benchmarks reach: duties that are owed, lists and red lists. The
order is that of `catalogue.record_states`. Sessions are in the city's time zone (`benchmarks.databases`).
"""

from collections.abc import Iterator
from typing import Final

from adapters.bureaus import discover
from catalogue.ages import OF_AGE
from catalogue.city_clock import city_today
from catalogue.dated_rules import Term, dated_rules
from catalogue.declarations import Dataset, datasets_by_name
from catalogue.record_forms import DETERMINATION, RecordForm, RecordLife, StatutoryTerm
from catalogue.record_life import STANDS

_TODAY: Final = "CURRENT_DATE"
_NAMED: Final = datasets_by_name(discover().values())


def standing(name: str) -> str:
    """Return the condition that a record of a data set, by its full name, stands."""
    return f"{state_of(name)} = '{STANDS}'"


def state_of(name: str) -> str:
    """Return the expression of the state of a record of a data set, by its full name, as a code of `RECORD_STATE`."""
    dataset = _NAMED[name]
    life = dataset.life
    if life is None or life.form not in (RecordForm.DUTY, RecordForm.LISTING, RecordForm.AWARD):
        raise ValueError("No question of the benchmarks reaches records of this form.")
    cases = [("UNKNOWN", [f"{life.begins} > {_TODAY}"]), ("WITHDRAWN", [_has_come("withdrawn_on")])]
    if life.form is not RecordForm.AWARD:
        cases.append(("SEALED", [_has_come("sealed_on"), _of_a_minor(dataset, life)]))
        cases.append(("REPAIRED", [_has_come("repaired_on"), *_done(life)]))
    cases.append(("EXPIRED", list(_over(life))))
    if life.form is not RecordForm.AWARD:
        open_still = f"({_has_come('settled_on')}) IS NOT TRUE"
        cases.append(("DISPUTED", [f"{_has_come('disputed_on')} AND {open_still}"]))
    if life.determined:
        number, day = DETERMINATION
        cases.append(
            (
                "PENDING_FINALITY",
                [f"({number} ~ '[[:digit:]〇零一二三四五六七八九十百千]' AND {_has_come(day)}) IS NOT TRUE"],
            )
        )
    whens = " ".join(f"WHEN {' OR '.join(found)} THEN '{state}'" for state, found in cases)
    return f"CASE {whens} ELSE '{STANDS}' END"


def _has_come(column: str) -> str:
    return f"{column} <= {_TODAY}"


def _of_a_minor(dataset: Dataset, life: RecordLife) -> str:
    """Return the condition that the subject is a person who was a minor on the first day of the deed.

    A number has the birth date in its digits 7 to 14. In a code, the signs 7 and 8 are the last two of the county's number,
    which in no city here is 19 or 20, so the signs 7 to 14 are no day between the two days.
    """
    days = [name for name in ("conduct_ended_on", "notified_on") if name in dataset.by_name]
    born, first = f"substr({dataset.key}, 7, 8)", f"LEAST({', '.join((life.begins, *days))})"
    youngest = f"to_char({first} - interval '{OF_AGE} years', 'YYYYMMDD')"
    return f"{born} > {youngest} AND {born} <= to_char({life.begins}, 'YYYYMMDD')"


def _done(life: RecordLife) -> Iterator[str]:
    if life.done_code:
        yield f"{life.done_code[0]} = '{life.done_code[1]}'"
    if life.done:
        yield _has_come(life.done)
    if life.owing:
        yield f"{life.owing} <= 0"


def _over(life: RecordLife) -> Iterator[str]:
    """Yield the conditions that a record left its list, or that one of its terms is over."""
    if life.leaves:
        yield _has_come(life.leaves)
    if life.through:
        yield f"{life.through} < {_TODAY}"
    if life.term:
        yield _beyond_its_term(life.term, life)
    if life.form is RecordForm.DUTY:
        five_years = dated_rules().term("disclosure.max", city_today())
        yield f"LEAST({life.begins}, conduct_ended_on) + {_interval(five_years)} < {_TODAY}"


def _beyond_its_term(term: StatutoryTerm, life: RecordLife) -> str:
    """Return the condition that the term of the law is over; a stated last day may be later by the extension alone."""
    first, more = (_interval(dated_rules().term(each, city_today())) for each in (term.rule, term.extension))
    without = ", ".join(f"'{code}'" for code in sorted(term.without))
    last = f"{life.begins} + {first} + CASE WHEN {life.through} IS NULL THEN interval '0' ELSE {more} END"
    return f"{term.column} NOT IN ({without}) AND {last} < {_TODAY}"


def _interval(term: Term) -> str:
    return f"interval '{term.months} months {term.days} days'"
