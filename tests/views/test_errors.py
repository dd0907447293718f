from __future__ import annotations

import ast
import os
import pty
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from okr.errors import OkrError
from okr.views.errors import SENTENCES_BEGIN, sentence, show_error
from okr.views.terminal import cell, stderr, stdout
from okr.views.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = {"okr", "git"}
SOURCES = Path(__file__).parents[2] / "okr"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("there is no cycle “x”", "There is no cycle “x”."),
        ("okr has no command “x”", "okr has no command “x”."),
        ("“x” is no id", "“x” is no id."),
        ("marketing has no plan", "marketing has no plan."),
        ("name.yaml can't be read", "name.yaml can't be read."),
        ("--as-of: “x” is not a day", "--as-of: “x” is not a day."),
        ("did you mean bob?", "Did you mean bob?"),
        ("indent it by 4 spaces, like line 2", "Indent it by 4 spaces, like line 2."),
        ("Say it to git: git config safe.directory /a/b", "Say it to git: git config safe.directory /a/b"),
        ("Open https://example.org/new", "Open https://example.org/new"),
        ("", ""),
    ],
)
def test_messages_are_sentences(text: str, shown: str) -> None:
    assert sentence(text) == shown


def _beginnings() -> Iterator[str]:
    for path in SOURCES.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text if "OkrError(" in text or "UsageError(" in text else "")):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"OkrError", "UsageError"}
            ):
                for given in node.args:
                    begun = given.values[0] if isinstance(given, ast.JoinedStr) else given
                    if isinstance(begun, ast.Constant) and isinstance(begun.value, str):
                        yield begun.value.partition(" ")[0].rstrip(",")


@pytest.mark.unmeasured
def test_every_word_that_our_messages_begin_with_is_known() -> None:
    words = {
        word for word in _beginnings() if word.isalpha() and word.islower() and (len(word) > 1 or word == "a")
    }
    assert words - SENTENCES_BEGIN - OURS == set()


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("  one two three", ["  one two", "  three"]),
        ("/a/very/long/path it is", ["/a/very/long/path", "it is"]),
        ("short", ["short"]),
        ("", [""]),
    ],
)
def test_lines_are_folded_at_blanks_only(line: str, lines: list[str]) -> None:
    assert folded(line, 10) == lines


def test_nothing_that_is_told_becomes_a_command_of_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    show_error(OkrError("no:\n::error::forged", "##[error]forged"))
    stdout().print(cell("::warning::forged"))
    stderr().print(cell("::notice::forged"), soft_wrap=True)
    said = capsys.readouterr()
    assert said.err == "error: no:\n  : :error::forged\n  # #[error]forged.\n: :notice::forged\n"
    assert said.out == ": :warning::forged\n"


def test_talk_is_folded_at_blanks_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr("sys.stderr", terminal)
        show_error(OkrError("there is no such cycle at all", "name another"))
        terminal.flush()
        said = os.read(ours, 1000).decode()
    os.close(ours)
    assert said.split("\r\n") == ["error: There is no", "such cycle at all.", "  Name another.", ""]
