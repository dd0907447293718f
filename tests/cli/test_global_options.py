from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer

from okr import __version__
from okr.cli import run
from okr.commands.registry import COMMANDS
from tests.cli.conftest import TODAY
from tests.forking import fork

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

OKR = (sys.executable, "-m", "okr")
FUTURE = "- {date: 2026-11-30, kr: brand/visits, value: 48000}\n"


def test_the_version(shell: Shell) -> None:
    outcome = shell.run(*OKR, "--version")
    assert (outcome.status, outcome.out, outcome.err) == (0, f"okr {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"]])
def test_the_help_names_every_command_and_gives_examples(shell: Shell, arguments: list[str]) -> None:
    outcome = shell.run(*OKR, *arguments)
    assert (outcome.status, outcome.err) == (0, "")
    commands = " ".join(outcome.out.partition("Commands:\n")[2].split())
    assert commands == " ".join(f"{name} {line}" for name, line in COMMANDS.items())
    assert '  okr checkin brand/visits 61k -m "Live now"   record a check-in as a commit\n' in outcome.out


def test_no_command_at_all_shows_the_help(shell: Shell) -> None:
    outcome = shell.run(*OKR)
    assert outcome.status == 2
    assert "Examples:\n    okr init" in outcome.out


@pytest.mark.parametrize("arguments", ["['--help']", "['--version']", "['validate', '--help']"])
def test_help_and_version_load_nothing_they_do_not_need(shell: Shell, arguments: str) -> None:
    script = (
        "import sys\n"
        "from okr.cli import run\n"
        f"status = run({arguments})\n"
        "heavy = {'rich', 'pydantic', 'git', 'ruamel.yaml', 'okr.workspace'} & set(sys.modules)\n"
        "print(status, sorted(heavy))\n"
    )
    assert shell.run(sys.executable, "-c", script).out.splitlines()[-1] == "0 []"


@pytest.mark.parametrize(
    "waiting", ["atexit.register(print, 'later')", "threading.Timer(0.1, print, ['later']).start()"]
)
def test_a_process_ends_no_sooner_than_what_waits_for_its_end(shell: Shell, waiting: str) -> None:
    script = f"import atexit, threading\nfrom okr.__main__ import main\n{waiting}\nmain()\n"
    outcome = shell.run(sys.executable, "-c", script, "validat")
    assert (outcome.status, outcome.out) == (2, "later\n")
    assert outcome.err.startswith("error: okr has no command “validat”.")


@pytest.mark.parametrize(
    "arguments",
    [
        ["-C", "work", "validate"],
        ["--directory", "work", "validate"],
        ["validate", "-C", "work"],
        ["validate", "--directory=work"],
        ["-C", ".", "-C", "work", "validate"],
        ["-C", "work", "validate", "-C", "okrs"],
    ],
    ids=" ".join,
)
def test_the_directory_stands_before_or_behind_the_command(workspace: Shell, arguments: list[str]) -> None:
    outside = type(workspace)(workspace.folder.parent, workspace.home)
    assert outside.okr(*arguments).out == "5 files, nothing to report.\n"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--as-of", "2026-11-23", "validate"], 1),
        (["validate", "--as-of", "2026-11-23"], 1),
        (["--as-of", "2026-11-30", "validate"], 0),
        (["validate", "--as-of=2026-11-30"], 0),
        (["--as-of", "2026-11-23", "validate", "--as-of", "2026-11-30"], 0),
    ],
    ids=str,
)
def test_the_day_that_counts_as_today_is_given(workspace: Shell, arguments: list[str], status: int) -> None:
    workspace.write({"checkins/2026-Q4/marketing.yaml": FUTURE})
    assert fork(workspace, "okr", *arguments).ends().status == status


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "", "\x1b[2J" + "x" * 500])
@pytest.mark.parametrize("behind", [False, True])
def test_a_day_that_is_none_is_a_wrong_command_line(workspace: Shell, day: str, *, behind: bool) -> None:
    arguments = ["validate", "--as-of", day] if behind else ["--as-of", day, "validate"]
    outcome = fork(workspace, "okr", *arguments).ends()
    shown = day[:60].replace("\x1b", "\\u001b")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == f"error: --as-of: “{shown}” is not a day.\n  Write it as 2026-11-23.\n"


def test_a_day_in_words_is_reckoned_from_the_day_of_the_machine_and_one_in_other_figures_is_shown_in_ours(
    workspace: Shell,
) -> None:
    day = fork(workspace, "okr", "--as-of", "yesterday", "status", "--json").ends()
    assert json.loads(day.out)["as_of"] in {str(date.today() - timedelta(days)) for days in (1, 2)}
    outcome = workspace.okr("--as-of", "23.11.2026", "validate")
    assert outcome.err == "error: --as-of: “23.11.2026” is not a day.\n  Write it as 2026-11-23.\n"
    outcome = workspace.okr("--as-of", "3/5/2026", "validate")
    assert outcome.err.endswith("  Write it as 2026-05-03 or 2026-03-05.\n")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("validat", "Did you mean `okr validate`?"),
        ("chekin", "Did you mean `okr checkin`?"),
        ("frobnicate", "`okr --help` lists the commands."),
    ],
)
def test_an_unknown_command_gets_the_nearest(shell: Shell, name: str, remedy: str) -> None:
    outcome = shell.okr(name)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == f"error: okr has no command “{name}”.\n  {remedy}\n"


@pytest.mark.parametrize("arguments", [["--nope"], ["validate", "--nope"], ["--as-of"], ["-C"]], ids=" ".join)
def test_a_wrong_option_is_a_wrong_command_line(shell: Shell, arguments: list[str]) -> None:
    outcome = fork(shell, "okr", *arguments).ends()
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err


def test_the_installed_command_and_the_module_are_the_same(workspace: Shell) -> None:
    command = Path(sys.executable).with_name("okr")
    outcomes = [workspace.run(*each, "--as-of", "2026-11-23", "validate") for each in ((str(command),), OKR)]
    assert outcomes[0] == outcomes[1]
    assert outcomes[0].status == 0


def test_a_reader_that_stops_reading_is_no_fault_of_ours(workspace: Shell) -> None:
    many = "".join(f"k{number}: 1\n" for number in range(20_000))
    workspace.write({"okr.yaml": f"name: Acme\n{many}"})
    script = '"$0" -m okr --as-of 2026-11-23 validate --format "$1"; echo "status $?" >&2'
    for wanted, first in (
        ("json", "{\n"),
        ("text", "error[OKR112 unknown-key]: this mapping has no key “k0”\n"),
    ):
        outcome = workspace.run("sh", "-c", f"({script}) | head -1", sys.executable, wanted)
        assert outcome.out == first
        assert outcome.err == "status 141\n"


def test_an_output_that_takes_a_part_is_an_error_where_python_does_not_buffer_either(
    workspace: Shell,
) -> None:
    script = 'ulimit -f 16; "$0" -m okr rules --json > part; echo "status $?" >&2'
    outcome = workspace.run("sh", "-c", script, sys.executable, PYTHONUNBUFFERED="1")
    assert outcome.err == "error: The answer can't be written: File too large.\nstatus 1\n"
    assert 0 < (workspace.folder / "part").stat().st_size <= 16 * 1024


def test_an_output_that_takes_nothing_more_is_an_error_without_a_traceback(workspace: Shell) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*OKR, "validate"], cwd=workspace.folder, env=workspace.environment(), stdout=full,
            stderr=subprocess.PIPE, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.decode() == "error: The answer can't be written: No space left on device.\n"


def test_an_interrupt_ends_with_130(workspace: Shell) -> None:
    # A file that takes long: the interrupt meets okr at work.
    workspace.write({"okrs/2026-Q4/marketing.yaml": "[" + "!a ," * 3_900_000})
    # Never measured: coverage's own lock, taken again while a signal is handled, would keep the process for ever.
    with subprocess.Popen(
        [*OKR, "validate"], cwd=workspace.folder, env=workspace.environment(), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        fd = f"/proc/{process.pid}/maps"
        while process.poll() is None and "_ruamel_yaml" not in Path(fd).read_text():
            time.sleep(0.01)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()  # a process that hangs fails this test, and holds up no other
    assert process.returncode == 130
    assert (out, err) == (b"", b"Interrupted.\n")


def test_a_bug_of_ours_is_reported_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from okr.commands import validate

    broken = typer.Typer()

    @broken.command()
    def fail() -> None:
        message = "nobody \x1b[2J thought of this"
        raise RuntimeError(message)

    monkeypatch.setattr(validate, "app", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run(["validate"]) == 3
    said = capsys.readouterr()
    (report,) = tmp_path.iterdir()
    assert said.out == ""
    assert said.err == (
        "error: This is a bug in okr (RuntimeError: nobody \\u001b[2J thought of this).\n"
        f"  Your files are as they were. Please report it with what is in {report}\n"
    )
    text = report.read_text()
    assert text.startswith(f"okr {__version__}, Python ")
    assert "arguments: ['validate']\n" in text
    assert "Traceback (most recent call last)" in text
    assert text.endswith("RuntimeError: nobody \x1b[2J thought of this\n")
    monkeypatch.setattr("tempfile.tempdir", str(report))  # no folder, as where the disk is full
    assert run(["validate"]) == 3
    told = capsys.readouterr().err.splitlines()
    assert told[1] == "  Your files are as they were. Please report it with this:"
    assert told[3] == "arguments: ['validate']"
    assert told[-1] == "RuntimeError: nobody \\u001b[2J thought of this"


@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii:strict"},
        {"PYTHONIOENCODING": "cp1252"},
    ],
    ids=str,
)
def test_a_terminal_that_is_not_utf_8_gets_what_it_can_show(
    workspace: Shell, variables: dict[str, str]
) -> None:
    workspace.write({"okr.yaml": "name: Acme\nlanguage: 目é\n"})
    done = subprocess.run(
        [*OKR, "validate", "okr.yaml"], cwd=workspace.folder, env=workspace.environment(**variables),
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.startswith(b"error[OKR115 bad-value]: `language`: ")
    assert b"is not one of its values" in done.stdout


def test_a_folder_that_no_longer_exists_is_named_as_the_cause(workspace: Shell) -> None:
    script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" -m okr validate'
    outcome = workspace.run("sh", "-c", script, sys.executable)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == "error: The current folder no longer exists.\n  Change to another one.\n"


def test_two_runs_in_one_process_share_nothing(workspace: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    here = ["-C", os.path.relpath(workspace.folder), "--as-of", "2026-11-23"]
    assert run([*here, "validate"]) == 0
    assert run([*here, "validate"]) == 0
    assert capsys.readouterr().out == "5 files, nothing to report.\n" * 2


@pytest.mark.parametrize(
    "command", [("due",), ("review",), ("plan", "check"), ("report",), ("diff", "HEAD"), ("validate",)]
)
def test_markdown_may_be_called_md(repository: Shell, command: tuple[str, ...]) -> None:
    short, long = (repository.okr(*command, "--format", form) for form in ("md", "markdown"))
    assert short.out.startswith(("#", "<!--")), short
    assert (short.status, short.out) == (long.status, long.out)


def test_a_file_of_findings_may_be_called_md(repository: Shell) -> None:
    repository.okr("validate", "--output", "md=short.md", "--output", "markdown=long.md")
    assert (
        (repository.folder / "short.md").read_bytes() == (repository.folder / "long.md").read_bytes() != b""
    )


def test_streams_that_are_closed_lead_nowhere(repository: Shell) -> None:
    command = f"{sys.executable} -m okr --as-of {TODAY}"
    script = (
        f"{command} status >&-; echo status $?; {command} checkin hours 20 <&- >&- 2>&-; echo checkin $?; "
        f"{command} checkin <&-; echo round $?; {command} status --no-such 2>&-; echo wrong $?"
    )
    outcome = repository.run("sh", "-c", script)
    assert outcome.out == "status 0\ncheckin 0\nround 2\nwrong 2\n"
    assert outcome.err.startswith("error: The weekly round asks questions, and this is no terminal.\n")
    assert "kr: speed/hours, value: 20, by: alice}\n" in repository.read("checkins/2026-Q4/marketing.yaml")
    assert repository.git("status", "--porcelain") == ""


def test_an_option_that_there_is_none_of_is_not_answered_with_one_that_is_only_as_long(shell: Shell) -> None:
    assert shell.okr("tree", "--owner=x").err.splitlines()[0] == "error: No such option: --owner."
    assert shell.okr("tree", "--cycel=x").err == (
        "error: No such option: --cycel.\n  Did you mean `--cycle`? `okr tree --help` explains it.\n"
    )
