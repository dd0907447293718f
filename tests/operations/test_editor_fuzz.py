"""Whatever a file holds while one types: an answer or none, within the text, and never an exception."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from okr.documents import Document
from okr.edits import apply
from okr.errors import OkrError
from okr.operations.editor.actions import actions_for
from okr.operations.editor.changes import changes_between
from okr.operations.editor.completion import choices_at
from okr.operations.editor.cursor import cursor_at
from okr.operations.editor.hover import hover_at
from okr.operations.editor.outline import outline
from okr.operations.editor.positions import EditorText, Units
from okr.operations.editor.rename import rename
from okr.operations.editor.things import mention_at
from okr.reader import ReadBefore
from okr.rules.engine import diagnose
from okr.sources import Folder, Overlay
from okr.views.editor_hover import hover_text
from okr.workspace import Workspace
from tests.test_fuzz import FILES, NAMES, STARTUP, TODAY, few, mutated

BEFORE = ReadBefore()


@few
@given(st.sampled_from(NAMES), st.integers(0, 10_000))
def test_a_mutated_file(name: str, seed: int) -> None:
    content = mutated(FILES[name], seed)
    text = EditorText(content.decode("utf-8", "replace"), Units.UTF16)
    overlay = Overlay(Folder(STARTUP), {name: text.text.encode()})
    workspace = Workspace(overlay, as_of=TODAY, title="fuzz", before=BEFORE)
    document = workspace.document(name)
    assert document is not None
    for entry in outline(document):
        assert text.place_offsets(entry.at)[1] <= len(text.text)
    step = max(1, len(text.text) // 12)
    for offset in range(seed % step, len(text.text), step):
        cursor = cursor_at(name, text.text, offset)
        if cursor is not None:
            assert cursor.start <= offset <= cursor.end
            choices_at(workspace, name, cursor)
        place = text.line_and_column(text.position(offset))
        hover = hover_at(workspace, document, *place)
        if hover is not None:
            assert hover_text(hover.facts, markdown=True)
        mention = mention_at(workspace, document, *place)
        if mention is not None:
            with contextlib.suppress(OkrError):
                for each in rename(workspace, mention.thing, "new-id"):
                    edits = changes_between(each.document.text, each.after)
                    assert apply(each.document, edits) == each.after
    found = [each for each in diagnose(workspace) if each.finding.path == name]
    for action in actions_for(workspace, found):
        assert apply(Document(name, text.text, None), [edit for path, edit in action.edits if path == name])
