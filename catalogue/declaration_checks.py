"""What a bureau's declaration must state; a gap is named with the bureau, the data set or the column, and a remedy."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final

from catalogue.catalogue_item import CatalogueItem, Disclosure, SubjectKind
from catalogue.classification import DataClass
from catalogue.column_checks import FIELD_NAME, TYPE_NAME, Datasets, check_columns, check_orders
from catalogue.declarations import (
    COUNT,
    Bureau,
    Counting,
    Dataset,
    DeclarationError,
    Kind,
    SubjectField,
)
from catalogue.declared_codes import Codes
from catalogue.declared_types import mistyped
from catalogue.derived_items import OWN_ITEMS
from catalogue.forbidden_fields import check_forbidden
from catalogue.grade_checks import check_gradings
from catalogue.law_provisos import check_provisos
from catalogue.legal_forms import REGISTERED_INDIVIDUAL_BUSINESS
from catalogue.life_checks import (
    check_adverse,
    check_lives,
    check_places,
    check_responsibilities,
    classes_of,
)

LEAST_MINIMUM: Final = 3
"""With a minimum of two, each of two counted subjects could tell the other from the count."""
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]+)*", re.ASCII)
"""A name of a bureau, a data set or a column, so that the name of a column's field leads back to it."""
_RELATION: Final = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", re.ASCII)
_ITEM: Final = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*", re.ASCII)


def check_declarations(bureaus: Iterable[Bureau]) -> None:
    """Raise DeclarationError where the bureaus' declarations do not make one graph."""
    known = tuple(bureaus)
    _refuse(problem for bureau in known for problem in mistyped(bureau))
    _refuse(_bureaus(known))
    datasets = {f"{bureau.name}.{each.name}": each for bureau in known for each in bureau.shared}
    for check in _CHECKS:
        _refuse(check(datasets))


def _refuse(problems: Iterable[str]) -> None:
    for problem in problems:
        raise DeclarationError(problem)


def _bureaus(bureaus: Iterable[Bureau]) -> Iterator[str]:
    """Each name is unique and well formed; `tables` holds the tables of counts, `datasets` the records."""
    taken: set[str] = set()
    for bureau in bureaus:
        yield from _untitled(f"the bureau {bureau.name}", *bureau.title)
        if not bureau.datasets:
            yield f"the bureau {bureau.name} shares nothing: declare its `datasets`"
        words = [bureau.name, *(each.name for each in bureau.shared)]
        wrong = [word for word in words if not _NAME.fullmatch(word)]
        yield from (f"{word!r:.80} is no name: state one such as housing_fund" for word in wrong)
        for name in (bureau.name, *(f"{bureau.name}.{each.name}" for each in bureau.shared)):
            if name in taken:
                yield f"{name} is declared twice: rename one of the two"
            taken.add(name)
        for each in bureau.shared:
            if (each in bureau.tables) is (each.counting is None):
                yield f"{bureau.name}.{each.name}: `tables` holds all that have `counting`, `datasets` the others; move it"


def _names(datasets: Datasets) -> Iterator[str]:
    for name, each in datasets.items():
        for word in (each.key, *each.by_name):
            if not _NAME.fullmatch(word):
                yield f"{name}: {word!r:.80} is no name of a column: state one such as listed_on"
        if not _RELATION.fullmatch(each.relation):
            yield f"{name} is read from {each.relation!r:.80}: state a `relation` such as share.account"
        if len(each.by_name) < len(each.columns):
            yield f"{name} has two columns of one name: rename one"
        if each.latest and (each.many or not each.order):
            yield f"{name} shows its latest record alone: state `order`, and `many=False`"


def _titles(datasets: Datasets) -> Iterator[str]:
    for name, dataset in datasets.items():
        for place, zh, en in _titled(name, dataset):
            yield from _untitled(place, zh, en)


def _untitled(place: str, zh: str, en: str) -> Iterator[str]:
    if missing := [language for language, text in (("Chinese", zh), ("English", en)) if not _stated(text)]:
        yield f"{place} has no title in {' and '.join(missing)}: state both"


def _stated(text: str) -> bool:
    return bool(text.strip()) and text.isprintable()


def _titled(name: str, dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    yield name, *dataset.title
    yield f"{name}, item {dataset.item.code},", *dataset.item.name
    if dataset.field:
        yield f"{name}, field {dataset.field.name},", dataset.field.zh, dataset.field.en
    for column in dataset.columns:
        place = f"{name}.{column.name}"
        if column.leads_to:
            yield f"{place}, field {column.leads_to.field},", column.leads_to.zh, column.leads_to.en
        elif column.zh or column.en or not column.neutral:
            yield place, column.zh, column.en
        if isinstance(column.codes, Codes):
            yield f"{place}, codes {column.codes.name},", *column.codes.title
            for code, (zh, en) in column.codes.labels.items():
                yield f"{place}, code {code},", zh, en


def _items(datasets: Datasets) -> Iterator[str]:
    """A catalogue item states the elements of art. 11, and is about those of whom the data set has records."""
    for name, each in datasets.items():
        item, place = each.item, f"{name}, item {each.item.code},"
        if not _ITEM.fullmatch(item.code):
            yield f"{name} has the item {item.code!r:.80}: state a `code` such as XY-TAX-001"
        for element in ("provider", "coverage", "update_cycle", "legal_basis", "data_format"):
            if not _stated(getattr(item, element)):
                yield f"{place} has no {element}: state `{element}` (河南省社会信用条例 art. 11)"
        subjects = (
            each.field.subjects if each.field else frozenset(filter(None, [each.identifies, each.resolves]))
        )
        if each.counting is None and not subjects <= item.subjects:
            yield f"{place} is not about all subjects that have the field: state them in the item's `subjects`"
        if each.field:
            yield from (f"{name} {problem}" for problem in _published(each.field, item))


def _published(field: SubjectField, item: CatalogueItem) -> Iterator[str]:
    if not field.subjects:
        yield "is a field of no subject: state the `subjects` of its field"
    if not field.unpublished <= field.subjects or (
        field.unpublished and item.disclosure is not Disclosure.PUBLIC
    ):
        yield (
            "keeps records of subjects unpublished whom the field is not about, or of an item that is not public:"
            " state `unpublished` of a PUBLIC item, and of subjects of the field"
        )


def _shared(datasets: Datasets) -> Iterator[str]:
    """What several data sets declare under one name is the same: types, codes and catalogue items."""
    types: dict[str, tuple[str, object]] = {
        code: ("the graph itself", item) for code, item in OWN_ITEMS.items()
    }
    for name, each in datasets.items():
        declared: list[tuple[str, object]] = [
            (
                each.type_name,
                (each.title, each.columns, each.classification, each.adverse, each.life, each.grading),
            ),
            (each.item.code, each.item),
            *((c.codes.name, (c.codes, c.codes.labels)) for c in each.columns if isinstance(c.codes, Codes)),
        ]
        for key, value in declared:
            first, other = types.setdefault(key, (name, value))
            if other != value:
                yield f"{name} declares {key} otherwise than {first}: rename it, or declare it once for both"


def _classes(datasets: Datasets) -> Iterator[str]:
    for name, each in datasets.items():
        statistic = any(found is DataClass.STATISTIC for found in classes_of(each))
        if each.data_class is None:
            yield f"{name} states no class: state `data_class`"
        elif statistic is not (each.counting is not None):
            yield (
                f"{name} is a statistic and no registered table, or the other way round:"
                " state the class STATISTIC and `counting`, or neither"
            )
        elif DataClass.OPEN in classes_of(each):
            yield f"{name} is OPEN, the class of the catalogue alone: state the class of its records"


def _fields(datasets: Datasets) -> Iterator[str]:
    """Each data set is reached by one field of a subject that is there, and by no name that is taken."""
    subjects = [each for each in datasets.values() if each.identifies]
    taken = {
        (each.identifies, column.field_name) for each in subjects for column in each.columns if column.zh
    }
    taken |= {(kind, "adverseRecords") for kind in SubjectKind}
    for name, each in datasets.items():
        ways = [each.field, each.identifies, each.resolves]
        if each.counting is None and ways.count(None) != len(ways) - 1:
            yield (
                f"{name} is reached by no field of a subject, or by two ways: state `field`, `identifies` or `resolves`"
            )
        if not TYPE_NAME.fullmatch(each.type_name):
            yield f"{name} has the type {each.type_name!r:.80}: state another `type_name`, such as TaxArrears"
        if each.identifies and (each.key not in each.by_name or each.many):
            yield f"{name} identifies subjects by {each.key}: declare it as a column, with `many=False`"
        if each.identifies and [other.identifies for other in subjects].count(each.identifies) > 1:
            yield f"{name} identifies subjects of the kind {each.identifies.name}, as another does: let one of them"
        yield from _born(name, each)
        yield from _kind(name, each)
        yield from _died(name, each)
        yield from _linked(name, each, [other.resolves for other in datasets.values()])
        if each.field is None:
            continue
        for subject in sorted(each.field.subjects, key=str):
            yield from _field(name, each.field.name, subject, {other.identifies for other in subjects}, taken)
            taken.add((subject, each.field.name))


def _born(name: str, dataset: Dataset) -> Iterator[str]:
    """Persons are shown by age, so a data set that identifies persons states their birth date."""
    if dataset.identifies is SubjectKind.PERSON:
        column = dataset.by_name.get(dataset.born)
        if column is None or column.kind is not Kind.DATE or column.nullable:
            yield f"{name} identifies persons by no birth date: state in `born` a column of dates that is not nullable"
    elif dataset.born:
        yield f"{name} states `born` and identifies no persons: leave it out"


def _kind(name: str, dataset: Dataset) -> Iterator[str]:
    """An individual business is one by its code or by its registered kind, so a data set of organisations states the kind."""
    if dataset.identifies is SubjectKind.ENTERPRISE:
        column = dataset.by_name.get(dataset.kind)
        if column is None or REGISTERED_INDIVIDUAL_BUSINESS not in (column.codes or ()):
            yield (
                f"{name} identifies organisations by no kind: state in `kind` a column whose codes have"
                f" {REGISTERED_INDIVIDUAL_BUSINESS}"
            )
    elif dataset.kind:
        yield f"{name} states `kind` and identifies no organisations: leave it out"


def _died(name: str, dataset: Dataset) -> Iterator[str]:
    """The dead are shown under few purposes, so a data set that identifies persons states who has died."""
    if dataset.identifies is SubjectKind.PERSON:
        column = dataset.by_name.get(dataset.died)
        if column is None or column.kind is not Kind.BOOLEAN or column.nullable:
            yield f"{name} does not tell who has died: state in `died` a column of booleans that is not nullable"
    elif dataset.died:
        yield f"{name} states `died` and identifies no persons: leave it out"


def _linked(name: str, dataset: Dataset, resolved: Sequence[SubjectKind | None]) -> Iterator[str]:
    """What resolves documents names the column of the subjects, and is the only one of their kind."""
    column = dataset.by_name.get(dataset.linked)
    if dataset.resolves is None:
        if dataset.linked:
            yield f"{name} states `linked` and resolves no documents: leave it out"
    elif column is None or column.leads_to is None or column.leads_to.subject is not dataset.resolves:
        yield f"{name} resolves documents to nobody: state in `linked` a column that leads to the kind of subject"
    elif not dataset.many or resolved.count(dataset.resolves) > 1:
        yield f"{name} resolves documents to one subject at most, or as another data set does: let `many` stand, once"


def _field(
    name: str,
    field: str,
    subject: SubjectKind,
    known: Collection[SubjectKind | None],
    taken: Collection[object],
) -> Iterator[str]:
    if subject not in known:
        yield (
            f"{name} is a field of the subject {subject.name}, which no data set identifies:"
            " declare a data set with `identifies`, or another subject"
        )
    if not FIELD_NAME.fullmatch(field):
        yield f"{name} has the field {field!r:.80}, which is no name: state one such as taxArrears"
    if (subject, field) in taken:
        yield f"{name} has the field {field}, which the subject {subject.name} has already: rename it"


def _tables(datasets: Datasets) -> Iterator[str]:
    for name, each in datasets.items():
        if each.counting is not None:
            yield from (f"{name} {problem}" for problem in _layout(each, each.counting))


def _layout(dataset: Dataset, counting: Counting) -> Iterator[str]:
    for each in (counting.row, counting.column):
        column = dataset.by_name.get(each)
        if column is None or column.codes is None or column.nullable:
            yield f"labels its cells by {each}, which is no column of a closed set of codes: declare one"
    count = dataset.by_name.get(COUNT)
    if count is None or count.kind is not Kind.INTEGER or count.nullable or not dataset.many:
        yield f"has no column {COUNT} with a whole number for each of many cells: declare it"
    if {counting.row, counting.column, COUNT} != set(dataset.by_name) or counting.row == counting.column:
        yield f"has other columns than {counting.row}, {counting.column} and {COUNT}: declare these three"
    if counting.minimum < LEAST_MINIMUM:
        yield f"releases counts of {counting.minimum}; the least minimum is {LEAST_MINIMUM}: state more"
    if not counting.of or dataset.field or dataset.identifies:
        yield "does not say by which fields it counts, or is a field of a subject: state `Counting.of`, and no `field`"


_CHECKS: Final[tuple[Callable[[Datasets], Iterator[str]], ...]] = (
    _names,
    _classes,
    _titles,
    check_forbidden,
    _items,
    _shared,
    check_adverse,
    check_lives,
    check_places,
    check_gradings,
    check_provisos,
    _fields,
    check_columns,
    check_orders,
    check_responsibilities,
    _tables,
)
