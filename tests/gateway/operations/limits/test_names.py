import pytest

from gateway.errors import DOCUMENT_INVALID, RequestError
from gateway.operations.limits.document_limits import LONGEST_NAME, parse_within
from gateway.settings import LimitSettings

NUMBER = "411502197703180028"
CODE = "91110000600037341L"


@pytest.mark.parametrize(
    "document",
    [
        f"{{ a{NUMBER}: __typename }}",
        f"{{ {CODE[:0]}_{NUMBER[:6]}_{NUMBER[6:14]}_{NUMBER[14:]}: __typename }}",
        f"{{ x{CODE}: __typename }}",
        f"query($v{NUMBER}: PersonNumber!) {{ person(id: $v{NUMBER}) {{ name }} }}",
        f"query Q{NUMBER} {{ __typename }}",
        f"{{ ...F{NUMBER} }} fragment F{NUMBER} on Query {{ __typename }}",
        f"{{ {'a' * (LONGEST_NAME + 1)}: __typename }}",
    ],
)
def test_a_name_that_is_long_or_like_an_identifier_is_refused(document: str):
    """No name of a document can carry an identity number or a credit code into answers and errors."""
    with pytest.raises(RequestError) as refused:
        parse_within(document, LimitSettings())
    assert refused.value.code is DOCUMENT_INVALID
    assert NUMBER not in str(refused.value.formatted())
    assert CODE not in str(refused.value.formatted())


@pytest.mark.parametrize("name", ["a" * LONGEST_NAME, "grade2024", "k12345678901", "latestTaxGrade"])
def test_an_ordinary_name_passes(name: str):
    """Names with a year or a short number are names."""
    parse_within(f"{{ {name}: __typename }}", LimitSettings())
