"""Whatever the files hold: findings that point into them, or none, and never an exception."""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okr.cli import run
from okr.diagnostics import Severity
from okr.errors import OkrError
from okr.operations.assessing import assess_cycle
from okr.rules.engine import diagnose
from okr.sources import Folder, Overlay
from okr.workspace import Workspace
from tests import mutating

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okr.diagnostics import Diagnostic

TODAY = date(2026, 11, 23)
STARTUP = Path(__file__).parent.parent / "examples" / "startup"
FILES = {path.relative_to(STARTUP).as_posix(): path.read_bytes() for path in sorted(STARTUP.rglob("*.yaml"))}
# The newest lines of each owner's log will do: what is read hundreds of times may be short.
LOGS = {
    name: b"".join(FILES[name].splitlines(keepends=True)[-9:])
    for name in FILES
    if name.startswith("checkins/20")
}
FILES |= LOGS
NAMES = sorted(FILES)

few = settings(max_examples=25, suppress_health_check=list(HealthCheck))
quick = settings(max_examples=30, suppress_health_check=list(HealthCheck))
long = settings(max_examples=3_000, suppress_health_check=list(HealthCheck))

scalars = st.one_of(
    st.sampled_from(
        [
            "", "~", "true", "no", "0", "-1", "010", "0.5", "1e400", ".nan", "-.inf", "9" * 40, "+30%", "unknown",
            "2026-11-23", "2026-02-30", "9999-12-31", "0001-01-01", "2026-11-23T25:00:00Z", "0001-01-01T00:00:00+23:59",
            "2026-11-23T10:00:00+02:00", "brand", "a/b/c", "2026/company/lead", "2026-Q4", "FY26-Q1", "'[red]x[/red]'",
            '"\\e[2J"', "&a b", "*a", "!!int 1", "[]", "{}", "[a, [b]]", "{a: {b: c}}", "{? [a] : b}", "x: y", "- z", "|", "'",
            "<<<<<<< ours", "\t", "\u2028", "\x85", "é😀", "#", ":", "?",
        ]
    ),
    st.text(max_size=20),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
)  # fmt: skip
KEYS = [
    "id", "title", "from", "to", "commit", "stretch", "at_least", "at_most", "milestones", "kpi", "weight", "supports",
    "depends_on", "owner", "type", "grade", "learned", "formerly", "tags", "initiatives", "key_results", "objectives",
    "date", "kr", "value", "confidence", "by", "note", "retracts", "starts", "ends", "state", "name", "limits", "rules",
    "teams", "people", "kpis", "parent", "lead", "team", "email", "year_starts", "language", "checkin_every", "unit", "min",
]  # fmt: skip
flow = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: "[" + ", ".join(items) + "]"),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), scalars), inner, max_size=5).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"
        ),
    ),
    max_leaves=12,
)


@contextlib.contextmanager
def workspace_with(name: str, content: bytes) -> Iterator[Path]:
    """The start-up's workspace with one file replaced."""
    folder = Path(tempfile.mkdtemp(prefix="okr-fuzz-"))
    try:
        shutil.copytree(STARTUP, folder / "startup")
        for path, text in (LOGS | {name: content}).items():
            (folder / "startup" / path).write_bytes(text)
        yield folder / "startup"
    finally:
        shutil.rmtree(folder)


def check(name: str, content: bytes) -> list[Diagnostic]:
    """Validates, then reckons, and checks that each finding is one of the catalogue's and lies in its file."""
    workspace = Workspace(Overlay(Folder(STARTUP), LOGS | {name: content}), as_of=TODAY, title="fuzz")
    found = diagnose(workspace)
    for diagnostic in found:
        mutating.lies_in_its_file(diagnostic, workspace)
    for cycle in workspace.cycles.values():
        if cycle.span is not None:
            with contextlib.suppress(OkrError):
                assess_cycle(workspace, cycle.span)
    return found


def mutated(content: bytes, seed: int) -> bytes:
    """A file with a few of its stretches removed, doubled, moved or overwritten."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(content) + 1)
        end = min(len(content), start + chance.choice([1, 2, 5, 20, 200]))
        piece = content[start:end]
        content = content[:start] + chance.choice(
            [
                b"", piece * 2, piece[::-1], bytes([chance.randrange(256)]), b"\n", b" ", b"\t", b":", b"- ", b"{", b"'", b"\r",
                b"#", b"[", b",", b"&", b"*", b"!", b"|\n", b"? ", b"-", b"0", b"\xc2\x85", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\0",
            ]
        ) + content[end:]  # fmt: skip
    return content


def with_value(name: str, line: int, value: str) -> bytes:
    """A file with the value of one of its lines replaced, or one of its list's items."""
    lines = FILES[name].decode().split("\n")
    number = line % len(lines)
    head, colon, _ = lines[number].partition(": ")
    lines[number] = f"{head}{colon}{value}" if colon else f"{lines[number]} {value}"
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def test_the_workspace_itself_has_no_mistake() -> None:
    found = check("okr.yaml", FILES["okr.yaml"])
    assert [each for each in found if each.severity is not Severity.INFO] == []


@quick
@given(st.sampled_from(NAMES), st.binary(max_size=200))
def test_random_bytes_in_place_of_a_file(name: str, content: bytes) -> None:
    check(name, content)


@quick
@given(st.sampled_from(NAMES), st.integers(0, 2**32))
def test_a_mutated_file(name: str, seed: int) -> None:
    check(name, mutated(FILES[name], seed))


@quick
@given(st.sampled_from(NAMES), flow)
def test_random_data_in_place_of_a_file(name: str, value: str) -> None:
    check(name, value.encode("utf-8", "surrogatepass"))


@quick
@given(st.sampled_from(NAMES), st.integers(0, 200), flow)
def test_random_data_in_place_of_a_value(name: str, line: int, value: str) -> None:
    check(name, with_value(name, line, value))


@given(st.integers(0, 2**32))
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_a_change_of_an_examples_structure(seed: int) -> None:
    mutating.check(seed, thoroughly=seed % 8 == 0)


def status_of(arguments: list[str]) -> tuple[int, str]:
    """Runs the command line in this process; whatever it prints to stderr comes back with its exit status."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as said:
        return run(arguments), said.getvalue()


ARGUMENTS: list[Callable[[Path], list[str]]] = [
    lambda root: ["-C", str(root), "validate"],
    lambda root: ["-C", str(root), "validate", "--format", "json", "--strict"],
    lambda root: ["validate", str(root / "okrs"), str(root / "okr.yaml")],
]


@few
@given(st.sampled_from(NAMES), st.integers(0, 2**32), st.sampled_from(ARGUMENTS))
def test_the_command_ends_as_promised(name: str, seed: int, arguments: Callable[[Path], list[str]]) -> None:
    with workspace_with(name, mutated(FILES[name], seed)) as root:
        status, said = status_of(["--as-of", str(TODAY), *arguments(root)])
    assert status in {0, 1}
    assert said == ""


@quick
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["validate", "-C", str(STARTUP), "--format", "json", "text", "--strict", "--as-of", "--", "-"]),
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
        ),
        max_size=6,
    )
)  # fmt: skip
def test_random_arguments_end_as_promised(arguments: list[str]) -> None:
    status, _ = status_of(["validate", *arguments])
    assert status in {0, 1, 2}


@pytest.mark.slow
def test_many_changes_of_the_examples_structure_in_bounded_memory() -> None:
    """Five minutes in a process of its own, whose address space has an end."""
    command = [sys.executable, "-m", "tests.mutating", "--seconds", "300"]
    done = subprocess.run(command, cwd=STARTUP.parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@long
@given(st.sampled_from(NAMES), st.integers(0, 2**32))
def test_many_mutated_files(name: str, seed: int) -> None:
    check(name, mutated(FILES[name], seed))


@pytest.mark.slow
@long
@given(st.sampled_from(NAMES), st.integers(0, 200), flow)
def test_much_random_data_in_place_of_values(name: str, line: int, value: str) -> None:
    check(name, with_value(name, line, value))
