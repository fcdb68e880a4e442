"""Closed sets of codes with labels in two languages, of which the graph makes enums."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


def bilingual(zh: str, en: str) -> str:
    """Return a description in both languages."""
    return f"{zh} · {en}"


class Codes(frozenset[str]):
    """A closed set of codes with a name and bilingual labels: an enum of the graph.

    `labels` gives the Chinese and the English label of each code, in the order in which the graph lists them.
    """

    __slots__ = ("labels", "name", "title")

    name: str
    title: tuple[str, str]
    labels: Mapping[str, tuple[str, str]]

    def __new__(cls, name: str, title: tuple[str, str], /, **labels: tuple[str, str]) -> Self:
        """Make the set of the codes that have a label; titles and labels are in Chinese and in English.

        Raises TypeError where a title or a label is no pair.
        """
        for what, pair in {"its title": title, **labels}.items():
            if not isinstance(pair, tuple) or list(map(type, pair)) != [str, str]:  # pyright: ignore[reportUnnecessaryIsInstance] a file may say anything
                raise TypeError(f"codes {name}: {what} is no pair of a Chinese and an English text")
        made = super().__new__(cls, labels)
        made.name, made.title, made.labels = name, title, labels
        return made
