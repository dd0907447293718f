from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from okr.diagnostics import Diagnostic, Finding, Place, Severity
from okr.errors import shortened
from okr.views.findings_markdown import LONGEST_MESSAGE, escaped
from okr.views.text import printable
from tests.views.findings import HOSTILE, PLAN, golden, rendered, saying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
OURS = {"<code>", "</code>"}
MENTIONS = re.compile(r"(?:[@#!~%&$^:])\w|www\.|gh-\d|://", re.IGNORECASE)
"""What GitHub and GitLab look for in the text that a comment's Markdown gives."""


class Texts(HTMLParser):
    """The tags of a page, and the text of each of its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        assert not attrs
        self.tags.append(tag)
        if tag in {"td", "th", "h3", "summary", "p"}:
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if data != "\n":  # between the tags
            self.cells[-1] += data


def page(written: str) -> Texts:
    """A comment as a browser gets it."""
    texts = Texts()
    texts.feed(MARKDOWN.render(written))
    return texts


def tokens(written: str) -> list[Token]:
    """All pieces of a comment as the parser sees them."""
    return [piece for token in MARKDOWN.parse(written) for piece in (token, *(token.children or []))]


def test_a_comment() -> None:
    written = rendered("markdown", folder="nos objectifs")
    assert written == golden("findings.markdown.md", written)


def test_nothing_found() -> None:
    assert rendered("markdown", ()) == "<!-- okr validate -->\n### okr validate: 3 files, nothing to report\n"


def test_the_first_line_finds_the_comment_again() -> None:
    marks = [rendered("markdown", folder=folder).splitlines()[0] for folder in ("", "goals", "a --> b")]
    assert marks == [
        "<!-- okr validate -->",
        "<!-- okr validate: goals -->",
        "<!-- okr validate: a%20--%3E%20b -->",
    ]


def test_many_findings_are_folded_away_errors_in_view() -> None:
    found = [
        Diagnostic(
            "OKR112", "unknown-key", severity, Finding(PLAN, Place(line, 1, line, 2), f"line {line}", "h")
        )
        for line in range(1, 8)
        for severity in (Severity.WARNING, Severity.ERROR)
    ]
    written = rendered("markdown", found)
    shown, _, folded = written.partition("<details>")
    assert [line.split(" | ")[0] for line in shown.splitlines()[5:15]] == ["| error"] * 7 + ["| warning"] * 3
    assert folded.count("| warning |") == 4
    assert page(written).tags.count("tr") == 2 + 14
    assert "4 more findings" in page(written).cells


@pytest.mark.unmeasured
def test_a_comment_is_never_longer_than_github_takes() -> None:
    written = rendered("markdown", saying("|" * 300, hint="|" * 300, number=500))
    assert len(written) <= 65_000
    rows = page(written).tags.count("tr") - 2
    assert 10 < rows < 60
    assert f"{500 - rows} findings did not fit here; `okr validate` shows them all." in written


@pytest.mark.unmeasured
def test_rows_that_fit_are_all_there() -> None:
    written = rendered("markdown", saying("x", hint="h", number=300))
    assert "did not fit" not in written
    assert page(written).tags.count("tr") == 2 + 300


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE)
def test_a_text_from_a_file_shows_as_it_is(message: str) -> None:
    path = f"{message[:60]}.yaml"
    written = rendered("markdown", saying(message, path=path, hint=message))
    found = page(written)
    assert sorted(set(found.tags)) == ["code", "h3", "table", "tbody", "td", "th", "thead", "tr"]
    *_, where, what, how = found.cells
    cut = shortened(printable(message), LONGEST_MESSAGE)
    assert where == f"{printable(path)}:1:1"
    assert what.replace("\u200b", "") == f"{cut} (OKR112 unknown-key)".replace("\u200b", "")
    assert how.replace("\u200b", "") == cut.replace("\u200b", "").strip()
    kinds = {token.type for token in tokens(written)}
    assert not kinds & {"link_open", "image", "em_open", "strong_open", "code_inline", "fence", "hr"}
    assert {token.content for token in tokens(written) if token.type == "html_inline"} <= OURS
    assert MENTIONS.findall(what + how) == []


def test_what_is_no_reference_is_left_without_breaks() -> None:
    assert unescape(escaped("100 % of 3 # things: a - b")) == "100 % of 3 # things: a - b"
    assert escaped("plain words, and a stop. Ça va") == "plain words, and a stop. Ça va"
