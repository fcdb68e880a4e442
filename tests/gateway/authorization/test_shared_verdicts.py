"""What stands for other questions in the tests is decided as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.authorization.engine import Question
from gateway.authorization.policy import USES, Policy
from tests.support.effort import examples
from tests.support.folders import FIELDS, copy_of_policies, read, write
from tests.support.gateway_in_memory import policy
from tests.support.shared_verdicts import Alike, Looks

QUESTIONS = st.builds(
    Question,
    kind=st.sampled_from(sorted(policy().kinds)),
    purpose=st.sampled_from(sorted(policy().purposes.leaves)),
    use=st.sampled_from(USES),
    field=st.sampled_from(sorted(FIELDS)),
    reached=st.sampled_from(("own", "asked", "ward", "person", "enterprise")),
)


@pytest.fixture(scope="module", params=["as it is", "with any permit"])
def rules(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The rules of this installation, and its ceilings alone."""
    if request.param == "as it is":
        return policy()
    folder = copy_of_policies(tmp_path_factory.mktemp("permitted"))
    write(folder, "permit(principal, action, resource);")
    return read(folder)


def test_questions_that_look_alike_are_decided_alike(rules: Policy):
    """Cedar decides any two questions alike that differ in nothing that a rule could look at."""
    alike, decided = Alike(rules), dict[Looks, tuple[bool, tuple[str, ...]]]()

    @examples(100)
    @given(st.lists(QUESTIONS, min_size=20))
    def same(asked: list[Question]) -> None:
        for question in asked:
            outcome = rules.engine.ask(question)
            found = decided.setdefault(alike.looks(question), (outcome.allowed, outcome.rules))
            assert found == (outcome.allowed, outcome.rules), question

    same()
