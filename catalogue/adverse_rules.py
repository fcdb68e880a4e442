"""How an adverse record counts against a reward, and when it ends: the vocabulary of the bureaus' declarations.

A record that was put right no longer counts (驻政办〔2017〕102号; 信用修复管理办法), and none counts for longer than
it may be kept: five years, and beyond them only while a list holds it (河南省社会信用条例 art. 19). Of what has not
ended, the five years run from the day that is known: since when it is owed, or when enforcement was closed. The article
names no day, and the earliest is the one that protects the subject. Published is not adverse: only what stands counts.
"""

from dataclasses import replace

from catalogue.declarations import AdverseRule, Kind, Reads


def while_open(column: str) -> AdverseRule:
    """Count a record until the day in the column, from which it is put right; null is open."""
    return AdverseRule(
        (Reads(column, nullable=True),),
        lambda record, period: record[column] is None or record[column] > period.day,
        f"until `{column}`",
        ends=False,
    )


def while_listed(column: str) -> AdverseRule:
    """Count a record until the day in the column, from which it is off its list: a list may hold it for long."""
    return replace(while_open(column), ends=True)


def through(column: str) -> AdverseRule:
    """Count a record up to the day in the column, which belongs to its term."""
    return AdverseRule(
        (Reads(column),),
        lambda record, period: record[column] >= period.day,
        f"through `{column}`",
        ends=True,
    )


def recent(column: str) -> AdverseRule:
    """Count a record of which the day fell into the full years that a condition asks to be clean."""
    return AdverseRule(
        (Reads(column),),
        lambda record, period: record[column] > period.since,
        f"in the years asked for after `{column}`",
        ends=True,
    )


def kept_from(column: str) -> AdverseRule:
    """Count a record no longer than it may be kept from the day in the column (河南省社会信用条例 art. 19)."""
    return AdverseRule(
        (Reads(column),),
        lambda record, period: record[column] > period.kept_since,
        f"no longer than it may be kept from `{column}`",
        ends=True,
    )


def unless(column: str, code: str) -> AdverseRule:
    """Count a record unless the column holds the code that says that it was put right."""
    return AdverseRule(
        (Reads(column, Kind.TEXT, code),),
        lambda record, _: record[column] != code,
        f"unless `{column}` is `{code}`",
        ends=False,
    )


def while_owing(column: str) -> AdverseRule:
    """Count a record while the amount in the column, in fen, is above zero."""
    return AdverseRule(
        (Reads(column, Kind.FEN),),
        lambda record, _: record[column] > 0,
        f"while `{column}` is above zero",
        ends=False,
    )
