"""The scalars: identifiers and numbers of documents, money in fen, and the bounded count of records, a place in a list."""

from dataclasses import replace
from datetime import date
from typing import Final, NewType

import strawberry
from graphql import GraphQLScalarType
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.types.base_scalars import DateDefinition
from strawberry.types.scalar import ScalarDefinition

from catalogue.identifiers import parse_credit_code, parse_former_number, parse_person_number
from catalogue.identity_documents import parse_document_number

PersonNumber = NewType("PersonNumber", str)
"""居民身份证号 (GB 11643-1999)."""
DocumentNumber = NewType("DocumentNumber", str)
"""Number of a passport, a travel permit or a residence card."""
FormerNumber = NewType("FormerNumber", str)
"""15位旧身份证号 (GB 11643-1989)."""
CreditCode = NewType("CreditCode", str)
"""统一社会信用代码 (GB 32100-2015)."""
Fen = NewType("Fen", int)
"""Money in fen, 1/100 yuan. A whole number that JSON readers keep exactly: below 2**53 either way."""
Count = NewType("Count", int)
"""How many records of a list are read: 1 to 100."""
Cursor = NewType("Cursor", str)
"""A place in a list."""

MOST_RECORDS: Final = 100
_LONGEST_CURSOR: Final = 100
DEFAULT_RECORDS: Final = Count(20)
_EXACT_IN_JSON: Final = 2**53
_STANDARDS: Final = "https://openstd.samr.gov.cn/bzgk/gb/newGbInfo?hcno="
_FULL_DATE: Final = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"


class ScalarError(ValueError):
    """A value is not of its scalar; the text names the rule and never the value."""


def parse_fen(value: object) -> int:
    """Return an exact whole number of fen, or raise ScalarError."""
    if type(value) is not int or abs(value) >= _EXACT_IN_JSON:
        raise ScalarError("An amount in fen is a whole number below 2**53.")
    return value


def parse_count(value: object) -> int:
    """Return a count from 1 to 100, or raise ScalarError."""
    if type(value) is not int or not 1 <= value <= MOST_RECORDS:
        raise ScalarError(f"A count is a whole number from 1 to {MOST_RECORDS}.")
    return value


def parse_cursor(value: object) -> str:
    """Return a text that may be a cursor, or raise ScalarError; only its list can tell whether it is one."""
    if not isinstance(value, str) or len(value) > _LONGEST_CURSOR:
        raise ScalarError("A cursor is the text that a list gave for one of its records.")
    return value


DEFINITIONS: Final[dict[object, ScalarDefinition]] = {
    PersonNumber: strawberry.scalar(
        name="PersonNumber",
        description="居民身份证号 · Citizen identity number, GB 11643-1999: 17 digits and a check sign.",
        specified_by_url=f"{_STANDARDS}080D6FBF2BB468F9007657F26D60013E",
        parse_value=parse_person_number,
        serialize=str,
    ),
    CreditCode: strawberry.scalar(
        name="CreditCode",
        description="统一社会信用代码 · Unified social credit code, GB 32100-2015: 18 signs.",
        specified_by_url=f"{_STANDARDS}24691C25985C1073D3A7C85629378AC0",
        parse_value=parse_credit_code,
        serialize=str,
    ),
    DocumentNumber: strawberry.scalar(
        name="DocumentNumber",
        description="证件号码 · Number of a passport, a travel permit or a residence card: 5 to 20 digits and letters.",
        parse_value=parse_document_number,
        serialize=str,
    ),
    FormerNumber: strawberry.scalar(
        name="FormerNumber",
        description="15位旧身份证号 · Former identity number: 15 digits, of them a province and a birth date.",
        parse_value=parse_former_number,
        serialize=str,
    ),
    Fen: strawberry.scalar(
        name="Fen",
        description="金额（分） · Money in fen, 1/100 yuan, as a whole number.",
        parse_value=parse_fen,
        serialize=parse_fen,
    ),
    Count: strawberry.scalar(
        name="Count",
        description=f"条数 · How many records of a list are read, 1 to {MOST_RECORDS}.",
        parse_value=parse_count,
        serialize=parse_count,
    ),
    Cursor: strawberry.scalar(
        name="Cursor",
        description="游标 · A place in a list, as a token that says nothing of any value",
        parse_value=parse_cursor,
        serialize=str,
    ),
    date: replace(DateDefinition, specified_by_url=_FULL_DATE),
}

CONFIG: Final = StrawberryConfig(disable_field_suggestions=True, scalar_map=DEFINITIONS)


def core_scalars() -> list[GraphQLScalarType]:
    """Return the scalars as graphql-core has them, with days as Strawberry reads and writes them."""
    return [
        GraphQLScalarType(
            each.name,
            description=each.description,
            serialize=each.serialize,
            parse_value=each.parse_value,
            parse_literal=each.parse_literal,
            specified_by_url=each.specified_by_url,
        )
        for each in DEFINITIONS.values()
    ]
