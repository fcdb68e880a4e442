"""An identifier may be written in another case or form; the answer is that of the standard's own spelling."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from gateway.errors import RequestError
from observability.hooks import Hooks
from tests.support.gateway_in_memory import InMemory
from tests.support.hearing_observer import Hearing
from tests.support.rows_source import RowsSource
from tests.support.small_city import ENTERPRISES, PERSONS, SmallCity, small_city

WITH_X = PERSONS[3]
"""A number whose check sign has two cases."""
CODE = ENTERPRISES[0]
DOUBTFUL = CODE[:-1] + next(sign for sign in "0123456789" if sign != CODE[-1])
"""A code with a wrong check sign, as some were issued."""
WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZx"}
ASKED = {
    "person": "query($id: PersonNumber!) { person(id: $id) { name identityNumber taxArrears { since cursor } } }",
    "persons": "query($id: [PersonNumber!]!) { persons(ids: $id) { name identityNumber } }",
    "enterprise": "query($id: CreditCode!) { enterprise(id: $id) { name creditCode officers { role cursor } } }",
    "subjects": "query($id: [SubjectKey!]!) { subjects(by: $id) { ... on Person { name } ... on Enterprise { name } } }",
    "standing": "query($id: SubjectKey!) { standing(of: $id) { __typename } }",
}


def city() -> SmallCity:
    """A city in which an enterprise with a wrong check sign is known."""
    tables: dict[str, Any] = {name: dict(rows) for name, rows in small_city().tables.items()}
    rows = tables["registry.enterprise"]
    rows[DOUBTFUL] = [{**row, "credit_code": DOUBTFUL} for row in rows[CODE]]
    return SmallCity(tables)


def answered(document: str, hooks: Hooks | None = None, **variables: Any) -> bytes:
    """Return the bytes of an answer."""
    sources: dict[str, RowsSource] = city().sources()
    gateway = InMemory(sources, hooks=hooks or Hooks())

    async def ask() -> bytes:
        return (await gateway.answer(gateway.prepared(document), variables)).body

    return asyncio.run(ask())


def spellings(identifier: str) -> list[str]:
    """The same identifier in other cases and forms."""
    return [
        identifier.lower(),
        identifier.translate(WIDE),
        identifier.lower().translate(WIDE),
        f" {identifier}",
        f"{identifier}\u3000",
        f"\t{identifier}\r\n",
        f"\u00a0{identifier.lower()} ",
    ]


def sent(name: str, member: str, identifier: str) -> Any:
    """What the variable of this document holds."""
    key = {member: identifier}
    shapes: dict[str, Any] = {"persons": [identifier], "subjects": [key], "standing": key}
    return shapes.get(name, identifier)


@pytest.mark.parametrize(
    ("name", "member", "identifier"),
    [
        ("person", "person", WITH_X),
        ("persons", "person", WITH_X),
        ("standing", "person", WITH_X),
        ("enterprise", "enterprise", CODE),
        ("subjects", "enterprise", CODE),
        ("standing", "enterprise", CODE),
    ],
)
def test_another_spelling_has_the_answer_of_the_standards(name: str, member: str, identifier: str):
    """Case, full-width signs and surrounding blanks change no byte of an answer, whatever way in is asked."""
    document = ASKED[name]
    plain = answered(document, id=sent(name, member, identifier))
    assert orjson.loads(plain)["data"]
    for spelled in spellings(identifier):
        assert answered(document, id=sent(name, member, spelled)) == plain


@pytest.mark.parametrize("spelled", spellings(WITH_X)[:5])
def test_a_literal_and_a_default_are_read_like_a_variable(spelled: str):
    """What a document writes itself is spelled as freely as what a request sends."""
    text = "{ %s { name identityNumber } }"
    plain = answered(text % f'person(id: "{WITH_X}")')
    assert WITH_X.encode() in plain
    assert answered(text % f'person(id: "{spelled}")') == plain
    default = f'query($id: PersonNumber! = "{spelled}") {text % "person(id: $id)"}'
    assert answered(default) == plain


def test_two_spellings_of_one_subject_are_that_subject_twice():
    """A list that names one subject in two forms is refused as one that names it twice."""
    with pytest.raises(RequestError) as caught:
        answered(ASKED["persons"], id=[WITH_X, WITH_X.lower()])
    assert caught.value.code.name == "DUPLICATE_SUBJECT"


@pytest.mark.parametrize(
    "identifier",
    [
        CODE[:9] + " " + CODE[9:],
        CODE + "0",
        CODE[:-1] + "I",
        CODE[:-1] + "\ufb00",
        "\u200b" + CODE,
        "٩" + CODE[1:],
    ],
)
def test_what_is_another_text_stays_refused(identifier: str):
    """Blanks within, signs that nobody sees, ligatures and digits of other scripts are no spelling of a code."""
    with pytest.raises(RequestError) as caught:
        answered(ASKED["enterprise"], id=identifier)
    assert caught.value.code.name == "IDENTIFIER_INVALID"


@pytest.mark.parametrize("identifier", [DOUBTFUL, DOUBTFUL.lower()])
def test_a_code_that_a_bureau_holds_can_be_asked_whatever_its_check_sign(identifier: str):
    """A credit code with a wrong check sign is answered, and the doubt is told without the code."""
    hearing = Hearing()
    found = orjson.loads(answered(ASKED["enterprise"], Hooks([hearing]), id=identifier))
    assert found["data"]["enterprise"]["creditCode"] == DOUBTFUL
    told = [each for each in hearing.facts if type(each).__name__ == "CheckSignsWrong"]
    assert [each.codes for each in told] == [1]
    assert DOUBTFUL not in str(told)
    assert "errors" not in found


def test_a_code_whose_check_sign_fits_is_told_nothing_of():
    """No warning is made of an ordinary code."""
    hearing = Hearing()
    answered(ASKED["enterprise"], Hooks([hearing]), id=CODE)
    assert "CheckSignsWrong" not in {type(each).__name__ for each in hearing.facts}
