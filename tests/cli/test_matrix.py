"""`creditgraph policy matrix`: the table as CSV, and as a page that loads nothing."""

from __future__ import annotations

import base64
import csv
import hashlib
import re
import time
from pathlib import Path

from msgspec.structs import astuple

from cli.policy import write_csv
from gateway.authorization.matrix import COLUMNS
from gateway.authorization.policy import read_policy
from gateway.operations.city_time import city_date
from tests.cli.test_commands import invoke, refusal
from tests.support.decisions import decisions, drawn_page
from tests.support.folders import FIELDS, hardly_held
from tests.support.gateway_in_memory import policy


def read(file: Path) -> list[list[str]]:
    """Return the rows of a CSV file, its head included."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [*csv.reader(lines)]


def test_the_table_is_written_whole(tmp_path: Path):
    """The file holds the column names and each row, with the texts in both languages."""
    write_csv(tmp_path / "m.csv", decisions())
    head, *rows = read(tmp_path / "m.csv")
    assert head == list(COLUMNS)
    assert rows == [list(astuple(row)) for row in decisions()]
    assert (tmp_path / "m.csv").read_bytes().startswith(b"\xef\xbb\xbfkind,")


def test_the_command_writes_both(tmp_path: Path):
    """The command writes the files that are named and says how much is in them."""
    table, page = tmp_path / "matrix.csv", tmp_path / "matrix.html"
    settings = hardly_held(tmp_path)
    result = invoke("policy", "matrix", "--csv", str(table), "--page", str(page), **settings)
    assert result.exit_code == 0, result.exception
    rows = read(table)[1:]
    assert result.output.startswith(f"{len(rows)} rows: 12 kinds, {len(policy().purposes.leaves)} purposes")
    version = read_policy(Path(settings["CREDITGRAPH_POLICIES"]), FIELDS).version
    assert result.output.endswith(f"policy {version}\n")
    assert version in page.read_text("utf-8")
    assert city_date(time.time()).isoformat() in page.read_text("utf-8")


def test_a_file_has_to_be_named():
    """Without a file to write the command says so and writes nothing."""
    assert "--csv, --page" in refusal("policy", "matrix")


def test_the_page_can_load_and_run_nothing_but_itself():
    """Its policy admits its own script and style by hash, and no address stands in it."""
    page = drawn_page(decisions())
    guard = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert guard is not None
    assert guard[1].startswith("default-src 'none'; ")
    for name in ("script", "style"):
        (text,) = re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}';" in guard[1]
    assert "://" not in page
    assert "unsafe" not in page
    assert not re.search(r"\b(src|href|style|on\w+)=", page)


def test_what_a_rule_says_cannot_end_the_data():
    """A reason that holds markup stays data within the page."""
    (first, *_) = decisions()
    wicked = "</script><script>alert(1)</script><!--"
    rows = [type(first)(*astuple(first)[:10], wicked, wicked)]
    page = drawn_page(rows)
    assert wicked not in page
    assert page.count("</script>") == 2


def test_a_citys_name_stays_text():
    """A name of a city that holds signs of a style sheet or of markup is printed, and ends neither."""
    page = drawn_page(decisions()[:1], city='"; } </style><b>')
    assert page.count("</style>") == 1
    assert "&lt;/style&gt;" in page
    assert 'content: "\\22 \\3b \\20 ' in page


def test_the_page_is_small():
    """Pairs that decide alike share their table: the page is far smaller than the rows that it shows."""
    assert len(drawn_page(decisions())) < 20 * len(decisions())
