"""The golden plans: `golden/*.graphql` are the questions, `golden/*.plan` what is read and released for them.

Write them anew, and read the difference, with `python -m tests.support.plans`.

A first line `# purpose: … by …` names the purpose and the kind of caller; without it everything is allowed. A document with variables
in @include or @skip is printed once for each assignment.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

from gateway.authorization.grant import decide
from gateway.authorization.purposes import is_own
from resolvers.plan.masked_plan import mask
from resolvers.plan.print_plan import print_plan
from tests.support.gateway_in_memory import EVERYTHING, document_of, graph, permissive, policy

GOLDEN = Path(__file__).parents[1] / "resolvers" / "plan" / "golden"


def documents() -> list[Path]:
    """Return the documents of which the plans are kept."""
    return sorted(GOLDEN.glob("*.graphql"))


def printed(file: Path) -> str:
    """Return the printed plans of a document, one for each assignment of its conditions."""
    text = file.read_text("utf-8")
    first = text.partition("\n")[0]
    named = first.removeprefix("# purpose: ") if first.startswith("# purpose: ") else ""
    purpose, _, kind = named.partition(" by ")
    document = document_of(text)
    plan = document.plan
    used = plan.uses(graph(), "own" if is_own(purpose or EVERYTHING) else "asked")
    rules = policy() if purpose else permissive()
    grant = decide(rules, kind or "developer", purpose or EVERYTHING, used)
    found: list[str] = []
    for bits in product((False, True), repeat=len(document.conditions)):
        conditions = dict(zip(document.conditions, bits, strict=True))
        plan = document.plan_under(conditions)
        heading = "".join(f"${name}: {str(bit).lower()}\n" for name, bit in conditions.items())
        minors = rules.purposes.minors_shown(grant.purpose)
        dead = rules.purposes.dead_shown(grant.purpose)
        masked = mask(
            graph(), plan, grant.denied, grant.purpose, history=grant.history, minors=minors, dead=dead
        )
        found.append(heading + print_plan(masked))
    return "\n".join(found)


if __name__ == "__main__":
    for document in documents():
        document.with_suffix(".plan").write_text(printed(document), "utf-8")
