"""What people do wrong by hand, each in a workspace that is right: found where it stands, with a remedy, and nothing else.

The tables beside this module hold the mistakes. To add one, copy its neighbour: `was` becomes `now`, and ⟦ ⟧ stand
around the place that must be reported.
"""

from __future__ import annotations

import contextlib
import io
import json
from functools import cache
from typing import TYPE_CHECKING

import pytest

from okr import reader
from okr.cli import run
from okr.documents import read_document
from tests.conftest import TODAY
from tests.mistakes.table import EXAMPLES, Mistake, mistakes

if TYPE_CHECKING:
    from pathlib import Path

TABLE = mistakes()

_read_once = cache(read_document)


@pytest.fixture(autouse=True)
def _files_that_are_the_same_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two dozen files a mistake changes one or two: a document never changes, so that the others can be shared."""
    monkeypatch.setattr(reader, "read_document", _read_once)


def validated(root: Path) -> tuple[int, list[dict[str, object]]]:
    """What `okr validate` ends with and finds, as a program reads it."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = run(["--as-of", str(TODAY), "-C", str(root), "validate", "--json"])
    return status, json.loads(out.getvalue())["diagnostics"]


@pytest.mark.parametrize("example", ["startup", "agence"])
def test_the_examples_are_right(example: str) -> None:
    assert validated(EXAMPLES / example) == (0, [])


def test_there_are_mistakes_of_every_kind() -> None:
    assert len(TABLE) >= 200
    assert len({mistake.what for mistake in TABLE}) == len(TABLE)
    assert len({each.rule for mistake in TABLE for each in mistake.expected}) >= 60
    assert sum(mistake.workspace == "agence" for mistake in TABLE) >= 25
    assert all(mistake.expected for mistake in TABLE)


@pytest.mark.unmeasured
@pytest.mark.parametrize("mistake", TABLE, ids=lambda mistake: mistake.what)
def test_a_mistake_is_found_where_it_stands_and_nothing_else_is(mistake: Mistake, tmp_path: Path) -> None:
    mistake.make(tmp_path / "workspace")
    status, found = validated(tmp_path / "workspace")
    assert [
        (each["rule"], each["path"], (each["line"], each["column"]), (each["end_line"], each["end_column"]))
        for each in found
    ] == [(each.rule, each.path, each.start, each.end) for each in mistake.expected]
    for each, expected in zip(found, mistake.expected, strict=True):
        assert expected.says in str(each["message"])
        assert expected.mend in str(each["hint"])
    assert status == any(each["severity"] == "error" for each in found)
