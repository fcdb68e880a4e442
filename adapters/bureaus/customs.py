"""Customs: the credit levels of enterprises that are registered or filed there."""

from catalogue.catalogue_item import ENTERPRISES, CatalogueItem, Disclosure, Nature
from catalogue.classification import DataClass
from catalogue.columns import day, text
from catalogue.declarations import Bureau, Dataset, SubjectField
from catalogue.grade_schemes import CUSTOMS, CUSTOMS_ENTERPRISES, Grading

CREDIT_LEVEL = Dataset(
    "credit_level",
    type_name="CustomsLevel",
    title=("海关企业信用等级", "A credit level at customs"),
    item=CatalogueItem(
        code="XY-CUS-001",
        name=("海关企业信用等级", "Customs credit levels"),
        provider="属地海关",
        subjects=ENTERPRISES,
        nature=Nature.GRADE,
        disclosure=Disclosure.GOV_SHARED,
        coverage="在海关注册登记和备案的企业",
        update_cycle="即时",
        legal_basis="海关注册登记和备案企业信用管理办法（海关总署令第282号）",
    ),
    data_class=DataClass.GRADE,
    field=SubjectField(
        "customsLevel", ENTERPRISES, "海关企业信用等级", "The present credit level at customs"
    ),
    many=False,
    columns=(
        text("level", "信用等级", "Level", codes=CUSTOMS),
        day("determined_on", "认定日期", "Determined on"),
        text("customs_number", "海关备案编号", "Number of the registration at customs"),
    ),
    grading=Grading((CUSTOMS_ENTERPRISES,), letter="level", day="determined_on"),
)

BUREAU = Bureau(
    name="customs",
    title=("海关", "Customs"),
    source="postgres",
    datasets=(CREDIT_LEVEL,),
)
