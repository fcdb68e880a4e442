"""A document that was parsed within the limits, fits the schema and is planned: what is done once for each text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final

from graphql import (
    BooleanValueNode,
    DocumentNode,
    EnumValueNode,
    FloatValueNode,
    GraphQLError,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    StringValueNode,
    get_operation_ast,
    validate,
)

from catalogue.identifiers import IdentifierError
from gateway.errors import (
    DOCUMENT_INVALID,
    INTROSPECTION_DISABLED,
    OPERATION_KIND,
    OPERATION_NAME,
    RequestError,
    code_of_identifier,
)
from gateway.operations.filter_checks import filter_refusals, optional_filter_values
from gateway.operations.limits.document_limits import parse_within, uses_introspection
from gateway.operations.one_of_checks import optional_members
from gateway.settings import LimitSettings
from resolvers.graph.graph import Graph
from resolvers.plan.compile import compile_plan
from resolvers.plan.plan_node import Plan
from resolvers.plan.selection import without_conditions
from schema.scalars import ScalarError

MOST_PROBLEMS: Final = 5
MOST_PLANS: Final = 64
"""Plans that a document keeps: one for each assignment of its conditions."""
_SUGGESTION: Final = re.compile(r" Did you mean .*\?$")
_FOUND: Final = re.compile(r"(?:,? found|Expected value of type) .*$")
_VALUES: Final = (StringValueNode, IntValueNode, FloatValueNode, EnumValueNode, BooleanValueNode)
_LITERAL: Final = re.compile(r'"[^"]*"|\'[^\']*\'')
_NAME: Final = re.compile(r"[\'\"][_A-Za-z$@][\w.!\[\]$ ]{0,60}[\'\"]", re.ASCII)
_LONG_NUMBER: Final = re.compile(r"[0-9A-Za-z]*[0-9]{6,}[0-9A-Za-z]*")


class MutationFound(RequestError):
    """The document holds a mutation: it is a command, and no query that could be planned."""

    def __init__(self) -> None:
        super().__init__(OPERATION_KIND)


@dataclass(slots=True, eq=False)
class Document:
    """A valid document with the one operation of it that is asked, and its plans."""

    graph: Graph
    ast: DocumentNode
    operation: OperationDefinitionNode
    conditions: tuple[str, ...]
    """Variables that decide about @include and @skip."""
    conditional: bool
    """Whether @include or @skip stands in it, so that the plan differs by the assignment of conditions."""
    plan: Plan
    """With everything included, whatever the conditions say: what is authorized."""
    most_plans: int = MOST_PLANS
    _plans: dict[tuple[bool, ...], Plan] = field(default_factory=dict[tuple[bool, ...], Plan])

    @property
    def name(self) -> str | None:
        """The operation's name."""
        return self.operation.name.value if self.operation.name else None

    def plan_under(self, conditions: Mapping[str, bool]) -> Plan:
        """Return the plan under one assignment of the conditions; a grant masks it and never changes it."""
        if not self.conditional:
            return self.plan
        key = tuple(conditions[name] for name in self.conditions)
        found = self._plans.get(key)
        if found is None:
            if len(self._plans) >= self.most_plans:
                self._plans.clear()
            found = self._plans[key] = compile_plan(self.graph, self.ast, self.operation, conditions)
        return found


def read_document(
    graph: Graph,
    text: str,
    operation_name: str | None,
    limits: LimitSettings,
    *,
    introspection: bool,
) -> Document:
    """Parse, validate and plan a document, or raise RequestError; no text of the document is in the error."""
    ast = parse_within(text, limits)
    if not introspection and uses_introspection(ast):
        raise RequestError(INTROSPECTION_DISABLED)
    _only_queries(ast)
    problems = validate(graph.schema, ast, max_errors=MOST_PROBLEMS, hide_suggestions=True)
    if not problems:
        members = optional_members(graph.schema, ast)
        problems = list(islice(chain(optional_filter_values(ast), members), MOST_PROBLEMS))
    if problems:
        raise _invalid(problems, filter_refusals(graph.schema, ast))
    whole, conditions = without_conditions(ast)
    plan = compile_plan(graph, whole, _operation(whole, operation_name), {})
    return Document(graph, ast, _operation(ast, operation_name), conditions, whole is not ast, plan)


def _only_queries(ast: DocumentNode) -> None:
    """Refuse before validation does, which would speak of a type that the schema does not have."""
    for each in ast.definitions:
        if isinstance(each, OperationDefinitionNode) and each.operation is not OperationType.QUERY:
            raise MutationFound if each.operation is OperationType.MUTATION else RequestError(OPERATION_KIND)


def _operation(ast: DocumentNode, name: str | None) -> OperationDefinitionNode:
    found = get_operation_ast(ast, name)
    if found is None:
        raise RequestError(OPERATION_NAME)
    return found


def _invalid(problems: list[GraphQLError], why: list[str]) -> RequestError:
    first = problems[0]
    original = first.original_error
    code = code_of_identifier(original) if isinstance(original, IdentifierError) else DOCUMENT_INVALID
    locations = tuple((place.line, place.column) for place in first.locations or ())
    others = [*map(_described, problems[1:]), *why]
    return RequestError(code, _described(first), locations, {"others": others} if others else None)


def _described(problem: GraphQLError) -> str:
    """Say what is wrong in words that hold no value of the document."""
    if isinstance(problem.original_error, IdentifierError | ScalarError):
        return str(problem.original_error)
    message = _SUGGESTION.sub("", problem.message)
    named = _NAME.findall(message)
    if _FOUND.search(message) or any(isinstance(node, _VALUES) for node in problem.nodes or ()):
        return "A value is not of the type that is expected here."
    for literal in _LITERAL.findall(message):
        if literal not in named:
            message = message.replace(literal, "…")
    return _LONG_NUMBER.sub("…", message)
