"""A request of which nothing is known: it stands for each that there could be.

Its field is described by class, item, sensitivity, disclosure, uses, scene and the duties that name its item, whatever
fields the graph has; its purpose by its place in the tree, whatever leaves the tree has. What holds for it holds for everything that anybody
could add: a field, a leaf, a kind of caller.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.classification import Sensitivity
from gateway.proofs.solver import Term, constant, fixed, number, some, truth
from gateway.proofs.vocabulary import STRING, Vocabulary

RED_LISTS = "XY-CRO-002"
"""The catalogue item of red lists."""
ENTERPRISES = "XY-REG-002"
"""The catalogue item of the registration of enterprises."""
OFFICES = "XY-REG-003"
"""The catalogue item of the offices that persons hold in enterprises."""
SEEN = ("read", "filter", "sort")
"""The uses by which a caller sees something of a value. Theorems say it for themselves, whatever the schema groups."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the tree of purposes: the nearest node that is mentioned, and whether it is that node itself."""

    node: Term
    exact: Term


@dataclass(frozen=True, slots=True)
class Request:
    """The unknowns of a request, and what theorems say of them."""

    names: Vocabulary
    kind: Term
    use: Term
    data_class: Term
    item: Term
    field: Term
    sensitivity: Term
    disclosure: Term
    reached: Term
    purpose: Place
    leaf: Term
    """Whether the purpose is a leaf."""
    held: Term
    """Whether the caller's kind is among the purpose's holders."""
    scene: Place
    has_scene: Term
    same: Term
    """Whether purpose and scene are the same leaf, if no rule mentions either and both are below the same node."""
    named: Term
    """Whether the purpose is a duty that names the field's item."""

    def possible(self) -> Iterator[Term]:
        """Yield what is true of every request: numbers name something, and a sensitivity is at least 1."""
        for sort, unknown in (
            *(("CallerKind", self.kind), ("Action", self.use), ("DataClass", self.data_class)),
            *(("Item", self.item), ("Field", self.field), (STRING, self.disclosure)),
            *((STRING, self.reached), ("Purpose", self.purpose.node), ("Purpose", self.scene.node)),
        ):
            yield unknown >= 0
            yield unknown <= len(self.names.numbers.get(sort, {}))
        yield self.use >= 1
        yield self.sensitivity >= 1
        for place in (self.purpose, self.scene):
            yield ~place.exact | (place.node >= 1)
        for name, each in self.names.numbers.get("CallerKind", {}).items():
            yield (self.kind != each) | (self.held == self.held_by(name))

    def held_by(self, kind: str) -> Term:
        """Return whether a kind that is mentioned holds the purpose."""
        return truth(f"held by {kind}")

    def declares(self, use: str) -> Term:
        """Return whether the field declares a use."""
        return truth(f"declares {use}")

    def under(self, *purposes: str) -> Term:
        """Return whether the purpose is one of these or below one of them."""
        return within(self.names, self.purpose, *purposes)

    def of(self, *classes: str) -> Term:
        """Return whether the field is of one of the classes."""
        return some(self.data_class == self.names.number("DataClass", each) for each in classes)

    def makes(self, *uses: str) -> Term:
        """Return whether the use is one of these."""
        return some(self.use == self.names.number("Action", each) for each in uses)

    def sees(self) -> Term:
        """Return whether the use shows something of the value."""
        return self.makes(*SEEN)

    def comes_from(self, *kinds: str) -> Term:
        """Return whether the caller is of one of the kinds."""
        return some(self.kind == self.names.number("CallerKind", each) for each in kinds)

    def at_most(self, level: Sensitivity) -> Term:
        """Return whether the field is no more sensitive than a level."""
        return self.sensitivity <= int(level)

    def at_least(self, level: Sensitivity) -> Term:
        """Return whether the field is at least as sensitive as a level."""
        return self.sensitivity >= int(level)

    def through(self, reached: str) -> Term:
        """Return whether the subject was reached in this way."""
        return self.reached == self.names.number(STRING, reached)

    def disclosed(self, mode: str) -> Term:
        """Return whether the field's item is disclosed in a mode."""
        return self.disclosure == self.names.number(STRING, mode)

    def takes(self, item: str) -> Term:
        """Return whether the field comes from a catalogue item."""
        return self.item == self.names.number("Item", item)

    def serves_its_scene(self) -> Term:
        """Return whether the field has a scene, and the purpose is that one."""
        return self.has_scene & together(self.scene, self.purpose, self.same)


def itself(request: Request) -> Term:
    """Whether the subject asks about itself, and its token says so."""
    return request.under("subject") & request.through("own")


def itself_or_guardian(request: Request) -> Term:
    """Whether the subject asks about itself, or about a ward of its own."""
    return request.under("subject") & (request.through("own") | request.through("ward"))


def scene_asks(request: Request) -> Term:
    """Whether somebody other than an organ rewards."""
    return request.under("reward") & ~request.comes_from("organ")


def request(names: Vocabulary) -> Request:
    """Return the one unknown request over a vocabulary."""
    return Request(
        names,
        *(number(each) for each in ("kind", "use", "class", "item", "field", "sensitivity")),
        disclosure=number("disclosure"),
        reached=number("reached"),
        purpose=Place(number("purpose"), truth("purpose is the node")),
        leaf=truth("purpose is a leaf"),
        held=truth("purpose is held"),
        scene=Place(number("scene"), truth("scene is the node")),
        has_scene=truth("field has a scene"),
        same=truth("purpose is the scene"),
        named=truth("purpose names the item"),
    )


def published_red_list(request: Request) -> Term:
    """Whether the field is of a red list that is public by law."""
    return request.takes(RED_LISTS) & request.disclosed("PUBLIC")


def ordinary(request: Request, *classes: str) -> Term:
    """Whether the field is of one of the classes, and no more than ordinary."""
    return request.of(*classes) & request.at_most(Sensitivity.ORDINARY)


def names_and(request: Request, *items: str) -> Term:
    """Whether the field is ordinary identity, which is a name, or an ordinary public record of one of the items."""
    registered = ordinary(request, "PUBLIC_RECORD") & some(request.takes(each) for each in items)
    return ordinary(request, "IDENTITY") | registered


def public_by_law(request: Request) -> Term:
    """Whether the field is of a record, or of a red list, that is public by law."""
    return (
        request.of("PUBLIC_RECORD", "ADVERSE", "JUDICIAL", "INCENTIVE")
        & (~request.of("INCENTIVE") | request.takes(RED_LISTS))
        & request.at_most(Sensitivity.PERSONAL)
        & request.disclosed("PUBLIC")
    )


def known_place(names: Vocabulary, purpose: str) -> Place:
    """Return the place of a purpose that is known by name."""
    node, exact = names.position(purpose)
    return Place(constant(node), fixed(exact))


def within(names: Vocabulary, place: Place, *purposes: str) -> Term:
    """Return whether a place is at or below one of the purposes."""
    return some(place.node == node for each in purposes for node in names.below(each))


def together(one: Place, other: Place, same: Term) -> Term:
    """Return whether two places are one; below the same node and both unmentioned, `same` says so."""
    return (one.node == other.node) & (one.exact == other.exact) & (one.exact | same)
