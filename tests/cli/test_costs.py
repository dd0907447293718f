"""What a command touches: files it opens, processes it starts, modules it imports. No clock, so it holds anywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
CYCLE = "2026-Q4"
FEW, MANY = 5, 60

# Everything is heard from before `okr` is imported; what it heard is printed behind all else.
LISTENING = """
import json, sys
heard = {"files": [], "folders": [], "processes": []}
def listen(event, arguments):
    if event == "open" and str(arguments[0]).endswith(".yaml"):
        heard["files"].append(str(arguments[0]))
    elif event in ("os.scandir", "os.listdir"):
        heard["folders"].append(str(arguments[0]).rpartition("/")[2])
    elif event == "os.fork":
        heard["processes"].append("fork")
    elif event == "subprocess.Popen":
        heard["processes"].append(" ".join(arguments[1][:1] + [each for each in arguments[1] if each in VERBS][:1]))
VERBS = {"rev-parse", "status", "commit", "add", "log", "config", "var", "ls-files", "cat-file", "diff",
    "check-attr", "ls-tree", "diff-tree", "diff-index"}
sys.addaudithook(listen)
try:
    from okr.plainly import answered_plainly
    status = answered_plainly(sys.argv[1:])
    if status is None:
        from okr.cli import run
        status = run(sys.argv[1:])
    heard["status"] = status
finally:
    heard["modules"] = sorted(sys.modules)
    print(json.dumps(heard), file=sys.stderr)
"""

PLAN = """\
objectives:
  - id: brand
    title: Make our brand the one people think of first
    supports: {above}/brand
    key_results:
      - {{id: visits, title: Reach many visits a month, unit: visits, from: 42000, to: 100000}}
      - {{id: leads, title: Reach 900 leads a month, unit: leads, from: 300, to: 900}}
"""
LOG = "- {date: 2026-10-05, kr: brand/visits, value: 44000, confidence: 0.6, by: alice, note: Off we go}\n"


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Two workspaces that differ in how many teams they have."""
    return {number: _workspace(tmp_path_factory.mktemp(f"of-{number}"), number) for number in (FEW, MANY)}


def _workspace(root: Path, owners: int) -> Path:
    teams = "".join(f"  - {{id: team-{number}, name: Team {number}}}\n" for number in range(owners))
    files = {
        "okr.yaml": "name: Acme\n",
        ".gitattributes": "checkins/** merge=union\n",
        "org.yaml": f"teams:\n{teams}people:\n  - {{id: alice, name: Alice, team: team-0}}\n",
    }
    for number in range(owners):
        files[f"okrs/{CYCLE}/team-{number}.yaml"] = PLAN.format(above=f"team-{max(number - 1, 0)}")
        files[f"checkins/{CYCLE}/team-{number}.yaml"] = LOG
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    for arguments in (
        ("init", "--quiet", "--initial-branch=main"),
        ("config", "user.name", "Alice"),
        ("config", "user.email", "alice@acme.example"),
        ("add", "--all"),
        ("commit", "--quiet", "--message", "Plan"),
    ):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    return root


def _heard(root: Path, *arguments: str) -> dict[str, list[str]]:
    command = [sys.executable, "-c", LISTENING, "--as-of", "2026-10-12", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])
    assert told.pop("status", 0) == 0, done.stderr  # a completion ends the process by itself
    return told


def _names(heard: dict[str, list[str]]) -> Counter[str]:
    return Counter(name.rpartition("/")[2] for name in heard["files"])


def _packages(heard: dict[str, list[str]]) -> set[str]:
    return {name.partition(".")[0] for name in heard["modules"]}


def test_the_version_opens_nothing_and_starts_nothing(workspaces: dict[int, Path]) -> None:
    heard = _heard(workspaces[FEW], "--version")
    assert (heard["files"], heard["processes"]) == ([], [])
    assert _packages(heard).isdisjoint({"pydantic", "rich", "ruamel", "git", "jinja2", "prompt_toolkit"})
    assert [name for name in heard["modules"] if name.startswith("okr.")] == [
        "okr.cli", "okr.commands", "okr.commands.formats", "okr.commands.registry", "okr.commands.running", "okr.dataclass",
        "okr.errors", "okr.plainly",
    ]  # fmt: skip


def test_an_owners_status_reads_that_owners_files(workspaces: dict[int, Path]) -> None:
    heard = {number: _heard(root, "status", "team-2") for number, root in workspaces.items()}
    for each in heard.values():
        assert _names(each) == {"okr.yaml": 1, "org.yaml": 1, "cycle.yaml": 1, "team-2.yaml": 2}
        assert each["folders"].count(CYCLE) == 1, "the plans are listed once"
        assert each["processes"] == ["git status"]
        assert _packages(each).isdisjoint({"pydantic", "ruamel", "git", "jinja2", "prompt_toolkit", "pygls"})
    assert heard[FEW]["modules"] == heard[MANY]["modules"]


@pytest.mark.parametrize("whose", [[], ["team-2"]], ids=str)
def test_of_earlier_years_only_the_names_of_cycles_are_read(tmp_path: Path, whose: list[str]) -> None:
    root = _workspace(tmp_path, FEW)
    before = _heard(root, "status", *whose)
    earlier = [f"20{year}-Q4" for year in range(10, 26)]
    for cycle in earlier:
        for folder in ("okrs", "checkins"):
            shutil.copytree(root / folder / CYCLE, root / folder / cycle)
    subprocess.run(["git", "add", "--all"], cwd=root, check=True)
    subprocess.run(["git", "commit", "--quiet", "--message", "Before"], cwd=root, check=True)
    heard = _heard(root, "status", *whose)
    assert _names(heard) - _names(before) == {"cycle.yaml": len(earlier)}
    assert heard["folders"] == before["folders"]


def test_what_one_key_result_is_reads_no_log_but_its_own_and_those_of_what_it_shows(
    workspaces: dict[int, Path],
) -> None:
    heard = _heard(workspaces[MANY], "show", "team-2/brand/visits")
    # Each plan is looked through for what supports it; the plans around it are shown with their own check-ins.
    twice = {name for name, times in _names(heard).items() if times == 2}
    assert twice == {"team-0.yaml", "team-1.yaml", "team-2.yaml"}
    assert len(heard["files"]) == MANY + len(twice) + len(("okr.yaml", "org.yaml", "cycle.yaml"))


def test_a_checkin_costs_the_same_among_many(workspaces: dict[int, Path]) -> None:
    heard = {
        number: _heard(root, "checkin", "team-2/brand/visits", "45000") for number, root in workspaces.items()
    }
    assert _names(heard[FEW]) == _names(heard[MANY])
    assert set(_names(heard[MANY])) == {"okr.yaml", "org.yaml", "kpis.yaml", "cycle.yaml", "team-2.yaml"}
    assert heard[FEW]["processes"] == heard[MANY]["processes"]
    assert heard[FEW]["modules"] == heard[MANY]["modules"]
    assert _packages(heard[MANY]).isdisjoint({"pydantic", "ruamel", "git", "jinja2", "prompt_toolkit"})
    assert "okr.commands.checkin_round" not in heard[MANY]["modules"]
    assert _rules(heard[MANY]) == {"draws", "glance", "reading"}, (
        "nothing is wrong at a glance: no rule is needed"
    )
    assert sum(name == "git commit" for name in heard[MANY]["processes"]) == 1
    assert heard[MANY]["processes"] == [
        "git rev-parse", "git ls-files", "git var",  # where, whether nothing is in the way, and who
        "git status", "git ls-files", "git config",  # again under the lock, and what else waits to be committed
        "git ls-tree",  # what of the log is not committed yet
        "git commit",
        "git diff-tree", "git diff-index",  # whether the commit and the index hold what they should
    ]  # fmt: skip


def test_a_checkin_beside_odd_lines_needs_only_the_rules_on_logs(tmp_path: Path) -> None:
    root = _workspace(tmp_path, 1)
    log = root / "checkins" / CYCLE / "team-0.yaml"
    log.write_text(LOG + LOG.replace("44000", "44001"))  # which of two check-ins of one date holds?
    heard = _heard(root, "checkin", "brand/leads", "450", "--no-commit")
    assert log.read_text().count("kr: brand/leads, value: 450") == 1
    assert "engine" in _rules(heard)
    assert _rules(heard).isdisjoint(
        {"alignment", "limits", "measurability", "wording", "words", "earlier", "files"}
    )


def test_comparing_what_was_checked_in_asks_no_rule_and_git_once_for_all(tmp_path: Path) -> None:
    root = _workspace(tmp_path, FEW)
    for number in (1, 3):
        log = root / "checkins" / CYCLE / f"team-{number}.yaml"
        log.write_text(LOG + LOG.replace("10-05", "10-12"))
    subprocess.run(["git", "commit", "--quiet", "--all", "--message", "Check in"], cwd=root, check=True)
    heard = _heard(root, "diff", "HEAD~1..HEAD")
    assert heard["files"] == []
    assert not {CYCLE, "okrs", "checkins"} & {*heard["folders"]}
    assert heard["processes"] == [
        "git rev-parse", "git rev-parse",  # where, and which commit is before another; both at once
        "git cat-file", "git diff-tree",
    ]  # fmt: skip
    assert _packages(heard).isdisjoint({"pydantic", "rich", "ruamel", "git", "jinja2", "prompt_toolkit"})
    assert {"limits", "alignment", "wording", "people"}.isdisjoint(_rules(heard))


def _rules(heard: dict[str, list[str]]) -> set[str]:
    """The modules of `okr.rules` that are imported."""
    start = "okr.rules."
    return {name.removeprefix(start) for name in heard["modules"] if name.startswith(start)}


@pytest.mark.parametrize(
    ("arguments", "most"),
    [(["status"], 68), (["checkin", "team-2/brand/visits", "45000", "--dry-run"], 89)],
    ids=str,
)
def test_a_short_command_imports_few_modules(
    workspaces: dict[int, Path], arguments: list[str], most: int
) -> None:
    heard = _heard(workspaces[FEW], *arguments)
    assert 10 < sum(name.startswith("okr.") for name in heard["modules"]) <= most
    assert _rules(heard) <= {"draws", "glance", "reading"}
    assert _packages(heard).isdisjoint(
        {"pydantic", "ruamel", "_ruamel_yaml", "git", "asyncio", "email", "http"}
    )


DRAWS: tuple[str, ...] = ("rich",)
"""What only draws: an answer to a program has no use for it, and neither has one that is laid out for a pipe."""


@pytest.mark.parametrize(
    ("line", "imported"),
    [
        ("status", DRAWS),
        ("status team-2 --json", ()),
        ("checkin team-2/brand/visits 45000 --dry-run", DRAWS),
        ("checkin team-2/brand/visits 45k -c 0.6 --dry-run --json", ()),
        ("show team-2/brand/visits", DRAWS),
        ("show team-2/brand/visits --json", ()),
        ("due --owner team-2", DRAWS),
        ("due --format markdown", ()),
        ("log", ()),
        ("audit", ()),
        ("diff HEAD..HEAD", ()),
        ("validate --select OKR7", ()),
    ],
)
def test_an_answer_that_is_plainly_asked_for_needs_no_typer(
    workspaces: dict[int, Path], line: str, imported: tuple[str, ...]
) -> None:
    packages = _packages(_heard(workspaces[FEW], *line.split()))
    large = {"typer", "click", "rich", "pydantic", "ruamel", "git", "jinja2", "prompt_toolkit", "shellingham"}
    assert packages & large == {*imported}


@pytest.mark.parametrize("example", ["startup", "agence"])
def test_the_examples_are_read_without_the_parser(example: str) -> None:
    heard = _heard(EXAMPLES / example, "status")
    assert len(heard["files"]) > 10
    assert _packages(heard).isdisjoint({"ruamel", "_ruamel_yaml"})


def test_tab_behind_okr_imports_no_command(
    workspaces: dict[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("_OKR_COMPLETE", "complete_bash"), ("COMP_WORDS", "okr che"), ("COMP_CWORD", "1")):
        monkeypatch.setenv(name, value)
    heard = _heard(workspaces[FEW])
    assert (heard["files"], heard["processes"]) == ([], [])
    assert [name for name in heard["modules"] if name.startswith("okr.commands.")] == [
        "okr.commands.formats", "okr.commands.registry", "okr.commands.running",
    ]  # fmt: skip


def test_a_story_asks_for_no_old_content_where_lines_prove_what_was_added_by_hand(
    workspaces: dict[int, Path],
) -> None:
    root = workspaces[FEW]
    log = root / f"checkins/{CYCLE}/team-1.yaml"
    for day in range(6, 9):
        log.write_text(log.read_text(encoding="utf-8") + LOG.replace("10-05", f"10-0{day}"), encoding="utf-8")
        subprocess.run(["git", "commit", "--quiet", "--all", "--message", "By hand"], cwd=root, check=True)
    heard = _heard(root, "log", "--checkins")
    # The one asks for the ids of what commits without a word changed; another would ask for the lines.
    assert heard["processes"].count("git diff-tree") == 1
    assert "git cat-file" not in heard["processes"]
