"""What an editor may ask of the language server, each request answered by the operation that knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from okr.commands.lsp_protocol import FIX_ALL, edits_within, overlap, position
from okr.errors import OkrError
from okr.operations.editor.actions import action_for_all, actions_for
from okr.operations.editor.changes import changes_between
from okr.operations.editor.completion import choices_at
from okr.operations.editor.cursor import cursor_at
from okr.operations.editor.hover import hover_at
from okr.operations.editor.outline import outline
from okr.operations.editor.rename import rename
from okr.operations.editor.things import Role, definition_of, mention_at, mentions_of
from okr.operations.formatting import Laid, format_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from okr.commands.lsp_server import Asked, Examined, Server
    from okr.operations.editor.actions import Action
    from okr.operations.editor.session import Desk
    from okr.operations.editor.things import Mention
    from okr.workspace import Workspace

TRIGGERS = [" ", "/", "[", "{", '"']
"""Characters after which an editor asks what may follow, besides letters."""


def register(server: Server) -> None:
    """Tells pygls what the server can do."""
    _register_conversation(server)
    triggers = types.CompletionOptions(trigger_characters=TRIGGERS)
    _answer(server, types.TEXT_DOCUMENT_COMPLETION, completion, triggers)
    _answer(server, types.TEXT_DOCUMENT_HOVER, hover)
    _answer(server, types.TEXT_DOCUMENT_DEFINITION, definition)
    _answer(server, types.TEXT_DOCUMENT_REFERENCES, references)
    _answer(server, types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, symbols)
    _answer(server, types.TEXT_DOCUMENT_FORMATTING, formatting)
    _answer(server, types.TEXT_DOCUMENT_PREPARE_RENAME, prepare_rename)
    _answer(server, types.TEXT_DOCUMENT_RENAME, renaming, types.RenameOptions(prepare_provider=True))
    kinds = [types.CodeActionKind.QuickFix, FIX_ALL]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds))
    async def code_actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction] | None:
        asked = ls.asked(params.text_document.uri)
        examined = None if asked is None else await ls.examined(asked.snapshot.root)
        if asked is None or examined is None:
            return None
        return await ls.answer(lambda _: actions(asked, examined, params))


def _answer(
    server: Server, method: str, work: Callable[[Asked, Desk, Any], Any], options: object = None
) -> None:
    """Has a request on an open file answered; of a file that is in no workspace nothing is said."""

    @server.feature(method, options)
    async def answer(ls: Server, params: Any) -> Any:  # noqa: ANN401 # the method says which they are
        asked = ls.asked(params.text_document.uri)
        return None if asked is None else await ls.answer(lambda desk: work(asked, desk, params))


_WATCHED = ("**/*.yaml", "**/.gitattributes", "**/.git/logs/HEAD")
"""What findings depend on: with a commit, the rules on history compare with another one."""


def _register_conversation(server: Server) -> None:
    @server.feature(types.INITIALIZED)
    async def initialized(ls: Server, _: types.InitializedParams) -> None:
        able = ls.client_capabilities.workspace
        if able and able.did_change_watched_files and able.did_change_watched_files.dynamic_registration:
            watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            asked = types.Registration("okr-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await ls.client_register_capability_async(types.RegistrationParams([asked]))

    @server.feature(types.SHUTDOWN)
    def shutdown(ls: Server, _: None) -> None:
        ls.farewell = True

    @server.feature(types.EXIT)
    def end(ls: Server, _: None) -> None:
        ls.told_to_end = True

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
        ls.opened(params.text_document.uri, params.text_document.text)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        ls.opened(uri, ls.workspace.get_text_document(uri).source)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
        ls.closed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(ls: Server, _: types.DidSaveTextDocumentParams) -> None:
        ls.changed_on_disk()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_watched(ls: Server, _: types.DidChangeWatchedFilesParams) -> None:
        ls.changed_on_disk()


def completion(asked: Asked, desk: Desk, params: types.CompletionParams) -> types.CompletionList | None:
    """What one may type at the cursor."""
    offset = asked.text.offset(position(params.position))
    cursor = cursor_at(asked.path, asked.text.text, offset)
    if cursor is None:
        return None
    choices = choices_at(desk.steady(asked.snapshot), asked.path, cursor)
    return asked.speaker.completions(asked.text, cursor, choices)


def hover(asked: Asked, desk: Desk, params: types.HoverParams) -> types.Hover | None:
    """What is known of what stands at the cursor."""
    able = asked.capabilities.text_document
    formats = (able and able.hover and able.hover.content_format) or [types.MarkupKind.PlainText]
    workspace = desk.workspace(asked.snapshot)
    document = workspace.document(asked.path)
    where = asked.text.line_and_column(position(params.position))
    found = None if document is None else hover_at(workspace, document, *where)
    markdown = types.MarkupKind.Markdown in formats
    return None if found is None else asked.speaker.hover(asked.text, found, markdown=markdown)


def definition(asked: Asked, desk: Desk, params: types.DefinitionParams) -> types.Location | None:
    """Where what is named at the cursor is defined."""
    workspace = desk.workspace(asked.snapshot)
    mention = _mention(workspace, asked, params.position)
    found = None if mention is None else definition_of(workspace, mention.thing)
    return None if found is None else asked.speaker.location(workspace, *found)


def references(asked: Asked, desk: Desk, params: types.ReferenceParams) -> list[types.Location]:
    """Every place that names what is named at the cursor."""
    workspace = desk.workspace(asked.snapshot)
    mention = _mention(workspace, asked, params.position)
    return [
        asked.speaker.location(workspace, each.path, each.place)
        for each in (() if mention is None else mentions_of(workspace, mention.thing))
        if params.context.include_declaration or each.role is Role.REFERENCE
    ]


def symbols(asked: Asked, desk: Desk, _: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    """The outline of a file."""
    document = desk.workspace(asked.snapshot).document(asked.path)
    entries = () if document is None else outline(document)
    return [asked.speaker.symbol(asked.text, each) for each in entries]


def formatting(asked: Asked, _: Desk, __: types.DocumentFormattingParams) -> list[types.TextEdit]:
    """What `okr format` would change in a file."""
    laid = format_text(asked.path, asked.text.text.encode("utf-8", "replace"))
    if not isinstance(laid, Laid):
        raise OkrError(f"line {laid.line} keeps this file from being laid out: {laid.reason}")
    return edits_within(asked.text, changes_between(asked.text.text, laid.after.decode("utf-8-sig")))


def prepare_rename(
    asked: Asked, desk: Desk, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """The id at the cursor that can get a new one."""
    workspace = desk.workspace(asked.snapshot)
    mention = _mention(workspace, asked, params.position)
    if mention is None or mention.role is Role.FORMER or definition_of(workspace, mention.thing) is None:
        return None
    where = asked.speaker.range(workspace, asked.path, mention.place)
    return types.PrepareRenamePlaceholder(where, mention.thing.id)


def renaming(asked: Asked, desk: Desk, params: types.RenameParams) -> types.WorkspaceEdit:
    """All that a new id takes."""
    workspace = desk.workspace(asked.snapshot)
    mention = _mention(workspace, asked, params.position)
    if mention is None or mention.role is Role.FORMER:
        raise OkrError("nothing here can get a new id", "put the cursor on an id, or on a reference to one")
    edits = (
        (each.document.path, edit)
        for each in rename(workspace, mention.thing, params.new_name)
        for edit in changes_between(each.document.text, each.after)
    )
    return asked.speaker.change(workspace, edits)


def actions(asked: Asked, examined: Examined, params: types.CodeActionParams) -> list[types.CodeAction]:
    """What may be done about the findings within a range, and about all of a file where that is asked for."""
    workspace, wanted, speaker = examined.workspace, params.context.only, asked.speaker
    found: list[Action] = []
    if wanted is None or any(_within(types.CodeActionKind.QuickFix, each) for each in wanted):
        here = (
            each
            for each in examined.diagnostics
            if each.finding.path == asked.path
            and overlap(speaker.range(workspace, asked.path, each.finding.place), params.range)
        )
        found += actions_for(workspace, here)
    if wanted is not None and any(_within(FIX_ALL, each) for each in wanted):
        whole = action_for_all(workspace, asked.path)
        found += [] if whole is None else [whole]
    return [speaker.action(workspace, each) for each in found]


def _mention(workspace: Workspace, asked: Asked, at: types.Position) -> Mention | None:
    document = workspace.document(asked.path)
    where = asked.text.line_and_column(position(at))
    return None if document is None else mention_at(workspace, document, *where)


def _within(kind: str, wanted: str) -> bool:
    """Whether a kind of action is one of those that an editor wants: `source` stands for `source.fixAll` as well."""
    return kind == wanted or kind.startswith(f"{wanted}.")
