"""Puts questions to a running gateway over HTTP, several at once, with tokens of the demo key."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import msgspec

from catalogue.incentives.city_files import city_called, city_names
from cli.systems_questions import Question
from gateway.access.identity.demo_key import issue
from gateway.errors import CODES, StartRefused
from sandbox.expected.comparing import Path, differences

_AT_ONCE: Final = 8
_SECONDS: Final = 30.0
_TOKEN_SECONDS: Final = 3_600
_OK: Final = 200
_UNAUTHORISED: Final = 401
_PORTS: Final = frozenset({None, *range(1, 65_536)})
_ACCEPT: Final = {"accept": "application/graphql-response+json"}
_NO_ANSWER: Final = "(no answer of GraphQL)"
_OTHER_FORM: Final = "(not of the form that was asked for)"
_NO_CODE: Final = "an error without a code of the gateway"


class _Index(msgspec.Struct):
    """What is looked at of an open index: the city's name."""

    en: str


class _Extensions(msgspec.Struct):
    code: str | None = None


class _Error(msgspec.Struct):
    extensions: _Extensions | None = None

    @property
    def code(self) -> str:
        """The code, if it is one of the gateway's: a text of another server is not repeated."""
        found = self.extensions and self.extensions.code
        return found if found in CODES else _NO_CODE


class _Answer(msgspec.Struct):
    data: Any = None
    errors: tuple[_Error, ...] | None = None


@dataclass(frozen=True, slots=True)
class RunningGateway:
    """A gateway that takes tokens of the demo key, at an address without a slash at its end."""

    url: str
    audience: str

    @classmethod
    def at(cls, url: str, audience: str) -> "RunningGateway":
        """Return the gateway at an address; raise StartRefused if the text is no address of HTTP."""
        if not _is_address(url):
            raise StartRefused("--url is no address of a gateway. Write it as http://127.0.0.1:8000.")
        return cls(url.rstrip("/"), audience)

    def require_city(self, name: str) -> None:
        """Raise StartRefused unless a gateway of the city answers here, by its open index."""
        try:
            accept = {"accept": "application/json"}
            response = httpx2.get(f"{self.url}/open", headers=accept, trust_env=False)
        except httpx2.HTTPError as error:
            raise self._unreachable(error) from None
        served = _served_by(response)
        if served != city_called(name).en:
            raise StartRefused(
                f"The gateway serves {served}. Name its city with --city, and its data with --data."
            )

    def ask(self, questions: Sequence[Question]) -> list[list[Path]]:
        """Return for each question where its answer differs from what is expected; raise StartRefused where none answers."""
        try:
            return asyncio.run(self._ask_all(questions))
        except httpx2.HTTPError as error:
            raise self._unreachable(error) from None

    def _unreachable(self, error: Exception) -> StartRefused:
        return StartRefused(
            f"No gateway answers at the address ({type(error).__name__}). Start one with `creditgraph demo`, or name its"
            " address with --url."
        )

    async def _ask_all(self, questions: Sequence[Question]) -> list[list[Path]]:
        limits = httpx2.Limits(max_connections=_AT_ONCE)
        async with httpx2.AsyncClient(
            base_url=self.url, timeout=_SECONDS, limits=limits, trust_env=False
        ) as http:
            turns = asyncio.Semaphore(_AT_ONCE)
            return list(await asyncio.gather(*(self._ask_in_turn(http, turns, each) for each in questions)))

    async def _ask_in_turn(
        self, http: httpx2.AsyncClient, turns: asyncio.Semaphore, question: Question
    ) -> list[Path]:
        async with turns:
            return await self._ask(http, question)

    async def _ask(self, http: httpx2.AsyncClient, question: Question) -> list[Path]:
        body: dict[str, Any] = {
            "documentId": question.operation.document_id,
            "variables": question.variables,
        }
        if question.case is not None:
            body["extensions"] = {"caseNumber": question.case}
        headers = {**_ACCEPT, "authorization": f"Bearer {self._token(question)}"}
        response = await http.post("/graphql", json=body, headers=headers)
        if response.status_code == _UNAUTHORISED:
            raise StartRefused(
                "The gateway refuses tokens of the demo key. Check one with the synthetic city: `creditgraph demo`."
            )
        return list(_compare(question, response.content))

    def _token(self, question: Question) -> str:
        client = question.client
        about = client.name, client.department, client.region
        purposes = (question.operation.purpose,)
        bound = question.person, question.enterprise
        return issue(*about, purposes, self.audience, _TOKEN_SECONDS, bound[0], enterprise=bound[1])


def _is_address(url: str) -> bool:
    try:
        read = httpx2.URL(url)
    except httpx2.InvalidURL:
        return False
    plain = not (read.query or read.fragment or read.userinfo)
    return read.scheme in ("http", "https") and bool(read.host) and plain and read.port in _PORTS


def _served_by(response: httpx2.Response) -> str:
    """Return the English name of the city whose open index this is, or raise StartRefused; other texts are not repeated."""
    try:
        name = msgspec.json.decode(response.content, type=_Index).en if response.status_code == _OK else None
    except msgspec.DecodeError:
        name = None
    if name is None:
        raise StartRefused(
            f"What answers at the address (HTTP {response.status_code}) has no open index of a city: it is no gateway, or one"
            " that is not ready. Start one with `creditgraph demo`, or name its address with --url."
        )
    return (
        name if name in {city_called(each).en for each in city_names()} else "a city that is not known here"
    )


def _compare(question: Question, body: bytes) -> Iterator[Path]:
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except msgspec.DecodeError:
        yield _NO_ANSWER
        return
    codes = [each.code for each in answer.errors or ()]
    if isinstance(question.expected, str):
        if codes != [question.expected]:
            yield "(not refused)"
    elif codes:
        yield f"({', '.join(codes)})"
    else:
        yield from _differing(question.expected, answer.data)


def _differing(expected: Any, found: Any) -> list[Path]:
    """Return the differences; a rule that looks into an answer of another form cannot tell the place."""
    try:
        return list(differences(expected, found))
    except (LookupError, TypeError, ValueError, AttributeError):
        return [_OTHER_FORM]
