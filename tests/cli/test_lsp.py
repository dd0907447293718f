"""`okr lsp` with a real client over stdio: one server, and one conversation, for most of it."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.cli.conftest import SMALL_WORKSPACE, Shell
from tests.cli.editor import Editor

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAN = "okrs/2026-Q4/marketing.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"
COMPANY = "okrs/2026/company.yaml"
BOB = "okrs/2026-Q4/bob.yaml"
HOSTILE = "😀 [x](command:evil) <img src=x> `Reach`"
FILES = SMALL_WORKSPACE | {
    "kpis.yaml": "kpis:\n  - {id: mau, name: Monthly users, unit: users}\n",
    BOB: f"""\
objectives:
  - id: help
    title: "{HOSTILE}"
    supports: marketing/brand
    key_results:
      - {{id: calls, title: Take 5 calls a day, from: 1, to: 5}}
      - {{id: users, title: Win 20 users, kpi: mau, from: 10, to: 20}}
  - id: learn
    title: Learn what they came for
    supports: 2026/company/lead
    key_results: [{{id: talks, title: "😀😀 10 talks", from: 0, to: 10, owner: bob}}, {{id: notes, title: 8 notes, from: 0, to: 8}}]
""".replace("\n", "\r\n"),
}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    folder = tmp_path_factory.mktemp("lsp")
    shell = Shell(folder / "wörk space", folder / "home")
    shell.home.mkdir()
    shell.folder.mkdir()
    shell.write(FILES)
    return shell


@pytest.fixture(scope="module")
def running(shell: Shell) -> Iterator[Editor]:
    editor = Editor(shell)
    yield editor
    assert editor.end() == (
        0,
        "",
    )  # it went on through all that was asked of it, and had nothing to complain of
    assert {path: shell.read(path) for path in FILES} == FILES  # and wrote nothing


@pytest.fixture
def editor(running: Editor) -> Iterator[Editor]:
    """The editor with all files closed again afterwards."""
    yield running
    running.close_all()


def clean(codes: list[str]) -> bool:
    return codes == []


def actions(editor: Editor, path: str, *only: str) -> list[types.CodeAction]:
    whole = types.Range(types.Position(0, 0), types.Position(99, 0))
    context = types.CodeActionContext(diagnostics=[], only=list(only) or None)
    found = editor.ask(
        "text_document_code_action", types.CodeActionParams(editor.document(path), whole, context)
    )
    return [each for each in found or () if isinstance(each, types.CodeAction)]


def span(found: types.Range) -> tuple[int, int, int, int]:
    return found.start.line, found.start.character, found.end.line, found.end.character


def located(editor: Editor, found: list[types.Location]) -> list[tuple[Any, ...]]:
    prefix = editor.uri("")
    return [(each.uri.removeprefix(prefix).lstrip("/"), *span(each.range)) for each in found]


def test_what_it_says_it_can_do(editor: Editor) -> None:
    able = editor.able.capabilities
    assert editor.able.server_info.name == "okr"
    assert able.position_encoding == "utf-16"
    assert able.text_document_sync.change is types.TextDocumentSyncKind.Full
    assert able.rename_provider == types.RenameOptions(prepare_provider=True)
    assert list(able.code_action_provider.code_action_kinds) == ["quickfix", "source.fixAll.okr"]
    for each in (able.hover_provider, able.definition_provider, able.references_provider,
                 able.document_symbol_provider, able.document_formatting_provider):  # fmt: skip
        assert each is True
    editor.until(lambda: len(editor.registered) > 0)
    assert editor.registered[0].method == "workspace/didChangeWatchedFiles"
    options: Any = editor.registered[0].register_options
    watched = [each["globPattern"] for each in options["watchers"]]
    assert watched == ["**/*.yaml", "**/.gitattributes", "**/.git/logs/HEAD"]


def test_findings_come_and_go_as_one_types(editor: Editor) -> None:
    editor.open(PLAN)
    editor.findings(PLAN, clean)
    wrong = SMALL_WORKSPACE[PLAN].replace("supports: 2026/company/lead", "supports: 2026/company/laed", 1)
    editor.type(PLAN, wrong)
    (found,) = editor.findings(PLAN, lambda codes: codes == ["OKR302"])
    assert span(found.range) == (4, 14, 4, 31)
    assert (found.severity, found.source) == (types.DiagnosticSeverity.Error, "okr")
    assert found.message.splitlines() == [
        "“2026/company/laed” names nothing: company has no objective “laed” in 2026.",
        "Did you mean 2026/company/lead, 2026/company/lead/churn or 2026/company/lead/share?",
    ]
    editor.type(PLAN, wrong + "\t- {\n")
    (broken,) = editor.findings(PLAN, lambda codes: codes not in ([], ["OKR302"]))
    assert broken.code == "OKR105"
    editor.type(PLAN, SMALL_WORKSPACE[PLAN])
    editor.findings(PLAN, clean)


def test_while_one_types_nothing_is_looked_for(editor: Editor) -> None:
    editor.open(PLAN)
    editor.findings(PLAN, clean)
    before = editor.times_published
    for number in range(30):
        editor.type(PLAN, SMALL_WORKSPACE[PLAN].replace("weight: 2", f"wieght: {number}"))
    editor.findings(PLAN, lambda codes: codes == ["OKR112"])
    assert editor.times_published == before + 1


def test_what_is_unsaved_in_one_file_shows_in_another(editor: Editor) -> None:
    editor.open(PLAN)
    editor.open(COMPANY)
    editor.findings(PLAN, clean)
    editor.type(COMPANY, SMALL_WORKSPACE[COMPANY].replace("id: lead", "id: head"))
    found = editor.findings(PLAN, lambda codes: "OKR302" in codes)
    assert [each.range.start.line for each in found] == [4, 16]
    editor.close(COMPANY)
    editor.findings(PLAN, clean)


def test_what_others_write_shows_as_well(editor: Editor) -> None:
    editor.open(PLAN)
    editor.findings(PLAN, clean)
    editor.shell.write({COMPANY: SMALL_WORKSPACE[COMPANY].replace("id: lead", "id: head")})
    try:
        event = types.FileEvent(editor.uri(COMPANY), types.FileChangeType.Changed)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        editor.findings(PLAN, lambda codes: "OKR302" in codes)
    finally:
        editor.shell.write({COMPANY: SMALL_WORKSPACE[COMPANY]})
    editor.client.text_document_did_save(types.DidSaveTextDocumentParams(editor.document(PLAN)))
    editor.findings(PLAN, clean)


def test_places_are_counted_in_utf_16_and_lines_end_as_they_do(editor: Editor) -> None:
    text = FILES[BOB].replace("owner: bob", "owner: bbo")
    editor.open(BOB, text)
    (found,) = editor.findings(BOB, lambda codes: "OKR602" in codes)
    line = text.split("\r\n")[10]
    start = len(line[: line.index("bbo")].encode("utf-16-le")) // 2
    assert start == line.index("bbo") + 2
    assert span(found.range) == (10, start, 10, start + 3)
    (fix, *_) = actions(editor, BOB)
    assert fix.kind == types.CodeActionKind.QuickFix
    assert editor.applied(fix.edit) == {BOB: FILES[BOB]}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_mark_at_the_head_of_a_file_stays_there(editor: Editor, mark: str) -> None:
    right = mark + SMALL_WORKSPACE[PLAN]
    editor.open(PLAN, right.replace("objectives:", "objectivs:"))
    (found, *_) = editor.findings(PLAN, lambda codes: "OKR112" in codes)
    assert span(found.range) == (0, len(mark), 0, len(mark) + len("objectivs"))
    (fix, *_) = actions(editor, PLAN)
    assert editor.applied(fix.edit) == {PLAN: right}


def test_keys_in_no_order_are_put_in_order(editor: Editor) -> None:
    title = f'    title: "{HOSTILE}"\r\n'
    text = FILES[BOB].replace(title, "").replace("  - id: learn", f"{title}  - id: learn")
    editor.open(BOB, text)
    editor.findings(BOB, lambda codes: codes == ["OKR123"])
    (fix, silence) = actions(editor, BOB)
    assert (fix.title, fix.is_preferred) == ("Put its keys in order", True)
    assert "Silence OKR123" in silence.title
    assert editor.applied(fix.edit) == {BOB: FILES[BOB]}


def test_completion_replaces_what_is_there(editor: Editor) -> None:
    text = SMALL_WORKSPACE[PLAN].replace("owner: alice", "owner: al", 1)
    editor.open(PLAN, text)
    found = editor.ask("text_document_completion", types.CompletionParams(**editor.at(PLAN, "owner: al|")))
    assert [(each.label, each.detail) for each in found.items] == [("alice", "Alice Martin")]
    assert (
        found.items[0].filter_text == "alice Alice Martin"
    )  # so that an editor keeps it for who types the name
    assert span(found.items[0].text_edit.range) == (3, 11, 3, 13)
    editor.type(PLAN, text.replace("supports: 2026/company/lead", "supports: bob/", 1) + "   broken: [")
    found = editor.ask(
        "text_document_completion", types.CompletionParams(**editor.at(PLAN, "supports: bob/|"))
    )
    assert [(each.label, each.detail, each.sort_text) for each in found.items][:2] == [
        ("bob/help", HOSTILE, "0000"),
        ("bob/help/calls", "Take 5 calls a day", "0001"),
    ]
    editor.type(PLAN, text.replace("    type: committed\n", "    ty\n"))
    found = editor.ask("text_document_completion", types.CompletionParams(**editor.at(PLAN, "    ty|\n")))
    (key,) = found.items
    assert (key.label, key.text_edit.new_text) == ("type", "type: ")
    assert key.documentation.startswith("Aspirational")
    nowhere = types.CompletionParams(**editor.at(PLAN, "title: Make our| brand"))
    assert editor.ask("text_document_completion", nowhere) is None


def test_what_was_readable_last_is_offered_while_the_file_is_broken(editor: Editor) -> None:
    editor.open(PLAN, SMALL_WORKSPACE[PLAN].replace("id: speed", "id: fresh"))
    editor.open(LOG)
    first = types.CompletionParams(**editor.at(LOG, "2026-10-12, kr: |brand/launch"))
    ids = ["brand/visits", "brand/launch", "fresh/hours", "fresh/uptime"]
    assert [each.label for each in editor.ask("text_document_completion", first).items] == ids
    editor.type(PLAN, SMALL_WORKSPACE[PLAN] + "]")
    assert [each.label for each in editor.ask("text_document_completion", first).items] == ids


def test_hover_shows_numbers_and_no_markup_of_files(editor: Editor) -> None:
    editor.open(LOG)
    found = editor.ask("text_document_hover", types.HoverParams(**editor.at(LOG, "10-05, kr: brand/vi|sits")))
    assert found.contents.kind is types.MarkupKind.Markdown
    assert "47,500 visits (42,000 → 100,000)" in found.contents.value
    assert span(found.range) == (0, 31, 0, 37)
    editor.open(BOB)
    found = editor.ask("text_document_hover", types.HoverParams(**editor.at(BOB, "- id: he|lp")))
    assert found.contents.value.startswith(
        "**😀 \\[x\\](command:evil) \\<img src=x\\> \\`Reach\\`**\n\nobjective · `2026-Q4/bob/help`"
    )
    nothing = types.HoverParams(**editor.at(BOB, "Take| 5"))
    assert editor.ask("text_document_hover", nothing) is None


def test_definition_and_references(editor: Editor) -> None:
    editor.open(PLAN)
    editor.open(BOB)
    found = editor.ask(
        "text_document_definition", types.DefinitionParams(**editor.at(BOB, "marketing/br|and"))
    )
    assert located(editor, [found]) == [(PLAN, 1, 8, 1, 13)]
    asked = editor.at(PLAN, "- id: br|and")
    places = [
        (LOG, 0, 25, 0, 30), (LOG, 1, 25, 1, 30), (LOG, 2, 25, 2, 30), (BOB, 3, 24, 3, 29), (PLAN, 1, 8, 1, 13),
    ]  # fmt: skip
    for declared in (True, False):
        params = types.ReferenceParams(types.ReferenceContext(declared), **asked)
        assert (
            located(editor, editor.ask("text_document_references", params)) == places[: 5 if declared else 4]
        )
    nothing = types.DefinitionParams(**editor.at(BOB, "title: Lea|rn"))
    assert editor.ask("text_document_definition", nothing) is None


def test_rename_through_all_plans_with_the_old_id_kept(editor: Editor) -> None:
    editor.open(PLAN)
    at = editor.at(PLAN, "- id: br|and")
    ready = editor.ask("text_document_prepare_rename", types.PrepareRenameParams(**at))
    assert (span(ready.range), ready.placeholder) == ((1, 8, 1, 13), "brand")
    edit = editor.ask("text_document_rename", types.RenameParams(new_name="name", **at))
    changed = editor.applied(edit)
    assert changed == {
        PLAN: SMALL_WORKSPACE[PLAN]
        .replace("- id: brand\n", "- id: name\n")
        .replace(
            "    supports: 2026/company/lead\n    key",
            "    supports: 2026/company/lead\n    formerly: [brand]\n    key",
            1,
        ),
        BOB: FILES[BOB].replace("marketing/brand", "marketing/name"),
    }
    editor.type(PLAN, changed[PLAN])
    editor.open(BOB, changed[BOB])
    editor.findings(BOB, clean)
    editor.findings(PLAN, clean)
    with pytest.raises(JsonRpcException, match="the id speed is, or was, another objective's") as refused:
        editor.ask(
            "text_document_rename", types.RenameParams(new_name="speed", **editor.at(PLAN, "- id: na|me"))
        )
    assert refused.value.code == -32803
    former = editor.at(PLAN, "formerly: [br|and]")
    assert editor.ask("text_document_prepare_rename", types.PrepareRenameParams(**former)) is None
    with pytest.raises(JsonRpcException, match="nothing here can get a new id"):
        editor.ask("text_document_rename", types.RenameParams(new_name="speed", **former))


def test_actions_mend_and_silence(editor: Editor) -> None:
    editor.open(
        PLAN, SMALL_WORKSPACE[PLAN].replace("company/lead", "company/laed").replace("weight: 2", "wieght: 2")
    )
    editor.findings(PLAN, lambda codes: len(codes) == 3)
    found = actions(editor, PLAN)
    assert [(each.title, each.is_preferred, (each.diagnostics or [])[0].code) for each in found] == [
        ("Write 2026/company/lead", True, "OKR302"),
        ("Rename the key to “weight”", True, "OKR112"),
        ("Write 2026/company/lead", True, "OKR302"),
        ("Silence OKR302 here with a comment that says why", None, "OKR302"),
        ("Silence OKR302 here with a comment that says why", None, "OKR302"),
    ]
    silenced = editor.applied(found[3].edit)[PLAN]
    assert "    supports: 2026/company/laed  # okr: ignore[OKR302] \n" in silenced
    (whole,) = actions(editor, PLAN, "source")
    assert (whole.kind, whole.diagnostics) == ("source.fixAll.okr", None)
    assert editor.applied(whole.edit) == {PLAN: SMALL_WORKSPACE[PLAN]}
    assert actions(editor, PLAN, "refactor") == []


def test_a_file_that_is_no_yaml_is_mended_as_well(editor: Editor) -> None:
    editor.open(".gitattributes", "*.png binary\n😀.txt text\n")
    editor.findings(".gitattributes", lambda codes: codes == ["OKR511"])
    (fix,) = actions(editor, ".gitattributes")
    mended = {".gitattributes": "*.png binary\n😀.txt text\ncheckins/** merge=union\n"}
    assert editor.applied(fix.edit) == mended


def test_formatting_and_outline(editor: Editor) -> None:
    editor.open(PLAN, SMALL_WORKSPACE[PLAN].replace("    owner: alice\n", "    owner:    alice\n"))
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    edits = editor.ask(
        "text_document_formatting", types.DocumentFormattingParams(editor.document(PLAN), options)
    )
    assert "    owner: alice" in [each.new_text.split("\n")[0] for each in edits]
    (brand, speed) = editor.ask(
        "text_document_document_symbol", types.DocumentSymbolParams(editor.document(PLAN))
    )
    assert (brand.detail, brand.name) == ("brand", "Make our brand the one people think of first")
    assert [each.detail for each in speed.children] == ["hours", "uptime"]
    editor.type(PLAN, "objectives: [\n")
    with pytest.raises(JsonRpcException, match="keeps this file from being laid out"):
        editor.ask("text_document_formatting", types.DocumentFormattingParams(editor.document(PLAN), options))


def test_files_of_no_workspace_and_of_no_disk_are_left_alone(editor: Editor) -> None:
    editor.open("../elsewhere.yaml", "objectives: []\n")
    asked = types.HoverParams(**editor.at("../elsewhere.yaml", "objec|tives"))
    assert editor.ask("text_document_hover", asked) is None
    assert actions(editor, "../elsewhere.yaml") == []
    item = types.TextDocumentItem("untitled:Untitled-1", "yaml", 1, "a: b\n")
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    closed = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(item.uri))
    editor.client.text_document_did_close(closed)
    editor.open(COMPANY)
    editor.findings(COMPANY, clean)


def test_an_editor_of_few_means_in_a_repository(repository: Shell) -> None:
    repository.write({BOB: FILES[BOB]})
    utf8 = types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf8])
    editor = Editor(repository, types.ClientCapabilities(general=utf8))
    assert editor.able.capabilities.position_encoding == "utf-8"
    editor.open(BOB, FILES[BOB].replace("owner: bob", "owner: bbo"))
    (found, *_) = editor.findings(BOB, lambda codes: "OKR602" in codes)
    line = FILES[BOB].split("\r\n")[10]
    start = len(line[: line.index("owner: bob") + 7].encode())
    assert span(found.range) == (10, start, 10, start + 3)
    plain = editor.ask("text_document_hover", types.HoverParams(**editor.at(BOB, "- id: he|lp")))
    assert plain.contents.kind is types.MarkupKind.PlainText
    assert plain.contents.value.startswith(f"{HOSTILE}\n\nobjective · 2026-Q4/bob/help")
    assert editor.registered == []
    editor.open(LOG)
    editor.type(LOG, SMALL_WORKSPACE[LOG].replace("value: 44000", "value: 45000"))
    editor.findings(LOG, lambda codes: "OKR702" in codes)  # what the last commit says is a record
    repository.write({LOG: SMALL_WORKSPACE[LOG].replace("value: 44000", "value: 45000")})
    repository.git("commit", "--quiet", "--all", "-m", "Change the record")
    event = types.FileEvent(editor.uri(".git/logs/HEAD"), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    editor.findings(LOG, lambda codes: "OKR702" not in codes)  # and now it says another
    repository.write({LOG: SMALL_WORKSPACE[LOG]})
    assert editor.end(farewell=False) == (1, "")  # as the protocol has it


def test_in_a_terminal_it_says_what_it_waits_for_and_can_be_interrupted(shell: Shell) -> None:
    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "okr", "lsp"], cwd=shell.folder, env=shell.environment(), stdin=there,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        said = "okr lsp waits for an editor on stdin; docs/editors.md says how to set one up.\n"
        assert process.stderr.readline() == said
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.communicate()[0] == ""
    finally:
        process.kill()
        os.close(here)
        os.close(there)


def test_it_ends_where_the_editor_is_gone(shell: Shell) -> None:
    done = shell.run(sys.executable, "-m", "okr", "lsp", stdin="")
    assert (done.status, done.out) == (0, "")


def test_without_its_extra_it_says_how_to_get_it(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygls", None)  # what an import finds where a package is not installed
    done = shell.okr("lsp")
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "error: `okr lsp` needs the package pygls, which is not installed.\n  `pip install 'okr[lsp]'` installs it.\n"
    )
