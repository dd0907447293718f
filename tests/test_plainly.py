"""A command line that is read without typer says the same as where typer reads it."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from okr import plainly
from okr.cli import run
from okr.commands import diff, diff_answer
from okr.commands.running import invocation, reset_invocation

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = [
    "diff", "diff", "main..", "HEAD", "marketing", "brand/visits", "", "-", "--", "--json", "--plain", "--exit-code",
    "--format", "markdown", "md", "json", "JSON", "html", "--format=md", "--cycle", "2026-Q4", "--cycle=2026-Q4", "--as-of",
    "2026-11-23", "20261123", "2026-02-30", "-C", "elsewhere", "-Celsewhere", "--directory", "--no-color", "--no-cache", "--no-c",
    "--help", "-h", "status", "--version",
]  # fmt: skip
LINES = 3_000

Said = tuple[Any, ...]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Said]]:
    """What `okr diff` was called with, and under which invocation; it compares nothing."""
    calls: list[Said] = []

    def note(names: list[str], **options: Any) -> int:  # whatever it is given
        asked = invocation()
        calls.append((names, options, asked.directory, asked.as_of, asked.color, asked.cache))
        return 0

    for module in (diff, diff_answer):
        monkeypatch.setattr(module, "answer", note)
    yield calls
    reset_invocation()


def _lines() -> Iterator[list[str]]:
    for words in itertools.product(WORDS, repeat=2):
        yield ["diff", *words]
        yield [*words, "diff"]
    chance = random.Random(7)
    for _ in range(LINES):
        yield chance.choices(WORDS, k=chance.randrange(1, 8))


def test_it_says_what_typer_makes_of_it(said: list[Said], capsys: pytest.CaptureFixture[str]) -> None:
    plain = 0
    for line in _lines():
        if plainly.answered_plainly(line) is None:
            assert not said
            continue
        plain += 1
        assert run(line) == 0
        assert said[0] == said[1], line
        said.clear()
    assert plain > LINES / 20
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("line", "status", "imported"),
    [
        ("diff nowhere", 1, False),
        ("--as-of 2026-11-23 diff --json", 1, False),
        ("diff --as-of tomorrow", 2, True),
    ],
)
def test_typer_is_imported_only_for_what_is_not_plain(
    tmp_path_factory: pytest.TempPathFactory, line: str, status: int, imported: bool
) -> None:
    folder = tmp_path_factory.getbasetemp() / "plainly"
    folder.mkdir(exist_ok=True)
    (folder / "okr.yaml").write_text("name: Acme\n")
    code = (
        "import atexit, sys; sys.argv[0] = 'okr'; from okr.__main__ import main; "
        "atexit.register(lambda: print('typer' in sys.modules)); main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *line.split()], cwd=folder, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (status, f"{imported}\n")
    assert done.stderr.startswith("error: ")
