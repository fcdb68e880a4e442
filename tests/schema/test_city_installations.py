"""A city's folder that would begin without a word, though it says what cannot be or what is another city's, is refused."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from catalogue.incentives.city_files import city_called, city_names
from catalogue.incentives.city_folders import CITIES
from catalogue.incentives.incentive_catalogue import incentives
from catalogue.incentives.scene_threshold import answerable
from catalogue.toml_files import TomlError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the cities."""
    return Path(shutil.copytree(CITIES, tmp_path / "cities"))


NY, PDS, XY, ZZ = "nanyang", "pingdingshan", "xinyang", "zhengzhou"
WRONG = [
    (XY, "conditions", '"纺织业"', '"纺织"', r"line 37: FAVOURED_TRADE asks for industries \['纺织'\], .* GB/T 4754-2017"),
    (XY, "conditions", '"家具制造业"', '"茶业"', r"line 37: FAVOURED_TRADE asks for industries \['茶业'\]"),
    (ZZ, "city", "from = 2019-04-18", "from = 2019-08-07", "line 77: the first table of bands begins on 2019-08-07"),
    (ZZ, "city", "from = 2019-04-18", "from = 2099-01-01", "line 77: .* and the programme opened on 2019-08-06"),
    (ZZ, "city", "opened = 2019-08-06", "opened = 2019-04-17", "line 77: the first table of bands begins on 2019-04"),
    (ZZ, "city", "least = 150, below = 201", "least = 150", "line 83: the highest band has no end, and .* is 200"),
    (NY, "city", 'code = "WANXIN"', 'code = "SHANGDING"', "line 55: programme.code is that of zhengzhou too"),
    (NY, "city", "宛信用办〔2022〕4号", "郑信用〔2019〕3号", "line 6: document is that of zhengzhou too"),
    (XY, "city", 'document = "信阳', 'document_number = "驻政办〔2017〕102号"\ndocument = "驻政办〔2017〕102号 信阳', "line 6: document_number is that of zhumadian"),
    (XY, "city", 'zh = "信阳市"', 'zh = "南阳市"', "line 3: zh is that of nanyang too"),
    (NY, "city", 'code = "NY"', 'code = "XY"', "line 2: code is that of xinyang too"),
    (XY, "conditions", 'owner = "市税务局"', 'owner = "南阳市税务局"', "line 18: TAX_GRADE_A has an owner who is an organ of nanyang"),
    (XY, "conditions", 'owner = "市税务局"', 'owner = "郑州市税务局"', "TAX_GRADE_A has an owner who is an organ of zhengzhou"),
    (PDS, "conditions", "individual_business = [{ clean_years = 1 }, { red_list = true }]", "individual_business = []", r"line 4\d: GOOD_CREDIT: Expected a list of length >= 1 - at `\$\.individual_business`"),
    (ZZ, "conditions", "person = [{ least_score = 120 }]", "person = []", "line 11: SCORE_HIGH: Expected a list of length >= 1"),
    (ZZ, "conditions", '"120分 ·', '"130分 ·', "line 9: SCORE_HIGH says that 130 is configuration, and asks for 120"),
    (ZZ, "conditions", "least_score = 120", "least_score = 100", "line 9: SCORE_HIGH says that 120 is configuration, and asks for 100"),
    (PDS, "conditions", '"五年 · Five years"', '"三年 · Five years"', "line 9: NO_ADVERSE_RECORD says that 3 is configuration"),
    (PDS, "conditions", '"五年 · Five years"', '"五年 · Three years"', "line 9: NO_ADVERSE_RECORD says that 3 is configuration"),
    (NY, "city", 'zh = "南阳市"', 'zh = "南阳市\\u0000"', r"line 3: a text holds U\+0000 .*, which nobody sees"),
    (NY, "city", 'en = "Nanyang"', 'en = "Nan\\u202Eyang"', r"line 4: a text holds U\+202E"),
    (NY, "city", '"卧龙区"', '"卧龙区\\u200B"', r"line 33: a text holds U\+200B"),
    (NY, "city", '"卧龙区"', '"411502198803159749"', "line 33: a text holds what may be an identity number"),
    (NY, "city", '"卧龙区"', '"４１１５０２１９８８０３１５９７４９"', "line 33: a text holds what may be an identity number"),
    (NY, "incentives", 'zh = "旅游领域绿色通道"', 'zh = "91411500MA3X0000XA的绿色通道"', "line 10: a text holds what may be an identity"),
    (NY, "incentives", "NY-002 =", '"NY-411502198803159749" =', "line 11: a name holds what may be an identity number"),
    (NY, "conditions", 'owner = "市信用办"', 'owner = "市信用办 4115 0219 8803 1597 49"', "line 6: a text holds what may be an"),
]  # fmt: skip
"""A city, a file of it, what stands there, what is put in its place, and how it is refused."""


@pytest.mark.rule("C11")
@pytest.mark.parametrize(("city", "file", "old", "new", "named"), WRONG)
def test_what_would_begin_without_a_word_is_refused(
    folder: Path, city: str, file: str, old: str, new: str, named: str
):
    """A misspelling, a gap in time, and a statement of another city are named with the file, the line and the reason."""
    path = folder / city / f"{file}.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(TomlError, match=named) as refused:
        answerable(city, folder)
    assert str(refused.value).startswith(f"{city}/{file}.toml, line ")
    assert "8803" not in str(refused.value)
    assert "91411500" not in str(refused.value)


def test_a_file_that_is_none_of_a_city_is_refused(folder: Path):
    """A file by another name would be read by nobody; a hidden one is no file of the city."""
    (folder / NY / ".hidden").write_text("", "utf-8")
    assert answerable(NY, folder)
    incentives.cache_clear()
    (folder / NY / "thresholds.toml").write_text("", "utf-8")
    with pytest.raises(TomlError, match=r"^nanyang/thresholds\.toml: no file of a city is called so"):
        incentives(NY, folder)


def test_a_neighbour_that_cannot_be_read_stops_nobody_else(folder: Path):
    """A city that is half written is refused where it serves, and compared with nothing where another one does."""
    (folder / ZZ / "city.toml").write_text('code = "XY', "utf-8")
    assert answerable(XY, folder)
    with pytest.raises(TomlError, match=r"zhengzhou/city\.toml cannot be read as TOML"):
        city_called(ZZ, folder)


def test_a_table_of_bands_may_follow_on_a_later_day(folder: Path):
    """A table that is set for a day to come leaves no gap, for the one before it stands until then."""
    file = folder / ZZ / "city.toml"
    text = file.read_text("utf-8")
    table = text[text.index("[[programme.bands]]") :]
    file.write_text(text + "\n" + table.replace("2019-04-18", "2099-01-01"), "utf-8")
    programme = city_called(ZZ, folder).programme
    assert programme is not None
    assert len(programme.bands) == 2


def test_no_city_of_the_project_names_another(folder: Path):
    """The cities that are delivered have nothing in common that belongs to one."""
    for name in city_names(folder):
        assert answerable(name, folder)
    numbers = [city_called(name, folder).document for name in city_names(folder)]
    assert len({*numbers}) == len(numbers)
    assert not any(re.search("[0-9]{7}", each) for each in numbers)


def test_a_sixth_city_is_a_folder(folder: Path):
    """What makes a city is its data: a copy of a folder with other letters is a city of its own."""
    shutil.copytree(folder / NY, folder / "luoyang")
    own = {
        '"NY"': '"LY"',
        "NY-0": "LY-0",
        "南阳": "洛阳",
        "4113": "4103",
        "宛信用办": "洛信用办",
        "WANXIN": "LUOXIN",
    }
    for name in ("city", "incentives"):
        file = folder / "luoyang" / f"{name}.toml"
        text = file.read_text("utf-8")
        for old, new in own.items():
            text = text.replace(old, new)
        file.write_text(text, "utf-8")
    assert [*answerable("luoyang", folder)][:1] == ["LY-001"]


def test_a_file_that_is_missing_is_named(folder: Path):
    """Without its conditions the catalogue is none."""
    (folder / NY / "conditions.toml").unlink()
    with pytest.raises(TomlError, match=r"nanyang/conditions\.toml"):
        answerable(NY, folder)
