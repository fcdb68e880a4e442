"""The oracle of single requirements: what each says in Chinese decides, and not the rules of the gateway."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from tests.support.standing_oracle import FIRM, TAX, Held, age, consented, earlier, joined

_LEVELS: Final = {"国家级": "NATIONAL", "省级": "PROVINCIAL", "市级": "CITY", "县级": "COUNTY"}
_FORMS: Final = {"公司": "COMPANY", "合作社": "COOPERATIVE", "个体工商户": "INDIVIDUAL_BUSINESS"}
_GRADES: Final = {
    "纳税信用": TAX,
    "道路运输考核": "transport.transport_grade",
    "社会保险缴费信用": "social_security.payment_grade",
}
ORACLES: Final[Mapping[str, Callable[[Held, str], bool]]] = {
    "年满十八周岁": lambda held, _: held.has(
        "registry.person", lambda r: age(r["birth_date"], held.day) >= 18
    ),
    "登记为在世": lambda held, _: held.has("registry.person", lambda r: not r["deceased"]),
    "登记状态为存续": lambda held, _: held.has(FIRM, lambda r: r["status"] == "ACTIVE"),
    "已参加.+": lambda held, _: joined(held),
    "积分不低于([0-9]+)": lambda held, text: held.scored(int(text)),
    "([0-9])年内无不良记录": lambda held, text: held.clean(int(text)),
    "在守信红名单上": lambda held, _: held.red_listed(),
    "荣誉级别(.+)": lambda held, text: held.honoured(" ".join(_LEVELS[each] for each in text.split("、"))),
    "成立不满([0-9]+)年": lambda held, text: held.has(
        FIRM, lambda r: r["established_on"] > earlier(held.day, int(text))
    ),
    "登记行业为(.+)": lambda held, text: held.has(FIRM, lambda r: r["industry"] in text.split("/")),
    "主体类型为(.+)": lambda held, text: held.has(
        FIRM, lambda r: r["kind"] in [_FORMS[each] for each in text.split("、")]
    ),
    "登记在.+市": lambda held, _: held.is_local(),
    "是个体工商户": lambda held, _: held.is_individual(),
    "不是个体工商户": lambda held, _: not held.is_individual(),
    "已同意用于场景(.+)，且同意有效": lambda held, text: consented(held, text, None),
    "个体工商户的经营者已同意用于场景(.+)，且同意有效": lambda held, text: (
        not held.is_individual() or consented(held, text, None)
    ),
    **{
        f"{name}(.+)级": lambda held, text, of=dataset: held.graded(of, text.replace("/", " "))
        for name, dataset in _GRADES.items()
    },
}
"""By the words of a requirement, of which a part in brackets is what it asks for: whether it is met."""


def is_met(title: str, held: Held) -> bool:
    """Whether what a requirement says in both languages is so; exactly one oracle knows its words."""
    zh, dot, en = title.partition(" · ")
    assert dot
    assert en
    ((oracle, found),) = (
        (each, match) for words, each in ORACLES.items() if (match := re.fullmatch(words, zh))
    )
    return oracle(held, "".join(found.groups()))
