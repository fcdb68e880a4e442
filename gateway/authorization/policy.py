"""One version of the rules with all that a decision needs, checked as a whole before it decides anything."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cedarpy
from cedarpy import pst
from msgspec.structs import replace

from catalogue.classification import Use
from gateway.authorization.callers import CallerKind, load_callers
from gateway.authorization.cedar_rules import NO_RULE, Rule, ids_named, read_rules_of, read_text, text_of
from gateway.authorization.duty_items import DutyItems, load_duty_items
from gateway.authorization.engine import ERROR_RULE, UNKNOWN_RULE, Engine, Outcome, Question, validate
from gateway.authorization.entities import Store, build_store
from gateway.authorization.purposes import PurposeTree, load_purposes
from gateway.errors import StartRefused
from resolvers.graph.fields import Field

SCHEMA_FILE: Final = "schema.cedarschema"
USES: Final = tuple(use.value for use in Use)
"""Every use by the name that the rules give it."""
_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")
"""A version in letters alone: digits in a row could be part of a number that must not be said."""
_ANYBODY: Final = 'permit(principal, action == Action::"{}", resource);'
"""What every schema must know, by use: half a file can still be a schema."""
_BUILT_IN: Final = {
    NO_RULE: "没有规则允许此用途使用该类字段 · No permit lets this purpose use a field of this class.",
    ERROR_RULE: "规则执行出错，一律拒绝 · A rule could not be evaluated, so nothing is allowed.",
    UNKNOWN_RULE: "主体、用途或字段未登记，一律拒绝 · The caller, purpose or field is not known, so nothing is allowed.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a use is allowed, by which rule, why, and on which source."""

    allowed: bool
    rule: str
    reason: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the rules. `version` is a digest of all that decides: files, tree, kinds and fields."""

    version: str
    kinds: Mapping[str, CallerKind]
    purposes: PurposeTree
    fields: Mapping[str, Field]
    duties: DutyItems
    rules: Mapping[str, Rule]
    store: Store
    engine: Engine
    _alike: Mapping[str, str]
    """For each field, one that no rule can tell from it."""
    _verdicts: dict[Question, Verdict] = field(default_factory=dict[Question, Verdict], repr=False)

    def judge(self, question: Question) -> Verdict:
        """Return the verdict on one use of one field by itself; what it is derived from is the grant's business.

        Verdicts are remembered: their number is bounded by kinds, purposes, uses and fields.
        """
        alike = self._alike.get(question.field, question.field)
        asked = question if alike == question.field else replace(question, field=alike)
        verdict = self._verdicts.get(asked)
        if verdict is None:
            verdict = self._verdict(self.engine.ask(asked))
            if verdict.rule != UNKNOWN_RULE:
                self._verdicts[asked] = verdict
        return verdict

    def _verdict(self, outcome: Outcome) -> Verdict:
        name = outcome.rules[0] if outcome.rules else NO_RULE
        rule = self.rules.get(name)
        if rule is None:
            return Verdict(False, name, _BUILT_IN.get(name, _BUILT_IN[ERROR_RULE]))
        return Verdict(outcome.allowed, rule.id, rule.reason, rule.source)


def read_policy(folder: Path, fields: Mapping[str, Field]) -> Policy:
    """Read and check a folder of policies of which nothing is proved: to be tried, never to be served."""
    kinds = load_callers(folder / "callers.toml")
    purposes = load_purposes(folder / "purposes.toml", kinds)
    rules = read_rules_of(folder)
    schema = read_text(folder / SCHEMA_FILE, SCHEMA_FILE)
    duties = load_duty_items(folder, purposes, {each.item.code: each.item for each in fields.values()})
    store = build_store(kinds, purposes, fields, duties)
    _check_rules(rules, schema, store)
    _check_scenes(fields, purposes)
    try:
        engine = Engine(text_of(rules.values()), schema, store)
    except ValueError as error:
        raise StartRefused(f"{SCHEMA_FILE}: the entities do not fit: {error}") from None
    version = _version(store, schema, rules, fields)
    alike = _group_alike(store, rules)
    return Policy(version, kinds, purposes, fields, duties, rules, store, engine, alike)


def _check_scenes(fields: Mapping[str, Field], purposes: PurposeTree) -> None:
    """Refuse a one-sided answer whose scene is no purpose: nobody could ask for it, until somebody added the name."""
    for coordinate, each in fields.items():
        scene = each.classification.scene
        if scene is not None and scene not in purposes.leaves:
            raise StartRefused(f"{coordinate} is for the scene {scene}, which is no leaf of purposes.toml")


def _check_rules(rules: Mapping[str, Rule], schema: str, store: Store) -> None:
    """Validate each rule against the schema and look up every entity that it names."""
    try:
        parsed = cedarpy.Schema.from_str(schema)
    except ValueError as error:
        raise StartRefused(f"{SCHEMA_FILE}: this is no Cedar schema: {error}") from None
    if missing := [use for use in USES if validate(_ANYBODY.format(use), parsed)]:
        raise StartRefused(
            f"{SCHEMA_FILE}: it does not declare the use {', '.join(missing)} of a field: write the whole file"
        )
    problems = [line for rule in rules.values() for line in problems_of(rule, parsed, store)]
    if problems:
        raise StartRefused("; ".join(problems))


def problems_of(rule: Rule, schema: cedarpy.Schema, store: Store) -> Iterator[str]:
    """Yield with file and line what the schema has against a rule, and each entity that it names in vain."""
    place = rule.statement.place
    for error in validate(rule.statement.text, schema):
        yield f"{place}: {rule.id}: {error}"
    for each in pst.entity_uids(rule.node):
        kind = each.type.basename
        if kind != "Action" and (kind, each.id) not in store.uids:
            literal = f'{kind}::"{each.id}"'
            yield f"{rule.statement.place_of(literal)}: {rule.id} names {literal}, which does not exist"


def _group_alike(store: Store, rules: Mapping[str, Rule]) -> dict[str, str]:
    """Group fields whose entities differ in nothing that a rule could look at."""
    named = ids_named(rules.values(), "Field")
    first: dict[tuple[str, str, str], str] = {}
    found: dict[str, str] = {}
    for each in store.entities:
        if each["uid"]["type"] == "Field":
            field_id = each["uid"]["id"]
            looks = (repr(each["attrs"]), repr(each["parents"]), field_id if field_id in named else "")
            found[field_id] = first.setdefault(looks, field_id)
    return found


def _version(store: Store, schema: str, rules: Mapping[str, Rule], fields: Mapping[str, Field]) -> str:
    derived = [(name, each.inputs, each.classification.declassification) for name, each in fields.items()]
    digest = hashlib.sha256(repr(store.entities).encode() + b"\0" + schema.encode() + b"\0")
    digest.update(repr(derived).encode() + b"\0")
    for rule in sorted(rules.values(), key=lambda each: each.id):
        digest.update(rule.statement.text.encode() + b"\0")
    return digest.hexdigest()[:16].translate(_LETTERS)
