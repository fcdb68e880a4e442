"""Puts questions to a running gateway over HTTP, several at once, with tokens of the demo key."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import msgspec

from catalogue.incentives.city_files import city_called
from cli.systems_questions import Question
from gateway.access.identity.demo_key import issue
from gateway.errors import StartRefused
from sandbox.expected.comparing import Path, differences

_AT_ONCE: Final = 8
_SECONDS: Final = 30.0
_TOKEN_SECONDS: Final = 3_600
_UNAUTHORISED: Final = 401
_ACCEPT: Final = {"accept": "application/graphql-response+json"}


@dataclass(frozen=True, slots=True)
class RunningGateway:
    """A gateway that takes tokens of the demo key, at an address."""

    url: str
    audience: str

    def require_city(self, name: str) -> None:
        """Raise StartRefused unless a gateway of the city answers here, by its open index."""
        try:
            index = httpx2.get(
                f"{self.url}/open", headers={"accept": "application/json"}, trust_env=False
            ).json()
        except (httpx2.HTTPError, ValueError) as error:
            raise self._unreachable(error) from None
        if index["en"] != city_called(name).en:
            raise StartRefused(
                f"The gateway serves {index['en']}. Name its city with --city, and its data with --data."
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


def _compare(question: Question, body: bytes) -> Iterator[Path]:
    try:
        answer: Mapping[str, Any] = msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        yield "(no JSON)"
        return
    codes = [each["extensions"].get("code") for each in answer.get("errors", ())]
    if isinstance(question.expected, str):
        if codes != [question.expected]:
            yield "(not refused)"
    elif codes:
        yield f"({', '.join(map(str, codes))})"
    else:
        yield from differences(question.expected, answer.get("data"))
