"""What an editor offers beside a finding: the fixes of `okr validate --fix`, and a comment that silences the rule.

Nothing is tried here: the editor shows what comes of it at once, and takes it back as quickly. All that can be mended
safely in a file, by contrast, is what `--fix` would do to it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.diagnostics import Place
from okr.documents import read_document
from okr.edit_text import Edit, SourceText
from okr.edits import apply
from okr.operations.editor.changes import changes_between
from okr.operations.fixes.fixing import fix
from okr.operations.fixes.registry import fixes_for
from okr.operations.formatting import is_log
from okr.rules.catalogue import rules_by_name
from okr.rules.comments import suppressions
from okr.rules.suppression import is_silenced_by_comments

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.diagnostics import Diagnostic
    from okr.documents import Document
    from okr.workspace import Workspace

_REMARK = "okr: "


class Nature(StrEnum):
    """What an action is."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    SILENCING = "silencing"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Action:
    """Something that an editor may do for a finding, or for all of a file.

    Attributes:
        title: what it does.
        nature: whether nobody could have meant anything else, whether it changes what the file says, or silences a rule.
        diagnostic: what it is for; None for all of a file.
        edits: the files, each with what is replaced in it; a file that is not there counts as empty.
    """

    title: str
    nature: Nature
    diagnostic: Diagnostic | None
    edits: tuple[tuple[str, Edit], ...]


def actions_for(workspace: Workspace, diagnostics: Iterable[Diagnostic]) -> Iterator[Action]:
    """What may be done about some findings: fixes, safe ones first, then silencing."""
    found = list(diagnostics)
    fixes = [(each, diagnostic) for diagnostic in found for each in fixes_for(workspace, diagnostic)]
    for each, diagnostic in sorted(fixes, key=lambda pair: not pair[0].safe):
        title = each.message if each.safe else f"{each.message} (changes what the file says)"
        yield Action(title, Nature.SAFE if each.safe else Nature.UNSAFE, diagnostic, each.edits)
    for diagnostic in found:
        edit = _silencing(workspace, diagnostic)
        if edit is not None:
            title = f"Silence {diagnostic.code} here with a comment that says why"
            yield Action(title, Nature.SILENCING, diagnostic, ((diagnostic.finding.path, edit),))


def action_for_all(workspace: Workspace, path: str) -> Action | None:
    """All that `okr validate --fix` would do to a file and for it; None where that is nothing."""
    fixing = fix(workspace, lambda diagnostic: diagnostic.finding.path == path)
    edits = tuple(
        (each.path, edit)
        for each in fixing.files
        for edit in changes_between(_text(each.before or b""), _text(each.after))
    )
    return (
        Action("Mend all that can be mended safely in this file", Nature.ALL, None, edits) if edits else None
    )


def _silencing(workspace: Workspace, diagnostic: Diagnostic) -> Edit | None:
    """The comment that silences a finding, its reason left to be written; None where no comment can."""
    finding = diagnostic.finding
    document = workspace.document(finding.path) if finding.path.endswith(".yaml") else None
    rule = rules_by_name()[diagnostic.code]
    if document is None or not document.readable or is_log(finding.path) or not is_silenced_by_comments(rule):
        return None
    for edit, moved in _comments(document, finding.place, diagnostic.code):
        after = read_document(finding.path, apply(document, [edit]).encode())
        place = Place(finding.place.line + moved, finding.place.column, finding.place.end_line + moved, 1)
        if after.root == document.root and any(
            each.covers(place) and any(named.selector == diagnostic.code for named in each.named)
            for each in suppressions(after)
        ):
            return edit
    return None


def _comments(document: Document, place: Place, code: str) -> Iterator[tuple[Edit, int]]:
    """Places for the comment, the nearest first, each with how many lines it moves the finding down."""
    text = SourceText(document)
    newline = text.newline(place.line)
    if place == Place():
        yield Edit(0, 0, f"# {_REMARK}ignore-file[{code}] {newline}"), 1
        return
    end = text.end_of_line(place.line)
    for there in suppressions(document):
        if there.place.line == place.line and there.named and there.fault is None:
            last = there.named[-1].place
            after = text.offset(last.end_line, last.end_column)
            yield Edit(after, after, f", {code}"), 0
    if "#" not in text.line(place.line):
        yield Edit(end, end, f"  # {_REMARK}ignore[{code}] "), 0
    start = text.starts[place.line - 1]
    line = text.line(place.line)
    indent = line[: len(line) - len(line.lstrip(" "))]
    yield Edit(start, start, f"{indent}# {_REMARK}ignore[{code}] {newline}"), 1


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig")
