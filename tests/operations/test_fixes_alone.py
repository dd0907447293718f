"""Every fix for every mistake and every rule's bad example, each by itself: only its own bytes change, and the finding is gone."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from okr import reader
from okr.documents import Document, read_document
from okr.edits import apply
from okr.operations.fixes.fixing import fix
from okr.operations.fixes.registry import catalogue_of_fixes, fixes_for
from okr.rules.catalogue import catalogue, rules_by_name
from okr.rules.engine import diagnose
from okr.rules.example_files import BASIS, examples_of
from okr.sources import Overlay
from okr.workspace import Workspace
from tests.conftest import TODAY
from tests.mistakes.table import EXAMPLES, mistakes
from tests.rules.cases import TWO

if TYPE_CHECKING:
    from okr.diagnostics import Diagnostic
    from okr.operations.fixes.fixing import Fixing
    from okr.operations.fixes.registry import Fix

MARK = b"\xef\xbb\xbf"
PLAN = "okrs/2026-Q4/marketing.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"
MORE = {
    "OKR104": {LOG: "- {date: 2026-10-05, kr: first/one, value: 120}\n - {date: 2026-10-06, kr: first/one, value: 121}\n"},
    "OKR107": {PLAN: TWO.replace("    key_results", "    title: Make people come back\n    key_results", 1)},
}  # fmt: skip
"""Of rules whose own example has no fix, for nobody knows what was meant there."""
FAMILIES = sorted({rule.code[:4] for rule in catalogue()})


def _cases(family: str) -> dict[str, dict[str, bytes]]:
    """The files of each workspace in which a rule of a family finds something that could be mended."""
    mendable = {
        rule.code
        for rule in catalogue()
        if rule.name in catalogue_of_fixes() and rule.code.startswith(family)
    }
    found = {}
    for code in sorted(mendable):
        examples = examples_of(code)
        assert examples is not None
        texts = BASIS | ({PLAN: TWO} | MORE[code] if code in MORE else dict(examples.bad.files))
        found[code] = {path: text.encode() for path, text in texts.items()}
    for mistake in mistakes():
        if any(each.rule in mendable for each in mistake.expected):
            root = EXAMPLES / mistake.workspace
            files = {
                path.relative_to(root).as_posix(): path.read_bytes()
                for path in root.rglob("*")
                if path.is_file()
            }
            for path, content in mistake.files.items():
                if content is None:
                    del files[path]
                else:
                    files[path] = content
            found[mistake.what] = files
    return found


class _Nothing:
    """No files at all: the folder that hundreds of workspaces are laid over, without asking the system."""

    def folders(self, _: str) -> list[str]:
        return []

    def files(self, _: str) -> list[str]:
        return []

    def read(self, _: str) -> bytes | None:
        return None

    def attributes_above(self) -> list[tuple[str, bytes]] | None:
        return None


def _workspace(files: dict[str, bytes]) -> Workspace:
    return Workspace(Overlay(_Nothing(), files), as_of=TODAY, title="acme")


def _applied(files: dict[str, bytes], fix_: Fix) -> dict[str, bytes]:
    """Some files once a fix is applied: what stands outside of its edits is taken over byte by byte."""
    after = dict(files)
    for path in {path for path, _ in fix_.edits}:
        content = files.get(path, b"")
        edits = [edit for each, edit in fix_.edits if each == path]
        text = content.removeprefix(MARK).decode()
        mark = MARK if content.startswith(MARK) else b""
        after[path] = mark + apply(Document(path, text, None), edits).encode()
    return after


def _alone(workspace: Workspace, found: Diagnostic) -> Fixing:
    return fix(workspace, lambda each: _said(each) == _said(found), unsafe=True)


def _said(found: Diagnostic) -> tuple[str, str, str]:
    return found.code, found.finding.path, found.finding.message


@pytest.fixture(autouse=True)
def _files_that_are_the_same_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two dozen files a fix changes one: a document never changes, so that the others can be shared."""
    monkeypatch.setattr(reader, "read_document", cache(read_document))


@pytest.mark.unmeasured
@pytest.mark.parametrize("family", FAMILIES)
def test_each_fix_alone_mends_its_finding_in_any_line_breaks(family: str) -> None:
    mended = set()
    for what, files in _cases(family).items():
        workspace = _workspace(files)
        diagnostics = diagnose(workspace)
        for found in diagnostics:
            if not found.code.startswith(family) or not fixes_for(workspace, found):
                continue
            fixing = _alone(workspace, found)
            if not fixing.fixes:
                continue  # it would have brought something as bad, and was left out
            (alone,) = fixing.fixes
            after = _applied(files, alone)
            assert {each.path: each.after for each in fixing.files} == {
                path: content for path, content in after.items() if content != files.get(path)
            }, what
            assert _said(found) not in {_said(each) for each in diagnose(_workspace(after))}, what
            if what == found.code:  # the rules' examples are small
                assert _in_other_breaks(files, found) in (None, after), what
            mended.add(found.name)
    assert mended == {name for name in catalogue_of_fixes() if rules_by_name()[name].code.startswith(family)}


def _in_other_breaks(files: dict[str, bytes], found: Diagnostic) -> dict[str, bytes] | None:
    """What the fix makes of the same file with a mark and other line breaks, brought back to what these are here."""
    path = found.finding.path
    if path not in files or not path.endswith(".yaml") or b"\r" in files[path]:
        return None
    other = files | {path: MARK + files[path].removeprefix(MARK).replace(b"\n", b"\r\n")}
    fixing = _alone(_workspace(other), found)
    (changed,) = fixing.files
    assert changed.after.startswith(MARK)
    assert b"\n" not in changed.after.replace(b"\r\n", b"")
    back = changed.after.removeprefix(MARK).replace(b"\r\n", b"\n")
    return files | {path: back if not files[path].startswith(MARK) else MARK + back}
