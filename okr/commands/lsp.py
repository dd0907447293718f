"""`okr lsp`: starts the language server, once its extra is there."""

from __future__ import annotations

import gc
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def lsp(
    *,
    stdio: Annotated[
        bool,
        typer.Option(
            "--stdio",
            show_default=False,
            help="Speak over stdin and stdout. It always does; some editors pass this option.",
        ),
    ] = True,
) -> int:
    """Serve an editor: findings as you type, completion, hover, rename.

    Speaks the Language Server Protocol over stdin and stdout: an editor starts it, and docs/editors.md shows how for
    VS Code, Neovim, Helix and Emacs. It reads the files as the editor has them, and never writes any itself.

    \b
    Example:
      pip install 'okr[lsp]'      once, for what it needs
      okr lsp                     what the editor is to run
    """
    from okr.commands.running import invocation
    from okr.errors import OkrError

    del stdio
    gc.enable()  # this process stays: see `main` in `okr/cli.py`
    try:
        import pygls
    except ModuleNotFoundError as error:
        raise OkrError(
            "`okr lsp` needs the package pygls, which is not installed",
            "`pip install 'okr[lsp]'` installs it",
        ) from error
    del pygls
    from okr.commands.lsp_server import serve

    return serve(lambda: invocation().today)
