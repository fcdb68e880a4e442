"""Catalogue items of the graph itself: what is derived here from the items of the bureaus."""

from catalogue.catalogue_item import BOTH, CatalogueItem, Disclosure, Nature

CATALOGUE_ITEM = CatalogueItem(
    code="XY-CAT-001",
    name=("公共信用信息目录", "Catalogue of public credit information"),
    provider="市信用办",
    subjects=frozenset(),
    nature=Nature.OTHER,
    disclosure=Disclosure.PUBLIC,
    coverage="本网关的全部字段",
    update_cycle="即时",
    legal_basis="河南省社会信用条例 第十一条",
)
GATHERED_ITEM = CatalogueItem(
    code="XY-ADV-001",
    name=("失信信息汇总", "Adverse records gathered from their bureaus"),
    provider="各失信信息提供单位",
    subjects=BOTH,
    nature=Nature.ADVERSE,
    disclosure=Disclosure.GOV_SHARED,
    coverage="以各来源数据项为准",
    update_cycle="以各来源数据项为准",
    legal_basis="河南省社会信用条例 第二十条；各来源数据项的依据",
)
STANDING_ITEM = CatalogueItem(
    code="XY-STD-001",
    name=("激励资格单向回答", "One-sided answers about incentives"),
    provider="市信用办",
    subjects=BOTH,
    nature=Nature.GOOD,
    disclosure=Disclosure.AUTHORISED,
    coverage="经本人同意的居民和个体工商户经营者，依据积分的并须自愿参加；行政机关依法定职责给予且不依据积分的，无须同意；"
    "存续的经营主体",
    update_cycle="即时",
    legal_basis="国办发〔2016〕98号；本市的激励文件；个人信息保护法 第六条、第十三条、第二十三条",
)
REASONS_ITEM = CatalogueItem(
    code="XY-STD-002",
    name=("本人的激励结果及原因", "How incentives stand with the subject, and why"),
    provider="市信用办",
    subjects=BOTH,
    nature=Nature.OTHER,
    disclosure=Disclosure.AUTHORISED,
    coverage="信用主体本人",
    update_cycle="即时",
    legal_basis="河南省社会信用条例 第四十条；个人信息保护法 第四十五条、第四十八条",
)
INDEX_ITEM = CatalogueItem(
    code="XY-OPN-001",
    name=("公开目录", "Open index"),
    provider="市信用办",
    subjects=frozenset(),
    nature=Nature.OTHER,
    disclosure=Disclosure.PUBLIC,
    coverage="本市的激励、条件、应用单位、信息主体权益和数据项；不含任何主体的信息",
    update_cycle="即时",
    legal_basis="河南省社会信用条例 第十一条；个人信息保护法 第七条；在郑州市另有 郑信用〔2019〕3号",
)
OWN_ITEMS = {
    item.code: item for item in (CATALOGUE_ITEM, INDEX_ITEM, GATHERED_ITEM, STANDING_ITEM, REASONS_ITEM)
}
"""By code."""
