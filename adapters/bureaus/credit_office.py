"""The credit office: score programmes, red lists, honours, volunteering, donations, and consents to scenes.

All but the consents is incentive data: it is kept to reward, never to punish (宛信用办〔2022〕4号).
"""

from catalogue.declarations import (
    Bureau,
    CatalogueItem,
    Column,
    Dataset,
    Disclosure,
    Kind,
    Nature,
    SubjectKind,
)

PERSON = frozenset({SubjectKind.PERSON})
BOTH = frozenset({SubjectKind.PERSON, SubjectKind.ENTERPRISE})

SCORE_ITEM = CatalogueItem(
    code="XY-CRO-001",
    name_zh="个人信用积分",
    name_en="Personal credit score programmes",
    provider="市信用办",
    subjects=PERSON,
    nature=Nature.GOOD,
    disclosure=Disclosure.AUTHORISED,
    coverage="自愿参加的年满十八周岁居民",
    update_cycle="每月",
    legal_basis="国办发〔2016〕98号；宛信用办〔2022〕4号；郑信用〔2019〕3号",
)
RED_LIST_ITEM = CatalogueItem(
    code="XY-CRO-002",
    name_zh="守信红名单",
    name_en="Red lists",
    provider="市信用办",
    subjects=BOTH,
    nature=Nature.GOOD,
    disclosure=Disclosure.PUBLIC,
    coverage="全市信用主体",
    update_cycle="每月",
    legal_basis="河南省社会信用条例 第二十八条、第三十条",
)
HONOUR_ITEM = CatalogueItem(
    code="XY-CRO-003",
    name_zh="诚实守信相关荣誉",
    name_en="Honours for honesty",
    provider="市信用办",
    subjects=BOTH,
    nature=Nature.GOOD,
    disclosure=Disclosure.PUBLIC,
    coverage="全市信用主体",
    update_cycle="每月",
    legal_basis="河南省社会信用条例 第十二条",
)
VOLUNTEERING_ITEM = CatalogueItem(
    code="XY-CRO-004",
    name_zh="志愿服务信息",
    name_en="Volunteering",
    provider="市文明办",
    subjects=PERSON,
    nature=Nature.GOOD,
    disclosure=Disclosure.AUTHORISED,
    coverage="全市注册志愿者",
    update_cycle="每月",
    legal_basis="河南省社会信用条例 第十二条；志愿服务条例",
)
DONATION_ITEM = CatalogueItem(
    code="XY-CRO-005",
    name_zh="公益捐赠信息",
    name_en="Donations",
    provider="市民政局",
    subjects=BOTH,
    nature=Nature.GOOD,
    disclosure=Disclosure.AUTHORISED,
    coverage="全市信用主体",
    update_cycle="每月",
    legal_basis="河南省社会信用条例 第十二条；慈善法",
)
CONSENT_ITEM = CatalogueItem(
    code="XY-CRO-006",
    name_zh="激励场景授权同意",
    name_en="Consents to scenes that reward",
    provider="市信用办",
    subjects=PERSON,
    nature=Nature.OTHER,
    disclosure=Disclosure.AUTHORISED,
    coverage="自愿参加积分项目的居民",
    update_cycle="即时",
    legal_basis="个人信息保护法 第十四条、第十五条、第二十三条；郑信用〔2019〕3号",
)

BUREAU = Bureau(
    name="credit_office",
    title_zh="信用办",
    title_en="Credit office",
    source="postgres",
    datasets=(
        Dataset(
            name="score",
            relation="share.score",
            key="person_number",
            item=SCORE_ITEM,
            columns=(
                Column("programme", codes=frozenset({"WANXIN", "SHANGDING"})),
                Column("enrolled_on", Kind.DATE),
                Column("score", Kind.INTEGER),
                Column(
                    "band",
                    codes=frozenset({"OUTSTANDING", "EXCELLENT", "GOOD", "FAIR", "LOW"}),
                ),
                Column("assessed_on", Kind.DATE),
            ),
            order=("programme",),
        ),
        Dataset(
            name="red_list",
            relation="share.red_list",
            key="subject",
            item=RED_LIST_ITEM,
            columns=(
                Column(
                    "list",
                    codes=frozenset(
                        {"GRADE_A_TAXPAYER", "MODEL_CITIZEN", "STAR_VOLUNTEER", "HONEST_BUSINESS"}
                    ),
                ),
                Column("organ"),
                Column("listed_on", Kind.DATE),
                Column("until", Kind.DATE, nullable=True),
            ),
            order=("-listed_on", "list"),
        ),
        Dataset(
            name="honour",
            relation="share.honour",
            key="subject",
            item=HONOUR_ITEM,
            columns=(
                Column("title"),
                Column("level", codes=frozenset({"NATIONAL", "PROVINCIAL", "CITY", "COUNTY"})),
                Column("organ"),
                Column("awarded_on", Kind.DATE),
            ),
            order=("-awarded_on", "title"),
        ),
        Dataset(
            name="volunteering",
            relation="share.volunteering",
            key="person_number",
            item=VOLUNTEERING_ITEM,
            columns=(
                Column("year", Kind.INTEGER),
                Column("organisation"),
                Column("hours", Kind.INTEGER),
            ),
            order=("-year", "organisation"),
        ),
        Dataset(
            name="donation",
            relation="share.donation",
            key="subject",
            item=DONATION_ITEM,
            columns=(
                Column("recipient"),
                Column("amount_fen", Kind.FEN),
                Column("donated_on", Kind.DATE),
            ),
            order=("-donated_on", "recipient"),
        ),
        Dataset(
            name="consent",
            relation="share.consent",
            key="person_number",
            item=CONSENT_ITEM,
            columns=(
                Column("scene"),
                Column("grantee", nullable=True),
                Column("given_on", Kind.DATE),
                Column("until", Kind.DATE, nullable=True),
                Column("withdrawn_on", Kind.DATE, nullable=True),
            ),
            order=("-given_on", "scene"),
        ),
    ),
)
