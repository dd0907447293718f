"""The shape of the house: the floors, the commands, the sizes of files, and what start-up imports."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.main import get_command

import okr
from okr.commands.registry import COMMANDS, module_of

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).parents[1]
MODULES = sorted((CHECKOUT / "okr").rglob("*.py"))
LONGEST_MODULE = 500
LONGEST_FUNCTION = 50
LONG_ON_PURPOSE = {"_build"}  # one loop over the parser's events: a call for each event would double its time

# What costs more than half of what `okr --version` costs altogether.
HEAVY = ("git", "jinja2", "pydantic", "rich.console", "ruamel", "subprocess", "textual")


def _relative(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_of_commands_says_what_each_command_says_of_itself(name: str) -> None:
    module = importlib.import_module(module_of(name))
    command = get_command(module.app)
    assert command.help is not None
    assert command.help.partition("\n")[0] == COMMANDS[name]
    assert "Example" in command.help
    assert "  okr " in command.help


def test_data_classes_are_of_the_kind_that_costs_nothing_at_start_up() -> None:
    imports = re.compile(r"^(from|import) dataclasses\b", re.MULTILINE)
    found = [_relative(path) for path in MODULES if imports.search(path.read_text(encoding="utf-8"))]
    assert found == [], "write `from okr.dataclass import dataclass` instead"


def test_the_extra_all_brings_every_other_one_and_so_does_dev() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    named = re.findall(r"[\w-]+", extras["all"][0].partition("[")[2])
    assert sorted(named) == sorted(extras.keys() - {"all", "dev"})
    assert "okr[all]" in extras["dev"]


def test_every_module_with_a_command_is_in_the_table() -> None:
    with_app = {
        path.stem
        for path in (CHECKOUT / "okr/commands").glob("*.py")
        if "\napp = typer.Typer(" in path.read_text(encoding="utf-8")
    }
    assert with_app == {module_of(name).rpartition(".")[2] for name in COMMANDS}


@pytest.mark.unmeasured
def test_modules_and_functions_stay_short() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in MODULES}
    long_modules = {
        path: lines for path in MODULES if (lines := len(texts[path].splitlines())) > LONGEST_MODULE
    }
    assert long_modules == {}
    too_long = {
        (_relative(path), node.name): length
        for path in MODULES
        for node in _statements(ast.parse(texts[path]))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (length := _length(node)) > LONGEST_FUNCTION
        and node.name not in LONG_ON_PURPOSE
    }
    assert too_long == {}


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """All that stands below a node but expressions, in which no function is defined that has a name."""
    for block in ("body", "orelse", "finalbody", "handlers", "cases"):
        for inner in getattr(node, block, ()):
            yield inner
            yield from _statements(inner)


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function's body, its docstring and parameters left out."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]], ids=" ".join)
def test_start_up_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from okr.cli import run; "
        f"status = run({arguments!r}); "
        f"print(status, sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # Coverage itself starts processes, and says so in the modules of every process that it measures.
    assert done.stderr.replace("'subprocess'", "").strip() == "0 []"


def test_the_changelog_knows_this_version() -> None:
    changelog = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## [{okr.__version__}]" in changelog
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == okr.__version__


def test_the_decisions_name_every_dependency() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    decisions = (CHECKOUT / "docs/decisions.md").read_text(encoding="utf-8").lower()
    names = [re.split(r"[\[<>=]", entry)[0].lower() for entry in project["dependencies"]]
    assert {"gitpython", "pydantic", "rich", "ruamel.yaml", "typer"} <= set(names)
    assert [name for name in names if name not in decisions] == []


def test_ci_runs_make_test_and_that_every_check() -> None:
    script = CHECKOUT / ".ci/run"
    assert script.stat().st_mode & 0o111
    assert script.read_text().rstrip().endswith("make test")
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    assert "\ntest: lint\n" in makefile
    checks = re.findall(r"\$\(BIN\)/([\w-]+)", makefile.partition("\nlint: ")[2].partition("\n\n")[0])
    assert checks == ["ruff", "ruff", "mypy", "lint-imports"]
