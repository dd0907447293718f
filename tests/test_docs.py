"""The pages are true: every key is explained, every example validates, every command prints what is shown."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from okr import model
from okr.commands.registry import COMMANDS, LazyGroup
from okr.operations.schema_files import schema_line, schema_texts
from okr.rules.engine import diagnose
from okr.sources import Folder
from okr.workspace import Workspace
from tests import readme

CHECKOUT = Path(__file__).parents[1]
FILES_PAGE = (CHECKOUT / "docs/files.md").read_text(encoding="utf-8")
JSON_PAGE = (CHECKOUT / "docs/json.md").read_text(encoding="utf-8")
README = readme.README.read_text(encoding="utf-8")
MODELS = {
    name: kind
    for name, kind in inspect.getmembers(model, inspect.isclass)
    if issubclass(kind, model.FileModel) and kind is not model.FileModel
}
PAGES = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"] + [
    path.relative_to(CHECKOUT).as_posix()
    for folder in ("docs", "docs/guides")
    for path in sorted((CHECKOUT / folder).glob("*.md"))
]
CHECKIN_LINE = "- {date: 2026-11-20, kr: brand/launch, value: beta, by: alice}\n"
KPI_WORKSPACE = {
    "kpis.yaml": "kpis:\n  - {id: mau, name: Monthly users, unit: users}\n",
    "okrs/2026-Q4/bob.yaml": """\
objectives:
  - id: loved
    title: Be the product people love
    key_results:
      - {id: users, title: More users, kpi: mau, from: 10, to: 20}
""",
}
DIFFERENT = {
    "okr.yaml": "name: Acme\nlimits: {objectives: {min: 1, max: 3}}\n",
    "checkins/kpis.yaml": "- {date: 2026-11-02, kpi: mau, value: 12}\n",
    "okrs/2026-Q4/cycle.yaml": "state: planning\n",
}
EDITS = [
    ("okrs/2026-Q4/marketing.yaml", "    supports: 2026/company/lead\n", ""),
    (
        "okrs/2026-Q4/marketing.yaml",
        "      - {id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4}\n",
        "",
    ),
    (
        "okrs/2026-Q4/bob.yaml",
        "from: 10, to: 20}\n",
        "from: 10, to: 20}\n      - {id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4}\n",
    ),
]
ANSWERS = {
    "audit": ["audit --json"],
    "checkin": [
        "checkin hours 12 -c 60% --json",
        "checkin visits 61k --replace --dry-run --json",
        "checkin hours 11 --push --json",
        "checkin kpis/mau 15 --no-commit --json",
    ],
    "cycle": [
        "cycle list --json",
        "cycle show --json",
        "cycle close 2026-Q4 --early Now --all-scores --json",
        "cycle reopen 2026-Q4 --json",
    ],
    "diff": ["diff HEAD~3 --json", "diff --json"],
    "due": ["due --json"],
    "explain": ["explain OKR204 OKR203 --json", "explain OKR506 --json"],
    "format": ["format --check --json"],
    "kpi": ["kpi list --json", "kpi show mau --json", "kpi record mau 15 --no-commit --json"],
    "log": ["log --json", "log visits --json"],
    "plan": [
        "plan open 2027-Q1 --json",
        "plan check 2027-Q1 --json",
        "plan summary 2027-Q1 --json",
        "plan start 2027-Q1 --no-commit --json",
    ],
    "query": ['query select/**/1/**/as/**/"rows" --json'],
    "review": ["review --json", "review 2026-Q3 --json"],
    "rules": ["rules --json"],
    "show": ["show visits --json", "show launch --json", "show brand --json"],
    "status": ["status --json"],
    "sync": ["sync --json"],
    "tree": ["tree --json"],
    "undo": ["undo visits --json"],
    "validate": ["validate --json", "validate --format json"],
}
"""For each command that has `--json`, calls whose answers have as many of the keys as can be."""


@pytest.mark.parametrize("name", MODELS)
def test_every_key_of_every_file_is_explained(name: str) -> None:
    table = FILES_PAGE.partition(f"<!-- {name} -->\n")[2].partition("\n\n")[0]
    keys = re.findall(r"^\| (?:\*\*)?`(\w+)`(?:\*\*)? \|", table, re.MULTILINE)
    fields = MODELS[name].model_fields
    assert keys == [field.alias or key for key, field in fields.items()]
    required = re.findall(r"^\| \*\*`(\w+)`\*\* \|", table, re.MULTILINE)
    assert required == [field.alias or key for key, field in fields.items() if field.is_required()]


def test_the_example_of_the_page_on_files_has_no_findings(tmp_path: Path) -> None:
    blocks = re.findall(r"^```\w+ (\S+)\n(.*?)^```$", FILES_PAGE, re.MULTILINE | re.DOTALL)
    assert len(blocks) == len({path for path, _ in blocks}) == 9
    for path, text in blocks:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    workspace = Workspace(Folder(tmp_path), as_of=date(2026, 11, 23), title="acme")
    assert [f"{each.code} {each.finding.path} {each.finding.message}" for each in diagnose(workspace)] == []


@pytest.mark.unmeasured
@pytest.mark.parametrize("page", readme.PAGES)
def test_a_page_shows_what_its_commands_print(page: str, tmp_path: Path) -> None:
    # If this fails after a change of what is shown: `python -m tests.readme`, then look at the difference.
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    assert _without_ids(readme.played(page, tmp_path)) == _without_ids(text)


def _without_ids(text: str) -> str:
    """Ids of commits and blobs depend on every byte of a workspace; what they stand for is compared anyway."""
    return re.sub(r"\b(?=[a-f]*\d)[0-9a-f]{7,40}\b", "…", text)


def test_a_command_that_fails_unannounced_is_no_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    monkeypatch.setitem(readme.PAGES, str(page), readme.empty_folder)
    page.write_text("```console\n$ okr status\n$ echo $?\n```\n", encoding="utf-8")
    (tmp_path / "announced").mkdir()
    assert readme.played(str(page), tmp_path / "announced").endswith("$ echo $?\n1\n```\n")
    for number, text in enumerate(("$ okr status\n", "$ okr status\n$ okr tree\n")):
        page.write_text(f"```console\n{text}```\n", encoding="utf-8")
        (tmp_path / str(number)).mkdir()
        with pytest.raises(RuntimeError, match="ended with 1"):
            readme.played(str(page), tmp_path / str(number))


def test_the_readme_names_every_command_once_and_every_page() -> None:
    table = README.partition("## The commands\n")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"^\| `okr ([a-z-]+)` \|", table, re.MULTILINE)) == sorted(COMMANDS)
    linked = set(re.findall(r"\]\((docs/[^)#]+)\)", README))
    assert {page for page in PAGES if page.startswith("docs/")} <= linked


def test_the_picture_at_the_top_of_the_readme_is_what_status_prints_below() -> None:
    picture, _, below = README.partition("```text\n")[2].partition("```\n")
    assert "expected by today" in picture
    assert "$ okr status marketing/first-impression\n" + picture in below


def test_every_command_that_answers_in_json_has_its_section() -> None:
    with_json = {name for name in COMMANDS if "--json" in _options(_command(name))}
    assert with_json == set(ANSWERS)
    assert with_json == set(re.findall(r"^## okr ([a-z-]+)$", JSON_PAGE, re.MULTILINE))


@pytest.mark.unmeasured
@pytest.mark.parametrize("command", ANSWERS)
def test_every_key_of_an_answer_is_explained(command: str, tmp_path: Path) -> None:
    shell = readme.small_clone(tmp_path)
    for before in ("checkin visits 60k -c 0.7", "undo", "checkin visits 62k -m Live"):
        assert shell.okr(*before.split()).status == 0
    log = "checkins/2026-Q4/marketing.yaml"
    if command in {"validate", "format"}:
        shell.write({"org.yaml": "teams: [\n", "okrs/2026-Q4/bob.yaml": "objektives: []\n"})
    if command in {"checkin", "kpi"}:  # one is written but not committed
        shell.write(KPI_WORKSPACE | {log: shell.read(log) + CHECKIN_LINE})
    if command == "diff":
        shell.write(KPI_WORKSPACE | DIFFERENT)
        for path, old, new in EDITS:
            shell.write({path: shell.read(path).replace(old, new)})
    if command == "sync":
        shell.okr("checkin", "hours", "12")
    explained = _explained(command)
    for call in ANSWERS[command]:
        done = shell.okr(*call.split())
        assert done.out.startswith('{\n  "schema": 1,'), done.err
        assert _keys(json.loads(done.out)) - explained == set(), call


def _explained(command: str) -> set[str]:
    """What the section of a command names in code, and the sections that it refers to, and the introduction."""
    intro, *sections = re.split(r"^## okr ", JSON_PAGE, flags=re.MULTILINE)
    by_command = {name: text for name, _, text in (each.partition("\n") for each in sections)}
    wanted, text = [command], intro
    for name in wanted:
        own = re.sub(r"^```.*?^```$", "", by_command[name], flags=re.MULTILINE | re.DOTALL)
        text += own
        wanted += [
            other
            for other in re.findall(r"(?:as in|see \[)\W*okr (\w+)", own, re.IGNORECASE)
            if other not in wanted
        ]
    return set(re.findall(r"`(\w+)`", text))


def _keys(answer: object) -> set[str]:
    """Every key in an answer; paths and milestones that stand as keys are no names of ours."""
    if isinstance(answer, list):
        return set().union(*map(_keys, answer))
    if not isinstance(answer, dict):
        return set()
    inner = [value for key, value in answer.items() if key not in {"old", "new"}]
    return {key for key in answer if re.fullmatch(r"\w+", key)}.union(*map(_keys, inner))


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_and_options_that_are_named_exist(page: str) -> None:
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    for command in {*readme.commands(text), *re.findall(r"`(okr [^`]+)`", text)}:
        words = command.split()
        if words[0] != "okr" or len(words) < 2 or words[1].startswith(("-", "[")):
            continue
        assert words[1] in COMMANDS, command
        options = _options(_command(words[1]))
        for word in words[2:]:
            if re.fullmatch(r"--[a-z-]+", word):
                assert word in options, command


def _command(name: str) -> object:
    known = LazyGroup(name="okr").get_command(None, name)  # type: ignore[arg-type] # the context is not looked at
    assert known is not None
    return known


def _options(command: object) -> set[str]:
    parameters = [*getattr(command, "params", [])]
    for each in getattr(command, "commands", {}).values():
        parameters += each.params
    return {option for parameter in parameters for option in parameter.opts} | {"--help"}


def test_the_pages_name_all_commands_that_show_a_commit_or_speak_plainly() -> None:
    parts = {name: {"": command, **getattr(command, "commands", {})} for name, command in _commands().items()}
    history = (CHECKOUT / "docs/history.md").read_text(encoding="utf-8").partition("take `--at`")[0]
    assert sorted(re.findall(r"`okr ([a-z ]+)`", history)) == sorted(
        f"{name} {part}".strip()
        for name, those in parts.items()
        for part, each in those.items()
        if any("--at" in parameter.opts for parameter in each.params)
    )
    (plainly,) = re.findall(r"With `--plain`, ([a-z, ]+) say in words", README)
    plain = {name for name, command in _commands().items() if "--plain" in _options(command)}
    assert {*re.split(", | and ", plainly)} == plain


def _commands() -> dict[str, Any]:
    return {name: _command(name) for name in COMMANDS}


@pytest.mark.parametrize("page", PAGES)
def test_links_between_the_pages_lead_somewhere(page: str) -> None:
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    missing = [link for link in links if not (CHECKOUT / page).parent.joinpath(link).exists()]
    assert missing == []


def test_modules_that_are_named_exist() -> None:
    """In the pages, and in what modules say of each other: a module that moves takes its name along."""
    texts = {page: (CHECKOUT / page).read_text(encoding="utf-8") for page in PAGES}
    known: set[str] = set()
    for path in (
        path for top in ("okr", "tests", "bench", "docs") for path in (CHECKOUT / top).rglob("*.py")
    ):
        steps = path.relative_to(CHECKOUT).parts
        known |= {"/".join(steps[start:]) for start in range(len(steps))}
        texts["/".join(steps)] = path.read_text(encoding="utf-8")
    named = {(page, name) for page, text in texts.items() for name in re.findall(r"`([\w/-]+\.py)\b", text)}
    assert len(named) > 200
    assert sorted(each for each in named if each[1] not in known) == []


def test_the_readme_shows_how_every_exit_status_is_meant() -> None:
    rows = re.findall(r"^\| (\d+) \|", README, re.MULTILINE)
    assert rows == ["0", "1", "2", "3", "130"]


def test_the_first_rule_of_the_contributing_page_works(tmp_path: Path) -> None:
    page = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rule, its_test = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    # A module of its own, instead of the end of one that is there.
    imports = "from okr.rules.wording import *\nfrom okr.rules.catalogue import rule\n"
    imports += "from okr.contents import Objective\nfrom okr.diagnostics import Severity\n"
    (tmp_path / "shouting.py").write_text(f"from __future__ import annotations\n{imports}\n{rule}")
    imports = "import shouting\nfrom tests.conftest import *\nfrom tests.rules.cases import *\n"
    (tmp_path / "test_shouting.py").write_text(
        f"from __future__ import annotations\n{imports}\n{its_test}", encoding="utf-8"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_shouting.py"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": f"{CHECKOUT}{os.pathsep}{tmp_path}", "HOME": str(tmp_path), "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["startup", "agence"])
def test_the_schemas_of_the_examples_are_those_of_today(name: str) -> None:
    """`make docs` writes them anew."""
    root = CHECKOUT / "examples" / name
    for path, content in schema_texts().items():
        assert (root / path).read_bytes() == content, f"{path}: run `make docs`"
    files = [path.relative_to(root).as_posix() for path in root.rglob("*.yaml")]
    for path in (each for each in files if not each.startswith("checkins/")):
        assert (root / path).read_text(encoding="utf-8").startswith(schema_line(path)), path
