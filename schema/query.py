"""The ways into the graph: by identifier, one or many, the registered tables of counts, and the catalogue."""

from collections.abc import Iterator, Sequence
from typing import Final

from catalogue.catalogue_item import SubjectKind
from catalogue.classification import Classification, DataClass
from catalogue.declarations import Bureau, resolving_dataset
from catalogue.declared_codes import bilingual
from catalogue.derived_items import CATALOGUE_ITEM
from catalogue.identity_documents import FORMER_NUMBER, IDENTITY_DOCUMENT_KIND
from schema.index_types import INDEX, add_index
from schema.record_types import add_cells, camel_case, table_field
from schema.standing import STANDING
from schema.type_builder import Member, Types

OPEN: Final = Classification(CATALOGUE_ITEM.code, DataClass.OPEN)
_ENTRY: Final = {
    "field": ("String", "字段", "Type and field, as Type.field"),
    "description": ("String", "说明", "What the field holds"),
    "item": ("String", "数据代码", "Code of the catalogue item"),
    "itemName": ("String", "数据名称", "Name of the catalogue item"),
    "provider": ("String", "提供单位", "Bureau that provides it"),
    "dataClass": ("String", "数据类别", "Class by which purposes are permitted"),
    "sensitivity": ("String", "敏感级别", "ORDINARY, PERSONAL or SENSITIVE"),
    "uses": ("list[String]", "用途", "What an operation can do with it; nothing else exists for it"),
    "inputs": ("list[String]", "推导依据", "What it is derived from: a use and Type.field each"),
    "nature": ("String", "信息性质", "What the item says of its subject"),
    "disclosure": ("String", "共享属性", "PUBLIC, GOV_SHARED or AUTHORISED"),
    "subjects": ("list[String]", "主体类型", "Whom the item speaks of"),
    "coverage": ("String", "覆盖范围", "Who and what is covered"),
    "updateCycle": ("String", "更新周期", "How often it is brought up to date"),
    "dataFormat": ("String", "数据格式", "Form of the data"),
    "legalBasis": ("String", "法律依据", "Rule under which it is collected and shared"),
}
"""目录条目 (河南省社会信用条例 第十一条): which fields exist, from whom, on which legal basis, of which class."""

DOCUMENT_WAY: Final = "personByDocument"
"""The field that leads to a person from another document; it exists where a bureau links documents to persons."""
_MEMBERS: Final = {
    camel_case(code): ("FormerNumber" if code == FORMER_NUMBER else "DocumentNumber", code)
    for code in IDENTITY_DOCUMENT_KIND.labels
}
"""The members of the key of a document: the scalar and the kind of each."""
KINDS_OF_MEMBERS: Final = {member: code for member, (_, code) in _MEMBERS.items()}
_WAYS: Final = {
    "person": ("Person", ("id", "PersonNumber"), "person"),
    "persons": ("list[Person | None]", ("ids", "list[PersonNumber]"), "person"),
    "enterprise": ("Enterprise", ("id", "CreditCode"), "enterprise"),
    "enterprises": ("list[Enterprise | None]", ("ids", "list[CreditCode]"), "enterprise"),
    "subjects": ("list[CreditSubject | None]", ("by", "list[SubjectKey]"), "person"),
    "standing": ("Standing", ("of", "SubjectKey"), "standing"),
    "standings": ("list[Standing]", ("of", "list[SubjectKey]"), "standing"),
    DOCUMENT_WAY: ("Person", ("document", "IdentityDocumentKey"), "document"),
    "catalogue": ("list[CatalogueEntry]", None, "open"),
    "openIndex": ("OpenIndex", None, "index"),
}
"""By name: type, argument and classification of each way into the graph that no bureau declares."""
_TEXTS: Final = {
    "person": ("按身份证号查自然人", "The person with this identity number; null if unknown"),
    "persons": ("按身份证号批量查自然人", "Persons in the order asked for; null where unknown"),
    "enterprise": ("按统一社会信用代码查企业", "The enterprise with this code; null if unknown"),
    "enterprises": ("批量查企业", "Enterprises in the order asked for; null where unknown"),
    "subjects": ("批量查信用主体", "Subjects in the order asked for; null where unknown"),
    "standing": ("激励资格", "What a subject may enjoy; an object whether or not the subject is known"),
    "standings": (
        "批量查激励资格",
        "What each subject may enjoy, in the order asked for; an object whether or not the subject is known",
    ),
    DOCUMENT_WAY: (
        "按其他有效证件查自然人，须经人工核验的关联",
        "The person to whom this document is linked for certain; null if there is no such person or link",
    ),
    "catalogue": ("目录", "Every field of the graph and what binds it"),
    "openIndex": (
        "公开目录",
        "What is rewarded here, on which conditions, who asks, and which rights there are",
    ),
}
"""By name: what each of them answers, in both languages."""


def add_query(types: Types, bureaus: Sequence[Bureau]) -> None:
    """Make the query and the types that only it names; every field is answered by a plan, never by Strawberry."""
    entry = [Member(name, type_, bilingual(zh, en), OPEN) for name, (type_, zh, en) in _ENTRY.items()]
    types.add_object(
        "CatalogueEntry", bilingual("目录条目", "One field of the graph and what binds it"), entry
    )
    add_index(types)
    key = [
        Member("person", "PersonNumber | None", bilingual("身份证号", "Identity number")),
        Member(
            "enterprise", "CreditCode | None", bilingual("统一社会信用代码", "Unified social credit code")
        ),
    ]
    text = bilingual("主体标识", "The identifier of a person or an enterprise")
    types.add_input("SubjectKey", text, key, one_of=True)
    if resolving_dataset(bureaus, SubjectKind.PERSON):
        _add_document_key(types)
    tables = [each for bureau in bureaus for each in bureau.tables]
    for each in tables:
        add_cells(types, each)
    fields = [*_lookups(bureaus), *map(table_field, tables)]
    types.add_object("Query", bilingual("查询", "The ways into the graph"), fields)


def _add_document_key(types: Types) -> None:
    labels = IDENTITY_DOCUMENT_KIND.labels
    members = [
        Member(name, f"{scalar} | None", bilingual(*labels[code]))
        for name, (scalar, code) in _MEMBERS.items()
    ]
    text = bilingual("其他身份证件", "An identity document beside the identity number, by its kind")
    types.add_input("IdentityDocumentKey", text, members, one_of=True)


def _lookups(bureaus: Sequence[Bureau]) -> Iterator[Member]:
    """Yield the ways in that no bureau declares; the identity of a subject is of the class of what identifies it."""
    person, enterprise = (
        Classification(each.item.code, each.data_class)
        for kind in SubjectKind
        for bureau in bureaus
        for each in bureau.datasets
        if each.identifies is kind and each.data_class
    )
    of = {"person": person, "enterprise": enterprise, "standing": STANDING, "open": OPEN, "index": INDEX}
    if resolving := resolving_dataset(bureaus, SubjectKind.PERSON):
        item, data_class = resolving[1].item, resolving[1].classification.data_class
        of["document"] = Classification(item.code, data_class)
    for name, (type_, argument, whose) in _WAYS.items():
        if whose not in of:
            continue
        arguments = (Member(*argument),) if argument else ()
        yield Member(name, f"{type_} | None", bilingual(*_TEXTS[name]), of[whose], arguments)
