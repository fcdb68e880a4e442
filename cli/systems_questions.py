"""The questions by which a registered operation is tried: of whom, under which token and case, and what must be answered."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, cast

from graphql import print_ast

from gateway.authorization.clients import Client
from gateway.operations.register import Registration
from sandbox.books import Subject
from sandbox.books.authorisations import LENDER, standing_number
from sandbox.expected.documents import Caller, ExpectedAnswers
from sandbox.expected.selections import operation_of
from sandbox.model import REFERENCE
from sandbox.people import Person
from sandbox.representatives import acting_for

AUTHORISATION: Final = "credit_office.authorisation"
REFUSED: Final = "AUTHORISATION_MISSING"
_UNKNOWN: Final = "NOBODY-2026-{}"
"""The form of a number of an authorisation that nobody gave."""
_OF_EACH: Final = 2
"""How many subjects of a sample show one feature of an answer."""
_YEARS: Final = (REFERENCE.year - 1, REFERENCE.year - 2)


@dataclass(frozen=True, slots=True)
class Question:
    """One request of an operation, and the data that it must be answered by, or the code by which it must be refused."""

    operation: Registration
    client: Client
    of: str
    """Whom it is about, by the place in the city and without a number."""
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    person: str | None = field(default=None, repr=False)
    enterprise: str | None = field(default=None, repr=False)
    case: str | None = field(default=None, repr=False)
    expected: Mapping[str, Any] | str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Questions:
    """Makes the questions of operations, of the subjects of a `pool`; at most `most` of each operation."""

    answers: ExpectedAnswers
    pool: Sequence[Subject]
    most: int
    number: Callable[[], int]
    """Gives the number of a further case."""

    def of(self, operation: Registration, client: Client, *, case: str = "") -> list[Question]:
        """Return the questions of an operation as one of its clients asks; `case` is the form of its case numbers."""
        asked = _Asking(self.answers, operation, client, case, self.number)
        types = _types(operation)
        if "Int" in types:
            years = (asked.question(f"year {year}", {types["Int"]: year}) for year in _YEARS)
            return list(years)
        if not types:
            return [asked.question("city", {})]
        candidates = (each for subject in self.pool for each in asked.about(subject, types))
        return _varied(candidates, self.most, self.answers)


@dataclass(frozen=True, slots=True)
class _Asking:
    answers: ExpectedAnswers
    operation: Registration
    client: Client
    case: str
    number: Callable[[], int]

    def about(self, subject: Subject, types: Mapping[str, str]) -> Iterator[Question]:
        """Yield the question about a subject, if the operation is about such subjects and the question can be put."""
        is_person, key = isinstance(subject, Person), subject.number
        kind, scalar = ("person", "PersonNumber") if is_person else ("enterprise", "CreditCode")
        name = types.get(scalar)
        of = f"{kind} {subject.index}"
        if (one := types.get("SubjectKey")) is not None:
            yield from self._asked(subject, of, {one: [{kind: key}] if self._lists(one) else {kind: key}})
        elif name is not None and name in self.operation.bind:
            yield from self._own(subject, of, name)
        elif name is not None:
            yield from self._asked(subject, of, {name: [key] if self._lists(name) else key})

    def _lists(self, variable: str) -> bool:
        definitions = operation_of(self.operation.document).variable_definitions or ()
        (type_,) = (print_ast(each.type) for each in definitions if each.variable.name.value == variable)
        return type_.startswith("[")

    def _own(self, subject: Subject, of: str, name: str) -> Iterator[Question]:
        """Yield the question of a person about itself, or of whoever represents an enterprise about that."""
        if isinstance(subject, Person):
            yield self.question(of, {name: subject.number}, person=subject.number)
            return
        for acting in acting_for(subject.city, subject.index):
            bound = {"person": acting.person, "enterprise": subject.number}
            yield self.question(of, {name: subject.number}, **bound)

    def _asked(self, subject: Subject, of: str, variables: Mapping[str, Any]) -> Iterator[Question]:
        if self.case == AUTHORISATION:
            yield from self._authorised(subject, of, variables)
        else:
            number = self.case.format(self.number()) if self.case else None
            yield self.question(of, variables, case=number)

    def _authorised(self, subject: Subject, of: str, variables: Mapping[str, Any]) -> Iterator[Question]:
        """Yield the question under an authorisation that stands for everything, or under one that does not.

        One that names a count is not tried: each answer would use it up. One that names few items is not tried either.
        """
        rows = self.answers.holdings.rows(subject).get(AUTHORISATION, ())
        number = next((each["number"] for each in rows), _UNKNOWN.format(self.number()))
        if rows and number == standing_number(subject):
            yield self.question(of, variables, case=number)
        elif not any(map(_may_stand, rows)):
            yield Question(self.operation, self.client, of, variables, case=number, expected=REFUSED)

    def question(
        self,
        of: str,
        variables: Mapping[str, Any],
        person: str | None = None,
        enterprise: str | None = None,
        case: str | None = None,
    ) -> Question:
        caller = Caller(self.operation.purpose, self.client.name)
        expected = self.answers.to(self.operation.document, variables, caller)
        sent = {name: value for name, value in variables.items() if name not in self.operation.bind}
        return Question(self.operation, self.client, of, sent, person, enterprise, case, expected)


def _may_stand(row: Mapping[str, Any]) -> bool:
    over = row["until"] <= row["begins_on"] or row["withdrawn_on"] is not None
    spent = row["uses"] is not None and row["uses_counted"] >= row["uses"]
    return row["lender"] == LENDER and not over and not spent


def _types(operation: Registration) -> dict[str, str]:
    """Return the variables without a default by the name of their type."""
    definitions = operation_of(operation.document).variable_definitions or ()
    return {
        print_ast(each.type).strip("[]!"): each.variable.name.value
        for each in definitions
        if each.default_value is None
    }


def _varied(candidates: Iterable[Question], most: int, answers: ExpectedAnswers) -> list[Question]:
    """Choose questions until each value of an answer was seen, then until each was often enough of each kind of subject.

    What is left is filled up from the first ones.
    """
    pool = [(each, frozenset(_features(each, answers))) for each in candidates]
    values = [(each, frozenset(value for _, value in shown)) for each, shown in pool]
    once = _choose(values, [], 1, most)
    chosen = _choose(pool, once, _OF_EACH, most)
    asked = {id(each) for each in chosen}
    others = (each for each, _ in pool if id(each) not in asked)
    return [*chosen, *islice(others, most - len(chosen))]


def _choose(
    pool: Sequence[tuple[Question, frozenset[Hashable]]], first: Sequence[Question], times: int, most: int
) -> list[Question]:
    """Return the first ones, and behind them those that show something that was not seen so many times yet."""
    chosen, known = [*first], {id(each) for each in first}
    seen = Counter(one for each, shown in pool if id(each) in known for one in shown)
    for each, shown in pool:
        if len(chosen) < most and id(each) not in known and any(seen[one] < times for one in shown):
            seen.update(shown)
            chosen.append(each)
    return chosen


def _features(question: Question, answers: ExpectedAnswers) -> Iterator[tuple[str, str]]:
    """Yield what an answer shows, behind what its subject is: of which kind, and whether it consents to the scene."""
    if isinstance(question.expected, str):
        yield "", question.expected
        return
    number = _number(question)
    consents = answers.holdings.rows_of(number).get("credit_office.consent", ())
    consented = any(each["scene"] == question.operation.purpose for each in consents)
    kind = f"{question.of.split()[0]} {number[:2] == '92'} {consented}"
    for each in _values(question.expected, ""):
        yield kind, each


def _number(question: Question) -> str:
    """Return the number of the subject; empty where the question is about none."""
    found = [question.enterprise or question.person or "", *map(_text, question.variables.values())]
    return next(filter(None, found), "")


def _text(value: Any) -> str:
    """Return the text in the value of a variable: by itself, in a list, or as a key of a subject."""
    while isinstance(value, list | dict):
        inner = cast("list[Any] | dict[str, Any]", value)
        value = inner[0] if isinstance(inner, list) else next(iter(inner.values()))
    return str(value)


def _values(value: Any, path: str) -> Iterator[str]:
    """Yield the paths of an answer, each with whether there is something, and which code it is."""
    if isinstance(value, Mapping):
        for name, each in cast("Mapping[str, Any]", value).items():
            yield from _values(each, f"{path}.{name}")
    elif isinstance(value, list):
        items = cast("list[Any]", value)
        yield f"{path} {bool(items)}"
        for each in items:
            yield from _values(each, path)
    else:
        code = value if isinstance(value, str) and value.isupper() and value.isascii() else value is not None
        yield f"{path} {code}"
