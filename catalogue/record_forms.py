"""The forms of records that have a life, and how a data set declares it: which column begins a record, and which end it."""

from dataclasses import KW_ONLY, dataclass
from enum import Enum
from typing import Final

STATE: Final = "state"
"""The column that the gateway computes of a record with a life."""
CONFIRMED: Final = "confirmed_on"
"""The day on which the bureau last confirmed a record with a life: the field `asOf`. It decides about no state."""
COURSE: Final = (
    *(
        "procedure",
        "sanction",
        "severity",
        "put_right",
        "served_on",
        "contested_on",
        "final_on",
        "corrected_on",
    ),
    *("publicity_until", "notified_on", "conduct_ended_on", "disputed_on", "settled_on", "repaired_on"),
    *("withdrawn_on", "sealed_on", CONFIRMED),
)
"""The columns by which the gateway computes the state of a record and finds records that are impossible, for every form."""
DECISION: Final = ("decision_number", "organ", "decided_on", "record_number")
"""The columns by which a mark of a responsible person refers to its decision, and to the entry that it is about."""
ENTRY_ENDED: Final = "entry_ended_on"
"""The day on which the entry of a mark left its list, was repaired, withdrawn or sealed: no mark outlives its entry."""
DETERMINATION: Final = ("determination_number", "determined_on")
"""The columns by which a duty that is owed refers to the decision that determined it."""


class RecordForm(Enum):
    """What a record with a life is, which decides how it comes to stand and how it ends."""

    PENALTY = "行政处罚 · A penalty by an organ: stands from finality to the end of its term"
    LISTING = "名单 · An entry on a list of dishonesty: stands until it leaves the list"
    DUTY = "未履行义务 · A duty that is owed: stands until it is done"
    AWARD = "守信名单 · An entry on a red list: stands for its term"
    RESPONSIBILITY = "责任人员标注 · A person whom a decision marks as responsible for an entry on a list: stands with its entry"


@dataclass(frozen=True, slots=True)
class StatutoryTerm:
    """The term that a law states for the entries of a list, by the code in `column`.

    `rule` and `extension` are rules of `catalogue/dated_rules.toml`: the term, and the longest time by which a decision may
    extend it. For the codes of `without` the law states no term.
    """

    column: str
    rule: str
    extension: str
    without: frozenset[str]


@dataclass(frozen=True, slots=True)
class RecordLife:
    """Which columns tell the life of a record, beside those that every record of its form has.

    `begins` is the day of the decision, of the listing, or since when a duty is owed. The other columns end it, each
    where the bureau has one: `done` is the day from which the record is put right, `done_code` a column with the code
    that says so, `owing` an amount in fen that is zero then; `leaves` is the day from which it is off its list, and
    `through` the last day of its term. `term` is the term that the law states where the bureau states no last day.

    Amounts in fen: `fine` is that of a penalty, `owed` what is owed while the duty is not done, and `claimed` what `owing` can
    never be above. `determined`: the duty is dishonesty only if a decision determined it.

    A mark of a responsible person says in `about` by its full name which list its entry is on; `person` and `enterprise` are
    the columns that lead to the two, and `leaves` is `ENTRY_ENDED`.
    """

    form: RecordForm
    begins: str
    _: KW_ONLY
    done: str = ""
    done_code: tuple[str, str] | None = None
    owing: str = ""
    leaves: str = ""
    through: str = ""
    term: StatutoryTerm | None = None
    fine: str = ""
    owed: str = ""
    claimed: str = ""
    determined: bool = False
    about: str = ""
    person: str = ""
    enterprise: str = ""

    @property
    def amounts(self) -> tuple[str, ...]:
        """The columns with amounts in fen."""
        return tuple(filter(None, (self.fine, self.owed, self.owing, self.claimed)))

    @property
    def text(self) -> str:
        """How a record begins and ends, in words."""
        zeroed = self.done_code and f"`{self.done_code[0]}` is `{self.done_code[1]}`"
        ends = [
            *(f"until `{name}`" for name in (self.done, self.leaves) if name),
            *(f"through `{name}`" for name in (self.through,) if name),
            *(f"unless {zeroed}" for _ in (zeroed,) if zeroed),
            *(f"while `{name}` is above zero" for name in (self.owing,) if name),
            *(f"by `{each.rule}` unless `{each.column}` has no term" for each in (self.term,) if each),
            *("once a decision determined it" for _ in (self.determined,) if self.determined),
            *(f"about an entry of `{name}`" for name in (self.about,) if name),
        ]
        return ", ".join((f"{self.form.name}: from `{self.begins}`", *ends))


@dataclass(frozen=True, slots=True)
class Adverse:
    """The place of a data set in `adverseRecords`. Its records count against a reward while they stand.

    With `within` they count only if the day in that column fell into the full years that a condition asks to be clean.
    """

    place: int
    within: str = ""
