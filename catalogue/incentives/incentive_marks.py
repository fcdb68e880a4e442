"""What of an incentive is ours and not its document's, in words: readings, and numbers that are configuration of an owner.

Both stand beside each incentive wherever it is shown, in Chinese and in English.
"""

from collections.abc import Iterable

from catalogue.declared_codes import bilingual
from catalogue.incentives.incentive_catalogue import Condition, Incentive
from catalogue.score_programmes import Reading

_DOT = " · "
_OPEN = "等"
"""The word by which a document leaves a list open."""


def reading_of(incentive: Incentive) -> Reading | None:
    """Return what is our understanding of the words of an incentive and of its basis; None where nothing is."""
    condition = incentive.condition
    return joined(each for each in (incentive.reading, condition and condition.reading) if each)


def configuration_of(condition: Condition | None) -> Reading | None:
    """Return what of a condition no document states, with its owner; None where everything is stated."""
    if condition is None or condition.configured is None:
        return None
    zh, _, en = condition.configured.partition(_DOT)
    owner = condition.owner
    return bilingual(f"{zh}（由{owner}负责，文件未写）", f"{en} (of {owner}, not in the document)")


def joined(readings: Iterable[Reading]) -> Reading | None:
    """Return readings as one, in both languages; None where there is none."""
    parts = [each.partition(_DOT) for each in readings]
    return (
        bilingual("；".join(zh for zh, _, _ in parts), ". ".join(en for _, _, en in parts)) if parts else None
    )


def units_text(units: Iterable[str]) -> str:
    """Return responsible units as the document lists them; an empty text where it names none."""
    return "、".join(units).replace(f"、{_OPEN}", _OPEN)
