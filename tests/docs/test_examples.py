"""What the pages show is what happens: requests, plans, a bureau added."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from gateway.installation import read_rules
from gateway.operations.document import read_document
from gateway.pipeline.prepare import Operation, Preparer, Terms
from gateway.settings import ROOT, Settings
from observability.hooks import Hooks
from resolvers.plan.print_plan import print_plan
from resolvers.plan.projection import ProjectionWriter
from tests.support.command_line import clean_environment
from tests.support.docs_page import Page

SHOWN = "http://127.0.0.1:8000"
READY = re.compile(r"is ready on (http://[0-9.:]+)")
PURPOSE = "supervision.inspection"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo over a small city, brought up by the command that the README names."""
    data = tmp_path_factory.mktemp("demo")
    command = (
        sys.executable,
        "-m",
        "cli",
        "demo",
        "--population",
        "600",
        "--port",
        "0",
        "--data",
        str(data),
    )
    demo = subprocess.Popen(  # noqa: S603 own arguments
        command,
        cwd=ROOT,
        env=clean_environment(city=None),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert demo.stdout is not None
        found = next(match[1] for line in demo.stdout if (match := READY.search(line)))
        yield found
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.communicate(timeout=60)


def examples(page: Page) -> list[tuple[str, Any]]:
    """Return each shell block with the JSON that follows it, or None where none does."""
    blocks = [*page.blocks("sh", "json"), ("sh", "")]
    return [
        (text, json.loads(following) if kind == "json" else None)
        for (language, text), (kind, following) in pairwise(blocks)
        if language == "sh"
    ]


def asked(script: str, address: str, path: str) -> Any:
    """Run a block in a shell, against the demo of this test."""
    own = script.replace(SHOWN, address).replace(".venv/bin/creditgraph", "creditgraph")
    done = subprocess.run(  # noqa: S603 the page's own text
        ("bash", "-euo", "pipefail", "-c", own),  # noqa: S607 bash is where the caller has it
        cwd=ROOT,
        env={**clean_environment(city=None), "NO_PROXY": "127.0.0.1", "PATH": path},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
def test_the_readmes_requests_are_answered_as_shown(
    pages: dict[str, Page], address: str, shell_path: str
) -> None:
    """Each request of the README, pasted, is answered by what stands below it."""
    shown = examples(pages["README.md"])
    assert len(shown) == 4
    for script, expected in shown:
        answer = asked(script, address, shell_path)
        if expected is None:
            assert "errors" not in answer
            assert len(answer["data"]["catalogue"]) > 50
        else:
            assert answer == expected


class NoLoaders:
    """Stands where loaders would: a plan is printed here and never run."""

    def loaders_of(self, queries: Sequence[object]) -> list[None]:
        """Return nothing to load with."""
        return [None for _ in queries]


def prepared(document: str) -> Operation:
    """Return a document made ready under the purpose of the page's examples."""
    settings = Settings()
    rules = read_rules(settings)
    loaders: Any = NoLoaders()
    preparer = Preparer(rules.graph, rules.policy, loaders, Hooks())
    read = read_document(rules.graph, document, None, settings.limits, introspection=False)
    return preparer.prepare("example", read, Terms("developer", PURPOSE, 1))


def test_the_plan_prints_as_shown(pages: dict[str, Page]) -> None:
    """The plan on the algorithms' page is the plan of the question above it."""
    page = pages["docs/algorithms.md"]
    question, printed = page.blocks("graphql")[0][1], page.blocks("text")[0][1]
    assert print_plan(prepared(question).variant({}).plan) == printed


def test_the_projection_reads_as_shown(pages: dict[str, Page]) -> None:
    """The function on the algorithms' page is the projection of the question above it."""
    page = pages["docs/algorithms.md"]
    question, source = page.blocks("graphql")[1][1], page.blocks("text")[1][1]
    assert ProjectionWriter(prepared(question).variant({}).plan).function().strip() == source.strip()


def test_the_example_of_a_filter_is_covered(pages: dict[str, Page]) -> None:
    """The filtered list on the operations' page is valid, and a purpose covers it."""
    question = pages["docs/operations.md"].blocks("graphql")[0][1]
    operation = prepared(question)
    assert operation.grant.denied == {}
    assert "taxArrears: many tax.tax_arrears where {" in print_plan(operation.variant({}).plan)


ADDED = """
import sys
import adapters.bureaus
adapters.bureaus.__path__.append(sys.argv[1])
from resolvers.plan.print_plan import print_plan
from tests.docs.test_examples import prepared
print(print_plan(prepared(sys.argv[2]).variant({}).plan))
"""


def test_a_bureau_is_added_by_the_file_shown(pages: dict[str, Page], tmp_path: Path) -> None:
    """The one file of the page, and nothing else, makes the bureau's field part of a plan."""
    page = pages["docs/adding-a-bureau.md"]
    (name,) = re.findall(r"^## .*`adapters/bureaus/(\S+\.py)`$", page.text, re.MULTILINE)
    ((_, text),) = page.blocks("python")
    (tmp_path / name).write_text(text, "utf-8")
    question = page.blocks("graphql")[0][1]
    done = subprocess.run(  # noqa: S603 own arguments
        (sys.executable, "-c", ADDED, str(tmp_path), question),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "housing_fund.account(status, paid_until) by keys 0" in done.stdout
