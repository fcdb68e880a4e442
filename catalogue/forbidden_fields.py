"""What the gateway takes from no bureau: religion, genes, fingerprints, blood type, disease and medical history.

河南省社会信用条例 art. 45 and 征信业管理条例 art. 14 forbid those who collect for the market to collect them of persons.
Article 46 forbids everyone what does not concern the public interest. Our rule goes further: the gateway refuses them from every
bureau, of persons and of enterprises alike: an individual business (个体工商户) is a person too.

Names and titles are compared, in Chinese, in English and in pinyin, whatever joins or parts their words.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from catalogue.column_checks import Datasets
from catalogue.declarations import Codes, Column, Dataset
from catalogue.forbidden_words import CHINESE, CHINESE_NAMES, NAMES, PARTS, SIMPLIFIED, WORDS

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_NO_SIGN: Final = re.compile(r"\W|_")
_APART: Final = "·"
"""Stands for a name that may be, so that what is before it and behind it makes no word."""


def check_forbidden(datasets: Datasets) -> Iterator[str]:
    """Yield for each name or title of what is forbidden: the file, the column, and the reason."""
    for name, dataset in datasets.items():
        file = f"{name.partition('.')[0]}.py"
        for place, texts in _named(name, dataset):
            if is_forbidden(*texts):
                yield (
                    f"{file}: {place} is about religion, genes, fingerprints, blood type, disease or medical history,"
                    " which the gateway takes from no bureau (our rule; nearest 河南省社会信用条例 art. 45, 46): leave it out"
                )


def is_forbidden(*texts: str) -> bool:
    """Whether a name or a title among these is of something forbidden."""
    return any(_forbidden(unicodedata.normalize("NFKC", each)) for each in texts)


def _forbidden(text: str) -> bool:
    return _is_chinese(text) or _is_latin(text)


def _is_chinese(text: str) -> bool:
    plain = _NO_SIGN.sub("", text).translate(SIMPLIFIED)
    return bool(CHINESE.search(CHINESE_NAMES.sub(_APART, plain)))


def _is_latin(text: str) -> bool:
    """Whether the words of a name are forbidden, one by one, two together, or as part of all of them."""
    spelt = " ".join(each.lower() for each in _WORD.findall(text))
    words = NAMES.sub(f" {_APART} ", spelt).split()
    pairs = (one + other for one, other in pairwise(words))
    return bool(PARTS.search("".join(words))) or not WORDS.isdisjoint((*words, *pairs))


def _named(name: str, dataset: Dataset) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield name, (dataset.name, dataset.type_name, *dataset.title, *dataset.item.name)
    if field := dataset.field:
        yield f"{name}, field {field.name},", (field.name, field.zh, field.en)
    for column in dataset.columns:
        yield f"{name}.{column.name}", tuple(_names_of(column))


def _names_of(column: Column) -> Iterator[str]:
    yield from (column.name, column.field, column.zh, column.en)
    if column.leads_to:
        yield from (column.leads_to.field, column.leads_to.zh, column.leads_to.en)
    if isinstance(column.codes, Codes):
        yield from (column.codes.name, *column.codes.title)
        for code, labels in column.codes.labels.items():
            yield from (code, *labels)
