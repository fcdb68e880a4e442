"""What a bureau shares, as data: the one declaration from which the graph, its checks and the docs are made."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from enum import Enum
from typing import Final, Literal

from catalogue.catalogue_item import CatalogueItem, SubjectKind
from catalogue.classification import (
    DERIVED,
    HISTORIC,
    KEY,
    READ_ONLY,
    Classification,
    DataClass,
    Sensitivity,
    Use,
)
from catalogue.declared_codes import Codes, bilingual
from catalogue.grade_schemes import Grading
from catalogue.key_forms import KeyForm
from catalogue.legal_forms import FormsOfCode, LegalForm
from catalogue.record_forms import COURSE, DECISION, DETERMINATION, STATE, Adverse, RecordForm, RecordLife
from catalogue.score_programmes import Banding


class DeclarationError(Exception):
    """A declaration cannot be; the message names the bureau, the data set or the column, the reason and a remedy."""


class Kind(Enum):
    """The type of a column as the contract states it."""

    TEXT = "text"
    INTEGER = "integer"
    FEN = "bigint"
    """Money in fen, 1/100 yuan: a whole number of 64 bits."""
    DATE = "date"
    BOOLEAN = "boolean"


ORDERED_KINDS: Final = frozenset({Kind.DATE, Kind.FEN, Kind.INTEGER})
"""Kinds of which the order of the values says something."""


@dataclass(frozen=True, slots=True)
class LeadsTo:
    """The field of a record that leads to the subject whose identifier stands in the column.

    Where it leads from a guardian to the ward, `term` names the columns of the first and the last day of the guardianship;
    the last day is null while nobody knows it.
    """

    field: str
    subject: SubjectKind
    zh: str
    en: str
    term: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a data set; `codes` closes the set of values of a text column.

    A column with a title in both languages is a field of the graph, of the class and sensitivity of its data set
    unless it states others; `uses` are those beyond reading. `field` is the name of the field where it is not the
    column's own. A column without title is no field: it leads to a subject, or it is `neutral`.

    `neutral`: the value reveals nothing (a number drawn at random). Only neutral columns may order a list without
    being a field. Serial numbers and hashes of names are not neutral.

    `ahead`: the day may lie in the future, as the end of a term does. Any other day that lies ahead is a fault of
    the row, which `creditgraph bureaus check` counts.

    `computed`: the bureau has no such column; the gateway computes the value when the row enters.
    """

    name: str
    zh: str = ""
    en: str = ""
    uses: frozenset[Use] = frozenset()
    _: KW_ONLY
    kind: Kind = Kind.TEXT
    nullable: bool = False
    codes: frozenset[str] | None = None
    data_class: DataClass | None = None
    sensitivity: Sensitivity | None = None
    neutral: bool = False
    ahead: bool = False
    computed: bool = False
    leads_to: LeadsTo | None = None
    field: str = ""

    @property
    def field_name(self) -> str:
        """The name of the field that shows the column."""
        return self.field or re.sub(r"_([a-z])", lambda found: found[1].upper(), self.name)

    @property
    def labels(self) -> tuple[str, ...]:
        """The closed codes: in the order of their labels where they have any, else in their own."""
        codes = self.codes or frozenset[str]()
        return tuple(codes.labels) if isinstance(codes, Codes) else tuple(sorted(codes))


MINIMUM_CELL: Final = 5
"""The least count of subjects that a table releases where its bureau asks for no more."""


FORMS: Final = {SubjectKind.PERSON: KeyForm.PERSON_NUMBER, SubjectKind.ENTERPRISE: KeyForm.CREDIT_CODE}
"""The form of the identifier of each kind of subject."""
COUNT: Final = "count"
"""The column of a table of counts that holds the count."""


@dataclass(frozen=True, slots=True)
class Counting:
    """How a registered table of counts (统计表) is laid out: `row` and `column` name its columns of labels.

    Both hold codes of a closed set. `row` says where a subject belongs, which others may know of it; `column`
    says what the table tells about it. A subject is counted in one cell at most, so that rows and columns
    add up. A count below `minimum` is not released. `of` are the fields that are counted, as "Type.field".
    """

    row: str
    column: str
    of: tuple[str, ...] = ()
    minimum: int = MINIMUM_CELL


@dataclass(frozen=True, slots=True)
class SubjectField:
    """The field of a subject by which the records of a data set are reached, on one kind of subject or on both.

    `unpublished` are the subjects whose records are not published, though the item is public.
    """

    name: str
    subjects: frozenset[SubjectKind]
    zh: str
    en: str
    _: KW_ONLY
    unpublished: frozenset[SubjectKind] = frozenset()


@dataclass(frozen=True, slots=True)
class FormsBy:
    """Records of which some codes of a column are for some legal forms alone.

    `code` is the column with the identifier of the subject whose form decides, `allowed` the forms of each code of `column`
    that not every form has.
    """

    column: str
    code: str
    allowed: tuple[FormsOfCode, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table or view that a bureau shares, read by one key column.

    `relation` is share.NAME unless it is stated. `order` lists columns, newest or most important first where
    marked `-`; with `latest` only the first row of each key in that order is read. `many` tells whether a key can
    have more than one row. The order is total: different rows of a key that are equal in it break the contract,
    because chance would decide which one comes first.

    In the graph a row is a record of the type `type_name`, with a `title` in Chinese and in English; data sets may share
    a type with the same columns. `data_class` and `sensitivity` hold for the field and for all columns that state no others.
    A data set is reached by its `field`, unless it `identifies` a kind of subject: then its columns are fields of the
    subject itself, and its key is the subject's identifier; persons have their birth date in the column `born` and whether
    they have died in `died`, organisations the registry's kind of them in `kind`. Or it `resolves` a kind of subject: no field
    shows it, and from the number of an identity document, its key, it leads to the subjects in the column `linked`. Records of the classes ADVERSE and JUDICIAL and of lists
    have a `life`: nobody but those who may see history is shown one that does not stand. With `adverse` they count
    against a reward. Records of the class GRADE have a `grading`: a grade outside its schemes never enters.
    The labels of scores have a `banding`: one that contradicts the city's table never enters.
    `forms` are the legal forms of which alone a subject can have such records; all where none is stated. `forms_by` says it
    of the codes of a column.

    With `counting` it is a table of counts, keyed by the closed period that it is about, and no data set of records.
    """

    name: str
    _: KW_ONLY
    item: CatalogueItem
    columns: tuple[Column, ...]
    type_name: str = ""
    title: tuple[str, str] = ("", "")
    data_class: DataClass | None = None
    sensitivity: Sensitivity = Sensitivity.PERSONAL
    field: SubjectField | None = None
    adverse: Adverse | None = None
    life: RecordLife | None = None
    grading: Grading | None = None
    banding: Banding | None = None
    forms: frozenset[LegalForm] = frozenset()
    forms_by: FormsBy | None = None
    identifies: SubjectKind | None = None
    born: str = ""
    died: str = ""
    kind: str = ""
    resolves: SubjectKind | None = None
    linked: str = ""
    counting: Counting | None = None
    relation: str = ""
    key: str = "subject"
    many: bool = True
    order: tuple[str, ...] = ()
    latest: bool = False
    by_name: Mapping[str, Column] = dataclasses.field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})
        object.__setattr__(self, "relation", self.relation or f"share.{self.name}")
        if self.counting:
            object.__setattr__(self, "data_class", self.data_class or DataClass.STATISTIC)
            object.__setattr__(self, "sensitivity", Sensitivity.ORDINARY)

    @property
    def description(self) -> str:
        """The title in both languages."""
        return bilingual(*self.title)

    @property
    def key_form(self) -> KeyForm:
        """The form of the key: the identifier of the subjects whom the records are about, a document's number, or a year."""
        if self.counting:
            return KeyForm.YEAR
        if self.resolves:
            return KeyForm.DOCUMENT
        subjects = self.field.subjects if self.field else frozenset(filter(None, [self.identifies]))
        return FORMS[next(iter(subjects))] if len(subjects) == 1 else KeyForm.EITHER

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns that the bureau has."""
        return tuple(each for each in self.columns if not each.computed)

    @property
    def grounds(self) -> tuple[str, ...]:
        """The texts that every record with a life states and that no code closes: numbers of decisions, organs, courts."""
        if self.life is None:
            return ()
        texts = (each for each in self.stored if each.kind is Kind.TEXT and each.codes is None and each.zh)
        return tuple(each.name for each in texts if not each.nullable)

    @property
    def told_by(self) -> tuple[str, ...]:
        """The columns that tell the life of a record: those of the bureau that its form has, and those that `life` names."""
        if self.life is None:
            return ()
        named = (self.life.begins, self.life.done, self.life.leaves, self.life.through, *self.life.amounts)
        coded = (each[0] for each in (self.life.done_code,) if each)
        by_law = (each.column for each in (self.life.term,) if each)
        decided = DECISION if self.life.form is RecordForm.RESPONSIBILITY else ()
        determined = DETERMINATION if self.life.determined else ()
        stated = (*named, *coded, *by_law, *decided, *determined, *self.grounds, *COURSE)
        return tuple(name for name in dict.fromkeys(stated) if name in self.by_name)

    @property
    def entered_by(self) -> tuple[str, ...]:
        """The columns that decide whether and how a record enters."""
        led = (self.life.person, self.life.enterprise) if self.life else ()
        by_form = (self.forms_by.column, self.forms_by.code) if self.forms_by else ()
        return (*self.told_by, *filter(None, led), *(self.grading.read if self.grading else ()), *by_form)

    @property
    def order_terms(self) -> tuple[tuple[str, bool], ...]:
        """The columns of the order, each with whether it descends."""
        return tuple((term.removeprefix("-"), term.startswith("-")) for term in self.order)

    @property
    def shown_order(self) -> tuple[str, ...]:
        """The columns of the order that are fields. A caller who may read the list may read them."""
        return tuple(name for name, _ in self.order_terms if name in self.by_name and self.by_name[name].zh)

    def cursor_columns(self, *, named: bool) -> tuple[str, ...]:
        """Return the columns by whose values a cursor knows its record; `named` says that the request names the subject.

        A neutral column makes the cursors of different records differ. In the list of a subject that was reached
        through another one, it would also tell whether two lists are of one subject, so it is left out there.
        """
        return tuple(name for name, _ in self.order_terms) if named else self.shown_order

    @property
    def classification(self) -> Classification:
        """The classification of the field by which the records are reached."""
        assert self.data_class is not None  # noqa: S101 `catalogue.declaration_checks` saw to it
        return Classification(self.item.code, self.data_class, self.sensitivity)

    def classification_of(self, column: Column) -> Classification:
        """Return the classification of a column: its own, and that of the data set where it states none."""
        found = self.classification
        uses = READ_ONLY | column.uses
        if self.identifies and column.name == self.key:
            uses |= KEY
        if self.life and column.name == STATE:
            uses |= HISTORIC
        if self.adverse and column.name in (STATE, self.adverse.within):
            uses |= DERIVED
        return Classification(
            found.item, column.data_class or found.data_class, column.sensitivity or found.sensitivity, uses
        )


@dataclass(frozen=True, slots=True)
class Bureau:
    """A bureau with what it shares: data sets of records and registered tables of counts.

    `title` is in Chinese and in English. `source` is how the bureau is read by default.
    """

    name: str
    title: tuple[str, str]
    source: Literal["postgres", "http"]
    datasets: tuple[Dataset, ...]
    tables: tuple[Dataset, ...] = ()

    @property
    def shared(self) -> tuple[Dataset, ...]:
        """Everything that the bureau shares."""
        return (*self.datasets, *self.tables)


def datasets_by_name(bureaus: Iterable[Bureau]) -> dict[str, Dataset]:
    """Return the data sets of the bureaus by full name."""
    return {f"{bureau.name}.{each.name}": each for bureau in bureaus for each in bureau.datasets}


def resolving_dataset(bureaus: Iterable[Bureau], subject: SubjectKind) -> tuple[str, Dataset] | None:
    """Return the data set that leads from documents to a kind of subject, with its full name; None where there is none."""
    found = datasets_by_name(bureaus).items()
    return next(((name, each) for name, each in found if each.resolves is subject), None)


def adverse_datasets(bureaus: Iterable[Bureau], subject: SubjectKind | None = None) -> dict[str, Dataset]:
    """Return the data sets of adverse records by full name in the order of their places, of one kind of subject or all."""
    found = datasets_by_name(bureaus)
    placed = [
        (each.adverse.place, name)
        for name, each in found.items()
        if each.adverse and each.field and (subject is None or subject in each.field.subjects)
    ]
    return {name: found[name] for _, name in sorted(placed)}
