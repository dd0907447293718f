"""The pages are true: every key is explained, every example validates, every command prints what is shown."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from okr import model
from okr.commands.registry import COMMANDS, LazyGroup
from okr.rules.engine import diagnose
from okr.sources import Folder
from okr.workspace import Workspace
from tests import readme

CHECKOUT = Path(__file__).parents[1]
FILES_PAGE = (CHECKOUT / "docs/files.md").read_text(encoding="utf-8")
README = readme.README.read_text(encoding="utf-8")
MODELS = {
    name: kind
    for name, kind in inspect.getmembers(model, inspect.isclass)
    if issubclass(kind, model.FileModel) and kind is not model.FileModel
}
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/files.md", "docs/decisions.md", "docs/ci.md"]


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


def test_the_readme_shows_what_its_commands_print(tmp_path: Path) -> None:
    # If this fails after a change of what is shown: `python -m tests.readme`, then look at the difference.
    assert _without_ids(readme.played(README, tmp_path)) == _without_ids(README)


def _without_ids(text: str) -> str:
    """Ids of commits and blobs depend on every byte of a workspace; what they stand for is compared anyway."""
    return re.sub(r"(committed as |index )[0-9a-f.]+", r"\1…", text)


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_and_options_that_are_named_exist(page: str) -> None:
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    for command in {*readme.commands(text), *re.findall(r"`(okr [^`]+)`", text)}:
        words = command.split()
        if words[0] != "okr" or len(words) < 2 or words[1].startswith(("-", "[")):
            continue
        assert words[1] in COMMANDS, command
        group = LazyGroup(name="okr")
        known = group.get_command(None, words[1])  # type: ignore[arg-type] # the context is not looked at
        assert known is not None
        options = _options(known)
        for word in words[2:]:
            if re.fullmatch(r"--[a-z-]+", word):
                assert word in options, command


def _options(command: object) -> set[str]:
    parameters = [*getattr(command, "params", [])]
    for each in getattr(command, "commands", {}).values():
        parameters += each.params
    return {option for parameter in parameters for option in parameter.opts} | {"--help"}


@pytest.mark.parametrize("page", PAGES)
def test_links_between_the_pages_lead_somewhere(page: str) -> None:
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    missing = [link for link in links if not (CHECKOUT / page).parent.joinpath(link).exists()]
    assert missing == []


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
