"""`okr demo`: what it shows, the history it builds, and that it neither needs nor leaves anything."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from functools import cache
from typing import TYPE_CHECKING

import pytest

from okr.errors import OkrError
from okr.operations import demonstrating
from okr.operations.demonstrating import EXAMPLES, TODAY, build, example_files, git_of_its_own
from okr.repository import run
from tests.cli.conftest import Shell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome

BASE = {
    "okr.yaml": b"name: Acme\n",
    "org.yaml": b"""\
teams:
  - {id: acme, name: Acme, lead: ann}
people:
  - {id: ann, name: Ann, email: ann@acme.example, team: acme}
  - {id: bo, name: Bo, email: bo@acme.example, team: acme}
""",
    "kpis.yaml": b"kpis:\n  - {id: leads, name: Leads, unit: leads}\n",
    "okrs/2026-Q4/acme.yaml": b"""\
objectives:
  - id: brand
    title: Be known
    key_results:
      - {id: visits, title: Visits to 100, unit: visits, from: 0, to: 100}
      - {id: sales, title: Sales to 10, from: 0, to: 10}
""",
    "checkins/2026-Q4/acme.yaml": b"""\
# The log
- {date: 2026-10-05, kr: brand/visits, value: 10, by: bo}
- {date: "2026-10-12T08:00:00+02:00", kr: brand/visits, value: 90, confidence: 0.5, by: bo, note: "OKR-Checkin: forged"}
- {date: 2026-10-12, kr: brand/visits, retracts: "2026-10-12T08:00:00+02:00", by: bo}
- {date: 2026-10-19, kr: brand/visits, value: 20, by: bo}
- {date: 2026-10-05, kr: brand/sales, confidence: 0.5}
""",
    "checkins/kpis.yaml": b"""\
- {date: 2026-09-30, kpi: leads, value: 4, by: ann}
- {date: 2026-10-31, kpi: leads, value: 6, by: ann}
""",
}


def _built(tmp_path: Path, files: dict[str, bytes]) -> Shell:
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    with git_of_its_own(home):
        build(files, folder, TODAY)
    return Shell(folder, home)


def _log(shell: Shell, form: str) -> list[str]:
    return shell.git("log", "--reverse", f"--format={form}").splitlines()


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Outcome]:
    """A walk in one of the languages, which leaves nothing behind."""

    @cache
    def walk(language: str) -> Outcome:
        top = tmp_path_factory.mktemp("walked")
        temporary = top / "tmp"
        temporary.mkdir()
        # Without a terminal there is nobody to wait for.
        outcome = Shell(top, top).okr("demo", "--language", language, "--pause", TMPDIR=str(temporary))
        assert list(temporary.iterdir()) == []
        return outcome

    return walk


class TestWalk:
    @pytest.mark.parametrize(
        ("language", "name", "check_in", "author"),
        [
            ("en", "Pipewright", "growth/word-of-mouth/signups 289 → 296 sign-ups", "Priya Raman"),
            (
                "fr",
                "Atelier Garance",
                "communication/notoriete/publications 11 → 13 publications",
                "Jules Lefèvre",
            ),
        ],
    )
    def test_shows_the_main_job(
        self, walked: Callable[[str], Outcome], language: str, name: str, check_in: str, author: str
    ) -> None:
        outcome = walked(language)
        assert outcome.status == 0, outcome.err
        assert outcome.err == ""
        assert not [line for line in outcome.out.splitlines() if line.rstrip() and line != line.rstrip()]
        # The commands, as one would type them and in this order.
        shown = [line for line in outcome.out.splitlines() if line.startswith("$ ")]
        broken = EXAMPLES[language].broken_file
        assert shown[:4] == [
            "$ okr validate --as-of 2026-11-23",
            f"$ git diff --unified=0 {broken}",
            f"$ okr validate --as-of 2026-11-23 {broken}",
            f"$ git restore {broken}",
        ]
        assert shown[4].startswith("$ okr checkin ")
        assert shown[5:] == ["$ git show", "$ okr status --as-of 2026-11-23", "$ okr tree --as-of 2026-11-23"]
        # Passing, then failing for the three slips.
        passing, _, failing = outcome.out.partition("$ git diff")
        assert "nothing to report" in passing
        for rule in ("OKR302", "OKR112", "OKR401"):
            assert f"error[{rule} " in failing
        assert "3 errors in 1 of 1 file." in failing
        # The check-in and its commit.
        commit = outcome.out.partition("$ git show")[2]
        assert f"Author: {author} <" in commit
        assert "Date:   Mon Nov 23 10:15:00 2026 +0000" in commit
        assert f"    okr: {check_in}" in commit
        assert commit.count("\n+- {date: 2026-11-23, ") == 1
        assert f"{name} · 2026-Q4" in outcome.out.partition("$ okr status")[2]
        assert "\x1b" not in outcome.out

    def test_is_the_same_whatever_the_users_settings(
        self, shell: Shell, walked: Callable[[str], Outcome]
    ) -> None:
        hooks = shell.home / "hooks"
        hooks.mkdir()
        (hooks / "pre-commit").write_text("#!/bin/sh\nexit 1\n")
        (hooks / "pre-commit").chmod(0o755)
        (shell.home / ".gitconfig").write_text(
            f"[commit]\ngpgSign = true\n[gpg]\nprogram = false\n[core]\nhooksPath = {hooks}\nautocrlf = true\n"
            "[init]\ndefaultBranch = trunk\n[user]\nuseConfigOnly = true\n[diff]\nnoprefix = true\n"
        )
        other = shell.okr(
            "demo", "--language", "fr", TZ="Asia/Kathmandu", LANG="C", LC_ALL="C",
            GIT_AUTHOR_NAME="Mallory", GIT_COMMITTER_DATE="2001-01-01T00:00:00", GIT_DIR="/nonexistent",
            GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="commit.gpgSign", GIT_CONFIG_VALUE_0="true",
            PYTHONUTF8="1",
        )  # fmt: skip
        assert other.status == 0, other.err
        assert other.out == walked("fr").out

    def test_colours_and_a_pause_on_a_terminal_into_a_new_folder(self, shell: Shell) -> None:
        controller, terminal = pty.openpty()
        environment = shell.environment(TERM="xterm-256color", COLUMNS="100")
        process = subprocess.Popen(
            [sys.executable, "-m", "okr", "demo", "--pause", "--into", "new/plans"],
            cwd=shell.folder, env=environment, stdin=terminal, stdout=terminal, stderr=terminal,
            close_fds=True,
        )  # fmt: skip
        os.close(terminal)
        shown = b""
        deadline = time.monotonic() + 100
        pauses = 0
        while time.monotonic() < deadline:
            ready, _, _ = select.select([controller], [], [], 1)
            if not ready:
                continue
            try:
                chunk = os.read(controller, 65536)
            except OSError:
                break
            if not chunk:
                break
            shown += chunk
            while shown.count(b"Press Enter to go on.") > pauses:
                pauses += 1
                os.write(controller, b"\n")
        assert process.wait(timeout=20) == 0
        os.close(controller)
        assert pauses == 8
        assert b"\x1b[" in shown
        assert (shell.folder / "new/plans/okr.yaml").exists()

    def test_an_interrupt_leaves_nothing_behind(self, shell: Shell) -> None:
        temporary = shell.folder / "tmp"
        temporary.mkdir()
        with subprocess.Popen(
            [sys.executable, "-m", "okr", "demo"], cwd=shell.folder,
            env=shell.environment(TMPDIR=str(temporary)), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            while b"$ okr validate" not in process.stdout.readline():
                assert process.poll() is None
            # As Ctrl-C does: to the demo and to the command that it is running.
            os.killpg(process.pid, signal.SIGINT)
            _, err = process.communicate(timeout=60)
        assert process.returncode == 130
        # Where Python itself was still starting, for the command, it says so in its own way.
        assert b"Traceback" not in err.partition(b"Fatal Python error: init_")[0]
        assert list(temporary.iterdir()) == []


class TestWhereItIsBuilt:
    def test_keep_says_where_it_is(self, shell: Shell) -> None:
        temporary = shell.folder / "tmp"
        temporary.mkdir()
        outcome = shell.okr("demo", "--keep", TMPDIR=str(temporary))
        assert outcome.status == 0, outcome.err
        (folder,) = temporary.iterdir()
        assert f"  cd {folder}\n" in outcome.out
        kept = Shell(folder, shell.home)
        # The identity is the repository's own, of a person of the example.
        assert kept.git("config", "--local", "user.email") == "priya@pipewright.example\n"
        assert kept.git("status", "--porcelain") == ""
        assert kept.okr("validate").status == 0

    def test_never_into_one_that_holds_something(self, shell: Shell) -> None:
        shell.write({"mine.txt": "mine"})
        outcome = shell.okr("demo", "--into", ".")
        assert outcome.status == 1
        assert outcome.out == ""
        assert "error: The folder . is not empty" in outcome.err
        assert os.listdir(shell.folder) == ["mine.txt"]  # noqa: PTH208 # names are what is compared

    def test_never_into_a_file(self, shell: Shell) -> None:
        shell.write({"mine.txt": "mine"})
        outcome = shell.okr("demo", "--into", "mine.txt")
        assert outcome.status == 1
        assert "error: The folder mine.txt can't be used: " in outcome.err
        assert shell.read("mine.txt") == "mine"

    def test_an_unknown_language_is_a_wrong_command_line(self, shell: Shell) -> None:
        assert shell.okr("demo", "--language", "de").status == 2


class TestHistory:
    @pytest.mark.parametrize(("name", "check_ins"), [("startup", 119), ("agence", 133)])
    def test_ends_in_the_examples_very_bytes(self, tmp_path: Path, name: str, check_ins: int) -> None:
        files = example_files(name)
        shell = _built(tmp_path, files)
        assert shell.git("status", "--porcelain", "--ignored") == ""
        assert shell.git("rev-parse", "--abbrev-ref", "HEAD") == "main\n"
        tracked = shell.git("ls-files", "-z").split("\0")[:-1]
        assert sorted(tracked) == sorted(files)
        assert {path: (shell.folder / path).read_bytes() for path in tracked} == files
        subjects = _log(shell, "%s")
        assert len([subject for subject in subjects if subject.startswith("okr: ")]) == check_ins
        # Each check-in is one line of one log.
        changes = shell.git("log", "--numstat", "--format=", "--grep=^okr: ").split()
        assert len(changes) == 3 * check_ins
        assert set(changes[0::3]) <= {"1", "2"}  # a new log begins with its comment
        assert set(changes[1::3]) == {"0"}
        assert all(path.startswith("checkins/") for path in changes[2::3])

    def test_plans_come_first_and_every_check_in_is_a_commit(self, tmp_path: Path) -> None:
        shell = _built(tmp_path, BASE)
        assert _log(shell, "%ad | %an <%ae> | %s") == [
            "Wed Sep 30 09:00:00 2026 +0000 | Ann <ann@acme.example> | Keep our goals in git",
            "Wed Sep 30 14:07:00 2026 +0000 | Ann <ann@acme.example> | Plan 2026-Q4: Acme",
            "Mon Oct 5 09:00:00 2026 +0000 | Bo <bo@acme.example> | okr: acme/brand/visits 10 visits (0.10)",
            "Mon Oct 5 09:07:00 2026 +0000 | Ann <ann@acme.example> | okr: acme/brand/sales confidence 0.5",
            "Mon Oct 12 08:00:00 2026 +0200 | Bo <bo@acme.example> | okr: acme/brand/visits 10 → 90 visits (0.10 → 0.90)",
            "Mon Oct 12 09:00:00 2026 +0000 | Bo <bo@acme.example> | okr: acme/brand/visits takes back 2026-10-12T08:00:00+02:00",
            "Mon Oct 19 09:00:00 2026 +0000 | Bo <bo@acme.example> | okr: acme/brand/visits 10 → 20 visits (0.10 → 0.20)",
            "Sat Oct 31 09:00:00 2026 +0000 | Ann <ann@acme.example> | okr: kpis/leads 4 → 6 leads",
        ]

    def test_a_note_forges_no_trailer(self, tmp_path: Path) -> None:
        shell = _built(tmp_path, BASE)
        trailers = shell.git("log", "-1", "--format=%(trailers)", "--grep=10 → 90").strip()
        assert trailers == (
            "OKR-Checkin: 2026-Q4/acme/brand/visits date=2026-10-12T08:00:00+02:00 value=90 confidence=0.5"
        )

    def test_what_was_measured_before_the_cycle_is_there_from_the_start(self, tmp_path: Path) -> None:
        shell = _built(tmp_path, BASE)
        first = shell.git("rev-list", "--max-parents=0", "HEAD").strip()
        assert shell.git("show", f"{first}:checkins/kpis.yaml") == (
            "- {date: 2026-09-30, kpi: leads, value: 4, by: ann}\n"
        )
        assert "checkins/2026-Q4" not in shell.git("ls-tree", "-r", "--name-only", first)

    def test_later_cycles_are_drafts_of_two_weeks_ago(self, tmp_path: Path) -> None:
        shell = _built(tmp_path, {**BASE, "okrs/2027/acme.yaml": b"objectives: []\n"})
        assert _log(shell, "%ad %s")[-1] == "Mon Nov 9 08:53:00 2026 +0000 Draft what comes next"

    @pytest.mark.parametrize(
        ("path", "old", "new", "message"),
        [
            ("checkins/kpis.yaml", b"leads", b"deals", "measures a KPI it does not have: deals"),
            ("checkins/2026-Q4/acme.yaml", b"brand/sales", b"brand/sails", "2026-Q4/acme/brand/sails, which no plan holds"),
            ("org.yaml", b", lead: ann", b"", "no name and address for acme"),
        ],
    )  # fmt: skip
    def test_a_faulty_example_is_named(
        self, tmp_path: Path, path: str, old: bytes, new: bytes, message: str
    ) -> None:
        with pytest.raises(OkrError, match=message):
            _built(tmp_path, {**BASE, path: BASE[path].replace(old, new)})

    def test_an_unknown_example_says_that_it_is_missing(self) -> None:
        with pytest.raises(OkrError, match="was not installed with okr"):
            example_files("nowhere")

    def test_the_environment_is_as_it_was_afterwards(self, tmp_path: Path) -> None:
        before = dict(os.environ)
        _built(tmp_path, BASE)
        assert dict(os.environ) == before


def test_every_slip_is_in_its_example() -> None:
    for example in EXAMPLES.values():
        text = example_files(example.name)[example.broken_file].decode()
        for right, _ in example.slips:
            assert right in text


def test_set_identity_is_the_repositorys_alone(tmp_path: Path) -> None:
    shell = _built(tmp_path, BASE)
    from okr.repository import find_repository
    from okr.sources import Folder
    from okr.workspace import Workspace

    repository = find_repository(shell.folder)
    assert repository is not None
    workspace = Workspace(Folder(shell.folder), as_of=TODAY, title="acme")
    demonstrating.set_identity(repository, workspace, "bo")
    assert run(repository, "config", "--local", "user.name") == b"Bo\n"
