"""Every setting of the gateway, from the environment (`CREDITGRAPH_…`) or a TOML file.

A nested setting is reached with two underscores: `CREDITGRAPH_SOURCES__TAX__DSN`. The file is named by
`CREDITGRAPH_CONFIG`; the environment wins over it.
"""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Literal, get_origin

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = Path(__file__).resolve().parent / "installed"
"""Where a wheel has the files that stand beside the packages in a checkout."""
PREFIX = "CREDITGRAPH_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"


_MEANT: Final = re.compile(r"\W*CREDIT[\W_]*GRAPH", re.IGNORECASE)


def _shipped(in_checkout: str, in_wheel: str) -> Path:
    """Return a folder that comes with the code: the wheel's where this is one, else the checkout's."""
    installed = INSTALLED / in_wheel
    return installed if installed.is_dir() else ROOT / in_checkout


class UnknownSetting(ValueError):
    """A variable of the environment starts with CREDITGRAPH_, but no setting has its name."""


class TwoCities(ValueError):
    """The environment, the file of the settings, or both name two cities; an installation serves one."""


class SourceSettings(BaseModel):
    """How one bureau is reached: a `dsn` for PostgreSQL, or a `url` with a `requester` and its `secret`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dsn: SecretStr | None = Field(
        default=None, description="PostgreSQL address of the bureau's read interface."
    )
    url: str | None = Field(default=None, description="Base address of the bureau's HTTP service.")
    requester: str = Field(
        default="creditgraph", description="The id under which the bureau knows the gateway."
    )
    secret: SecretStr | None = Field(
        default=None, description="The key with which requests and answers are signed."
    )
    connections: int = Field(default=2, ge=1, le=64, description="Round trips that may be under way at once.")
    timeout: float = Field(default=3.0, gt=0, le=600, description="Seconds that one round trip may take.")
    unprotected: bool = Field(
        default=False,
        description="Accept a way to another machine without TLS, which the network itself protects.",
    )


class StoreSettings(BaseModel):
    """How the gateway's own store is reached. Without a `dsn` the gateway keeps nothing of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dsn: SecretStr | None = Field(
        default=None,
        min_length=1,
        description="PostgreSQL address of the gateway's own database; its login owns it.",
    )
    connections: int = Field(
        default=2, ge=1, le=64, description="Transactions that may be under way at once."
    )
    timeout: float = Field(
        default=3.0, gt=0, le=600, description="Seconds that a connection or one statement may take."
    )
    unprotected: bool = Field(
        default=False,
        description="Accept a way to another machine without TLS, which the network itself protects.",
    )


class ClaimSettings(BaseModel):
    """The names of an issuer's claims, where they are not the usual ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client: str = Field(default="client_id", min_length=1, description="The client; Keycloak's is `azp`.")
    department: str = Field(default="department", min_length=1, description="The client's department.")
    region: str = Field(default="region", min_length=1, description="The region, by its code.")
    scope: str = Field(
        default="scope", min_length=1, description="The scopes: a list, or a text with blanks between."
    )
    person: str = Field(default="person", min_length=1, description="The person's identity number.")
    enterprise: str = Field(
        default="enterprise",
        min_length=1,
        description="The credit code of the enterprise for which the person acts.",
    )


class IssuerSettings(BaseModel):
    """One more issuer whose tokens are accepted, for its own clients."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(min_length=1, description="What the claim `iss` of its tokens holds.")
    clients: tuple[str, ...] = Field(
        min_length=1, description="The clients of clients.toml that its tokens may name."
    )
    audience: str | None = Field(
        default=None, min_length=1, description="The audience of its tokens; else the gateway's `audience`."
    )
    jwks: str | None = Field(
        default=None, min_length=1, description="File or https address of its public keys; else discovered."
    )
    claims: ClaimSettings = Field(default=ClaimSettings(), description="The names of its claims.")


class LimitSettings(BaseModel):
    """What one request may ask, and how often a client may ask about one subject."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    body_bytes: int = Field(default=256 * 1024, ge=1, description="Size of a request body.")
    tokens: int = Field(default=2_000, ge=1, description="Lexical tokens of a document.")
    depth: int = Field(default=12, ge=1, description="Nesting of selections, fragments expanded.")
    aliases: int = Field(default=50, ge=1, description="Aliases in a document.")
    directives: int = Field(default=50, ge=1, description="Directives in a document.")
    fields: int = Field(
        default=2_000, ge=1, description="Fields of a document once its fragments are expanded."
    )
    conditions: int = Field(default=6, ge=1, description="Variables that decide about @include and @skip.")
    nodes: int = Field(
        default=100_000, ge=1, description="Values that an answer may hold, by the plan's estimate."
    )
    subjects: int = Field(default=1_000, ge=1, description="Subjects that a request may name.")
    subject_requests: int = Field(
        default=1_000,
        ge=1,
        le=1_000_000,
        description="One-sided requests of one client about one subject: so many at once, and as many again in each hour.",
    )


class Settings(BaseSettings):
    """The gateway's settings; a name that is not known is an error."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    city: str | None = Field(
        default=None,
        min_length=1,
        description="The city that this installation serves: a folder of `catalogue/cities/`. Required to serve.",
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    explorer: bool = Field(default=False, description="Answer free documents; synthetic sources only.")
    audience: str = Field(
        default="creditgraph", min_length=1, description="The audience that a token must name."
    )
    issuer: str | None = Field(
        default=None, min_length=1, description="The issuer that a token must name, where one is set."
    )
    jwks: str | None = Field(
        default=None,
        min_length=1,
        description="File or https address of the issuer's public keys; else discovered from `issuer`.",
    )
    claims: ClaimSettings = Field(default=ClaimSettings(), description="The names of the issuer's claims.")
    issuers: dict[str, IssuerSettings] = Field(
        default_factory=dict[str, IssuerSettings], description="Further issuers by a name of your choice."
    )
    leeway: float = Field(
        default=5.0,
        ge=0,
        le=60,
        description="Seconds by which an issuer's clock may differ from the gateway's.",
    )
    demo_key: bool = Field(
        default=False, description="Accept tokens of the public demo key; explorer mode only."
    )
    operations: Path = Field(
        default=_shipped("operations", "operations"), description="Folder of the registered operations."
    )
    policies: Path = Field(
        default=_shipped("policies", "policies"), description="Folder of purposes, permits and clients."
    )
    approvers: Path | None = Field(
        default=None,
        description="Keys of those who approve operations; else `approvers.json` of the policies.",
    )
    decisions: Path | None = Field(
        default=None, description="File to which each new grant is added, for `policy replay`."
    )
    bureau_check: Path | None = Field(
        default=None,
        description="File to which `bureaus check` writes its result; `/readyz` and `/metrics` show it.",
    )
    explorer_bundle: Path = Field(
        default=_shipped("explorer/dist", "explorer"), description="The built explorer."
    )
    deadline: float = Field(default=5.0, gt=0, le=600, description="Seconds that a request may take.")
    connections: int = Field(
        default=1_000, ge=1, description="Connections of callers that may be open at once."
    )
    keep_alive: float = Field(
        default=75.0, gt=0, le=3_600, description="Seconds that a connection may wait for its next request."
    )
    drain: float = Field(
        default=2.0,
        ge=0,
        le=600,
        description="Seconds at SIGTERM in which readiness is refused and requests are still accepted.",
    )
    silence_grid: float = Field(
        default=0.01,
        ge=0,
        le=1,
        description="Seconds of the grid on which one-sided answers leave; 0 is none.",
    )
    silence_records: bool = Field(
        default=False,
        description="Whether answers that withhold records by their state leave on that grid as well.",
    )
    shutdown: float = Field(
        default=20.0, gt=0, le=3_600, description="Seconds that accepted requests get at a stop."
    )
    cursor_secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Secret of cursors, where several gateways answer; without it they end with the process.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Bearer token that opens `/metrics`; without one it is there in explorer mode only.",
    )
    otlp_endpoint: str | None = Field(
        default=None, min_length=1, description="OTLP/HTTP collector for spans and metrics."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        default="INFO", description="Lowest level that is logged."
    )
    sources: dict[str, SourceSettings] = Field(
        default_factory=dict[str, SourceSettings], description="The bureaus by name."
    )
    store: StoreSettings = Field(default=StoreSettings(), description="The gateway's own database.")
    limits: LimitSettings = Field(default=LimitSettings(), description="What a request may ask.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file that `CREDITGRAPH_CONFIG` names."""
        _refuse_unknown(os.environ, settings_cls)
        named = os.environ.get(CONFIG_VARIABLE)
        if named is not None and not Path(named).is_file():
            raise FileNotFoundError(f"{CONFIG_VARIABLE} names no file")
        file = (TomlConfigSettingsSource(settings_cls, Path(named)),) if named is not None else ()
        _refuse_two_cities(os.environ, *(each.toml_data for each in file))
        return (init_settings, env_settings, *file)


def _refuse_two_cities(environment: Mapping[str, str], *files: Mapping[str, object]) -> None:
    """Raise TwoCities: no precedence decides of which city the gateway answers.

    Names count as they are written, before their letters are folded: one spelling would hide the other.
    """
    variable = f"{PREFIX}CITY"
    cities = [str(value) for name, value in environment.items() if name.upper() == variable]
    cities += [str(value) for file in files for name, value in file.items() if name.upper() == "CITY"]
    if len({*cities}) > 1:
        raise TwoCities("The environment and the file of the settings, or one of them, name two cities")


def _refuse_unknown(environment: Iterable[str], settings: type[BaseSettings]) -> None:
    """Raise UnknownSetting for a misspelt variable, which pydantic-settings passes over.

    A name that has the letters of the prefix first, with other signs between them, is meant as a setting. Within a
    nested setting pydantic itself refuses unknown names.
    """
    known = {f"{PREFIX}{name}".upper(): field.annotation for name, field in settings.model_fields.items()}
    within = tuple(f"{name}__" for name, kind in known.items() if _is_nested(kind))
    names = {name.upper() for name in environment if _MEANT.match(name)}
    unknown = sorted(name for name in names - known.keys() - {CONFIG_VARIABLE} if not name.startswith(within))
    if unknown:
        raise UnknownSetting(f"No setting is named {', '.join(unknown)}")


def _is_nested(kind: object) -> bool:
    return get_origin(kind) is dict or (isinstance(kind, type) and issubclass(kind, BaseModel))
