"""The registry: persons, enterprises and the offices that persons hold in them."""

from dataclasses import replace

from catalogue.catalogue_item import (
    BOTH,
    ENTERPRISES,
    PERSONS,
    CatalogueItem,
    Disclosure,
    Nature,
    SubjectKind,
)
from catalogue.classification import COUNTED, DERIVED, FILTERED, ORDERED, DataClass, Sensitivity
from catalogue.columns import COUNTY, day, fen, flag, number, text
from catalogue.declarations import Bureau, Column, Counting, Dataset, FormsBy, LeadsTo, SubjectField
from catalogue.declared_codes import Codes
from catalogue.identity_documents import IDENTITY_DOCUMENT_KIND, LINK_CONFIDENCE
from catalogue.legal_forms import KIND_FORMS
from catalogue.representing_offices import OFFICE_FORMS, ORGANISATIONS, OWNED

SEX = Codes("Sex", ("性别", "Sex as registered"), MALE=("男", "Male"), FEMALE=("女", "Female"))
ENTERPRISE_KIND = Codes(
    "EnterpriseKind",
    ("主体类型", "Kind of organisation"),
    COMPANY=("公司", "Company"),
    INDIVIDUAL_BUSINESS=("个体工商户", "Individual business"),
    COOPERATIVE=("农民专业合作社", "Farmers' cooperative"),
    VILLAGE_COLLECTIVE=("农村集体经济组织", "Rural collective"),
    PUBLIC_INSTITUTION=("事业单位", "Public institution"),
    SOCIAL_ORGANISATION=("社会组织", "Social organisation"),
)
ENTERPRISE_STATUS = Codes(
    "EnterpriseStatus",
    ("登记状态", "State of registration"),
    ACTIVE=("存续", "Active"),
    SUSPENDED=("歇业", "Suspended"),
    REVOKED=("吊销", "Licence revoked"),
    DEREGISTERED=("注销", "Deregistered"),
)
OFFICE_ROLE = Codes(
    "OfficeRole",
    ("职务", "Office in an enterprise"),
    LEGAL_REPRESENTATIVE=("法定代表人", "Legal representative"),
    OPERATOR=("经营者", "Operator of an individual business"),
    DIRECTOR=("董事", "Director"),
    SUPERVISOR=("监事", "Supervisor"),
    MANAGER=("经理", "Manager"),
)

PERSON = Dataset(
    "person",
    type_name="Person",
    title=("自然人", "A person"),
    item=CatalogueItem(
        code="XY-REG-001",
        name=("自然人登记基本信息", "Basic registration of persons"),
        provider="市公安局",
        subjects=PERSONS,
        nature=Nature.BASIC,
        disclosure=Disclosure.GOV_SHARED,
        coverage="全市户籍人口",
        update_cycle="每日",
        legal_basis="河南省社会信用条例 第十二条、第十六条",
    ),
    data_class=DataClass.IDENTITY,
    identifies=SubjectKind.PERSON,
    born="birth_date",
    died="deceased",
    key="person_number",
    many=False,
    columns=(
        text(
            "person_number",
            "身份证号",
            "Identity number",
            sensitivity=Sensitivity.SENSITIVE,
            field="identityNumber",
        ),
        text("name", "姓名或名称", "Name", sensitivity=Sensitivity.ORDINARY),
        text("sex", "性别", "Sex", codes=SEX),
        day("birth_date", "出生日期", "Birth date", DERIVED),
        text("region", "行政区划代码", "County code, GB/T 2260"),
        flag("deceased", "是否死亡", "Whether the person has died", DERIVED),
    ),
)
ENTERPRISE = Dataset(
    "enterprise",
    type_name="Enterprise",
    title=("法人和非法人组织", "An enterprise or other organisation"),
    item=CatalogueItem(
        code="XY-REG-002",
        name=("经营主体登记基本信息", "Basic registration of enterprises"),
        provider="市市场监督管理局",
        subjects=ENTERPRISES,
        nature=Nature.BASIC,
        disclosure=Disclosure.PUBLIC,
        coverage="全市经营主体",
        update_cycle="每日",
        legal_basis="河南省社会信用条例 第十二条；企业信息公示暂行条例 第六条",
    ),
    data_class=DataClass.PUBLIC_RECORD,
    sensitivity=Sensitivity.ORDINARY,
    identifies=SubjectKind.ENTERPRISE,
    kind="kind",
    forms_by=FormsBy("kind", "credit_code", KIND_FORMS),
    key="credit_code",
    many=False,
    columns=(
        text("credit_code", "统一社会信用代码", "Unified social credit code"),
        text("name", "名称", "Name"),
        text("kind", "主体类型", "Kind of organisation", COUNTED | DERIVED, codes=ENTERPRISE_KIND),
        text("region", "行政区划代码", "County code, GB/T 2260", COUNTED | DERIVED),
        text("industry", "行业", "Industry, GB/T 4754", DERIVED),
        day("established_on", "成立日期", "Date of establishment", COUNTED | DERIVED),
        fen("registered_capital_fen", "注册资本（分）", "Registered capital in fen", nullable=True),
        text("status", "登记状态", "State of registration", DERIVED, codes=ENTERPRISE_STATUS),
    ),
)
OFFICE_BY_PERSON = Dataset(
    "office_by_person",
    type_name="Office",
    title=("任职", "An office with its term"),
    item=CatalogueItem(
        code="XY-REG-003",
        name=("任职信息", "Offices held in enterprises"),
        provider="市市场监督管理局",
        subjects=BOTH,
        nature=Nature.BASIC,
        disclosure=Disclosure.PUBLIC,
        coverage="全市经营主体",
        update_cycle="每日",
        legal_basis="河南省社会信用条例 第十二条第一项；企业信息公示暂行条例 第六条",
    ),
    data_class=DataClass.PUBLIC_RECORD,
    sensitivity=Sensitivity.ORDINARY,
    field=SubjectField("offices", PERSONS, "任职", "Offices that the person holds or held, latest first"),
    relation="share.office",
    forms_by=FormsBy("role", "credit_code", OFFICE_FORMS),
    key="person_number",
    columns=(
        Column("person_number", leads_to=LeadsTo("person", SubjectKind.PERSON, "任职人", "Who holds it")),
        Column(
            "credit_code",
            leads_to=LeadsTo("enterprise", SubjectKind.ENTERPRISE, "任职单位", "Where it is held"),
        ),
        text("role", "职务", "The office", FILTERED, codes=OFFICE_ROLE),
        day("since", "任职起始日", "First day of the term", ORDERED),
        day(
            "until",
            "任职截止日",
            "Last day of the term; null while it runs",
            ORDERED,
            nullable=True,
            ahead=True,
        ),
        Column("office_number", neutral=True),
    ),
    order=("-since", "office_number"),
)
OFFICE_BY_ENTERPRISE = replace(
    OFFICE_BY_PERSON,
    name="office_by_enterprise",
    key="credit_code",
    field=SubjectField("officers", ENTERPRISES, "任职人员", "Offices held in the enterprise, latest first"),
)
LEGAL_REPRESENTATIVE = replace(
    OFFICE_BY_ENTERPRISE,
    name="legal_representative",
    relation="share.legal_representative",
    many=False,
    order=(),
    forms=ORGANISATIONS,
    field=SubjectField(
        "legalRepresentative", ENTERPRISES, "现任法定代表人", "The present legal representative's office"
    ),
)
GUARDIANSHIP_BY_GUARDIAN = Dataset(
    "guardianship_by_guardian",
    type_name="Guardianship",
    title=("监护关系", "A guardianship of a minor, with its term"),
    item=CatalogueItem(
        code="XY-REG-004",
        name=("未成年人监护信息", "Guardianships of minors"),
        provider="市民政局",
        subjects=PERSONS,
        nature=Nature.BASIC,
        disclosure=Disclosure.AUTHORISED,
        coverage="全市未成年人",
        update_cycle="每日",
        legal_basis="民法典 第二十七条、第三十一条；未成年人保护法 第七十二条；参照 个人信息保护法 第三十一条",
    ),
    data_class=DataClass.RIGHTS,
    field=SubjectField(
        "guardianOf", PERSONS, "担任监护人", "Guardianships that the person has or had, latest first"
    ),
    relation="share.guardianship",
    key="guardian_number",
    columns=(
        Column(
            "guardian_number",
            leads_to=LeadsTo("guardian", SubjectKind.PERSON, "监护人", "Who acts for the child"),
        ),
        Column(
            "child_number",
            leads_to=LeadsTo("child", SubjectKind.PERSON, "被监护人", "The child", term=("since", "until")),
        ),
        day("since", "监护起始日", "First day of the guardianship"),
        day(
            "until",
            "监护终止日",
            "Last day of the guardianship; null while it runs",
            nullable=True,
            ahead=True,
        ),
        Column("guardianship_number", neutral=True),
    ),
    order=("-since", "guardianship_number"),
)
GUARDIANSHIP_BY_CHILD = replace(
    GUARDIANSHIP_BY_GUARDIAN,
    name="guardianship_by_child",
    key="child_number",
    field=SubjectField(
        "guardians", PERSONS, "监护人", "Guardianships of the person as a minor, latest first"
    ),
)
_KIND_OF_DOCUMENT = text("kind", "证件种类", "Kind of document", codes=IDENTITY_DOCUMENT_KIND)
_LINK = (
    text(
        "confidence", "关联可信度", "How sure it is that the document is this person's", codes=LINK_CONFIDENCE
    ),
    day(
        "reviewed_on",
        "人工核验日",
        "Day on which an official reviewed the link; null where none did",
        nullable=True,
    ),
    day("since", "关联起始日", "First day of the link"),
    day("until", "关联终止日", "Last day of the link; null while it runs", nullable=True, ahead=True),
    Column("link_number", neutral=True),
)
IDENTITY_DOCUMENT = Dataset(
    "identity_document",
    type_name="IdentityDocument",
    title=("其他身份证件", "An identity document that is linked to a person's identity number"),
    item=CatalogueItem(
        code="XY-REG-005",
        name=("身份证件关联信息", "Identity documents of persons beside the identity number"),
        provider="市公安局",
        subjects=PERSONS,
        nature=Nature.BASIC,
        disclosure=Disclosure.GOV_SHARED,
        coverage="以其他有效证件或15位旧身份证号办理过业务的自然人",
        update_cycle="每日",
        legal_basis="河南省社会信用条例 第十六条；个人信息保护法 第二十八条；在驻马店市另有 驻政办〔2017〕102号",
    ),
    data_class=DataClass.IDENTITY,
    sensitivity=Sensitivity.SENSITIVE,
    field=SubjectField(
        "identityDocuments", PERSONS, "其他身份证件", "Documents that are linked to the person, latest first"
    ),
    key="person_number",
    columns=(
        _KIND_OF_DOCUMENT,
        text("ending", "证件号码末四位", "The last four signs of the document's number"),
        *_LINK,
    ),
    order=("-since", "link_number"),
)
IDENTITY_DOCUMENT_BY_NUMBER = Dataset(
    "identity_document_by_number",
    type_name="DocumentLink",
    title=("证件与身份证号的关联", "A link from the number of a document to an identity number"),
    item=IDENTITY_DOCUMENT.item,
    data_class=DataClass.IDENTITY,
    sensitivity=Sensitivity.SENSITIVE,
    resolves=SubjectKind.PERSON,
    relation="share.identity_document",
    key="document_number",
    linked="person_number",
    columns=(
        Column(
            "person_number", leads_to=LeadsTo("person", SubjectKind.PERSON, "持证人", "Whose document it is")
        ),
        _KIND_OF_DOCUMENT,
        *_LINK,
    ),
    order=("-since", "link_number"),
)
OPERATOR = replace(
    LEGAL_REPRESENTATIVE,
    name="operator",
    relation="share.operator",
    forms=OWNED,
    field=SubjectField(
        "operator",
        ENTERPRISES,
        "个体工商户现任经营者",
        "The present operator of an individual business, as an office",
    ),
)
NEW_ENTERPRISES_BY_COUNTY_AND_KIND = Dataset(
    "new_enterprises_by_county_and_kind",
    type_name="NewEnterprisesByCountyAndKind",
    title=("新设经营主体分县区统计表", "Enterprises established, by county and kind"),
    item=CatalogueItem(
        code="XY-REG-101",
        name=("新设经营主体分县区统计表", "Enterprises established, by county and kind"),
        provider="市市场监督管理局",
        subjects=frozenset(),
        nature=Nature.OTHER,
        disclosure=Disclosure.GOV_SHARED,
        coverage="全市经营主体，按登记机关所在县区",
        update_cycle="每年，年度终了后固定",
        legal_basis="河南省社会信用条例 第十八条；个人信息保护法 第六条",
    ),
    key="year",
    columns=(
        COUNTY,
        text("kind", "主体类型", "Kind of organisation", codes=ENTERPRISE_KIND),
        number("count", "户数", "Enterprises established"),
    ),
    counting=Counting(
        row="county", column="kind", of=("Enterprise.region", "Enterprise.kind", "Enterprise.establishedOn")
    ),
)

BUREAU = Bureau(
    name="registry",
    title=("登记机关", "Registry"),
    source="postgres",
    datasets=(
        PERSON,
        ENTERPRISE,
        OFFICE_BY_PERSON,
        LEGAL_REPRESENTATIVE,
        OPERATOR,
        OFFICE_BY_ENTERPRISE,
        GUARDIANSHIP_BY_GUARDIAN,
        GUARDIANSHIP_BY_CHILD,
        IDENTITY_DOCUMENT,
        IDENTITY_DOCUMENT_BY_NUMBER,
    ),
    tables=(NEW_ENTERPRISES_BY_COUNTY_AND_KIND,),
)
