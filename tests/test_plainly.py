"""A command line that is read without typer says the same as where typer reads it."""

from __future__ import annotations

import inspect
import random
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer

from okr import plainly
from okr.cli import run
from okr.commands import registry
from okr.commands.running import BUG, INTERRUPTED, invocation, reset_invocation
from okr.errors import OkrError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typer.core import TyperOption

COMMANDS = sorted(plainly.COMMANDS)
GIVEN = [
    "2026-Q4", "2026-11-23", "20261123", "2026-02-30", "main..", "HEAD", "brand/visits", "elsewhere", "markdown", "md", "text",
    "json", "JSON", "html", "slack", "0", "7", "007", "-1", "+1", "1_0", "٣", "9" * 12, "", "-", "--", "--json", "status", "diff",
]  # fmt: skip
ODD = [
    "-5", "-c0.7", "--format=md", "--cycle=2026-Q4", "-Celsewhere", "-n7", "-n=7", "--no-c", "--js", "--help", "-h", "--version", "--", "-", "",
]  # fmt: skip
LINES = 1_000
TYPERS = {"checkin": {"--from", "--mine", "--owner", "--all", "--editor", "--commit-pending"}}
"""Options that make a command another, which typer reads."""

Said = tuple[Any, ...]


def _answering(command: str) -> Any:  # a module of any command
    return import_module(f"okr.commands.{command}_answer")


def _options(command: str) -> list[TyperOption]:
    """What typer knows a command's options to be, those of all commands among them."""
    built = registry._built(import_module(f"okr.commands.{command}").app, command)
    return [each for each in built.params if isinstance(each, typer.core.TyperOption)]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Said]]:
    """What the answers were called with, and under which invocation; they answer nothing."""
    calls: list[Said] = []

    def noting(answer: Callable[..., int]) -> Callable[..., int]:
        takes = inspect.signature(answer)

        def note(**options: Any) -> int:  # whatever it is given
            asked, given = invocation(), takes.bind(**options)
            given.apply_defaults()
            calls.append((given.arguments, asked.directory, asked.as_of, asked.color, asked.cache))
            return 0

        return note

    for command in COMMANDS:
        noted = noting(_answering(command).answer)
        for module in (import_module(f"okr.commands.{command}"), _answering(command)):
            monkeypatch.setattr(module, "answer", noted)
    yield calls
    reset_invocation()


def _lines(command: str) -> Iterator[list[str]]:
    """Command lines of which most are nearly right, and all of them with one word or two."""
    flags = [name for each in _options(command) if each.is_flag for name in each.opts]
    others = [name for each in _options(command) if not each.is_flag for name in each.opts]
    for word in (*GIVEN, *ODD, *flags):
        yield [command, word]
        yield [word, command]
        for option in others:
            yield [command, option, word]
            yield [option, word, command]
    chance = random.Random(command)

    def piece() -> list[str]:
        drawn = chance.random()
        if drawn < 0.45:  # as often as seems good
            return [chance.choice(others), chance.choice(GIVEN)]
        return [chance.choice(flags if drawn < 0.75 else GIVEN if drawn < 0.97 else ODD)]

    for _ in range(LINES):
        pieces = [piece() for _ in range(chance.randrange(1, 6))]
        pieces.insert(chance.choice((0, 0, 0, chance.randrange(len(pieces) + 1))), [command])
        yield [word for each in pieces for word in each]


@pytest.mark.unmeasured
@pytest.mark.parametrize("command", COMMANDS)
def test_it_says_what_typer_makes_of_it(
    command: str, said: list[Said], capsys: pytest.CaptureFixture[str]
) -> None:
    plain = 0
    for line in _lines(command):
        if plainly.answered_plainly(line) is None:
            assert not said, line
            continue
        plain += 1
        assert run(line) == 0, line
        assert said[0] == said[1], line
        said.clear()
    assert plain > LINES / 9
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_its_table_has_every_option_that_typer_has(command: str) -> None:
    table = {
        option: (name, read is None) for option, (name, read) in _answering(command).PLAINLY.options.items()
    }
    own = [each for each in _options(command) if each.expose_value]
    known = {option: (each.name, each.is_flag) for each in own for option in each.opts}
    typers = TYPERS.get(command, set())
    assert table == {option: known[option] for option in known.keys() - typers}
    assert typers <= known.keys()
    shared = {option: read is None for option, (_, read) in plainly.SHARED.items()}
    others = [each for each in _options(command) if not each.expose_value]
    assert shared == {option: each.is_flag for each in others for option in each.opts}


def test_every_answer_without_typer_is_asked_for_without_it() -> None:
    modules = Path(registry.__file__).parent.glob("*_answer.py")
    assert {each.stem.removesuffix("_answer") for each in modules} == plainly.COMMANDS


def test_a_completion_is_typers(monkeypatch: pytest.MonkeyPatch, said: list[Said]) -> None:
    monkeypatch.setenv("_OKR_COMPLETE", "complete_bash")
    assert plainly.answered_plainly(["status"]) is None
    assert not said


@pytest.mark.parametrize("read", [run, plainly.answered_plainly])
@pytest.mark.parametrize(
    ("raised", "status", "told"),
    [
        (KeyboardInterrupt, INTERRUPTED, "Interrupted.\n"),
        (ZeroDivisionError, BUG, "error: This is a bug in okr (ZeroDivisionError: ).\n"),
        (OkrError("no", "try"), 1, "error: No.\n  Try.\n"),
    ],
    ids=str,
)
def test_it_ends_as_where_typer_reads_it(
    read: Callable[[list[str]], int], raised: BaseException, status: int, told: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def fail(**_: object) -> int:
        raise raised

    for module in (import_module("okr.commands.status"), _answering("status")):
        monkeypatch.setattr(module, "answer", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert read(["--no-color", "status", "team", "--json"]) == status
    assert capsys.readouterr().err.startswith(told)
    for report in tmp_path.iterdir():
        assert "arguments: ['--no-color', 'status', 'team', '--json']" in report.read_text()
    assert len([*tmp_path.iterdir()]) == (status == BUG)


@pytest.mark.parametrize(
    ("line", "status", "imported"),
    [
        ("--as-of 2026-11-23 diff --json", 1, False),
        ("diff --as-of tomorrow", 2, True),
        ("status nothing", 2, False),
        ("status nothing --cycle=2026-Q4", 2, True),
        ("status nothing --cycle --json", 2, True),
        ("show", 2, True),
        ("log --since nowhere", 2, False),
        ("checkin nothing 5 -c 0.7 --dry-run", 2, False),
        ("checkin nothing -5 --dry-run", 2, True),
        ("checkin --owner nobody", 2, True),
    ],
)
def test_typer_is_imported_only_for_what_is_not_plain(
    tmp_path_factory: pytest.TempPathFactory, line: str, status: int, imported: bool
) -> None:
    folder = tmp_path_factory.getbasetemp() / "plainly"
    folder.mkdir(exist_ok=True)
    (folder / "okr.yaml").write_text("name: Acme\n")
    code = (
        "import atexit, sys; sys.argv[0] = 'okr'; from okr.__main__ import main; "
        "atexit.register(lambda: print('typer' in sys.modules)); main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *line.split()], cwd=folder, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (status, f"{imported}\n")
    assert done.stderr.startswith("error: ")
