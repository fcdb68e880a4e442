"""The rows of the pages' table of grade schemes."""

from __future__ import annotations

from catalogue.grade_schemes import GradeScheme
from catalogue.legal_forms import LegalForm


def scheme_row(scheme: GradeScheme) -> tuple[str, ...]:
    """Return what the table says of a scheme."""
    of = [
        *(each.value.partition(" · ")[2] for each in LegalForm if each in scheme.graded),
        *(
            f"{each.value.partition(' · ')[2]} on application"
            for each in LegalForm
            if each in scheme.by_choice
        ),
    ]
    term = "".join(
        f", {word} {day}" for word, day in (("from", scheme.since), ("until", scheme.until)) if day
    )
    later = {each: f" from {since}" for each, since in scheme.later_letters}
    letters = ", ".join(f"`{each}`{later.get(each, '')}" for each in scheme.letters.labels)
    zh, en = scheme.title
    return (
        en,
        zh,
        scheme.organ[1],
        ", ".join(of),
        letters,
        scheme.period[1] + term,
        scheme.source,
        scheme.mark,
    )
