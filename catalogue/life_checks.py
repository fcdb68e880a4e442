"""What an adverse data set, and every record with a life, must declare; part of the checks of a declaration."""

from collections.abc import Collection, Iterator
from typing import Final

from catalogue.catalogue_item import Disclosure, Nature, SubjectKind
from catalogue.classification import DataClass
from catalogue.column_checks import Datasets
from catalogue.dated_rules import dated_rules
from catalogue.declarations import Column, Dataset, Kind
from catalogue.record_forms import DETERMINATION, ENTRY_ENDED, RecordForm, RecordLife
from catalogue.record_life import COLUMNS_OF

_ADVERSE: Final = frozenset({DataClass.ADVERSE, DataClass.JUDICIAL})


def classes_of(dataset: Dataset) -> set[DataClass | None]:
    """Return the classes of a data set and of its columns."""
    return {dataset.data_class, *(each.data_class for each in dataset.columns if each.data_class)}


def check_adverse(datasets: Datasets) -> Iterator[str]:
    """Yield what an adverse data set lacks: one that nobody counts would be shown, and ignored by every reward."""
    counted = {name: each for name, each in datasets.items() if not _marks(each)}
    for name, each in counted.items():
        adverse = DataClass.ADVERSE in classes_of(each) or each.item.nature is Nature.ADVERSE
        if each.adverse is None:
            if adverse:
                yield f"{name} is adverse and does not say how its records count and end: state `adverse` and `life`"
            continue
        if each.data_class not in _ADVERSE or each.field is None or not each.many:
            yield (
                f"{name} states `adverse` and is no list of the class ADVERSE or JUDICIAL on a subject:"
                " state the class, `field` and `many=True`, or no `adverse`"
            )
        if each.item.nature is not Nature.ADVERSE:
            yield f"{name} states `adverse`, and its item is of another nature: state `nature=Nature.ADVERSE`"
        if each.life is None or each.life.form is RecordForm.AWARD:
            yield f"{name} states `adverse` and its records have no life that ends: state `life` of another form"
        if each.adverse.within and not _is(each.by_name.get(each.adverse.within), Kind.DATE):
            yield f"{name} counts by the day {each.adverse.within}, which is no titled day that is always there: declare it"


def check_lives(datasets: Datasets) -> Iterator[str]:
    """Yield what the lives of records lack: a record of which nobody knows whether it stands would be shown for ever."""
    for name, each in datasets.items():
        if each.life is None:
            if not _ADVERSE.isdisjoint(classes_of(each)):
                yield f"{name} is {each.data_class and each.data_class.name} and its records have no life: state `life`"
        else:
            yield from (f"{name} {problem}" for problem in _life(each, each.life))
        if each.life is None and any(column.computed for column in each.columns):
            yield f"{name} has a computed column and no life: state `life`, or leave the column out"


def _life(dataset: Dataset, life: RecordLife) -> Iterator[str]:
    missing = [each.name for each in COLUMNS_OF[life.form] if dataset.by_name.get(each.name) != each]
    if missing:
        form, names = life.form.name, ", ".join(missing)
        yield f"lacks {names}, by which the life of a {form} is told: add the columns of `catalogue.record_life`"
    if not _is(dataset.by_name.get(life.begins), Kind.DATE):
        yield f"begins by {life.begins}, which is no titled day that is always there: declare it"
    if life.form is RecordForm.PENALTY and dataset.item.disclosure is Disclosure.PUBLIC:
        yield (
            "holds penalties and is public: a publication does not tell minor ones from others yet,"
            " and minor ones are not public (信用修复管理办法); state another `disclosure`"
        )
    yield from _ends(dataset, life)


def _ends(dataset: Dataset, life: RecordLife) -> Iterator[str]:
    for name in filter(None, (life.done, life.leaves, life.through)):
        if not _is(dataset.by_name.get(name), Kind.DATE, nullable=True):
            yield f"ends by {name}, which is no titled day of it: declare it"
    yield from _amounts(dataset, life)
    yield from _law(dataset, life)
    if life.done_code and life.done_code[1] not in _codes(dataset, life.done_code[0]):
        column, code = life.done_code
        yield f"ends by the code {code}, which {column} does not have: state one of its codes"
    if life.form is RecordForm.LISTING and not (life.leaves or life.through):
        yield "is a list that nobody leaves: state `leaves` or `through`"


def _amounts(dataset: Dataset, life: RecordLife) -> Iterator[str]:
    for name in life.amounts:
        if not _is(dataset.by_name.get(name), Kind.FEN):
            yield f"reads {name}, which is no titled amount that is always there: declare it"
    for each in dataset.columns:
        if each.kind is Kind.FEN and each.name not in life.amounts:
            yield f"has the amount {each.name}, which nothing bounds: name it in `life`"
    if (life.owed and not life.done) or (life.claimed and not life.owing):
        yield "bounds an amount by what its life does not name: state `done` with `owed`, and `owing` with `claimed`"


def _law(dataset: Dataset, life: RecordLife) -> Iterator[str]:
    """Yield what is wrong with the term that a law states, and with what has to be determined."""
    if term := life.term:
        if not term.without < set(_codes(dataset, term.column)) or not life.through:
            yield f"ends by law, but not by codes of {term.column} and beside a last day: state its codes and `through`"
        for rule in {term.rule, term.extension} - dated_rules().rows.keys():
            yield f"ends by {rule}, which is no rule of dated_rules.toml: state one"
    if life.determined and not set(DETERMINATION) <= dataset.by_name.keys():
        yield f"is determined, and lacks {', '.join(DETERMINATION)}: add the columns of DUTY_LIFE"
    if life.form is RecordForm.DUTY and bool(dataset.adverse) is not life.determined:
        yield (
            "is a duty that counts against a reward without a determination, or has one and does not count:"
            " state `determined` with `adverse` (河南省社会信用条例 art. 20)"
        )


def _is(column: Column | None, kind: Kind, *, nullable: bool = False) -> bool:
    return (
        column is not None and bool(column.zh) and column.kind is kind and (nullable or not column.nullable)
    )


def _codes(dataset: Dataset, name: str) -> Collection[str]:
    column = dataset.by_name.get(name)
    return () if column is None or column.nullable else column.codes or ()


def _marks(dataset: Dataset) -> bool:
    """Whether the records are marks of responsible persons."""
    return dataset.life is not None and dataset.life.form is RecordForm.RESPONSIBILITY


def check_responsibilities(datasets: Datasets) -> Iterator[str]:
    """Yield where an adverse record leads to a person whom no decision names, or whom a court's list would reach."""
    for name, each in datasets.items():
        if each.life and _marks(each):
            yield from (f"{name} {problem}" for problem in _responsibility(each, each.life, datasets))
            continue
        if each.life and (each.life.about or each.life.person or each.life.enterprise):
            yield f"{name} states `about`, `person` or `enterprise` and is no RESPONSIBILITY: state none, or that form"
        if not _ADVERSE.isdisjoint(classes_of(each)) and any(_leads(each, SubjectKind.PERSON)):
            yield (
                f"{name} leads from an adverse record to a person: state a `life` of the form RESPONSIBILITY,"
                " by which a decision names the person (河南省社会信用条例 art. 35)"
            )


def _responsibility(dataset: Dataset, life: RecordLife, datasets: Datasets) -> Iterator[str]:
    about = datasets.get(life.about)
    if DataClass.JUDICIAL in classes_of(dataset) or (about and DataClass.JUDICIAL in classes_of(about)):
        yield (
            "ties a person to a judicial list (JUDICIAL_RESPONSIBILITY), and a court lists nobody for the debt of an"
            " enterprise (法发〔2019〕35号): leave the data set out"
        )
    elif about is None or not _lists_enterprises(about):
        yield (
            f"is about {life.about!r:.80}, which is no adverse list of enterprises: state in `about` the full name of"
            " one, such as tax.serious_violation"
        )
    if dataset.data_class is not DataClass.ADVERSE or dataset.adverse:
        yield "is not ADVERSE, or counts against a reward, which no text says: state the class ADVERSE and no `adverse`"
    if life.leaves != ENTRY_ENDED:
        yield f"is a mark that outlives its entry: state `leaves={ENTRY_ENDED!r}` (河南省社会信用条例 art. 37)"
    for column, kind in ((life.person, SubjectKind.PERSON), (life.enterprise, SubjectKind.ENTERPRISE)):
        if column not in _leads(dataset, kind):
            yield f"leads to no {kind.name} by {column!r:.80}: state in `{kind.value}` a column with `leads_to`"


def _leads(dataset: Dataset, kind: SubjectKind) -> list[str]:
    """Return the columns that lead to a kind of subject."""
    return [each.name for each in dataset.columns if each.leads_to and each.leads_to.subject is kind]


def _lists_enterprises(dataset: Dataset) -> bool:
    subjects = dataset.field.subjects if dataset.field else frozenset[SubjectKind]()
    listed = dataset.life is not None and dataset.life.form is RecordForm.LISTING
    return listed and dataset.adverse is not None and SubjectKind.ENTERPRISE in subjects


def check_places(datasets: Datasets) -> Iterator[str]:
    """Each adverse data set has a place of its own in `adverseRecords`."""
    places: dict[int, str] = {}
    for name, each in datasets.items():
        if each.adverse and (first := places.setdefault(each.adverse.place, name)) != name:
            place, free = each.adverse.place, max(places) + 1
            yield f"{name} has the place {place} in adverseRecords, as {first} has: state a free place such as {free}"
