"""Which media type a request has and which one it wants to be answered in.

`application/graphql-response+json` is answered where it is asked for by name. `application/json` is answered
where nothing is asked for, or anything: clients of old expect it.
"""

import re
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from gateway.errors import (
    NOT_ACCEPTABLE,
    UNSUPPORTED_CONTENT_ENCODING,
    UNSUPPORTED_MEDIA_TYPE,
    RequestError,
)

MediaType: TypeAlias = Literal["application/graphql-response+json", "application/json"]
PageType: TypeAlias = Literal["text/html", "application/json"]

GRAPHQL: Final[MediaType] = "application/graphql-response+json"
JSON: Final = "application/json"
HTML: Final = "text/html"

_QUALITY: Final = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.ASCII)
_LONGEST: Final = 4_096
_REMEMBERED_LENGTH: Final = 256
"""Longer headers are read each time, so that nobody fills the memory with them."""


def negotiate(accept: bytes | None) -> MediaType:
    """Return the media type of the answer; NOT_ACCEPTABLE where the Accept header allows neither."""
    if accept is None:
        return JSON
    if len(accept) > _LONGEST:
        raise RequestError(NOT_ACCEPTABLE, f"An Accept header of more than {_LONGEST} bytes is not read.")
    found = _negotiated(accept) if len(accept) <= _REMEMBERED_LENGTH else _best(accept)
    if found is None:
        raise RequestError(NOT_ACCEPTABLE)
    return found


def negotiate_page(accept: bytes | None) -> PageType:
    """Return the media type of a page: HTML where it is wanted more than JSON, as browsers say it.

    NOT_ACCEPTABLE where the Accept header allows neither.
    """
    if accept is None or not accept.strip():
        return JSON
    if len(accept) > _LONGEST:
        raise RequestError(NOT_ACCEPTABLE, f"An Accept header of more than {_LONGEST} bytes is not read.")
    ranges = [_split(part) for part in accept.decode("latin-1").split(",")]
    json, html = (max((_match(one, each) for one in ranges), default=(0, 0.0))[1] for each in (JSON, HTML))
    if not json and not html:
        raise RequestError(NOT_ACCEPTABLE, "Either application/json or text/html is answered.")
    return HTML if html > json else JSON


def check_content_type(content_type: bytes | None) -> None:
    """Raise UNSUPPORTED_MEDIA_TYPE unless the body is application/json, in UTF-8 where it says so."""
    if content_type == b"application/json":
        return
    if content_type is None:
        raise RequestError(UNSUPPORTED_MEDIA_TYPE, "The header Content-Type is missing.")
    if len(content_type) > _LONGEST:
        raise RequestError(UNSUPPORTED_MEDIA_TYPE)
    name, parameters = _split(content_type.decode("latin-1"))
    if name != JSON:
        raise RequestError(UNSUPPORTED_MEDIA_TYPE)
    if not _in_utf8(parameters):
        raise RequestError(UNSUPPORTED_MEDIA_TYPE, "Bodies are read as UTF-8 only.")


def check_content_encoding(content_encoding: bytes) -> None:
    """Raise UNSUPPORTED_CONTENT_ENCODING unless the body is as it is; the names of codings have no case."""
    if {each.strip().lower() for each in content_encoding.split(b",")} - {b"", b"identity"}:
        raise RequestError(UNSUPPORTED_CONTENT_ENCODING)


def _best(accept: bytes) -> MediaType | None:
    """Return the media type of the highest quality; of equals, the one that is named more exactly."""
    text = accept.decode("latin-1")
    if not text.strip():
        return JSON
    ranges = [_split(part) for part in text.split(",")]
    best: tuple[float, int, int] = (0.0, 0, 0)
    chosen: MediaType | None = None
    for media_type in (GRAPHQL, JSON):
        exactness, quality = max((_match(one, media_type) for one in ranges), default=(0, 0.0))
        # Of equals that are named, the newer type; of equals that are not, the one that all can read.
        tie = int((media_type == GRAPHQL) == (exactness == _NAMED))
        if quality > 0 and (quality, exactness, tie) > best:
            best, chosen = (quality, exactness, tie), media_type
    return chosen


_NAMED: Final = 3
_negotiated = lru_cache(maxsize=256)(_best)


def _match(media_range: tuple[str, dict[str, str]], media_type: MediaType | PageType) -> tuple[int, float]:
    """Return how exactly a range names the media type, 0 where it does not, and its quality."""
    name, parameters = media_range
    family = f"{media_type.partition('/')[0]}/*"
    exactness = {media_type: _NAMED, family: 2, "*/*": 1}.get(name, 0)
    quality = parameters.get("q", "1")
    if not exactness or not _in_utf8(parameters) or not _QUALITY.fullmatch(quality):
        return (0, 0.0)
    return (exactness, float(quality))


def _split(text: str) -> tuple[str, dict[str, str]]:
    """Return the name and the parameters of a media type, in lower case and without quotes."""
    name, *rest = text.split(";")
    pairs = (parameter.partition("=") for parameter in rest)
    return name.strip().lower(), {
        key.strip().lower(): value.strip().strip('"').lower() for key, _, value in pairs
    }


def _in_utf8(parameters: dict[str, str]) -> bool:
    return parameters.get("charset", "utf-8") in {"utf-8", "utf8"}
