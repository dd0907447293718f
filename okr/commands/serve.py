"""`okr serve`: previews the report in a browser, and has it load again when files change."""

from __future__ import annotations

import errno
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from okr.commands.options import CycleOption, Language, LanguageOption

if TYPE_CHECKING:
    from pathlib import Path

    from okr.commands.site_server import SiteServer

app = typer.Typer()


@app.command()
def serve(
    port: Annotated[
        int, typer.Option(metavar="PORT", help="0 takes any that is free.", min=0, max=65535)
    ] = 8000,
    host: Annotated[
        str,
        typer.Option(
            metavar="HOST", help="The address to listen on; by default, only this machine can connect."
        ),
    ] = "127.0.0.1",
    cycle: CycleOption = None,
    language: LanguageOption = None,
    audit: Annotated[
        bool, typer.Option("--audit/--no-audit", help="Audit the record for the page on it, each time anew.")
    ] = False,
) -> None:
    """Preview the report in a browser; it loads again when files change.

    Only this machine can see it, unless --host says otherwise. Ctrl-C ends it. `okr report -o DIR` writes the same
    pages to publish.

    \b
    Examples:
      okr serve
      okr serve --port 0 --cycle 2026-Q3
    """
    from okr.commands.extras import require_extra
    from okr.commands.running import invocation
    from okr.commands.site_server import SiteServer, is_loopback
    from okr.errors import OkrError
    from okr.operations.noticing import changes, glance
    from okr.sources import find_root
    from okr.views.errors import show_error

    require_extra("report", "jinja2", "okr serve")
    root = find_root(invocation().directory)
    try:
        server = SiteServer(host, port)
    except (OSError, OverflowError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        option = "--port" if getattr(error, "errno", None) in {errno.EADDRINUSE, errno.EACCES} else "--host"
        raise OkrError(
            f"{host}:{port} can't be listened on: {reason}", f"choose another with {option}"
        ) from error
    with server:
        before = glance(root)
        _show(server, root, cycle, language, audit=audit)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        typer.echo(f"Serving {server.address}, Ctrl-C ends it.", err=True)
        if not is_loopback(host):
            typer.echo("Everybody who reaches this machine can read it.", err=True)
        for _ in changes(root, 0.5, before):
            try:
                _show(server, root, cycle, language, audit=audit)
            except OkrError as error:  # the pages stay as they were until the files can be read again
                show_error(error)


def _show(
    server: SiteServer, root: Path, cycle: str | None, language: Language | None, *, audit: bool
) -> None:
    from okr.commands.answering import answering
    from okr.commands.opening import workspace_at
    from okr.commands.running import invocation
    from okr.operations.site import gather_site
    from okr.views.site.pages import pages

    workspace = workspace_at(root)
    with answering(workspace):
        found = gather_site(
            workspace,
            cycle=cycle,
            language=language.value if language else None,
            audited=audit,
            kept=invocation().cache,
        )
    server.show(pages(found))
