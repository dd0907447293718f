from __future__ import annotations

import shutil
import sys

import pytest
import typer
from typer.main import get_command

from okr.commands.completion import complete_value
from tests.cli.conftest import SMALL_WORKSPACE, Shell


def asked_for(line: str) -> dict[str, str]:
    """The variables with which fish asks what could follow."""
    return {
        "_OKR_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }


def complete(shell: Shell, line: str) -> dict[str, str]:
    """What fish would be offered: value → help."""
    outcome = shell.okr(**asked_for(line))
    assert outcome.err == ""
    offered = (each.partition("\t") for each in outcome.out.splitlines())
    return {value: help_text for value, _, help_text in offered if value}


AS_OF = "okr --as-of 2026-11-23"


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        pytest.param("status mar", ["marketing", "marketing/brand", "marketing/brand/visits", "marketing/brand/launch", "marketing/speed", "marketing/speed/hours", "marketing/speed/uptime"], id="owner"),
        pytest.param("show vi", ["visits"], id="key result"),
        pytest.param("show bra", ["brand", "brand/visits", "brand/launch"], id="objective"),
        pytest.param("show company/te", ["company/team", "company/team/stay", "company/team/survey"], id="the year's"),
        pytest.param("tree --cycle 2026 le", ["lead", "lead/share", "lead/churn"], id="cycle asked for"),
        pytest.param("show 2026/company/l", ["2026/company/lead", "2026/company/lead/share", "2026/company/lead/churn"], id="cycle typed"),
        pytest.param("status --owner a", ["alice"], id="owner option"),
        pytest.param("status --cycle 2026", ["2026-Q4", "2026"], id="cycle option"),
        pytest.param("show --cycle nonsense x", [], id="unknown cycle"),
        pytest.param("show zzz", [], id="nothing like it"),
        pytest.param("new key-result T --objective bra", ["brand"], id="objectives alone"),
        pytest.param("explain OKR203", ["OKR203"], id="a rule by code"),
        pytest.param("validate --select OKR4,long-t", ["OKR4,long-title"], id="one more rule, by name"),
        pytest.param("validate --ignore zzz", [], id="no rule"),
    ],
)  # fmt: skip
def test_offers(workspace: Shell, line: str, offered: list[str]) -> None:
    assert sorted(complete(workspace, f"{AS_OF} {line}")) == sorted(offered)


def test_help_is_the_title(workspace: Shell) -> None:
    assert complete(workspace, f"{AS_OF} show vi") == {"visits": "Reach 100,000 monthly visits"}


def test_as_a_shell_asks(workspace: Shell) -> None:
    outcome = workspace.run(sys.executable, "-m", "okr", **asked_for(f"{AS_OF} show vi"))
    assert (outcome.status, outcome.out, outcome.err) == (0, "visits\tReach 100,000 monthly visits\n", "")


def test_an_ambiguous_tail_is_not_offered(workspace: Shell) -> None:
    workspace.write({"okrs/2026-Q4/bob.yaml": SMALL_WORKSPACE["okrs/2026-Q4/marketing.yaml"]})
    assert complete(workspace, f"{AS_OF} show vi") == {}
    assert list(complete(workspace, f"{AS_OF} show bob/brand/v")) == ["bob/brand/visits"]


def test_the_folder_of_a_command_line_is_completed_from(workspace: Shell) -> None:
    away = Shell(workspace.home, workspace.home)
    assert list(complete(away, f"{AS_OF} -C {workspace.folder} show vi")) == ["visits"]


@pytest.mark.parametrize("line", ["show vi", "status --owner a", "status --cycle 2"])
def test_silent_without_a_workspace(shell: Shell, line: str) -> None:
    assert complete(shell, f"{AS_OF} {line}") == {}


@pytest.mark.parametrize("broken", ["objectives: [", "\x00", "a: &a [*a]", "objectives: 3\n"])
def test_silent_in_a_broken_workspace(workspace: Shell, broken: str) -> None:
    workspace.write({"okrs/2026-Q4/marketing.yaml": broken, "org.yaml": broken})
    assert complete(workspace, f"{AS_OF} show vi") == {}


def test_hostile_titles_are_made_safe(workspace: Shell) -> None:
    plan = SMALL_WORKSPACE["okrs/2026-Q4/marketing.yaml"].replace(
        "Reach 100,000 monthly visits", '"a\\e[2Jb"'
    )
    workspace.write({"okrs/2026-Q4/marketing.yaml": plan})
    assert complete(workspace, f"{AS_OF} show vi") == {"visits": "a⧵u001b[2Jb"}


@pytest.mark.parametrize(
    "title", [r"a \$(>made) b", r"a \`>made\` b", r"a \" ) ; >made ; ( \" b", "ends with \\"]
)
def test_a_title_is_never_evaluated(workspace: Shell, title: str) -> None:
    plan = SMALL_WORKSPACE["okrs/2026-Q4/marketing.yaml"].replace(
        "Reach 100,000 monthly visits", f"'{title}'"
    )
    workspace.write({"okrs/2026-Q4/marketing.yaml": plan})
    line = {"_OKR_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": f"{AS_OF} show vi"}
    offered = workspace.okr(**line).out
    # As the zsh script does it: what okr prints is evaluated, and so is, in there, the list of choices.
    choices = r"""_arguments() { local list=${1#*: :((}; eval "choices=( ${list%))} )"; }; """
    shown = workspace.run("bash", "-c", f'{choices}eval "$1"; printf %s "${{choices[*]}}"', "bash", offered)
    assert (shown.out, shown.err) == (f"visits:{title.replace(chr(92), '⧵')}".replace('"', ""), "")
    assert not (workspace.folder / "made").exists()


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh here")
def test_the_first_tab_of_a_zsh_completes(workspace: Shell) -> None:
    """An autoloaded function that only defines another one would do nothing until the second Tab."""
    shown = workspace.run(
        sys.executable,
        "-m",
        "okr",
        "--show-completion",
        "zsh",
        _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1",
    )
    (workspace.home / "_okr").write_text(shown.out)
    (workspace.home / "okr").write_text('#!/bin/sh\necho "_arguments $_TYPER_COMPLETE_ARGS"\n')
    (workspace.home / "okr").chmod(0o755)
    tab = (
        "compdef() {}; _arguments() { print -r -- completes $@ }; fpath=(~); path=(~ $path); autoload -Uz _okr; "
        "words=(okr ch); CURRENT=2; _okr"
    )
    first = workspace.run("zsh", "-f", "-c", tab)
    assert (first.out, first.err) == ("completes okr ch\n", "")


def test_a_title_is_no_markup_and_stays_on_one_line(workspace: Shell) -> None:
    title = f"a [red]b[/b] {'long ' * 30}"
    plan = SMALL_WORKSPACE["okrs/2026-Q4/marketing.yaml"].replace(
        "Reach 100,000 monthly visits", f"'{title}'"
    )
    workspace.write({"okrs/2026-Q4/marketing.yaml": plan})
    assert complete(workspace, f"{AS_OF} show vi") == {"visits": f"{title[:79]}…"}


def test_names_that_a_shell_would_evaluate_are_not_offered(workspace: Shell) -> None:
    plan = SMALL_WORKSPACE["okrs/2026-Q4/marketing.yaml"]
    days = "starts: 2026-10-01\nends: 2026-12-31\n"
    workspace.write({f"okrs/z{each}/cycle.yaml": days for each in ("$(>made)", "ulu", "`>made`", "\\")})
    workspace.write({"okrs/2026-Q4/marketing.yaml": plan.replace("beta:", '"b$(>made)": 0.5, beta:')})
    assert list(complete(workspace, f"{AS_OF} status --cycle z")) == ["zulu"]
    assert list(complete(workspace, f"{AS_OF} checkin launch b")) == ["beta"]


@pytest.mark.parametrize(
    ("reference", "typed", "offered"),
    [
        ("launch", "", [("signed", "score 0.3"), ("beta", "score 0.7"), ("live", "score 1")]),
        ("brand/launch", "b", [("beta", "score 0.7")]),
        ("visits", "", []),
        ("nothing", "", []),
        (None, "", []),
    ],
    ids=["all", "begun", "a number", "unknown", "none named"],
)
def test_values_are_completed_by_milestones(
    workspace: Shell, reference: str | None, typed: str, offered: list[tuple[str, str]]
) -> None:
    app = typer.Typer()
    app.command()(lambda: None)
    context = typer.Context(get_command(app))
    context.params = {
        "reference": reference, "cycle": None, "_as_of": "2026-11-23", "_directory": str(workspace.folder),
    }  # fmt: skip
    assert complete_value(context, typed) == offered


def test_no_milestones_without_a_workspace(shell: Shell) -> None:
    app = typer.Typer()
    app.command()(lambda: None)
    context = typer.Context(get_command(app))
    context.params = {"reference": "launch", "_directory": str(shell.folder)}
    assert complete_value(context, "") == []


def test_kpis_are_completed_with_their_names(workspace: Shell) -> None:
    workspace.write({"kpis.yaml": "kpis:\n  - {id: churn, name: Customers lost}\n"})
    assert complete(workspace, f"{AS_OF} show kpis/") == {"kpis/churn": "Customers lost"}
