"""The credit office: score programmes, red lists, honours, volunteering, donations, consents, and authorisations.

All but the consents and authorisations is incentive data: it is kept to reward, never to punish. That is our rule; in Nanyang
宛信用办〔2022〕4号 states it of the score.
"""

from catalogue.catalogue_item import BOTH, PERSONS, CatalogueItem, Disclosure, Nature
from catalogue.classification import DERIVED, DataClass, Sensitivity
from catalogue.columns import day, fen, number, text
from catalogue.declarations import Bureau, Dataset, SubjectField
from catalogue.declared_codes import Codes
from catalogue.record_forms import RecordForm, RecordLife
from catalogue.record_life import AWARD_LIFE
from catalogue.score_programmes import Banding

RED_LIST_KIND = Codes(
    "RedListKind",
    ("红名单类型", "Kind of red list"),
    GRADE_A_TAXPAYER=("A级纳税人", "Grade A taxpayer"),
    MODEL_CITIZEN=("道德模范", "Model citizen"),
    STAR_VOLUNTEER=("星级志愿者", "Star volunteer"),
    HONEST_BUSINESS=("诚信经营示范", "Honest business"),
)
HONOUR_LEVEL = Codes(
    "HonourLevel",
    ("荣誉级别", "Level of an honour"),
    NATIONAL=("国家级", "National"),
    PROVINCIAL=("省级", "Provincial"),
    CITY=("市级", "City"),
    COUNTY=("县级", "County"),
)

SCORE = Dataset(
    "score",
    type_name="CreditScore",
    title=("个人信用积分", "Enrolment and score in a programme"),
    item=CatalogueItem(
        code="XY-CRO-001",
        name=("个人信用积分", "Personal credit score programmes"),
        provider="市信用办",
        subjects=PERSONS,
        nature=Nature.GOOD,
        disclosure=Disclosure.AUTHORISED,
        coverage="自愿参加的年满十八周岁居民",
        update_cycle="每月",
        legal_basis="国办发〔2016〕98号；在南阳市另有 宛信用办〔2022〕4号；在郑州市另有 郑信用〔2019〕3号",
    ),
    data_class=DataClass.INCENTIVE,
    field=SubjectField("scores", PERSONS, "个人信用积分", "Score programmes that the person joined"),
    key="person_number",
    columns=(
        text(
            "programme",
            "积分项目",
            "Programme: the code of the city's own",
            DERIVED,
            sensitivity=Sensitivity.SENSITIVE,
        ),
        day("enrolled_on", "参加日期", "Enrolled on", DERIVED, sensitivity=Sensitivity.SENSITIVE),
        number("score", "积分", "Score", DERIVED, sensitivity=Sensitivity.SENSITIVE),
        text(
            "band",
            "等级",
            "Label of the band in the city's table; null where no table is set",
            nullable=True,
            sensitivity=Sensitivity.SENSITIVE,
        ),
        day("assessed_on", "评价日期", "Date of assessment", sensitivity=Sensitivity.SENSITIVE),
    ),
    banding=Banding(),
    order=("programme", "-enrolled_on"),
)
CONSENT = Dataset(
    "consent",
    type_name="Consent",
    title=("授权同意", "A consent to a scene that rewards"),
    item=CatalogueItem(
        code="XY-CRO-006",
        name=("激励场景授权同意", "Consents to scenes that reward"),
        provider="市信用办",
        subjects=BOTH,
        nature=Nature.OTHER,
        disclosure=Disclosure.AUTHORISED,
        coverage="自愿参加积分项目的居民；个体工商户经营者",
        update_cycle="即时",
        legal_basis="个人信息保护法 第十四条、第十五条、第二十三条；在郑州市另有 郑信用〔2019〕3号",
    ),
    data_class=DataClass.RIGHTS,
    field=SubjectField("consents", BOTH, "授权同意", "Consents to scenes that reward, latest first"),
    columns=(
        text("scene", "同意的激励场景", "Scene: a purpose such as reward.reading", DERIVED),
        text(
            "grantee",
            "被授权方",
            "Client that alone may use it; null for whoever runs the scene",
            DERIVED,
            nullable=True,
        ),
        day("given_on", "同意日期", "Given on", DERIVED),
        day("until", "截止日期", "Ends on; null where it has no end", DERIVED, nullable=True, ahead=True),
        day("withdrawn_on", "撤回日期", "Withdrawn on; null while it stands", DERIVED, nullable=True),
    ),
    order=("-given_on", "scene", "grantee", "until", "withdrawn_on"),
)
"""授权同意 (个人信息保护法 第十四条、第二十三条): for one scene, until it ends or is withdrawn.

The owner of an individual business consents for it, under its credit code.
"""
AUTHORISATION = Dataset(
    "authorisation",
    type_name="Authorisation",
    title=("融资授权", "An authorisation of a lender"),
    item=CatalogueItem(
        code="XY-CRO-007",
        name=("融资信用信息查询授权", "Authorisations of lenders"),
        provider="市金融工作局",
        subjects=BOTH,
        nature=Nature.OTHER,
        disclosure=Disclosure.AUTHORISED,
        coverage="在融资信用服务平台书面授权的借款人",
        update_cycle="即时",
        legal_basis="河南省社会信用条例 第十八条第四款；国办发〔2021〕52号；比照 征信业管理条例 第十八条、第二十条",
    ),
    data_class=DataClass.RIGHTS,
    field=SubjectField("authorisations", BOTH, "融资授权", "Authorisations of lenders, latest first"),
    columns=(
        text("number", "授权编号", "Number, which the lender's request names as its case"),
        text("lender", "被授权机构", "Client that alone may use it"),
        text("purpose", "约定用途", "Purpose, such as financing.credit"),
        text("items", "授权目录项", "Codes of the catalogue items that may be read, with blanks between"),
        day("begins_on", "授权起始日", "First day", ahead=True),
        day("until", "授权截止日", "Last day", ahead=True),
        number(
            "uses", "授权次数", "Answers that it allows; null where the term alone bounds it", nullable=True
        ),
        number("uses_counted", "已用次数", "Answers that the credit office has counted"),
        day("withdrawn_on", "撤回日期", "Withdrawn on; null while it stands", nullable=True),
    ),
    order=("-begins_on", "number", "lender"),
)
"""融资授权 (河南省社会信用条例 第十八条第四款; 征信业管理条例 第十八条 by analogy): of one lender, for a purpose, of named items, within a term and a count."""
VOLUNTEERING = Dataset(
    "volunteering",
    type_name="Volunteering",
    title=("志愿服务", "A year's volunteering"),
    item=CatalogueItem(
        code="XY-CRO-004",
        name=("志愿服务信息", "Volunteering"),
        provider="市文明办",
        subjects=PERSONS,
        nature=Nature.GOOD,
        disclosure=Disclosure.AUTHORISED,
        coverage="全市注册志愿者",
        update_cycle="每月",
        legal_basis="河南省社会信用条例 第十二条；志愿服务条例",
    ),
    data_class=DataClass.INCENTIVE,
    field=SubjectField("volunteering", PERSONS, "志愿服务", "Volunteering, latest year first"),
    key="person_number",
    columns=(
        number("year", "年度", "Year"),
        text("organisation", "组织", "Organisation"),
        number("hours", "服务时长（小时）", "Hours served"),
    ),
    order=("-year", "organisation", "-hours"),
)
RED_LIST = Dataset(
    "red_list",
    type_name="RedListEntry",
    title=("红名单", "An entry in a red list"),
    item=CatalogueItem(
        code="XY-CRO-002",
        name=("守信红名单", "Red lists"),
        provider="市信用办",
        subjects=BOTH,
        nature=Nature.GOOD,
        disclosure=Disclosure.PUBLIC,
        coverage="全市信用主体",
        update_cycle="每月",
        legal_basis="河南省社会信用条例 第二十八条、第三十条、第三十六条",
    ),
    data_class=DataClass.INCENTIVE,
    field=SubjectField("redLists", BOTH, "红名单", "Entries in red lists, latest first", unpublished=PERSONS),
    life=RecordLife(RecordForm.AWARD, "listed_on", through="until"),
    columns=(
        text("list", "红名单", "Which list", codes=RED_LIST_KIND),
        text("organ", "认定单位", "Organ that lists"),
        day("listed_on", "列入日期", "Listed on", DERIVED),
        day("until", "截止日期", "Ends on; null where it has no end", DERIVED, nullable=True, ahead=True),
        *AWARD_LIFE,
    ),
    order=("-listed_on", "list", "organ", "until"),
)
HONOUR = Dataset(
    "honour",
    type_name="Honour",
    title=("荣誉", "An honour"),
    item=CatalogueItem(
        code="XY-CRO-003",
        name=("诚实守信相关荣誉", "Honours for honesty"),
        provider="市信用办",
        subjects=BOTH,
        nature=Nature.GOOD,
        disclosure=Disclosure.PUBLIC,
        coverage="全市信用主体",
        update_cycle="每月",
        legal_basis="河南省社会信用条例 第十二条",
    ),
    data_class=DataClass.INCENTIVE,
    field=SubjectField("honours", BOTH, "荣誉", "Honours, latest first"),
    columns=(
        text("title", "荣誉名称", "Title"),
        text("level", "级别", "Level", DERIVED, codes=HONOUR_LEVEL),
        text("organ", "授予单位", "Organ that awards"),
        day("awarded_on", "授予日期", "Awarded on"),
    ),
    order=("-awarded_on", "title", "organ"),
)
DONATION = Dataset(
    "donation",
    type_name="Donation",
    title=("公益捐赠", "A donation"),
    item=CatalogueItem(
        code="XY-CRO-005",
        name=("公益捐赠信息", "Donations"),
        provider="市民政局",
        subjects=BOTH,
        nature=Nature.GOOD,
        disclosure=Disclosure.AUTHORISED,
        coverage="全市信用主体",
        update_cycle="每月",
        legal_basis="河南省社会信用条例 第十二条；慈善法",
    ),
    data_class=DataClass.INCENTIVE,
    field=SubjectField("donations", BOTH, "公益捐赠", "Donations, latest first"),
    columns=(
        text("recipient", "受赠单位", "Recipient"),
        fen("amount_fen", "捐赠金额（分）", "Amount in fen"),
        day("donated_on", "捐赠日期", "Donated on"),
    ),
    order=("-donated_on", "recipient", "-amount_fen"),
)

BUREAU = Bureau(
    name="credit_office",
    title=("信用办", "Credit office"),
    source="postgres",
    datasets=(SCORE, CONSENT, AUTHORISATION, VOLUNTEERING, RED_LIST, HONOUR, DONATION),
)
