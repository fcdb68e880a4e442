"""What no bureau may share of anybody: religion, genes, fingerprints, blood type, disease and medical history.

河南省社会信用条例 art. 45 and 征信业管理条例 art. 14 forbid those who collect for the market to collect them of persons.
Article 46 forbids everyone what does not concern the public interest. The gateway therefore refuses them from every
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

_CHINESE: Final = re.compile(
    "宗教|信仰|信教|教派|基因|遗传|指纹|指紋|掌纹|血型|疾病|疾患|病史|病历|病歷|病案|病情|病种|患病|诊断|診斷|既往史|家族史"
)
_WORDS: Final = frozenset(
    {
        *("creed", "gene", "genes", "dna", "illness", "illnesses", "sickness"),
        *("zongjiao", "jiyin", "zhiwen", "xuexing", "jibing", "bingshi", "bingli"),
    }
)
"""Short words in English and in pinyin: "gene" is no part of "general"."""
_PARTS: Final = re.compile(
    "religio(n|us)|genetic|genom(e|ic)|genotype|(finger|thumb|palm)print|blood(type|group)|disease|diagnos[ei]s|"
    "(medical|health|patient|case)(history|histories|record)"
)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_NO_SIGN: Final = re.compile(r"\W|_")


def check_forbidden(datasets: Datasets) -> Iterator[str]:
    """Yield for each name or title of what is forbidden: the file, the column, and the reason."""
    for name, dataset in datasets.items():
        file = f"{name.partition('.')[0]}.py"
        for place, texts in _named(name, dataset):
            if is_forbidden(*texts):
                yield (
                    f"{file}: {place} is about religion, genes, fingerprints, blood type, disease or medical history,"
                    " which no bureau may share (河南省社会信用条例 art. 45, 46): leave it out"
                )


def is_forbidden(*texts: str) -> bool:
    """Whether a name or a title among these is of something forbidden."""
    return any(_forbidden(unicodedata.normalize("NFKC", each)) for each in texts)


def _forbidden(text: str) -> bool:
    words = [each.lower() for each in _WORD.findall(text)]
    pairs = (one + other for one, other in pairwise(words))
    return (
        bool(_CHINESE.search(_NO_SIGN.sub("", text)))
        or bool(_PARTS.search("".join(words)))
        or not _WORDS.isdisjoint((*words, *pairs))
    )


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
