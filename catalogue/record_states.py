"""The state of a record, computed in one place: whether the law lets it in, whether it is possible, whether it stands.

Every reader of a bureau's rows asks here: what is released and what a reward is derived from have one answer. The
reading that protects the subject decides where a text is silent. A state that cannot be computed is UNKNOWN, and the
record is then used for nothing.

- Art. 13 of 河南省社会信用条例: a penalty of a natural person, also as the owner of an individual business, under the
  simplified procedure, or for a minor violation whose harm the person removed or reduced, is refused where it enters,
  unless a row of `law_provisos.toml` names the law that says otherwise. Art. 19: no longer than five years, beyond them
  only while a list holds it. Art. 20 (2): a penalty is dishonesty when it is final. Art. 37, 42, 43: exit, withdrawal
  and repair end its use.
  Art. 20 (6): what is owed is dishonesty once somebody determined it by law.
- 法释〔2017〕7号 art. 2: an entry of the courts' list for one of the situations 2 to 6 ends after its term.
- Art. 35: a person is responsible for an entry of an organisation where a decision names the person; nothing is copied.
- 预防未成年人犯罪法 art. 59: what a person did as a minor is sealed.
- 信用修复管理办法 (order 36) and the rules before it: the terms by severity, in `dated_rules.toml`.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Final

from catalogue.ages import birthday_of, coming_of_age
from catalogue.dated_rules import DatedRules, Unknown
from catalogue.law_provisos import LawProviso
from catalogue.legal_forms import LegalForm, legal_form_of
from catalogue.record_faults import FaultFinder, Record, says_nothing, whose
from catalogue.record_forms import DECISION, DETERMINATION, RecordForm, RecordLife, StatutoryTerm
from catalogue.record_life import STANDS

_FEN: Final = 100
_SMALL: Final = frozenset({"WARNING", "FINE", "WARNING_AND_FINE"})
"""Sanctions that the simplified procedure allows, where the fine is small."""
_NATURAL_PERSONS: Final = (LegalForm.PERSON, LegalForm.INDIVIDUAL_BUSINESS)
"""Whom art. 13 protects. 民法典 art. 54 counts an individual business among the natural persons: it is its owner."""
_OF_THE_DEED: Final = ("conduct_ended_on", "notified_on", "decided_on")
"""The days beside the begin on which a person may still be a minor, whichever a data set has."""
_OF_THE_CONDUCT: Final = ("conduct_ended_on",)
_OF_A_MARK: Final = (*_OF_THE_CONDUCT, "decided_on")
"""The days from which the five years run, the earliest."""
_KEPT_FIVE_YEARS: Final = (RecordForm.PENALTY, RecordForm.DUTY, RecordForm.RESPONSIBILITY)
"""What art. 19 ends: of the marked persons, none is on the list, so no list keeps a mark longer."""


class LifeReader:
    """Reads the life of the records of one data set."""

    __slots__ = ("_faults", "_life", "_provisos", "_rules")

    def __init__(
        self,
        life: RecordLife,
        rules: DatedRules,
        provisos: Sequence[LawProviso] = (),
        columns: Collection[str] | None = None,
        grounds: Sequence[str] = (),
    ) -> None:
        """Read by the rules of the law; `provisos` are those of the data set's catalogue item.

        `columns` are the columns that the records have; None where each may have others. `grounds` are the texts that each
        must state.
        """
        self._life = life
        self._rules = rules
        self._provisos = provisos
        self._faults = FaultFinder(life, columns, grounds)

    def fault(self, record: Record, key: str, day: date) -> str | None:
        """Return why a record of a key cannot be on a day, naming columns and no values; None where it can."""
        return self._faults.fault(record, key, day)

    def refusal(self, record: Record, key: str) -> str | None:
        """Return the rule by which the law keeps a record out; None where it lets it in."""
        if self._life.form is RecordForm.RESPONSIBILITY:
            return self._unfounded(record)
        if self._life.form is not RecordForm.PENALTY or legal_form_of(key) not in _NATURAL_PERSONS:
            return None
        day = record[self._life.begins]
        if record["procedure"] == "SIMPLIFIED" and not self._is_let_in("SIMPLIFIED", day):
            return "simplified procedure against a natural person"
        if record["put_right"] and not self._is_let_in("PUT_RIGHT", day):
            return "minor violation of a natural person, put right"
        if record["procedure"] is None and record["sanction"] in _SMALL and self._is_small(record):
            return "no procedure stated, and the simplified one was allowed"
        return None

    def _is_let_in(self, which: str, day: date) -> bool:
        """Whether a law or an administrative regulation lets such penalties in, decided on a day."""
        return any(each.covers(which, day) for each in self._provisos)

    def _unfounded(self, record: Record) -> str | None:
        if not all(_is_stated(record, name) for name in DECISION):
            return "responsible person without a decision"
        if legal_form_of(record[self._life.enterprise]) is LegalForm.INDIVIDUAL_BUSINESS:
            return "responsible person of an individual business"
        return None

    def _is_small(self, record: Record) -> bool:
        fine = record[self._life.fine] if self._life.fine else None
        if record["sanction"] == "WARNING" or fine is None:
            return True
        most = self._rules.number("simplified.person.fine_yuan", record[self._life.begins])
        return most is None or fine <= most * _FEN

    def state(self, record: Record, key: str, day: date) -> str:
        """Return the state of a record on a day, as a code of `RECORD_STATE`."""
        begins = record[self._life.begins]
        if begins > day:
            return "UNKNOWN"
        ended = self._ended(record, key, day)
        if ended is not None:
            return ended
        try:
            return self._expired_or_open(record, day)
        except Unknown:
            return "UNKNOWN"

    def missing(self, record: Record, day: date) -> str:
        """Return for want of what the state of a record is UNKNOWN: a dated rule, or what the bureau should state."""
        if record[self._life.begins] > day:
            return "a begin that has come"
        try:
            self._expired_or_open(record, day)
        except Unknown as unknown:
            return str(unknown)
        raise ValueError("The state of this record can be computed.")

    def ends(self, record: Record, day: date) -> date | None:
        """Return the last day of a record by the terms that are known on a day; None where none ends it by itself."""
        try:
            return min(self._last_days(record, day), default=None)
        except Unknown:
            return None

    def is_published(self, record: Record, state: str) -> bool:
        """Whether a penalty in a state may be public: no review and no objection suspends that, and a minor one is not."""
        return state in (STANDS, "PENDING_FINALITY", "DISPUTED") and record["severity"] != "MINOR"

    def _ended(self, record: Record, key: str, day: date) -> str | None:
        """Return the state of what somebody ended, or None."""
        if _reached(record, "withdrawn_on", day):
            return "WITHDRAWN"
        if _reached(record, "sealed_on", day) or self._of_a_minor(record, key):
            return "SEALED"
        if _reached(record, "repaired_on", day) or self._is_done(record, day):
            return "REPAIRED"
        if _reached(record, self._life.leaves, day):
            return "EXPIRED"
        return None

    def _of_a_minor(self, record: Record, key: str) -> bool:
        """Whether a person was a minor on the day of the deed, of the notice or of the decision: the earliest protects."""
        if self._life.form is RecordForm.AWARD:
            return False
        born = birthday_of(whose(self._life, record, key))
        if born is None:
            return False
        return self._first_day(record, _OF_THE_DEED) < coming_of_age(born)

    def _first_day(self, record: Record, others: Sequence[str]) -> date:
        """Return the earliest of the begin of a record and the days in other columns, each where the record has one."""
        first = record[self._life.begins]
        for name in others:
            day = record.get(name)
            if day is not None:
                first = min(first, day)
        return first

    def _is_done(self, record: Record, day: date) -> bool:
        life = self._life
        by_code = life.done_code is not None and record[life.done_code[0]] == life.done_code[1]
        return by_code or _reached(record, life.done, day) or bool(life.owing and record[life.owing] <= 0)

    def _expired_or_open(self, record: Record, day: date) -> str:
        if any(last < day for last in self._last_days(record, day)):
            return "EXPIRED"
        if _reached(record, "disputed_on", day) and not _reached(record, "settled_on", day):
            return "DISPUTED"
        if self._life.form is RecordForm.PENALTY and not self._is_final(record, day):
            return "PENDING_FINALITY"
        if self._life.determined and not _is_determined(record, day):
            return "PENDING_FINALITY"
        return STANDS

    def _last_days(self, record: Record, day: date) -> Iterator[date]:
        """Yield the last day of each term that ends the record by itself, or raise Unknown."""
        through = record[self._life.through] if self._life.through else None
        if through is not None:
            yield through
        if self._life.term is not None:
            yield from self._end_by_law(self._life.term, record, day)
        if self._life.form in _KEPT_FIVE_YEARS:
            marked = self._life.form is RecordForm.RESPONSIBILITY
            first = self._first_day(record, _OF_A_MARK if marked else _OF_THE_CONDUCT)
            yield self._rules.term("disclosure.max", day).after(first)
        if self._life.form is RecordForm.PENALTY:
            if record["publicity_until"] is not None:
                yield record["publicity_until"]
            yield self._end_by_severity(record, day)

    def _end_by_law(self, term: StatutoryTerm, record: Record, day: date) -> Iterator[date]:
        """Yield the last day by the term that the law states for the code of an entry, or raise Unknown.

        A last day that the bureau states may be later by the longest extension, which somebody has to decide.
        """
        if record[term.column] in term.without:
            return
        begins, through = record[self._life.begins], record[self._life.through]
        end = self._rules.earliest_end(term.rule, begins, begins, day)
        yield end if through is None else self._rules.earliest_end(term.extension, end, begins, day)

    def _end_by_severity(self, record: Record, day: date) -> date:
        """Return the last day by the severity: of the rule at the decision and of each later one, the earliest.

        Past it, what is not corrected follows the rule of its sector, which may be unknown.
        """
        begins, severity = record[self._life.begins], record["severity"]
        if severity is None:
            raise Unknown("a severity")
        end = self._rules.earliest_end(f"penalty.{severity.lower()}.max", begins, begins, day)
        if (
            end < day
            and not _reached(record, "corrected_on", day)
            and self._rules.states("penalty.uncorrected.max", begins)
        ):
            self._rules.term("penalty.uncorrected.max", begins)
        return end

    def _is_final(self, record: Record, day: date) -> bool:
        """Whether a penalty is final: the bureau states it, or nobody contested it in time."""
        if record["final_on"] is not None:
            return record["final_on"] <= day
        if _reached(record, "contested_on", day):
            return False
        served = record["served_on"]
        if served is None:
            raise Unknown("a day of service")
        return self._time_to_contest(record["procedure"], served) < day

    def _time_to_contest(self, procedure: str | None, served: date) -> date:
        """Return the last day on which somebody may contest: on the spot by review alone, else by suit."""
        if procedure == "SIMPLIFIED" and self._rules.states("finality.review", served):
            return self._rules.term("finality.review", served).after(served)
        return self._rules.term("finality.suit", served).after(served)


def _is_stated(record: Record, column: str) -> bool:
    """Whether a column has a value that says something."""
    value = record.get(column)
    return value is not None and not (isinstance(value, str) and says_nothing(column, value))


def _is_determined(record: Record, day: date) -> bool:
    """Whether a decision determined by a day what is owed."""
    number, on = DETERMINATION
    return _is_stated(record, number) and _reached(record, on, day)


def _reached(record: Record, column: str, day: date) -> bool:
    """Whether the day in a column has come; a data set without the column has no such day."""
    found = record.get(column)
    return found is not None and found <= day
