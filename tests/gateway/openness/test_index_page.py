"""What the page of the open index says beside the data: what is missing, what is ours, and nothing that runs."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from catalogue.incentives.city_files import city_names
from catalogue.open_index import OpenIndex
from gateway.openness.index_page import index_page
from tests.support.open_indexes import incentives_of, index_of

every_city = pytest.mark.parametrize("city", city_names())
VOID = frozenset({"meta", "br"})


class Elements(HTMLParser):
    """Every element of a page with its attributes, and whether each is closed in its order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@every_city
def test_a_page_loads_and_runs_nothing(city: str):
    """A page is well formed, has no script, no style of an element, and no address but places within itself."""
    page = Elements(index_page(index_of(city)).html)
    assert page.open == []
    assert {tag for tag, _ in page.found}.isdisjoint(
        {"script", "link", "img", "iframe", "form", "object", "svg"}
    )
    ids = {each["id"] for _, each in page.found if each.get("id")}
    for _, each in page.found:
        assert not each.keys() & {"style", "src", "srcset", "action"}
        assert not any(name.startswith("on") for name in each)
        if "href" in each:
            assert str(each["href"])[0] == "#"
            assert str(each["href"])[1:] in ids


@every_city
def test_each_name_of_a_place_is_one(city: str):
    """No two elements have one name, so that each link leads to its place."""
    ids = [each["id"] for _, each in Elements(index_page(index_of(city)).html).found if each.get("id")]
    assert len(set(ids)) == len(ids)


@every_city
def test_everything_of_the_index_is_shown(city: str):
    """The page shows each incentive, operator, threshold, right, step, item and term."""
    index, html = index_of(city), index_page(index_of(city)).html
    said = re.sub(r"<[^>]+>", "", html)
    texts = [*incentives_of(index), *(each.source for each in index.steps)]
    texts += [each.department for scene in index.scenes for each in scene.operators]
    texts += [each.owner for each in index.thresholds]
    texts += [text for each in index.rights for text in (each.zh, each.source)]
    texts += [term.source for each in index.rights for term in each.terms]
    texts += [text for each in index.items for text in (each.code, each.legal_basis)]
    assert [text for text in texts if text not in said] == []


@pytest.mark.rule("R05")
def test_a_city_without_a_programme_says_so():
    """In a city without a score programme the page says that it has none; where no bands are set, it says that."""
    none, unset = "本市没有个人信用积分项目", "尚未设定等级表"
    for city, said, unsaid in (("xinyang", none, unset), ("nanyang", unset, none)):
        html = index_page(index_of(city)).html
        assert said in html
        assert unsaid not in html
    for said in (none, unset):
        assert said not in index_page(index_of("zhengzhou")).html


def test_what_is_missing_is_said():
    """A scene without operators, an incentive without units, one that waits, and a term that nobody knows are said to be so."""
    html = index_page(index_of("xinyang")).html
    assert "目前没有应用单位获准在此场景提问" in html
    assert "尚不能回答：待信用承诺信息" in html
    assert "尚未查明" in html
    index = index_of("xinyang")
    scene = index.scenes[0]
    nameless = replace(scene, incentives=(replace(scene.incentives[0], bureaus=()),))
    assert "文件未指明" in index_page(replace(index, scenes=(nameless,))).html


@every_city
def test_what_is_ours_has_a_mark_on_the_page(city: str):
    """Readings, configuration and the owners of it stand on a coloured ground, beside each incentive and each threshold."""
    html, index = index_page(index_of(city)).html, index_of(city)
    marked = {re.sub(r"<[^>]+>", "", each) for each in re.findall(r'<mark class="mark">(.*?)</mark>', html)}
    shown = [*index.thresholds, *incentives_of(index).values()]
    ours = {text for each in shown for text in (each.reading, each.configured) if text}
    ours |= {each.owner for each in index.thresholds}
    said = {escape(text.replace(" · ", " ", 1)) for text in ours}
    assert said <= marked
    assert "配置负责单位（文件未写由谁负责）" in html


def test_texts_are_escaped():
    """A text is a text on the page, whatever signs it has."""
    wrong = '<b title="x">&</b> · <script>'
    index = index_of("nanyang")
    programme = index.programme
    assert programme is not None
    tried: list[OpenIndex] = [
        replace(index, zh=wrong, en=wrong, document=wrong),
        replace(
            index, always=(wrong,), programme=replace(programme, zh=wrong, source=wrong, readings=(wrong,))
        ),
        replace(index, steps=(replace(index.steps[0], zh=wrong, source=wrong),)),
        replace(index, thresholds=(replace(index.thresholds[0], zh=wrong, owner=wrong, asked=(wrong,)),)),
        replace(index, rights=(replace(index.rights[0], zh=wrong, organ=wrong, how=wrong, source=wrong),)),
        replace(index, items=(replace(index.items[0], zh=wrong, provider=wrong, legal_basis=wrong),)),
    ]
    for each in tried:
        html = index_page(each).html
        assert "&lt;b title=&quot;x&quot;&gt;&amp;&lt;/b&gt;" in html
        assert "<b" not in html.replace("<body", "")
        assert "<script" not in html
