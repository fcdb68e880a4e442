"""The condition, in SQL, by which a server without the gateway shows only the records that stand today.

It knows the forms that the questions of the benchmarks reach under a duty: duties that are owed, and lists.
"""

from adapters.bureaus import discover
from catalogue.declarations import datasets_by_name
from catalogue.record_forms import RecordForm

_TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"


def standing(name: str) -> str:
    """Return the condition for a data set by its full name."""
    life = datasets_by_name(discover().values())[name].life
    assert life is not None  # noqa: S101 only such data sets are asked for
    ends = filter(None, ("withdrawn_on", "sealed_on", "repaired_on", life.done, life.leaves))
    found = [f"{life.begins} <= {_TODAY}", *(f"({each} IS NULL OR {each} > {_TODAY})" for each in ends)]
    if life.through:
        found.append(f"({life.through} IS NULL OR {life.through} >= {_TODAY})")
    if life.owing:
        found.append(f"{life.owing} > 0")
    if life.done_code:
        found.append(f"{life.done_code[0]} <> '{life.done_code[1]}'")
    if life.form is RecordForm.DUTY:
        found.append(f"LEAST({life.begins}, conduct_ended_on) + interval '5 years' >= {_TODAY}")
    disputed = f"disputed_on <= {_TODAY} AND (settled_on IS NULL OR settled_on > {_TODAY})"
    return " AND ".join([*found, f"NOT COALESCE({disputed}, false)"])
