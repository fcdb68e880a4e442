"""Parts of HTML that the page of the open index is made of; every text in them is escaped here."""

from collections.abc import Iterable
from html import escape
from typing import Final

_DOT: Final = " · "
_NONE: Final = ("", None)


def pair(zh: str, en: str) -> str:
    """Return a text in Chinese with the English one beside it."""
    return f'{escape(zh)} <span lang="en">{escape(en)}</span>'


def both(text: str) -> str:
    """Return a text that may have an English half behind a dot."""
    zh, dot, en = text.partition(_DOT)
    return pair(zh, en) if dot else escape(text)


def mark(text: str) -> str:
    """Return a text that is marked as ours: configuration, a reading, or what is not established."""
    return f'<mark class="mark">{both(text)}</mark>'


def listed(texts: Iterable[str]) -> str:
    """Return parts as a list, or a single one as it stands."""
    parts = list(texts)
    return parts[0] if len(parts) == 1 else f"<ul>{''.join(f'<li>{each}</li>' for each in parts)}</ul>"


def facts(*rows: tuple[str, str | None]) -> str:
    """Return rows of a title and its content; a row without content is left out."""
    lines = (
        f"<div><dt>{both(title)}</dt><dd>{content}</dd></div>"
        for title, content in rows
        if content not in _NONE
    )
    return f"<dl>{''.join(lines)}</dl>"


def cards(items: Iterable[str]) -> str:
    """Return items beside each other, as a list."""
    return f'<ul class="cards">{"".join(f"<li>{each}</li>" for each in items)}</ul>'


def section(name: str, title: str, content: str) -> str:
    """Return a part of the page under a heading, to which its name leads."""
    return f'<section aria-labelledby="{name}"><h2 id="{name}" tabindex="-1">{both(title)}</h2>{content}</section>'


def table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of which the first cell of each row is its head."""
    top = "".join(f'<th scope="col">{both(each)}</th>' for each in heads)
    lines: list[str] = []
    for first, *rest in rows:
        cells = "".join(f"<td>{each}</td>" for each in rest)
        lines.append(f'<tr class="row"><th scope="row">{first}</th>{cells}</tr>')
    return (
        f"<table><caption>{both(caption)}</caption><thead><tr>{top}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table>"
    )
