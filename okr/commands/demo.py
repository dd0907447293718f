"""`okr demo`: builds an example workspace, runs okr's own commands in it before the reader's eyes, and tidies up.

Building is `operations/demonstrating.py`'s. Every command shown is run as a process of its own, as a user would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okr.commands.options import Language
from okr.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console

    from okr.operations.demonstrating import Example

app = typer.Typer()


@dataclass(frozen=True, slots=True)
class _Step:
    """One command of the walk: what is said before it, the command, and the exit status that it must end with."""

    text: str
    command: tuple[str, ...]
    status: int = 0


@app.command()
def demo(
    *,
    language: Annotated[
        Language, typer.Option("--language", help="en for a start-up, fr for a French agency.")
    ] = Language.EN,
    pause: Annotated[bool, typer.Option("--pause", help="Wait for Enter before each step.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the workspace, and say where it is.")] = False,
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="DIR", help="Build it in DIR, new or empty, and keep it."),
    ] = None,
) -> None:
    """Build a throw-away workspace and walk through the main job.

    An example becomes a git repository in a temporary folder, with a quarter of check-ins as commits; okr's
    commands are run in it, as of 2026-11-23. Nothing of yours is read or changed, git's settings included, and
    the folder is removed in the end.

    \b
    Examples:
      okr demo
      okr demo --language fr --pause
      okr demo --into ~/okr-demo       build it there, to play with
    """
    import tempfile
    from pathlib import Path

    from okr.commands.running import invocation
    from okr.operations.demonstrating import EXAMPLES, git_of_its_own
    from okr.views.demo import show_text
    from okr.views.terminal import stdout

    console = stdout(color=invocation().color)
    example = EXAMPLES[language]
    with tempfile.TemporaryDirectory(prefix="okr-demo-", ignore_cleanup_errors=True) as temporary:
        scratch = Path(temporary)
        nowhere = scratch / "home"
        nowhere.mkdir()
        folder = _folder(into, scratch / example.name, keep=keep)
        with git_of_its_own(nowhere):
            _walk(console, example, folder, pause=pause)
    if folder.exists():
        show_text(console, f"The workspace is in {folder}. To look around as of that day:")
        console.print(f"  cd {folder}\n  okr status --as-of 2026-11-23", soft_wrap=True)
    else:
        show_text(console, "That was all; the temporary workspace is gone. `okr demo --keep` leaves you one.")


def _folder(into: str | None, temporary: Path, *, keep: bool) -> Path:
    """The empty folder to build in.

    Raises:
        OkrError: the folder asked for holds something already, or can't be made.
    """
    import tempfile
    from pathlib import Path

    from okr.commands.running import invocation
    from okr.errors import OkrError

    if into is None:
        if keep:
            return Path(tempfile.mkdtemp(prefix="okr-demo-"))
        temporary.mkdir()
        return temporary
    folder = (invocation().directory / Path(into).expanduser()).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        occupied = any(folder.iterdir())
    except OSError as error:
        raise OkrError(f"the folder {into} can't be used: {error.strerror}", "name another") from None
    if occupied:
        raise OkrError(f"the folder {into} is not empty", "name a new one: the demo overwrites nothing")
    return folder


def _walk(console: Console, example: Example, folder: Path, *, pause: bool) -> None:
    from okr.operations.demonstrating import TODAY, build, example_files, set_identity
    from okr.repository import run
    from okr.sources import Folder
    from okr.views.demo import show_text
    from okr.workspace import Workspace

    repository = build(example_files(example.name), folder, TODAY)
    workspace = Workspace(Folder(folder), as_of=TODAY, title=folder.name)
    set_identity(repository, workspace, example.checkin.by)
    commits = run(repository, "rev-list", "--count", "HEAD").decode().strip()
    show_text(
        console,
        f"{workspace.name}: a workspace in a git repository of {commits} commits, most of them check-ins of "
        f"{workspace.current_cycle.name}. All that follows is as of {TODAY}, hence --as-of.",
    )
    for step in _steps(example, folder):
        _run(console, step, folder, pause=pause)


def _steps(example: Example, folder: Path) -> Iterator[_Step]:
    """The walk; what has to be written in between is written as the next step is asked for."""
    okr, today = ("okr",), ("--as-of", "2026-11-23")
    yield _Step(
        "1. Anyone can check every file at once, and so does CI. Here all is well:",
        (*okr, "validate", *today),
    )

    path = folder / example.broken_file
    right = path.read_bytes()
    path.write_bytes(example.broken(right.decode()).encode())
    yield _Step(
        "2. Three slips of a kind that a review overlooks. This is what was changed:",
        ("git", "diff", "--unified=0", example.broken_file),
    )
    yield _Step(
        "Each is found, with its place, why it matters and how to mend it:",
        (*okr, "validate", *today, example.broken_file),
        status=1,
    )
    yield _Step("The file is put back as it was:", ("git", "restore", example.broken_file))

    said = example.checkin
    words = (said.reference, said.value, "--confidence", said.confidence, "-m", said.note)
    yield _Step(
        "3. A check-in: one line in a log, one commit. Anything else that is staged stays as it is.",
        (*okr, "checkin", *words, *today),
    )
    yield _Step("This is its commit:", ("git", "show"))
    yield _Step("4. How the quarter stands:", (*okr, "status", *today))
    yield _Step("5. How the goals fit together:", (*okr, "tree", *today))


def _run(console: Console, step: _Step, folder: Path, *, pause: bool) -> None:
    """Shows a step and runs its command, whose output goes where ours does.

    Raises:
        OkrError: the command ended otherwise than it should.
    """
    import subprocess
    import sys

    from okr.errors import OkrError
    from okr.views.demo import show_command, show_text, typed

    show_text(console, step.text)
    show_command(console, step.command)
    sys.stdout.flush()
    program, *arguments = step.command
    if program == "okr":
        command = [sys.executable, "-P", "-m", "okr", *arguments]
    else:
        colour = "never" if console.no_color else "always"
        command = [program, "--no-pager", "-c", f"color.ui={colour}", *arguments]
    done = subprocess.run(command, cwd=folder, env=_environment(plain=console.no_color), check=False)
    if done.returncode != step.status:
        raise OkrError(
            f"`{typed(step.command)}` ended with {done.returncode} in the demo, not {step.status}",
            "this is a bug of okr's; please report it",
        )
    if pause and sys.stdin.isatty() and sys.stdout.isatty():
        sys.stderr.write("\nPress Enter to go on. ")
        sys.stderr.flush()
        sys.stdin.readline()


def _environment(*, plain: bool) -> dict[str, str]:
    """For the commands that are run: this very okr, the day of the demo, and colours as asked for."""
    import os
    from pathlib import Path

    import okr

    moment = "2026-11-23T10:15:00+00:00"
    paths = [str(Path(okr.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "GIT_AUTHOR_DATE": moment,
        "GIT_COMMITTER_DATE": moment,
    }
    return environment | ({"NO_COLOR": "1"} if plain else {})
