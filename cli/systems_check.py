"""Checks the systems of a city against a running gateway: each operation is asked, and its answers are compared."""

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from catalogue.city_systems import CitySystem
from cli.systems_asking import RunningGateway
from cli.systems_city import OF_A_PERSON, require_size
from cli.systems_questions import AUTHORISATION, Question, Questions
from cli.undecided_answers import unseen_sides
from gateway.authorization.callers import CallerKind, load_callers
from gateway.authorization.clients import Client, load_clients
from gateway.authorization.purposes import PurposeTree, load_purposes
from gateway.operations.city_time import city_date
from gateway.operations.register import Registration, load_register
from gateway.settings import Settings
from sandbox.books import Subject
from sandbox.enterprises import enterprise
from sandbox.expected.documents import ExpectedAnswers
from sandbox.expected.holdings import Holdings
from sandbox.model import City
from sandbox.people import person
from sandbox.truth import varied_subjects

_VARIED: Final = 60
_PERSONS: Final = 1_000
_ENTERPRISES: Final = 300
"""The subjects of a city that are looked at, to find some who show each feature of an answer."""
_SHOWN: Final = 5
"""The wrong answers of an operation of which the place is named."""
_CASES: Final = 9_000_000
_COURT: Final = "measure.enforcement"
_COURT_FORM: Final = "（{}）豫15执"
_ORGAN_FORM: Final = "信市信〔{}〕"


Result: TypeAlias = Literal["right", "wrong", "undecided", "nothing compared", "not asked"]
"""`undecided`: of some one-sided answer nobody who gets TRUE was asked about, or nobody who gets null."""


@dataclass(frozen=True, slots=True)
class ReadRules:
    """What the check needs of an installation's files: who may ask what, without the graph and without its proofs."""

    kinds: Mapping[str, CallerKind]
    purposes: PurposeTree
    clients: Mapping[str, Client]
    register: Mapping[str, Registration]

    @classmethod
    def of(cls, settings: Settings) -> "ReadRules":
        """Read them, or raise StartRefused."""
        city = str(settings.city)
        kinds = load_callers(settings.policies / "callers.toml")
        purposes = load_purposes(settings.policies / "purposes.toml", kinds)
        clients = load_clients(settings.policies, purposes, kinds, city)
        return cls(kinds, purposes, clients, load_register(settings.operations, purposes, clients, city))

    def client_of(self, operation: Registration) -> Client:
        """Return one client of an operation, of the sandbox only where it has no other."""
        found = [self.clients[name] for name in sorted(operation.clients)]
        return min(found, key=lambda each: self.kinds[each.kind].sandbox)

    @property
    def operators(self) -> Mapping[str, list[str]]:
        """The clients that may ask in each scene, those of the sandbox aside."""
        return {
            scene: [
                each.name
                for each in self.clients.values()
                if scene in each.purposes and not self.kinds[each.kind].sandbox
            ]
            for scene in self.purposes.leaves
        }

    def case_form(self, purpose: str, year: int) -> str:
        """Return the form of the case numbers of a purpose; empty where it needs none."""
        leaf = self.purposes.leaves[purpose]
        if leaf.authorisation:
            return AUTHORISATION
        form = _COURT_FORM if purpose == _COURT else _ORGAN_FORM
        return form.format(year) + "{}号" if leaf.case_number else ""


@dataclass(frozen=True, slots=True)
class Compared:
    """The answers of one operation: how many were compared, and where each of those differs that are wrong.

    `unseen` are the one-sided answers of which the sample had nobody who gets TRUE, or nobody who gets null.
    """

    answers: int
    wrong: tuple[str, ...]
    unseen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SystemCheck:
    """One system in one city, with what the check found."""

    system: CitySystem
    city: str
    compared: Mapping[str, Compared]

    @property
    def answers(self) -> int:
        """The answers that were compared."""
        return sum(each.answers for each in self.compared.values())

    @property
    def mismatches(self) -> int:
        """The answers that are wrong."""
        return sum(len(each.wrong) for each in self.compared.values())

    @property
    def shown(self) -> list[str]:
        """Some wrong answers of each operation, with the subject's place and the first difference."""
        return [f"{name}: {one}" for name, each in self.compared.items() for one in each.wrong[:_SHOWN]]

    @property
    def unseen(self) -> list[str]:
        """The sides of one-sided answers that no subject of the sample gets, each behind its operation."""
        return [f"{name}: {one}" for name, each in self.compared.items() for one in each.unseen]

    @property
    def result(self) -> Result:
        """What the check found. A system lies outside if no operation serves it: then it is not asked."""
        if self.mismatches:
            return "wrong"
        if self.system.state == "outside":
            return "not asked"
        if not self.answers:
            return "nothing compared"
        return "undecided" if self.unseen else "right"

    @property
    def failed(self) -> bool:
        """Whether the check does not show that the system answers the truth."""
        return self.result not in ("right", "not asked")


def check_systems(
    systems: Sequence[CitySystem], rules: ReadRules, city: City, gateway: RunningGateway, most: int
) -> list[SystemCheck]:
    """Ask every operation that serves a system of the city, about at most so many subjects each, and compare.

    Raises StartRefused if no gateway of this city answers, or one whose city has another size. Where midnight lies between, everything is asked again.
    """
    gateway.require_city(city.name)
    if (own := rules.register.get(OF_A_PERSON)) is not None:
        require_size(city, own, rules.client_of(own), gateway)
    names = dict.fromkeys(name for each in systems for name in each.operations.get(city.name, ()))
    day = city_date(time.time())
    compared = _compare(names, rules, city, gateway, most, day)
    if (later := city_date(time.time())) != day:
        compared = _compare(names, rules, city, gateway, most, later)
    return [
        SystemCheck(each, city.name, {name: compared[name] for name in each.operations.get(city.name, ())})
        for each in systems
        if city.name in each.places
    ]


def _compare(
    names: Iterable[str], rules: ReadRules, city: City, gateway: RunningGateway, most: int, day: date
) -> dict[str, Compared]:
    pool = list(_pool(city))
    answers = ExpectedAnswers(city, Holdings(pool, day), rules.operators)
    start = secrets.randbelow(_CASES)
    numbers = iter(range(start + 1, 10 * _CASES))
    makes = Questions(answers, pool, most, lambda: next(numbers))
    asked = {name: [*_questions(makes, rules, rules.register[name], day)] for name in names}
    found = iter(gateway.ask([each for several in asked.values() for each in several]))
    return {
        name: Compared(
            len(several),
            tuple(f"{each.of}: {paths[0]}" for each in several if (paths := next(found))),
            tuple(unseen_sides(rules.register[name], several)),
        )
        for name, several in asked.items()
    }


def _questions(makes: Questions, rules: ReadRules, operation: Registration, day: date) -> Iterator[Question]:
    form = rules.case_form(operation.purpose, day.year)
    yield from makes.of(operation, rules.client_of(operation), case=form)


def _pool(city: City) -> Iterator[Subject]:
    """Yield the subjects that are looked at, those who show something first."""
    varied = varied_subjects(city, min(_VARIED, city.population))
    persons = (person(city, index) for index in range(min(city.population, _PERSONS)))
    firms = (enterprise(city, index) for index in range(min(city.enterprises, _ENTERPRISES)))
    yield from {each.number: each for each in (*varied, *persons, *firms)}.values()
