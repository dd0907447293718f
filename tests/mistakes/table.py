"""The table of mistakes: what somebody does to a good workspace, and what okr must say of it.

An entry changes one of the examples: `file` with `was` and `now` (without `was`, at the end), several such `edits`, or
files `renamed`, `removed` or `cleared`. Where a finding must stand, ⟦ ⟧ stand in `now`, in one of its `marks`, or
around what a finding is `on`; one that is about a whole file names it as `whole`. « » in a phrase stand for the number of
the line that holds the text between them.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.rules.cases import read_marks

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"

Entry = dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """A finding that must be there, by what it says in part.

    Attributes:
        start: its line and column, from 1.
        end: the same for its end, which is exclusive.
        says: a phrase of its message.
        mend: a phrase of its remedy.
    """

    rule: str
    path: str
    start: tuple[int, int]
    end: tuple[int, int]
    says: str
    mend: str


@dataclass(frozen=True)
class Mistake:
    """A mistake that somebody makes in one of the examples.

    Attributes:
        what: what happened, in a few words.
        workspace: the example's name.
        files: path → its new bytes; None where the file is removed.
        expected: all that must be found, by path and from top to bottom.
    """

    what: str
    workspace: str
    files: dict[str, bytes | None]
    expected: list[Expected]

    def make(self, folder: Path) -> None:
        """Copies the example into a folder that is not there yet, and makes the mistake in it."""
        shutil.copytree(EXAMPLES / self.workspace, folder)
        for path, content in self.files.items():
            target = folder / path
            if content is None:
                target.unlink()
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)


@cache
def mistakes(table: str = "*") -> tuple[Mistake, ...]:
    """All of the tables, or one of them, in order."""
    yaml = YAML(typ="safe", pure=True)
    tables = [yaml.load(path.read_text("utf-8")) for path in sorted(HERE.glob(f"{table}.yaml"))]
    return tuple(_mistake(entry) for entries in tables for entry in entries)


def _mistake(entry: Entry) -> Mistake:
    workspace = entry.get("workspace", "startup")
    found = entry.get("found", [entry])
    plain = {path: read_marks(text) for path, text in _marked_texts(entry, workspace, found).items()}
    files: dict[str, bytes | None] = dict.fromkeys([*entry.get("renamed", {}), *entry.get("removed", [])])
    files |= {path: each.text.encode(entry.get("encoding", "utf-8")) for path, each in plain.items()}
    places = iter((path, place) for path in sorted(plain) for place in plain[path].places)
    expected = []
    for each in found:
        path, (line, column, end_line, end_column) = (
            (each["whole"], (1, 1, 1, 1)) if "whole" in each else next(places)
        )
        text = plain[path].text if path in plain else ""
        texts = [_numbered(each[phrase], text, entry["what"]) for phrase in ("says", "mend")]
        expected.append(Expected(each["rule"], path, (line, column), (end_line, end_column), *texts))
    assert next(places, None) is None, f"{entry['what']}: more marks than findings"
    return Mistake(entry["what"], workspace, files, expected)


def _marked_texts(entry: Entry, workspace: str, found: list[Entry]) -> dict[str, str]:
    """The files after the mistake, with the marks of its findings in them."""
    texts: dict[str, str] = {}
    for edit in entry.get("edits", [entry] if "now" in entry else []):
        path = edit.get("file") or entry["file"]
        texts[path] = _edited(texts.get(path, _text(workspace, path)), edit, entry["what"])
    if entry.get("cleared"):
        texts[entry["file"]] = ""
    if "encoding" in entry:
        texts.setdefault(entry["file"], _text(workspace, entry["file"]))
    for old, new in entry.get("renamed", {}).items():
        texts[new] = texts.pop(old, _text(workspace, old))
    for each in found:
        if "on" in each:
            path = entry.get("file") or next(iter(entry["renamed"].values()))
            texts[path] = _marked(texts[path], f"⟦{each['on']}⟧", entry["what"])
    return texts


@cache
def _text(workspace: str, path: str) -> str:
    file = EXAMPLES / workspace / path
    return file.read_bytes().decode() if file.exists() else ""


def _edited(text: str, edit: Entry, what: str) -> str:
    if edit.get("json"):
        text = "⟦[" + text.partition("\n- ")[2].replace("\n- ", ",\n").rstrip() + "]⟧\n"
    elif "was" in edit:
        assert text.count(edit["was"]) == 1, f"{what}: {edit['was']!r} stands {text.count(edit['was'])} times"
        text = text.replace(edit["was"], edit["now"])
    else:
        text += edit["now"]
    for mark in edit.get("marks", []):
        text = _marked(text, mark, what)
    return text


def _numbered(phrase: str, text: str, what: str) -> str:
    def number(found: re.Match[str]) -> str:
        assert text.count(found[1]) == 1, f"{what}: {found[1]!r} stands {text.count(found[1])} times"
        return str(text[: text.index(found[1])].count("\n") + 1)

    return re.sub("«(.+?)»", number, phrase, flags=re.DOTALL)


def _marked(text: str, mark: str, what: str) -> str:
    bare = mark.replace("⟦", "").replace("⟧", "")
    assert text.count(bare) == 1, f"{what}: {bare!r} stands {text.count(bare)} times"
    return text.replace(bare, mark)
