"""A case that the solver found, in words that a person can check."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.authorization.policy import Policy
from gateway.proofs.solver import Case
from gateway.proofs.symbolic_request import Place, Request
from gateway.proofs.vocabulary import STRING, USES


@dataclass(frozen=True, slots=True)
class Words:
    """One request in words. What is not named could be anything that no rule names."""

    kind: str
    purpose: str
    use: str
    reached: str
    data_class: str
    sensitivity: int
    disclosure: str
    item: str
    field: str
    declared: str
    scene: str
    named: bool
    held: bool
    leaf: bool

    def __str__(self) -> str:
        parts = (
            f"主体 kind: {self.kind}{'' if self.held else ', which does not hold the purpose'}",
            f"目的 purpose: {self.purpose}{'' if self.leaf else ', which is no leaf'}",
            f"用途 use: {self.use}",
            f"类别 class: {self.data_class}",
            f"敏感度 sensitivity: {self.sensitivity}",
            f"公开方式 disclosure: {self.disclosure}",
            f"信息项 item: {self.item}",
            f"字段 field: {self.field}",
            f"声明的用途 declared uses: {self.declared}",
            f"场景 scene: {self.scene}",
            f"所列信息项 named for the purpose: {'yes' if self.named else 'none'}",
            f"经由 reached: {self.reached}",
        )
        return "; ".join(part for part in parts if not part.endswith((": any", ": none")))


def in_words(case: Case, request: Request, policy: Policy) -> Words:
    """Return a case in words, by a purpose and a kind of this installation where there are such."""
    anywhere = (_name(case, request, "CallerKind", request.kind), _place(case, request, request.purpose))
    kind, purpose = next(_installed(case, request, policy), anywhere)
    return Words(
        kind=kind,
        purpose=purpose,
        use=_name(case, request, "Action", request.use),
        reached=_name(case, request, STRING, request.reached),
        data_class=_name(case, request, "DataClass", request.data_class),
        sensitivity=case.number(request.sensitivity),
        disclosure=_name(case, request, STRING, request.disclosure),
        item=_name(case, request, "Item", request.item),
        field=_name(case, request, "Field", request.field),
        declared=", ".join(use for use in USES if case.holds(request.declares(use))) or "nothing",
        scene=_scene(case, request),
        named=case.holds(request.named),
        held=case.holds(request.held),
        leaf=case.holds(request.leaf),
    )


def _name(case: Case, request: Request, sort: str, unknown: object) -> str:
    return request.names.name(sort, case.number(unknown)) or "any"


def _installed(case: Case, request: Request, policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield each kind and leaf of this installation that the case is about, kinds of the sandbox last."""
    if not case.holds(request.leaf & request.held):
        return
    place = (case.number(request.purpose.node), case.holds(request.purpose.exact))
    for leaf in policy.purposes.leaves.values():
        for kind in sorted(leaf.holders, key=lambda each: (policy.kinds[each].sandbox, each)):
            alike = request.names.number("CallerKind", kind) == case.number(request.kind)
            if alike and request.names.position(leaf.name) == place:
                yield kind, leaf.name


def _place(case: Case, request: Request, place: Place) -> str:
    node = _name(case, request, "Purpose", place.node)
    if case.holds(place.exact):
        return node
    if node == "any":
        return "a purpose outside of the branches that are named"
    return f"a new purpose under {node}"


def _scene(case: Case, request: Request) -> str:
    if not case.holds(request.has_scene):
        return "none"
    if case.holds(request.serves_its_scene()):
        return "the purpose itself"
    return f"another one, {_place(case, request, request.scene)}"
