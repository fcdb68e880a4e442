"""The error beside a missing field, and the warning beside a cut list: a code, what is wrong and what to do; no value."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from adapters.bureau_errors import BureauError
from gateway.authorization.grant import Grant
from gateway.errors import CODES, CURSOR_INVALID, FIELD_DENIED, VARIABLE_INVALID, Code
from resolvers.fetch.reading import CursorRefused
from resolvers.plan.arguments import InvalidArgument
from resolvers.plan.projection import CutList, FieldFailure

MOST_ERRORS: Final = 2_000
"""Errors beside one answer; how many more there are stands in its extensions."""

LIST_CUT: Final = "LIST_CUT"
"""The code of the warning that a list leaves records out."""
_REST: Final = (
    "Of these kinds there are more records than `first`. Ask the list of the kind for the rest, by `after`."
)


def code_of(failure: FieldFailure) -> Code:
    """Return the stable code of a failure."""
    if failure.why is None:
        return FIELD_DENIED
    if isinstance(failure.why, InvalidArgument):
        return VARIABLE_INVALID
    if isinstance(failure.why, CursorRefused):
        return CURSOR_INVALID
    return CODES[failure.why.code]


def formatted(failure: FieldFailure, grant: Grant) -> dict[str, Any]:
    """Return the error as the GraphQL specification's section 7.1.2 lays it out."""
    code = code_of(failure)
    line, column = failure.location
    return {
        "message": code.meaning,
        "locations": [{"line": line, "column": column}],
        "path": list(failure.path),
        "extensions": {
            "code": code.name,
            "field": failure.coordinate,
            **_extensions_of(failure, grant),
            "remedy": code.remedy,
        },
    }


def cut_warning(cut: CutList) -> dict[str, Any]:
    """Return the warning that a list leaves records out: its path in the answer, and their types."""
    return {"path": list(cut.path), "message": _REST, "code": LIST_CUT, "kinds": list(cut.kinds)}


def encode_with_errors(
    grant: Grant, data: Any, failures: Sequence[FieldFailure], warnings: Sequence[Mapping[str, Any]]
) -> bytes:
    """Return the encoded answer with the errors and warnings beside its data."""
    result: dict[str, Any] = {"data": data}
    if failures:
        result = {"errors": [formatted(each, grant) for each in failures[:MOST_ERRORS]], "data": data}
    extensions: dict[str, Any] = {"warnings": warnings} if warnings else {}
    if len(failures) > MOST_ERRORS:
        extensions["errorsLeftOut"] = len(failures) - MOST_ERRORS
    if extensions:
        result["extensions"] = extensions
    return orjson.dumps(result)


def _extensions_of(failure: FieldFailure, grant: Grant) -> Mapping[str, Any]:
    if isinstance(failure.why, BureauError):
        bureau = {"bureau": failure.why.bureau}
        return bureau if failure.derived else {**bureau, "dataset": failure.why.dataset}
    if isinstance(failure.why, InvalidArgument):
        return {"argument": failure.why.name}
    if isinstance(failure.why, CursorRefused):
        return {"argument": "after"}
    denial = grant.denied[(failure.coordinate, failure.reached)][0]
    return {
        "purpose": grant.purpose,
        "use": denial.use.use,
        "rule": denial.verdict.rule,
        "reason": denial.verdict.reason,
        "source": denial.verdict.source,
        "purposes": list(grant.alternatives(denial.use)),
    }
