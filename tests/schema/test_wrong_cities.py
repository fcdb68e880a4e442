"""A file of a city that says what cannot be is refused at start, with the file, the line and the reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalogue.incentives.city_folders import CITIES
from catalogue.incentives.incentive_catalogue import incentives
from catalogue.incentives.scene_threshold import answerable
from catalogue.toml_files import TomlError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the cities."""
    return Path(shutil.copytree(CITIES, tmp_path / "cities"))


NY, PDS, XY, ZZ = "nanyang", "pingdingshan", "xinyang", "zhengzhou"
HIGH = "[{ least_score = 120 }]"
WRONG = [
    (
        NY,
        "incentives",
        'basis = "SCORE_HOLDER"',
        'basis = "X"',
        "incentives.toml, line 10: NY-001 rests on X",
    ),
    (
        NY,
        "incentives",
        "NY-001 = ",
        "QQ-001 = ",
        "line 10: QQ-001 is of another city or no number: numbers are NY- and three digits",
    ),
    (NY, "incentives", 'for = ["person"]', 'for = ["enterprise"]', "line 10: NY-001 is for a enterprise"),
    (NY, "incentives", 'for = ["person"]', 'for = ["ghost"]', "line 10: NY-001.*ghost"),
    (NY, "incentives", 'for = ["person"]', "for = []", "line 10: NY-001.*length >= 1"),
    (NY, "incentives", 'benefit = "GREEN_LANE"', 'benefit = "PUNISHMENT"', "line 10: NY-001.*PUNISHMENT"),
    (NY, "incentives", 'place = "旅游", zh', 'plaice = "旅游", zh', "line 10: NY-001.*(plaice|place)"),
    (NY, "incentives", "[incentive]", "[incentive", "nanyang/incentives.toml cannot be read as TOML"),
    (
        NY,
        "incentives",
        '"reward.tourism"',
        '"reward.network"',
        "NY-001 has the scene reward.network, which is no",
    ),
    (
        NY,
        "incentives",
        '"reward.tourism"',
        '"measure.funds"',
        "NY-001 has the scene measure.funds, which is no",
    ),
    (
        NY,
        "incentives",
        '["市文化广电和旅游局"]',
        '["市不存在局"]',
        "line 10: NY-001 names 市不存在局, which is no",
    ),
    (
        NY,
        "conditions",
        "[{ least_score = 100 }]",
        "[{ red_list = 2 }]",
        "line 5: .*red_list, which is true or left",
    ),
    (NY, "city", '  "reward.culture",', '  "reward.network",', "NY-003 has the scene reward.culture"),
    (
        NY,
        "city",
        '  "reward.culture",',
        '  "reward.culture",\n  "reward.network",',
        "line 13: no incentive of nanyang",
    ),
    (NY, "city", '  "reward.culture",', '  "culture",', "city.toml, line 12: culture is no leaf of reward"),
    (
        NY,
        "city",
        '411303 = "卧龙区"',
        '411503 = "平桥区"',
        r"line \d+: the district 411503 lies in another city",
    ),
    (
        NY,
        "city",
        'document_number = "宛信用办〔2022〕4号"',
        'document_number = "宛信用办〔2021〕4号"',
        "line 8: the document is called by another number",
    ),
    (NY, "city", 'region = "411300"', 'region = "411302"', "line 5: the region is no city"),
    (NY, "city", "[by_duty]", '[by_duty]\n"reward.network" = "x"', "an organ acts by duty in reward.network"),
    (
        ZZ,
        "city",
        "least = 80, below = 100",
        "least = 85, below = 100",
        "信用较差 and 轻微失信 leave a gap at 80",
    ),
    (ZZ, "city", "least = 80, below = 100", "least = 75, below = 100", "leave an overlap at 80"),
    (
        ZZ,
        "city",
        "least = 80, below = 100",
        "least = 80, below = 80",
        "轻微失信 begins at 80 and ends below 80",
    ),
    (
        ZZ,
        "city",
        "below = 201",
        "below = 200",
        "the highest band ends below 200, and the highest score is 200",
    ),
    (ZZ, "city", "信用较差", "轻微失信", "two bands have one label"),
    (
        ZZ,
        "incentives",
        "\n[unanswered]",
        '\n[unanswered]\nSCORE_HIGH = "甲 · x"',
        "ZZ-001 rests on SCORE_HIGH",
    ),
    (
        ZZ,
        "conditions",
        HIGH,
        "[{}]",
        "conditions.toml, line 5: SCORE_HIGH has an alternative that asks nothing",
    ),
    (ZZ, "conditions", HIGH, "[{ red_list = false }]", "SCORE_HIGH .* asks nothing"),
    (ZZ, "conditions", HIGH, "[{ clean_years = -1 }]", "clean_years that are not 1 to 5"),
    (ZZ, "conditions", HIGH, "[{ clean_years = 6 }]", "clean_years that are not 1 to 5"),
    (ZZ, "conditions", HIGH, "[{ most_score = 120 }]", "most_score"),
    (ZZ, "conditions", HIGH, "[{ least_score = true }]", "least_score that are not 1"),
    (PDS, "conditions", "person = [{ red_list = true }]", "", "PDS-011 is for a person, of whom RED_LIST"),
    (ZZ, "conditions", 'owner = "市信用办"', "", "line 5: SCORE_HIGH.*owner"),
    (
        ZZ,
        "conditions",
        'configured = "120分 · The score of 120"',
        "",
        "line 5: SCORE_HIGH says neither what the doc",
    ),
    (
        ZZ,
        "conditions",
        "[SCORE_HIGH]",
        '[X]\nowner="o"\nzh="z"\nen="e"\nstated="s · t"\n[SCORE_HIGH]',
        "line 5: X is the basis of no",
    ),
    (XY, "conditions", "{ clean_years = 1 },", "{ least_score = 100 },", "Xinyang has no score programme"),
    (
        PDS,
        "conditions",
        '["A", "B"], legal',
        '["D"], legal',
        "TAX_GRADE asks for tax_grades without A, which",
    ),
    (
        PDS,
        "conditions",
        '["A", "B"], legal',
        '["A", "M"], legal',
        "TAX_GRADE asks for tax_grades without B, which",
    ),
    (
        PDS,
        "conditions",
        '["A", "B"], legal',
        '["A", "B", "M", "C", "D"], legal',
        "tax_grades down to D, the worst",
    ),
    (PDS, "conditions", '["A", "B"], legal', "3, legal", r"asks for tax_grades \[\], and there are A, B, M"),
    (PDS, "conditions", '["A", "B"], legal', '"A", legal', "Expected `.*`, got `str`"),
    (PDS, "conditions", '["A", "B"], legal', '["A", "E"], legal', "'E'"),
    (
        PDS,
        "conditions",
        '{ tax_grades = ["A", "B"], ',
        "{ least_score = 1, ",
        "asks a enterprise for least_score",
    ),
    (PDS, "conditions", '["AAA", "AA"]', '["AA"]', "TRANSPORT_GRADE asks for transport_grades without AAA"),
    (PDS, "conditions", 'payment_grades = ["A"]', 'payment_grades = ["B"]', "payment_grades without A"),
    (PDS, "conditions", 'payment_grades = ["A"]', 'payment_grades = ["A", "B", "C"]', "down to C, the w"),
    (PDS, "conditions", "founded_within = 5", "founded_within = 11", "founded_within that are not 1 to 10"),
    (PDS, "conditions", '"PROVINCIAL", "CITY"]', '"CITY", "COUNTY"]', "honour_levels without PROVINCIAL"),
    (PDS, "conditions", "· The document says a good", "The document says a good", "TRANSPORT_GRADE.*regex"),
]
"""A city, a file of it, what stands there, what is put in its place, and how it is refused."""


SLIPS = [
    (NY, "incentives", "NY-002 =", "ny-002 =", "line 11: ny-002 is of another city or no number"),
    (NY, "incentives", "NY-002 =", "NY-02 =", "line 11: NY-02 is of another city or no number"),
    (NY, "incentives", "NY-002 =", '"NY-00-1" =', "line 11: NY-00-1 is of another city or no number"),
    (NY, "incentives", "NY-002 =", '"NY-" =', "line 11: NY- is of another city or no number"),
    (NY, "incentives", "NY-002 =", "NY-001 =", r"cannot be read as TOML: .*line 11"),
    (NY, "incentives", 'place = "旅游"', 'place = " "', "line 10: NY-001: .*place"),
    (NY, "incentives", '"reward.tourism"', '""', "line 10: NY-001: .*scene"),
    (NY, "incentives", '"reward.tourism"', '"Reward.Tourism"', "line 10: NY-001 has the scene Reward.T"),
    (NY, "incentives", '"reward.tourism"', '["reward.tourism"]', "line 10: NY-001: Expected `str`"),
    (NY, "incentives", 'for = ["person"]', 'for = ["Person"]', "line 10: NY-001: .*'Person'"),
    (NY, "incentives", '"SCORE_HOLDER"', '"score_holder"', "line 10: NY-001 rests on score_holder"),
    (
        NY,
        "incentives",
        '["市文化广电和旅游局"]',
        '["市公安局", "市公安局"]',
        "line 10: NY-001 names a unit twice",
    ),
    (
        NY,
        "incentives",
        "[unanswered]\n",
        '[unanswered]\nX = "甲 · x"\n',
        "line 8: X is the basis of no incentive",
    ),
    (NY, "incentives", "[unanswered]\n", "[Unanswered]\n", "line 7: it states .* nothing: `Unanswered`"),
    (NY, "conditions", "[SCORE_HOLDER]", "[score_holder]", "line 10: NY-001 rests on SCORE_HOLDER"),
    (NY, "conditions", "[SCORE_HOLDER]", "[[SCORE_HOLDER]]", "line 5: SCORE_HOLDER: Expected a table"),
    (NY, "conditions", "least_score = 100", "least_score = 100.0", "line 11: SCORE_HOLDER: .*`float`"),
    (NY, "conditions", "least_score = 100", "Least_Score = 100", "line 5: SCORE_HOLDER states Least_Score"),
    (NY, "conditions", "owner = ", "Owner = ", "line 6: SCORE_HOLDER: it states .* nothing: `Owner`"),
    (NY, "conditions", 'owner = "市信用办"', 'owner = " "', "line 6: SCORE_HOLDER: .*owner"),
    (
        NY,
        "conditions",
        "person = ",
        "enterprise = [{ red_list = true }]\nperson = ",
        "line 11: .*HOLDER states `e",
    ),
    (
        NY,
        "conditions",
        "100 }]",
        "100 }, { least_score = 100 }]",
        "SCORE_HOLDER has an alternative under `person`",
    ),
    (NY, "conditions", "100 }]", "100 }, { least_score = 100, red_list = true }]", "and decides nothing"),
    (NY, "conditions", "= 100 }]", "= 100, individual_business = true }]", "told by whom a line asks"),
    (
        ZZ,
        "conditions",
        "least_score = 120",
        "least_score = 201",
        "line 5: .* 201, which is above the highest",
    ),
    (XY, "conditions", '"食品制造业", ', '" ", ', r"line 37: FAVOURED_TRADE asks for industries \[' '\]"),
    (
        PDS,
        "conditions",
        '["AAA", "AA"]',
        '["aaa", "AA"]',
        r"TRANSPORT_GRADE asks for transport_grades \['aaa'\]",
    ),
    (NY, "city", 'code = "NY"', 'code = "ny"', "city.toml, line 2: .*code"),
    (NY, "city", 'zh = "南阳市"', 'zh = ""', "city.toml, line 3: .*zh"),
    (NY, "city", 'region = "411300"', "region = 411300", "city.toml, line 5: Expected `str`, got `int`"),
    (NY, "city", 'region = "411300"', 'region = "410000"', "line 5: the region is no city"),
    (NY, "city", "411303 =", "411300 =", "line 33: 411300 is no code of a district"),
    (NY, "city", "411303 =", "41130X =", "line 33: 41130X is no code of a district"),
    (
        NY,
        "city",
        '411303 = "卧龙区"',
        '411303 = "宛城区"',
        "line 33: the districts 411302 and 411303 have one",
    ),
    (NY, "city", '411303 = "卧龙区"', '411303 = ""', "line 31: .*districts"),
    (
        NY,
        "city",
        '  "reward.culture",',
        '  "reward.culture",\n  "reward.culture",',
        "reward.culture stands in scenes",
    ),
    (NY, "city", '  "reward.culture",', '  "reward.*",', r"line 12: reward\.\* is no leaf of reward"),
    (NY, "city", '  "reward.culture",', "  3,", r"line 9: Expected `str`, got `int` - at `\$\.scenes\[2\]`"),
    (
        NY,
        "city",
        '  "市公安局",',
        '  "市公安局",\n  "市无事局",',
        "line 26: no incentive of nanyang names 市无事局",
    ),
    (
        NY,
        "city",
        '  "市公安局",',
        '  "市公安局",\n  "市公安局",',
        "line 25: 市公安局 stands in bureaus twice",
    ),
    (NY, "city", "[by_duty]", '[by_duty]\n"reward.tourism" = ""', "line 50: .*by_duty"),
    (NY, "city", "[by_duty]", "[By_Duty]", "line 50: it states what means nothing: `By_Duty`"),
    (NY, "city", "[programme]", "[Programme]", "line 54: it states what means nothing: `Programme`"),
    (NY, "city", "opened = 2022-09-29", 'opened = "2022-09-29"', "line 59: Expected `date`, got `str`"),
    (NY, "city", "opened = 2022-09-29", "opened = 2022-09-29\nmost = 0", "line 60: Expected `int` >= 1"),
    (ZZ, "city", "base = 100", "base = 201", "line 52: a score begins at 201, and the highest one is 200"),
    (ZZ, "city", "least = 0, below", "least = 10, below", "line 79: the lowest band begins at 10"),
    (ZZ, "city", "least = 0, below", "least = -10, below", "line 79: the lowest band begins at -10"),
    (ZZ, "city", "below = 201", "below = 301", "line 83: the highest band ends below 301"),
    (ZZ, "city", "most = 200\n", "", "line 82: the highest band ends below 201, and no highest score is"),
    (ZZ, "city", "least = 120, below = 150", "least = 120", "line 82: the band 信用优秀 has no end"),
    (ZZ, "city", '"Outstanding"', '"Excellent"', "line 82: two bands have one label, Excellent"),
    (ZZ, "city", "least = 80, below = 100", 'least = 80, below = "100"', r"line 78: .*table\[1\]\.below"),
    (ZZ, "city", "from = 2019-04-18", "since = 2019-04-18", "line 77: it states what means nothing: `since`"),
]
"""Slips of the hand: another spelling, a value of another type, the same twice, what decides nothing."""


@pytest.mark.rule("C11")
@pytest.mark.parametrize(("city", "file", "old", "new", "named"), [*WRONG, *SLIPS])
def test_a_wrong_file_is_refused_by_name(folder: Path, city: str, file: str, old: str, new: str, named: str):
    """Whatever a city's file mistakes or leaves out stops the composition, with the file, the line and the reason."""
    path = folder / city / f"{file}.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(TomlError, match=named) as refused:
        answerable(city, folder)
    assert str(refused.value).startswith(f"{city}/")


@pytest.mark.parametrize("name", ["atlantis", "", "../nanyang", "NANYANG"])
def test_a_city_that_is_not_there_is_refused(name: str):
    """The cities are named, and what was asked for is not repeated."""
    with pytest.raises(TomlError, match="name one of nanyang, pingdingshan") as refused:
        incentives(name)
    assert not name or name not in str(refused.value).split(":")[0]
