"""Driving the real command line as a user does: an empty HOME, real files and real git repositories."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from okr.cli import run
from okr.plainly import answered_plainly

TODAY = "2026-11-23"
OF_A_PROCESS = {"TZ", "LANG", "LC_ALL", "PYTHONIOENCODING", "PYTHONUTF8", "PYTHONPATH", "PYTHONWARNINGS"}
"""Variables that Python or the system reads when a process starts."""


@dataclass(frozen=True)
class Outcome:
    """What a command ended with and printed."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """A place to run commands in, with an environment of its own."""

    folder: Path
    home: Path

    def environment(self, **extra: str) -> dict[str, str]:
        """As bare as a user's can be: no identity, no HOME's files, no colours asked for, no CI."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "PYTHONWARNINGS": "error",
        } | extra

    def run(self, *command: str, stdin: str | None = None, **extra: str) -> Outcome:
        """Runs any command here."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment(**extra), input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        return Outcome(done.returncode, done.stdout, done.stderr)

    def okr(self, *arguments: str, stdin: str | None = None, **extra: str) -> Outcome:
        """Runs `okr` as of 2026-11-23.

        The command line is the real one, run in this process: starting Python anew for each of a thousand
        calls would take most of the suite's time. What belongs to a process (its time zone, encoding,
        terminal) has one of its own; `OKR_TESTS_OWN_PROCESS=1` gives every call one.
        """
        whole = ("--as-of", TODAY, *arguments)
        # `okr demo` runs other commands, which write to the process's own output.
        own = "demo" in arguments or extra.keys() & OF_A_PROCESS
        if own or os.environ.get("OKR_TESTS_OWN_PROCESS"):
            return self.run(sys.executable, "-m", "okr", *whole, stdin=stdin, **extra)
        return self._here(list(whole), stdin or "", self.environment(**extra))

    def _here(self, arguments: list[str], stdin: str, environment: dict[str, str]) -> Outcome:
        streams = sys.stdin, sys.stdout, sys.stderr
        variables, folder = dict(os.environ), Path.cwd()
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        try:
            os.environ.clear()
            os.environ.update(environment)
            os.chdir(self.folder)
            sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
            sys.stdout, sys.stderr = out, err
            try:
                plainly = answered_plainly(arguments)
                status = run(arguments) if plainly is None else plainly
            except SystemExit as end:  # shell completion ends the process by itself
                status = end.code if isinstance(end.code, int) else 0
        finally:
            sys.stdin, sys.stdout, sys.stderr = streams
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(variables)
        printed, said = (stream.detach().getvalue().decode() for stream in (out, err))
        return Outcome(status, printed, said)

    def git(self, *arguments: str) -> str:
        """Runs git, which looks for nothing to tidy up afterwards, and gives what it printed; it must succeed."""
        outcome = self.run("git", "-c", "maintenance.auto=false", *arguments)
        assert outcome.status == 0, outcome.err
        return outcome.out

    def write(self, files: dict[str, str]) -> None:
        """Writes files below the folder, exactly as given."""
        for path, text in files.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())

    def read(self, path: str) -> str:
        """A file's text, line breaks as they are."""
        return (self.folder / path).read_bytes().decode()


SMALL_WORKSPACE = {
    "okr.yaml": "name: Acme\n",
    ".gitattributes": "checkins/** merge=union\n",
    "org.yaml": """\
teams:
  - {id: company, name: Acme}
  - {id: marketing, name: Marketing, parent: company, lead: alice}
people:
  - {id: alice, name: Alice Martin, email: alice@acme.example, team: marketing}
  - {id: bob, name: Bob Stone, email: bob@acme.example, team: marketing}
""",
    "okrs/2026/company.yaml": """\
objectives:
  - id: lead
    title: Lead our market
    key_results:
      - {id: share, title: Reach a market share of 20%, unit: "%", from: 12, to: 20}
      - {id: churn, title: Keep churn at 2% or less, unit: "%", at_most: 2}
  - id: team
    title: Be a place where people want to stay
    key_results:
      - {id: stay, title: 95% of people stay, unit: "%", at_least: 95}
      - {id: survey, title: Run the yearly survey, milestones: {done: 1.0}}
""",
    "okrs/2026-Q4/marketing.yaml": """\
objectives:
  - id: brand
    title: Make our brand the one people think of first
    owner: alice
    supports: 2026/company/lead
    key_results:
      - id: visits
        title: Reach 100,000 monthly visits
        unit: visits
        from: 42000
        to: 100000
        weight: 2
      - {id: launch, title: The new site is live, milestones: {signed: 0.3, beta: 0.7, live: 1.0}}
  - id: speed
    title: Answer everyone while they still remember the question
    type: committed
    supports: 2026/company/lead
    key_results:
      - {id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4}
      - {id: uptime, title: Keep the site up 99.9% of the time, unit: "%", at_least: 99.9}
""",
    "checkins/2026-Q4/marketing.yaml": """\
- {date: 2026-10-05, kr: brand/visits, value: 44000, confidence: 0.6, by: alice, note: SEO quick wins are live}
- {date: 2026-10-12, kr: brand/visits, value: 47500, confidence: 0.7, by: alice}
- {date: 2026-10-12, kr: brand/launch, value: signed, confidence: 0.8, by: bob}
""",
}


def value_of_visits(shell: Shell) -> float:
    """The value of the first key result in `okr status`, which is called visits in the small workspaces."""
    status = json.loads(shell.okr("status", "--json").out)
    value: float = status["owners"][0]["objectives"][0]["key_results"][0]["value"]
    return value


def copy_of(made: Path, shell: Shell) -> Shell:
    """Gives the shell's folder what a repository holds that was made before, for many tests."""
    shutil.copytree(made, shell.folder, ignore=shutil.ignore_patterns("*.sample"), dirs_exist_ok=True)
    shell.git("update-index", "--refresh")  # it knows the files that were copied, not their copies
    return shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An empty folder to run commands in."""
    home, folder = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    folder.mkdir()
    return Shell(folder, home)


@pytest.fixture
def workspace(shell: Shell) -> Shell:
    """A small workspace in a plain folder, without git."""
    shell.write(SMALL_WORKSPACE)
    return shell


def commit_all(shell: Shell) -> None:
    """Has Alice begin a repository with all that is there."""
    shell.git("init", "--quiet", "--initial-branch=main")
    shell.git("config", "user.name", "Alice Martin")
    shell.git("config", "user.email", "alice@acme.example")
    shell.git("add", "--all")
    shell.git("commit", "--quiet", "--message", "Plan the quarter")


@pytest.fixture(scope="session")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small workspace, committed by Alice in a git repository, to be copied."""
    top = tmp_path_factory.mktemp("committed")
    shell = Shell(top / "work", top)
    shell.write(SMALL_WORKSPACE)
    commit_all(shell)
    return shell.folder


@pytest.fixture
def repository(shell: Shell, committed: Path) -> Shell:
    """The same workspace, committed by Alice in a git repository."""
    return copy_of(committed, shell)
