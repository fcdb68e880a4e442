"""What the explorer's page is opened with: the clients one may act as, and subjects to try.

The page shows this to whoever reaches it, tokens included. That is right over synthetic sources only, and over
others the gateway refuses to start with the explorer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import msgspec


@dataclass(frozen=True, slots=True)
class SessionPurpose:
    """A leaf of the purpose tree, with what it is called."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class SessionClient:
    """A client of the sandbox: its bearer token and the purposes that the token carries."""

    name: str
    title_zh: str
    title_en: str
    token: str = field(repr=False)
    purposes: tuple[SessionPurpose, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A synthetic subject to ask for."""

    kind: Literal["person", "enterprise"]
    identifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that the page needs beside the schema."""

    city: str
    clients: tuple[SessionClient, ...]
    samples: tuple[Sample, ...]
    synthetic: Literal[True] = True


def encode(session: Session) -> bytes:
    """Return the session as the JSON that the page reads."""
    return msgspec.json.encode(session)
