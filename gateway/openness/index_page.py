"""The open index as one page of HTML without a script. It loads nothing, and its policy allows its own style alone."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from catalogue.open_index import OpenIndex
from gateway.openness.index_sections import (
    bands_part,
    items_part,
    programme_part,
    rights_part,
    scenes_part,
    steps_part,
    thresholds_part,
)
from gateway.openness.page_parts import both, facts, section

_STYLE: Final = Path(__file__).with_name("index_page.css")
_TITLES: Final[Mapping[str, str]] = {
    "programme": "积分项目和指标 · Score programme and indicators",
    "bands": "积分等级 · Bands",
    "steps": "服务流程 · How it works",
    "scenes": "应用场景和激励 · Scenes and incentives",
    "thresholds": "条件和门槛 · Conditions and thresholds",
    "rights": "信息主体权益 · Rights of the subject",
    "items": "数据目录 · Items collected",
}
_ABOUT: Final = (
    "本页由现行规则生成，对所有人公开，不含任何个人或者企业的信息。有底色的内容是配置、我们的理解或者尚未查明的事项 · "
    "This page is made of the rules in force, for everybody. It holds no information about any person or enterprise. "
    "What has a coloured ground is configuration, our reading, or not established"
)
_MARKS: Final = (
    "期限后的标记：V 已读原文；V copy 已读转载的原文；S 二手来源；F 只读到部分字句；N 未查到 · Marks behind a term: V the "
    "wording was read; V copy a copy of it; S a secondary source; F phrases only; N looked for and not found"
)


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The page, and the policy under which a browser shows it."""

    html: str
    policy: str


def index_page(index: OpenIndex) -> IndexPage:
    """Return the page of an open index."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
    return IndexPage(_page(index, style), policy)


@cache
def _style() -> str:
    return _STYLE.read_text("utf-8").strip()


def _page(index: OpenIndex, style: str) -> str:
    parts = {
        "programme": programme_part(index.programme),
        "bands": bands_part(index.programme),
        "steps": steps_part(index),
        "scenes": scenes_part(index),
        "thresholds": thresholds_part(index),
        "rights": f"<p>{both(_MARKS)}</p>{rights_part(index)}",
        "items": items_part(index),
    }
    links = "".join(f'<li><a href="#{name}">{both(title)}</a></li>' for name, title in _TITLES.items())
    main = "".join(section(name, title, parts[name]) for name, title in _TITLES.items())
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(index.zh)}公开目录 · Open index of {escape(index.en)}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#main">{both("跳到正文 · Skip to the content")}</a>
<header>
<h1>{escape(index.zh)}公开目录 <span lang="en">Open index of {escape(index.en)}</span></h1>
{facts(("文件 · Document", escape(index.document)))}
<p>{both(_ABOUT)}</p>
<nav aria-label="目录 · Contents"><ul>{links}</ul></nav>
</header>
<main id="main" tabindex="-1">{main}</main>
</body>
</html>
"""
