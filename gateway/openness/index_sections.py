"""The sections of the page of the open index, each from its part of the index."""

from html import escape

from catalogue.incentives.incentive_marks import units_text
from catalogue.open_index import (
    IndexBandTable,
    IndexIncentive,
    IndexItem,
    IndexOperation,
    IndexProgramme,
    IndexRight,
    IndexScene,
    IndexTerm,
    IndexThreshold,
    OpenIndex,
)
from gateway.openness.page_parts import both, cards, facts, listed, mark, pair, table

_NO_PROGRAMME = (
    "本市没有个人信用积分项目：没有指标，也没有等级 · "
    "This city has no score programme: there are no indicators and no bands"
)
_NO_BANDS = "尚未设定等级表，因此不显示等级 · No table of bands is set yet, so no band is shown"
_NO_OPERATOR = "目前没有应用单位获准在此场景提问 · At present nobody may ask in this scene"
_NO_BUREAU = "文件未指明 · The document names none"
_NOT_ESTABLISHED = "尚未查明 · Not established"
_OWNER = "配置负责单位（文件未写由谁负责） · Owner (no document says who it is)"
_RAISED = "按本场景统一门槛，高于条件本身 · At the one bar of the scene, above the condition by itself"


def programme_part(programme: IndexProgramme | None) -> str:
    """Say what the score programme counts, or that there is none."""
    if programme is None:
        return f"<p>{both(_NO_PROGRAMME)}</p>"
    unknown = mark(_NOT_ESTABLISHED)
    known = facts(
        ("项目 · Programme", pair(programme.zh, programme.en)),
        ("来源 · Source", escape(programme.source)),
        ("开始日期 · Since", escape(programme.opened)),
        ("起始分 · Base", unknown if programme.base is None else str(programme.base)),
        ("最高分 · Highest", unknown if programme.most is None else str(programme.most)),
        ("说明 · Readings", listed(map(mark, programme.readings)) if programme.readings else None),
    )
    rows = (
        (
            pair(each.zh, each.en),
            escape(each.place),
            mark(each.reading) if each.reading else both("文件所写 · As the document says"),
        )
        for each in programme.indicators
    )
    heads = ("计入的信息 · What is counted", "文件中的位置 · Place", "说明 · Reading")
    return known + table("评价指标 · Indicators", heads, rows)


def bands_part(programme: IndexProgramme | None) -> str:
    """Show every table of bands with its date, or say that none is set."""
    if programme is None:
        return f"<p>{both(_NO_PROGRAMME)}</p>"
    return "".join(map(_bands, programme.band_tables)) or f"<p>{mark(_NO_BANDS)}</p>"


def _bands(bands: IndexBandTable) -> str:
    rows = (
        (
            pair(each.zh, each.en),
            f"{each.least} ≤ x" + (f" &lt; {each.below}" if each.below is not None else ""),
            both(each.typical) if each.typical else "–",
        )
        for each in reversed(bands.bands)
    )
    caption = f"自{bands.since}起，来源：{bands.source} · From {bands.since}, source: {bands.source}"
    return table(caption, ("等级 · Band", "积分 x · Score x", "一般情形 · Typical"), rows)


def steps_part(index: OpenIndex) -> str:
    """List the steps of the service in their order."""
    lines = (
        f'<li>{pair(each.zh, each.en)} <span class="number">（{escape(each.source)}）</span></li>'
        for each in index.steps
    )
    return f"<ol>{''.join(lines)}</ol>"


def scenes_part(index: OpenIndex) -> str:
    """Show each scene with its operators and incentives."""
    head = f"<h3>{both('每项激励都要求 · What every incentive asks')}</h3>{listed(map(both, index.always))}"
    return head + "".join(map(_scene, index.scenes))


def _scene(scene: IndexScene) -> str:
    operators = listed(
        f"{pair(each.zh, each.en)}，{escape(each.department)}（{both(each.kind)}）"
        for each in scene.operators
    )
    known = facts(
        ("依职责办理 · By duty", escape(scene.duty) if scene.duty else None),
        ("应用单位 · Operators", operators if scene.operators else both(_NO_OPERATOR)),
    )
    title = f'{pair(scene.zh, scene.en)} <code class="number">{escape(scene.purpose)}</code>'
    return f"<h3>{title}</h3>{known}{cards(map(_incentive, scene.incentives))}"


def _incentive(each: IndexIncentive) -> str:
    state = (
        both("可以回答 · Can be answered")
        if each.waits_for is None
        else mark(f"尚不能回答：{each.waits_for}")
    )
    condition = None
    if each.condition is not None:
        condition = f'<a href="#threshold-{escape(each.basis)}">{both(each.condition)}</a>'
    return f'<h4>{pair(each.zh, each.en)} <span class="number">{escape(each.id)}</span></h4>' + facts(
        ("激励类型 · Kind", both(each.kind)),
        ("服务对象 · For", listed(map(both, each.beneficiaries))),
        ("条件 · Condition", condition),
        ("具体要求，满足其一 · Asked, one of", listed(map(both, each.asked)) if each.asked else None),
        ("门槛 · Bar", mark(_RAISED) if each.raised else None),
        ("本人同意 · Consent", both("需要 · Needed" if each.consent else "不需要 · Not needed")),
        ("状态 · State", state),
        ("责任单位 · Bureaus", escape(units_text(each.bureaus)) if each.bureaus else both(_NO_BUREAU)),
        ("文件 · Document", f"{escape(each.document)}，{escape(each.place)}"),
        ("我们的理解 · Our reading", mark(each.reading) if each.reading else None),
        ("配置 · Configuration", mark(each.configured) if each.configured else None),
    )


def thresholds_part(index: OpenIndex) -> str:
    """Show each condition with the owner of its numbers."""
    return cards(map(_threshold, index.thresholds))


def _threshold(each: IndexThreshold) -> str:
    title = f'{pair(each.zh, each.en)} <code class="number">{escape(each.basis)}</code>'
    return f'<h3 id="threshold-{escape(each.basis)}" tabindex="-1">{title}</h3>' + facts(
        (_OWNER, mark(each.owner)),
        ("具体要求，满足其一 · Asked, one of", listed(map(both, each.asked))),
        ("文件写明 · Stated by the document", both(each.stated) if each.stated else None),
        ("配置 · Configuration", mark(each.configured) if each.configured else None),
        ("我们的理解 · Our reading", mark(each.reading) if each.reading else None),
    )


def rights_part(index: OpenIndex) -> str:
    """Show each right: to whom to turn, how, through which operation, and within which terms."""
    return cards(map(_right, index.rights))


def _right(each: IndexRight) -> str:
    return f"<h3>{pair(each.zh, each.en)}</h3>" + facts(
        ("依据 · Basis", escape(each.source)),
        ("受理单位 · Organ", both(each.organ)),
        ("办理方式 · How", both(each.how)),
        ("操作 · Operation", listed(map(_operation, each.operations)) if each.operations else None),
        ("期限 · Terms", listed(map(_term, each.terms)) if each.terms else None),
    )


def _operation(each: IndexOperation) -> str:
    through = "；".join(map(both, each.clients))
    return f"{pair(each.zh, each.en)} <code>{escape(each.name)}</code>：{through}"


def _term(each: IndexTerm) -> str:
    value = mark(_NOT_ESTABLISHED) if each.value is None else both(each.value)
    time = f"{each.since}起" if each.until is None else f"{each.since}至{each.until}"
    source = f"{escape(each.source)}，{time}，{escape(each.mark)}"
    return f'{pair(each.zh, each.en)}：{value} <span class="number">（{source}）</span>'


def items_part(index: OpenIndex) -> str:
    """Show each item that is collected or derived, with its legal basis."""
    return cards(map(_item, index.items))


def _item(each: IndexItem) -> str:
    return f'<h3>{pair(each.zh, each.en)} <span class="number">{escape(each.code)}</span></h3>' + facts(
        ("法律依据 · Legal basis", escape(each.legal_basis)),
        ("提供单位 · Provider", escape(each.provider)),
        ("主体类型 · Of whom", listed(map(both, each.subjects)) if each.subjects else None),
        ("信息性质 · Nature", both(each.nature)),
        ("共享属性 · Disclosure", both(each.disclosure)),
        ("覆盖范围 · Coverage", escape(each.coverage)),
        ("更新周期 · Update", escape(each.update_cycle)),
    )
