from __future__ import annotations

import contextlib

import pytest
from graphql import get_introspection_query
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import (
    DOCUMENT_SYNTAX,
    FRAGMENT_CYCLE,
    TOO_DEEP,
    TOO_MANY_ALIASES,
    TOO_MANY_CONDITIONS,
    TOO_MANY_DIRECTIVES,
    TOO_MANY_FRAGMENTS,
    TOO_MANY_TOKENS,
    Code,
    RequestError,
)
from gateway.operations.limits.document_limits import INTROSPECTION_DEPTH, SETS_PER_FIELD, parse_within
from gateway.settings import LimitSettings

LIMITS = LimitSettings()
MARKED = "411502199003071233"


def refusal(source: str, **limits: int) -> RequestError:
    """The error with which a document is refused."""
    with pytest.raises(RequestError) as caught:
        parse_within(source, LIMITS.model_copy(update=limits))
    return caught.value


def nested(levels: int, opening: str = "a{", inmost: str = "b") -> str:
    """A query whose inmost field is nested in `levels` others."""
    return "{" + opening * levels + inmost + "}" * levels + "}"


def aliases(count: int) -> str:
    """A query with `count` aliases."""
    return "{" + " ".join(f"x{number}: a" for number in range(count)) + "}"


def conditions(count: int) -> str:
    """A query with `count` deciding variables, each used twice."""
    fields = (f"a @skip(if: $v{n}) b @include(if: $v{n}) c @skip(if: true) d(x: $w{n})" for n in range(count))
    return "query{" + " ".join(fields) + "}"


def doubling(count: int) -> str:
    """Fragments of which each spreads the next twice: 2 to the power of `count` fields."""
    bodies = (f"fragment f{n} on T {{ ...f{n + 1} ...f{n + 1} }}" for n in range(count))
    return "{ ...f0 } " + " ".join(bodies) + f" fragment f{count} on T {{ leaf }}"


@pytest.mark.parametrize(
    ("name", "limit", "code", "within", "beyond"),
    [
        ("tokens", 5, TOO_MANY_TOKENS, "{a b c}", "{a b c d}"),
        ("tokens", 3, TOO_MANY_TOKENS, "{a}#x\n#y\n#z", "{a}#x\n#y\n#z\n#w"),
        ("depth", 4, TOO_DEEP, nested(3), nested(4)),
        ("depth", 2, TOO_DEEP, "{a{...on T{b}}}", "{a{...on T{b{c}}}}"),
        ("depth", 2, TOO_DEEP, "{a{...f}} fragment f on T{b}", "{a{...f}} fragment f on T{b{c}}"),
        ("aliases", 3, TOO_MANY_ALIASES, aliases(3), aliases(4)),
        ("directives", 2, TOO_MANY_DIRECTIVES, "query @a {b @c}", "query ($x: T @d) @a {b @c}"),
        ("conditions", 3, TOO_MANY_CONDITIONS, conditions(3), conditions(4)),
        ("fields", 8, TOO_MANY_FRAGMENTS, doubling(3), doubling(4)),
        ("fields", 3, TOO_MANY_FRAGMENTS, "{a b c}", "query A {a b} query B {a b}"),
    ],
)
def test_each_limit_is_the_first_number_allowed(name, limit, code: Code, within, beyond):
    """A document at a limit passes, one beyond it is refused with the limit's code and number."""
    parse_within(within, LIMITS.model_copy(update={name: limit}))
    error = refusal(beyond, **{name: limit})
    assert error.code is code
    assert str(limit) in error.detail


@pytest.mark.parametrize(
    "source",
    [
        "{...f} fragment f on T {...f}",
        "{a} fragment f on T {b{...g}} fragment g on T {...on T{...h}} fragment h on T {...f}",
        "{...f} fragment f on T {a} fragment f on T {...f}",
        "{...f} fragment f on T {...f} fragment f on T {a}",
    ],
)
def test_cycles(source):
    """A fragment that spreads itself, directly, through others or under a second definition, is refused."""
    assert refusal(source).code is FRAGMENT_CYCLE


def test_exponential_fragments_cost_linear_time():
    """A hundred doublings are counted without being expanded."""
    assert refusal(doubling(100)).code is TOO_MANY_FRAGMENTS


def test_fragment_order_does_not_matter():
    """Fragments that are spread before they are defined and after count alike."""
    parse_within("fragment g on T {...f} fragment f on T {a{b}} {...g ...f}", LIMITS)
    forwards = "{...f} fragment f on T {...g} fragment g on T {a{b}}"
    backwards = "fragment g on T {a{b}} fragment f on T {...g} {...f}"
    for source in (forwards, backwards):
        parse_within(source, LIMITS.model_copy(update={"depth": 2, "fields": 2}))
        assert refusal(source, depth=1).code is TOO_DEEP
        assert refusal(source, fields=1).code is TOO_MANY_FRAGMENTS


def test_unknown_fragments_and_type_definitions_are_left_to_validation():
    """What validation refuses better passes here: unknown fragments, second names, type definitions."""
    parse_within("{a ...unknown}", LIMITS)
    parse_within("{...f} fragment f on T {a} fragment f on T {b}", LIMITS)
    parse_within("type T { a(x: Int = 1 @d): [T!]! } {a}", LIMITS)


@pytest.mark.parametrize("opening", ["a{", "...on T{", "...{"])
@pytest.mark.parametrize("levels", [70, 150, 3_000, 30_000])
def test_nesting_bombs(opening, levels):
    """However deep selections nest, and whatever the token limit, the document is refused and nothing breaks."""
    assert refusal(nested(levels, opening), tokens=1_000_000).code is TOO_DEEP


@pytest.mark.parametrize("opening", ["[", "{a:"])
def test_nested_values(opening):
    """Values that nest 3,000 levels are refused as too deep."""
    closing = {"[": "]", "{a:": "}"}[opening]
    source = "{a(x: " + opening * 3_000 + "1" + closing * 3_000 + ")}"
    assert refusal(source, tokens=1_000_000).code is TOO_DEEP


def test_chained_fragments_are_bounded():
    """Fragments that spread each other in a long chain would only make code recurse: they are refused."""
    longest = SETS_PER_FIELD * INTROSPECTION_DEPTH

    def chain(count: int) -> str:
        bodies = " ".join(f"fragment f{n} on T {{ ...f{n + 1} }}" for n in range(count))
        return f"{{ ...f0 }} {bodies} fragment f{count} on T {{ a }}"

    parse_within(chain(longest - 2), LIMITS)
    assert refusal(chain(longest - 1)).code is TOO_DEEP


def test_an_explorers_introspection_passes():
    """graphql-core's fullest introspection query, which GraphiQL's equals, passes the default limits."""
    source = get_introspection_query(
        descriptions=True, specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True
    )
    parse_within(source, LIMITS)


@pytest.mark.parametrize(
    "where", ["{%s}", "{...f} fragment f on Query {%s}", "{a{...f}} fragment f on T {%s}"]
)
def test_introspection_has_a_depth_of_its_own(where):
    """Introspection may nest deeper than data, wherever it starts, and not without end."""
    inner = nested(INTROSPECTION_DEPTH - 2, "ofType{", "name")[1:-1]
    parse_within(where.replace("a{...f}", "...f") % ("__schema{" + inner + "}"), LIMITS)
    assert refusal(where % ("__type(name:1){ofType{" + inner + "}}")).code is TOO_DEEP
    assert (
        refusal(where % "__schema{...g}" + "fragment g on T " + nested(INTROSPECTION_DEPTH - 1)).code
        is TOO_DEEP
    )


def test_introspection_does_not_excuse_other_fields():
    """Data beside introspection keeps the limit for data."""
    assert refusal("{__schema{types{name}}" + nested(3)[1:], depth=3).code is TOO_DEEP
    assert refusal("{...f} fragment f on Q {__schema{types{name}} a{b{c}}}", depth=2).code is TOO_DEEP


@pytest.mark.parametrize(
    ("source", "detail", "place"),
    [
        ("{", "Expected Name, found <EOF>.", (1, 2)),
        (f"{{a}}\n  {MARKED}", "Unexpected Int.", (2, 3)),
        (f'{{a(x: "{MARKED}" "{MARKED}")}}', "Expected Name, found String.", (1, 28)),
        (f'{{a "{MARKED}"}}', "Expected Name, found String.", (1, 4)),
        ("{a(x: 1}", "Expected Name, found '}'.", (1, 8)),
        ("fragment a Person{b}", "Expected 'on', found Name.", (1, 12)),
        (f"query A{MARKED} B{MARKED}", "Expected '{', found Name.", None),
        (f'{{a(x: "{MARKED}', "Unterminated string.", None),
        (f'{{a(x: "\\u{MARKED[:2]}zz")}}', "Invalid Unicode escape sequence.", None),
        ('{a(x: "\\q")}', "Invalid character escape sequence.", None),
        ("{a(x: 01)}", "Invalid number.", None),
        ("{8f31403dfe404bccbb0e835f2629c6a7}", "Invalid number.", None),
        ("{a ?}", "Unexpected character.", None),
        (f"query($a: T = $b{MARKED}) {{a}}", "Unexpected variable.", None),
        ("{a\x00}", "Unexpected character.", None),
        (f"{{a(x: .{MARKED})}}", "Invalid number.", None),
        ("", "Unexpected <EOF>.", (1, 1)),
        (f"{{a ..b{MARKED}}}", "", (1, 4)),
        (f"enum E {{a true @x(a: {MARKED})}}", "", None),
    ],
)
def test_syntax_errors_name_place_and_kind(source, detail, place):
    """A syntax error names what was expected and found by kind, and where; never the text itself."""
    error = refusal(source)
    assert error.code is DOCUMENT_SYNTAX
    assert error.detail == detail
    assert place is None or error.locations == (place,)
    assert_silent(error)


def assert_silent(error: RequestError) -> None:
    """Nothing of the error, nor of what it hangs on to, holds the marked value."""
    assert error.__cause__ is None
    assert error.__context__ is None
    assert MARKED not in str(error.formatted()) + repr(error)


WORDS = st.sampled_from(
    [
        *"{}()[]:$@!|=af",
        *("query", "fragment", "on", "...", "..", "\\", "é"),
        *(f"x{MARKED}", MARKED, f"-{MARKED}.5", f'"{MARKED}"', f'"""{MARKED}"""', f'"{MARKED}'),
    ]
)


@given(words=st.lists(WORDS, max_size=30))
def test_no_document_breaks_the_limits_or_is_echoed(words):
    """Whatever a document is made of, it parses or is refused, and no refusal holds a value of it."""
    try:
        parse_within(" ".join(words), LIMITS)
    except RequestError as error:
        assert_silent(error)


@given(text=st.text(max_size=80))
def test_any_text(text):
    """Any text at all parses or is refused with a RequestError."""
    with contextlib.suppress(RequestError):
        parse_within(text, LIMITS)
