"""Records, and the persons and enterprises whom they are about: a field of the subject for each data set."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from catalogue.catalogue_item import SubjectKind
from catalogue.classification import Classification, DataClass, Sensitivity, inputs
from catalogue.declarations import Bureau, Dataset, adverse_datasets
from catalogue.declared_codes import bilingual
from catalogue.derived_items import GATHERED_ITEM
from schema.list_arguments import FIRST, Choices, add_inputs, choices_of, cursor_of, list_arguments
from schema.record_types import described, fields_of_columns, fields_of_item
from schema.type_builder import Member, Types

ADVERSE_RECORDS: Final = "adverseRecords"
_SUBJECT: Final = "CreditSubject"
_ADVERSE_RECORD: Final = "AdverseRecord"


def add_records(types: Types, bureaus: Sequence[Bureau]) -> dict[str, Choices]:
    """Make the type of each data set's records; return by type what its lists can be chosen by."""
    datasets = [each for bureau in bureaus for each in bureau.datasets if not each.resolves]
    subjects = {each.identifies: each.type_name for each in datasets if each.identifies}
    lists = {each.type_name: each for each in datasets if each.many}
    for each in {each.type_name: each for each in datasets if not each.identifies}.values():
        fields = [*fields_of_columns(each, each.columns, subjects), *fields_of_item(each)]
        if each.type_name in lists:
            add_inputs(types, each)
            fields += cursor_of(each)
        types.add_object(each.type_name, described(each), fields)
    return {name: choices_of(each) for name, each in lists.items()}


def add_subjects(types: Types, bureaus: Sequence[Bureau]) -> None:
    """Make the interface of all subjects and the type of each kind of subject."""
    adverse = [each.type_name for each in adverse_datasets(bureaus).values()]
    if adverse:
        types.add_union(_ADVERSE_RECORD, bilingual("失信信息", "An adverse record of any bureau"), adverse)
    entities = {each.identifies: each for bureau in bureaus for each in bureau.datasets if each.identifies}
    inherited = [*_fields(bureaus, [*entities.values()])]
    names = {each.name for each in inherited}
    text = bilingual("信用主体", "A credit subject: a person or an enterprise")
    types.add_object(_SUBJECT, text, inherited, interface=True)
    for entity in entities.values():
        own = [each for each in _fields(bureaus, [entity]) if each not in inherited]
        own.sort(key=lambda each: each.name not in names)  # those that all subjects have come first
        types.add_implementation(entity.type_name, entity.description, own, _SUBJECT, inherited)
        _mark_unpublished(types, bureaus, entity)


def _mark_unpublished(types: Types, bureaus: Sequence[Bureau], entity: Dataset) -> None:
    """Classify the fields of a kind of subject whose records are not published, though their item is public."""
    for field in (each.field for bureau in bureaus for each in bureau.datasets):
        if field and entity.identifies in field.unpublished:
            for owner in (entity.type_name, _SUBJECT):
                if found := types.classifications.get(f"{owner}.{field.name}"):
                    types.classifications[f"{owner}.{field.name}"] = replace(found, unpublished=True)


def _fields(bureaus: Sequence[Bureau], entities: Sequence[Dataset]) -> Iterator[Member]:
    """Yield the fields of exactly these kinds of subject; the columns are those that all of them have."""
    subjects = frozenset(each.identifies for each in entities if each.identifies)
    yield from _adverse_records(bureaus, subjects)
    for dataset in (each for bureau in bureaus for each in bureau.datasets):
        if dataset is entities[0]:
            columns = [
                column for column in dataset.columns if all(column.name in each.by_name for each in entities)
            ]
            yield from fields_of_columns(dataset, columns, {})
        elif dataset.field and dataset.field.subjects == subjects:
            yield _records(dataset)


def _records(dataset: Dataset) -> Member:
    field = dataset.field
    assert field is not None  # noqa: S101 only such a data set is asked for
    type_ = f"list[{dataset.type_name}]" if dataset.many else dataset.type_name
    arguments = list_arguments(dataset) if dataset.many else ()
    text = bilingual(field.zh, field.en)
    return Member(field.name, f"{type_} | None", text, dataset.classification, arguments)


def _adverse_records(bureaus: Sequence[Bureau], subjects: frozenset[SubjectKind]) -> Iterator[Member]:
    """Yield the list of all adverse records, which is derived from the lists of the data sets."""
    names = [
        each.field.name
        for each in adverse_datasets(bureaus).values()
        if each.field and subjects <= each.field.subjects
    ]
    classification = Classification(
        GATHERED_ITEM.code, DataClass.ADVERSE, Sensitivity.PERSONAL, inputs=inputs(*names)
    )
    text = bilingual(
        "全部失信信息，每类至多 first 条",
        "Adverse records of every bureau, in the order of the union: of each kind the latest, `first` at the most",
    )
    if names:
        yield Member(ADVERSE_RECORDS, f"list[{_ADVERSE_RECORD}] | None", text, classification, (FIRST,))
