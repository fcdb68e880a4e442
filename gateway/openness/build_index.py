"""Builds the open index from the rules in force. `GET /open` and `openIndex` of the graph both answer with what is built here.

Nothing is read of any bureau, and nothing depends on the day: terms and tables of bands stand there with their dates.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from catalogue.catalogue_item import CatalogueItem
from catalogue.dated_rules import dated_rules
from catalogue.declared_codes import bilingual
from catalogue.incentives.city_files import City, city_called
from catalogue.incentives.incentive_catalogue import Alternative, Condition, incentives
from catalogue.incentives.incentive_marks import configuration_of
from catalogue.incentives.requirement_kinds import KINDS, Beneficiary
from catalogue.incentives.requirement_words import ACTIVE, ALIVE, OF_AGE, enrolled_in
from catalogue.incentives.scene_threshold import answerable
from catalogue.incentives.stated_incentives import OF_KIND, asked_of, stated_incentive
from catalogue.index_words import DISCLOSURES, NATURES, SUBJECTS, term_text
from catalogue.open_index import (
    IndexBand,
    IndexBandTable,
    IndexIndicator,
    IndexItem,
    IndexOperation,
    IndexOperator,
    IndexProgramme,
    IndexRight,
    IndexScene,
    IndexStep,
    IndexTerm,
    IndexThreshold,
    OpenIndex,
)
from catalogue.score_programmes import BandTable, ScoreProgramme
from catalogue.subject_rights import RightTerm, SubjectRight, subject_rights
from gateway.installation import Rules
from resolvers.graph.fields import items_of


def build_open_index(rules: Rules, name: str) -> OpenIndex:
    """Return the open index of the city of this name under the rules."""
    city, file = city_called(name), subject_rights()
    there = {"programme": city.programme is not None, "duty": bool(city.by_duty), None: True}
    items = items_of(rules.graph).values()
    return OpenIndex(
        zh=city.zh,
        en=city.en,
        document=city.document,
        programme=None if city.programme is None else _programme(city.programme),
        steps=tuple(IndexStep(each.zh, each.en, each.source) for each in file.step if there[each.needs]),
        always=tuple(_always(city)),
        scenes=tuple(_scene(rules, city, name, each) for each in city.scenes),
        thresholds=tuple(_thresholds(city, name)),
        rights=tuple(_right(rules, each) for each in file.right if there[each.needs]),
        items=tuple(map(_item, items)),
    )


def index_values(index: OpenIndex) -> dict[str, Any]:
    """Return the index as JSON has it, and as the graph answers it."""
    return msgspec.to_builtins(index)


def _programme(programme: ScoreProgramme) -> IndexProgramme:
    return IndexProgramme(
        code=programme.code,
        zh=programme.zh,
        en=programme.en,
        source=programme.source,
        opened=programme.opened.isoformat(),
        base=programme.base,
        most=programme.most,
        indicators=tuple(
            IndexIndicator(each.zh, each.en, each.place, each.reading) for each in programme.indicators
        ),
        band_tables=tuple(_band_table(each, programme.source) for each in programme.bands),
        readings=programme.readings,
    )


def _band_table(table: BandTable, source: str) -> IndexBandTable:
    bands = (IndexBand(each.zh, each.en, each.least, each.below, each.typical) for each in table.table)
    return IndexBandTable(table.since.isoformat(), table.source or source, tuple(bands))


def _always(city: City) -> Iterator[str]:
    """Yield what every rule asks beside its condition: see `resolvers.eligibility.incentive_rules`."""
    person, firm = OF_KIND["person"], OF_KIND["enterprise"]
    for (zh, en), words in ((person, OF_AGE), (person, ALIVE), (firm, ACTIVE)):
        yield bilingual(f"{zh}：{words.zh}", f"{en}: {words.en}")
    if city.programme is not None:
        words = enrolled_in(city.programme)
        yield bilingual(f"要求积分的：{words.zh}", f"Where a score is asked for: {words.en}")


def _scene(rules: Rules, city: City, name: str, scene: str) -> IndexScene:
    purpose, at_bar = rules.policy.purposes.leaves[scene], answerable(name)
    own = (each for each in incentives(name).values() if each.scene == scene)
    return IndexScene(
        purpose=scene,
        zh=purpose.zh,
        en=purpose.en,
        duty=city.by_duty.get(scene),
        incentives=tuple(stated_incentive(each, at_bar.get(each.id, each)) for each in own),
        operators=tuple(_operators(rules, scene)),
    )


def _operators(rules: Rules, scene: str) -> Iterator[IndexOperator]:
    """Yield who may ask in a scene; a client of the sandbox is nobody's system."""
    for client in rules.clients.values():
        kind = rules.policy.kinds[client.kind]
        if scene in client.purposes and not kind.sandbox:
            yield IndexOperator(
                client.name, client.zh, client.en, bilingual(kind.zh, kind.en), client.department
            )


def _thresholds(city: City, name: str) -> Iterator[IndexThreshold]:
    stated: dict[str, Condition] = {
        each.basis: each.condition for each in incentives(name).values() if each.condition is not None
    }
    for basis, each in stated.items():
        own: Mapping[Beneficiary, tuple[Alternative, ...]] = {
            "person": each.person,
            "enterprise": each.enterprise,
        }
        asked = [line for kind in KINDS for line in asked_of(kind, own[kind], city)]
        asked += asked_of(
            "enterprise",
            tuple({**one, "individual_business": True} for one in each.individual_business),
            city,
        )
        yield IndexThreshold(
            basis=basis,
            zh=each.zh,
            en=each.en,
            owner=each.owner,
            asked=tuple(asked),
            stated=each.stated,
            configured=configuration_of(each),
            reading=each.reading,
        )


def _right(rules: Rules, right: SubjectRight) -> IndexRight:
    registered = (rules.register[each] for each in right.operations if each in rules.register)
    operations = (
        IndexOperation(
            each.name,
            each.zh,
            each.en,
            tuple(bilingual(rules.clients[it].zh, rules.clients[it].en) for it in sorted(each.clients)),
        )
        for each in registered
    )
    return IndexRight(
        name=right.name,
        zh=right.zh,
        en=right.en,
        source=right.source,
        organ=right.organ,
        how=right.how,
        operations=tuple(operations),
        terms=tuple(row for each in right.terms for row in _terms(each)),
    )


def _terms(term: RightTerm) -> Iterator[IndexTerm]:
    """Yield every row of a rule with its dates: what holds on a day is for the reader to see."""
    for row in dated_rules().rows[term.rule]:
        until = None if row.until is None else row.until.isoformat()
        since = row.from_.isoformat()
        yield IndexTerm(term.rule, term.zh, term.en, term_text(row), since, until, row.source, row.mark)


def _item(item: CatalogueItem) -> IndexItem:
    zh, en = item.name
    return IndexItem(
        code=item.code,
        zh=zh,
        en=en,
        provider=item.provider,
        nature=NATURES[item.nature],
        disclosure=DISCLOSURES[item.disclosure],
        subjects=tuple(text for kind, text in SUBJECTS.items() if kind in item.subjects),
        coverage=item.coverage,
        update_cycle=item.update_cycle,
        legal_basis=item.legal_basis,
    )
