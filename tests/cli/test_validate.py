from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

EXAMPLES = Path(__file__).parents[2] / "examples"
PLAN = "okrs/2026-Q4/marketing.yaml"


def found_in(shell: Shell, *arguments: str) -> list[dict[str, Any]]:
    """What `okr validate --format json` finds."""
    diagnostics: list[dict[str, Any]] = json.loads(shell.okr("validate", "--format", "json", *arguments).out)[
        "diagnostics"
    ]
    return diagnostics


def test_a_workspace_without_a_mistake(workspace: Shell) -> None:
    outcome = workspace.okr("validate")
    assert (outcome.status, outcome.out, outcome.err) == (0, "5 files, nothing to report.\n", "")


def test_a_workspace_without_a_mistake_as_json(workspace: Shell) -> None:
    outcome = workspace.okr("validate", "--format", "json")
    assert outcome.status == 0
    assert json.loads(outcome.out) == {
        "schema": 1,
        "files": 5,
        "changed_since": None,
        "summary": {"errors": 0, "warnings": 0, "infos": 0},
        "diagnostics": [],
    }


@pytest.mark.unmeasured
@pytest.mark.parametrize("example", ["startup", "agence"])
def test_the_examples_have_no_mistake(shell: Shell, example: str) -> None:
    outcome = shell.okr("validate", "--strict", str(EXAMPLES / example))
    assert outcome.status == 0, outcome.out


def test_findings_are_shown_as_a_good_compiler_shows_them(workspace: Shell) -> None:
    workspace.write({"okr.yaml": "name: Acme\nyear_strats: 1\nchekin_every: 7\nlanguage: english\n"})
    outcome = workspace.okr("validate")
    assert outcome.status == 1
    assert outcome.err == ""
    assert (
        outcome.out
        == """\
error[OKR112 unknown-key]: this mapping has no key “year_strats”
 --> okr.yaml:2:1
   |
 2 | year_strats: 1
   | ^^^^^^^^^^^
  why: A misspelt key would be ignored in silence, and what it says with it.
  fix: did you mean `year_starts`?

error[OKR112 unknown-key]: this mapping has no key “chekin_every”
 --> okr.yaml:3:1
   |
 3 | chekin_every: 7
   | ^^^^^^^^^^^^
  fix: did you mean `checkin_every`?

error[OKR115 bad-value]: `language`: “english” is not one of its values
 --> okr.yaml:4:11
   |
 4 | language: english
   |           ^^^^^^^
  why: A value that its key doesn't allow has no meaning.
  fix: write en or fr

3 errors in 1 of 5 files.
"""
    )


def test_json_has_exactly_the_keys_that_are_promised(workspace: Shell) -> None:
    workspace.write({"okr.yaml": "name: Acme\nyear_strats: 1\n"})
    outcome = workspace.okr("validate", "--format", "json")
    assert outcome.status == 1
    assert json.loads(outcome.out) == {
        "schema": 1,
        "files": 5,
        "changed_since": None,
        "summary": {"errors": 1, "warnings": 0, "infos": 0},
        "diagnostics": [
            {
                "rule": "OKR112",
                "severity": "error",
                "message": "this mapping has no key “year_strats”",
                "hint": "did you mean `year_starts`?",
                "path": "okr.yaml",
                "line": 2,
                "column": 1,
                "end_line": 2,
                "end_column": 12,
                "ref": None,
            }
        ],
    }


def test_a_finding_without_a_hint_gives_its_rules_remedy(workspace: Shell) -> None:
    workspace.write({"okr.yaml": "name: ' '\n"})
    (found,) = found_in(workspace)
    assert (found["rule"], found["hint"]) == ("OKR114", "Write the value as its key asks for.")
    assert "  fix: Write the value as its key asks for.\n" in workspace.okr("validate").out


def test_a_finding_names_what_it_is_about(workspace: Shell) -> None:
    plan = workspace.read(PLAN).replace("supports: 2026/company/lead", "supports: 2026/company/nothing", 1)
    workspace.write({PLAN: plan})
    (found,) = found_in(workspace)
    assert found["ref"] == "2026-Q4/marketing/brand"
    assert (found["path"], found["line"], found["column"]) == (PLAN, 5, 15)


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("severity", "arguments", "status", "summary"),
    [
        ("error", [], 1, "1 error in 1 of 5 files."),
        ("warning", [], 0, "1 warning in 1 of 5 files."),
        ("warning", ["--strict"], 1, "1 warning in 1 of 5 files."),
        ("info", ["--strict"], 0, "1 info in 1 of 5 files."),
        ("off", ["--strict"], 0, "5 files, nothing to report."),
    ],
)
def test_the_exit_status_follows_the_severity(
    workspace: Shell, severity: str, arguments: list[str], status: int, summary: str
) -> None:
    org = workspace.read("org.yaml").replace("parent: company", "parent: nobody")
    workspace.write({"org.yaml": org, "okr.yaml": "name: Acme\n"})
    (found,) = found_in(workspace)
    workspace.write({"okr.yaml": f"name: Acme\nrules: {{{found['rule']}: {severity}}}\n"})
    outcome = workspace.okr("validate", *arguments)
    assert (outcome.status, outcome.out.splitlines()[-1]) == (status, summary)


def test_errors_and_warnings_are_counted_apart(workspace: Shell) -> None:
    org = workspace.read("org.yaml").replace("parent: company", "parent: nobody")
    workspace.write({"org.yaml": org})
    rule = found_in(workspace)[0]["rule"]
    workspace.write({"okr.yaml": f"name: [Acme]\nx: 1\nrules: {{{rule}: warning}}\n"})
    assert workspace.okr("validate").out.splitlines()[-1] == "2 errors and 1 warning in 2 of 5 files."


def broken(shell: Shell) -> None:
    """One mistake in each of four files."""
    shell.write(
        {
            "okr.yaml": "name: Acme\nx: 1\n",
            "okrs/2026/company.yaml": shell.read("okrs/2026/company.yaml") + "x: 1\n",
            PLAN: shell.read(PLAN) + "x: 1\n",
            "checkins/2026-Q4/marketing.yaml": "- {date: 2026-10-05, x: 1, kr: brand/visits, value: 1}\n",
        }
    )


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("folder", "paths", "reported"),
    [
        (".", ["okr.yaml"], ["okr.yaml"]),
        (".", ["./okrs/"], ["okrs/2026-Q4/marketing.yaml", "okrs/2026/company.yaml"]),
        (".", ["okrs/2026", "okr.yaml"], ["okr.yaml", "okrs/2026/company.yaml"]),
        (".", ["okrs", "okrs/2026"], ["okrs/2026-Q4/marketing.yaml", "okrs/2026/company.yaml"]),
        (".", ["org.yaml"], []),
        (".", [".", "org.yaml"], ["checkins/2026-Q4/marketing.yaml", "okr.yaml", PLAN, "okrs/2026/company.yaml"]),
        ("okrs", ["2026"], ["okrs/2026/company.yaml"]),
        ("okrs/2026", ["../../checkins"], ["checkins/2026-Q4/marketing.yaml"]),
        ("okrs/2026", [], ["checkins/2026-Q4/marketing.yaml", "okr.yaml", PLAN, "okrs/2026/company.yaml"]),
    ],
)  # fmt: skip
def test_paths_restrict_what_is_reported(
    workspace: Shell, folder: str, paths: list[str], reported: list[str]
) -> None:
    broken(workspace)
    assert [found["path"] for found in found_in(workspace, "-C", folder, *paths)] == reported


def test_files_are_counted_among_those_asked_about(workspace: Shell) -> None:
    broken(workspace)
    assert workspace.okr("validate", "okrs").out.splitlines()[-1] == "2 errors in 2 of 2 files."
    assert workspace.okr("validate", "org.yaml").out == "1 file, nothing to report.\n"
    workspace.write({"README.md": "Hello"})
    assert workspace.okr("validate", "README.md").out == "0 files, nothing to report.\n"


def test_an_absolute_path_through_a_link_is_the_workspaces_own(workspace: Shell) -> None:
    broken(workspace)
    (workspace.home / "alias").symlink_to(workspace.folder)
    found = found_in(workspace, str(workspace.home / "alias" / "okrs" / "2026"))
    assert [each["path"] for each in found] == ["okrs/2026/company.yaml"]


def test_text_names_files_as_seen_from_here(workspace: Shell) -> None:
    broken(workspace)
    (workspace.folder / "deep").mkdir()
    here = ["sh", "-c", 'cd "$0" && shift && exec "$@"']
    python = [sys.executable, "-m", "okr", "--as-of", "2026-11-23", "validate"]
    assert " --> ../okr.yaml:2:1\n" in workspace.run(*here, "deep", "x", *python).out
    assert " --> 2026/company.yaml:" in workspace.run(*here, "okrs", "x", *python).out
    assert " --> work/okr.yaml:2:1\n" in workspace.run(*here, "..", "x", *python, "-C", "work").out


def test_a_workspace_is_found_from_its_path(workspace: Shell) -> None:
    broken(workspace)
    nested = workspace.folder / "examples" / "one"
    nested.mkdir(parents=True)
    (nested / "okr.yaml").write_text("y: 1\nname: One\n")
    (workspace.home / "else").mkdir()
    outside = str(workspace.home / "else")
    assert found_in(workspace, "examples/one")[0]["message"] == "this mapping has no key “y”"
    assert len(found_in(workspace, "-C", outside, str(workspace.folder))) == 4
    assert [each["path"] for each in found_in(workspace, "-C", outside, str(workspace.folder / PLAN))] == [
        PLAN
    ]


def test_paths_that_make_no_sense_are_refused_by_name(workspace: Shell) -> None:
    nested = workspace.folder / "examples" / "one"
    nested.mkdir(parents=True)
    (nested / "okr.yaml").write_text("name: One\n")
    (workspace.home / "else").mkdir()
    outside = str(workspace.home / "else")
    root = workspace.folder

    def refusal(*arguments: str, status: int = 1) -> str:
        outcome = workspace.okr("validate", "--format", "json", *arguments)
        assert (outcome.status, outcome.out) == (status, "")
        return outcome.err

    assert refusal("okrs", "nope.yaml", status=2) == "error: There is no file or folder nope.yaml.\n"
    assert refusal("\x1b[2J", status=2) == "error: There is no file or folder \\u001b[2J.\n"
    assert refusal(outside) == (
        f"error: “{outside}” lies outside the workspace {root}.\n"
        "  Run okr in that folder, or with `-C` and its name.\n"
    )
    assert refusal("-C", outside, ".") == (
        "error: “.” lies in no okr workspace: no okr.yaml there or above.\n  `okr init` starts one.\n"
    )
    assert refusal("okrs", "examples/one") == (
        f"error: “okrs” and “examples/one” lie in two workspaces, {root} and {nested}.\n"
        "  Validate them one after the other.\n"
    )
    assert refusal("-C", outside) == (
        f"error: {outside} is in no okr workspace: there is no okr.yaml in it, nor in a folder above it.\n"
        f"  `okr init {outside}` starts a workspace there; `okr -C DIR …` looks elsewhere.\n"
    )
    assert refusal("-C", "nowhere", status=2) == "error: There is no folder nowhere.\n"


def test_an_unknown_format_is_a_wrong_command_line(workspace: Shell) -> None:
    outcome = workspace.okr("validate", "--format", "xml")
    assert (outcome.status, outcome.out) == (2, "")
    assert "'xml' is not one of 'text', 'concise', 'json'" in outcome.err


def test_json_is_a_short_form_of_the_format(workspace: Shell) -> None:
    assert workspace.okr("validate", "--json") == workspace.okr("validate", "--format", "json")
    assert workspace.okr("validate", "--json", "--format", "json").status == 0
    outcome = workspace.okr("validate", "--json", "--format", "sarif")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "error: --json and --format sarif contradict each other.\n  Give one of them.\n"


def test_the_help_has_examples(shell: Shell) -> None:
    outcome = shell.okr("validate", "--help")
    assert outcome.status == 0
    assert "  okr validate okrs/2026-Q4             one cycle's plans\n" in outcome.out
    assert "--install-completion" not in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 100


def test_no_git_is_needed_and_none_is_started(workspace: Shell) -> None:
    (workspace.home / "bin").mkdir()
    outcome = workspace.okr("validate", PATH=str(workspace.home / "bin"))
    assert (outcome.status, outcome.err) == (0, "")
    watching = (
        "import sys\n"
        "started = []\n"
        "sys.addaudithook(lambda event, _: started.append(event) if event in "
        "('subprocess.Popen', 'os.posix_spawn', 'os.exec', 'os.fork', 'os.system') else None)\n"
        "from okr.cli import run\n"
        "print(run(['--as-of', '2026-11-23', 'validate']), started, 'git' in sys.modules)\n"
    )
    assert workspace.run(sys.executable, "-c", watching).out.splitlines()[-1] == "0 [] False"


def test_nothing_is_written(workspace: Shell) -> None:
    before = {path: path.stat().st_mtime_ns for path in workspace.folder.rglob("*")}
    workspace.okr("validate")
    assert {path: path.stat().st_mtime_ns for path in workspace.folder.rglob("*")} == before


HOSTILE = {
    "markup": ("'[red]x[/red] [/] [bold]'", "[red]x[/red] [/] [bold]"),
    "escape": ('"\\e[2J\\e]0;x\\a"', "\\u001b[2J\\u001b]0;x\\u0007"),
    "override": ('"a\\u202eb"', "a\\u202eb"),
    "emoji": ("':smile: :warning:'", ":smile: :warning:"),
    "breaks": ('"a\\nb\\u2028c"', "a b c"),
}


@pytest.mark.unmeasured
@pytest.mark.parametrize(("written", "shown"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_comes_out_as_plain_text(workspace: Shell, written: str, shown: str) -> None:
    workspace.write({"okr.yaml": f"name: Acme\nlanguage: {written}\n{written}: 1\n"})
    outcome = workspace.okr("validate", COLUMNS="160")
    assert f"`language`: “{shown}” is not one of its values" in outcome.out
    assert f"this mapping has no key “{shown}”" in outcome.out
    assert f"{written}: 1\n" in outcome.out
    as_json = workspace.okr("validate", "--format", "json").out
    for text in (outcome.out, as_json):
        assert all(character.isprintable() or character == "\n" for character in text)
    assert json.loads(as_json)["summary"]["errors"] == 2


def test_what_a_title_holds_unescaped_comes_out_plain_too(workspace: Shell) -> None:
    workspace.write({"okr.yaml": "name: Acme\nlanguage: x\u202e[red]\u2066:smile:\u2028\n"})
    assert "\n 2 | language: x\\u202e[red]\\u2066:smile: \n" in workspace.okr("validate").out


def test_ten_thousand_characters_are_cut_around_the_carets(workspace: Shell) -> None:
    long = "x" * 10_000
    workspace.write({"okr.yaml": f"name: {long}\nlanguage: {long}\n? {{{long}: 1}}\n: 1\n"})
    outcome = workspace.okr("validate")
    assert max(map(len, outcome.out.splitlines())) <= 80


@pytest.mark.unmeasured
@pytest.mark.parametrize("width", ["40", "80", "160"])
def test_nothing_is_wider_than_asked_for(workspace: Shell, width: str) -> None:
    broken(workspace)
    workspace.write(
        {
            "org.yaml": "teams:\n  - {id: company, name: "
            + "目標 " * 60
            + ", parnt: x, lead: ["
            + "é😀 " * 50
            + "]}\n"
        }
    )
    from rich.cells import cell_len

    lines = workspace.okr("validate", COLUMNS=width).out.splitlines()
    assert max(cell_len(line) for line in lines if " --> " not in line) <= int(width)
    assert not any(line.endswith(" ") for line in lines)


def test_a_hundred_findings_alike_are_enough_in_text(workspace: Shell) -> None:
    many = "".join(f"k{number}: 1\n" for number in range(130))
    workspace.write({"okr.yaml": f"name: Acme\n{many}"})
    outcome = workspace.okr("validate")
    assert outcome.out.count("error[OKR112") == 100
    assert outcome.out.splitlines()[-2:] == [
        "okr.yaml: 30 more findings of OKR112, not shown. `--format json` lists them all.",
        "130 errors in 1 of 5 files.",
    ]
    assert len(found_in(workspace)) == 130


def colored(shell: Shell, *arguments: str, **extra: str) -> bytes:
    """What the command prints on a terminal."""
    import pty
    import subprocess

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "okr", "--as-of", "2026-11-23", *arguments], cwd=shell.folder,
        env=shell.environment(TERM="xterm-256color", **extra), stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the terminal is gone
            break
        if not piece:
            break
        said += piece
    process.wait(60)
    os.close(ours)
    return said


def test_colours_are_for_terminals_that_want_them(workspace: Shell) -> None:
    broken(workspace)
    assert b"\x1b[1;31merror[OKR112 unknown-key]" in colored(workspace, "validate")
    for arguments, extra in [
        (["--no-color", "validate"], {}),
        (["validate", "--no-color"], {}),
        (["validate"], {"NO_COLOR": "1"}),
        (["validate", "--format", "json"], {}),
    ]:
        assert b"\x1b" not in colored(workspace, *arguments, **extra)
    for forced in ({"FORCE_COLOR": "1"}, {"CLICOLOR_FORCE": "1"}, {"GITHUB_ACTIONS": "true"}):
        assert "\x1b" not in workspace.okr("validate", **forced).out


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-8"])
def test_json_is_whole_whatever_the_output_can_hold(workspace: Shell, encoding: str) -> None:
    workspace.write({"okr.yaml": "name: Acme\nlanguage: é目😀\n"})
    outcome = workspace.okr("validate", "--format", "json", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert (
        json.loads(outcome.out)["diagnostics"][0]["message"] == "`language`: “é目😀” is not one of its values"
    )


# What stands where a file is expected


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's address is short, a temporary folder's path is not
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    finally:
        os.chdir(here)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100_000_000)


def _outside(path: Path) -> None:
    secret = path.parents[3] / "secret"
    secret.write_text("objectives: []\n")
    path.symlink_to(secret)


ODD_FILES = {
    "pipe": (os.mkfifo, "OKR101", "this can't be read: it is a pipe, not a regular file"),
    "socket": (_socket, "OKR101", "this can't be read: it is a socket, not a regular file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "OKR101", None),
    "outside": (_outside, "OKR101", None),
    "loop": (
        lambda path: path.symlink_to(path.name), "OKR101",
        "this can't be read: its symbolic links lead back to themselves",
    ),
    "dangling": (lambda path: path.symlink_to("gone"), "OKR101", "this can't be read: it is a symbolic link to nothing"),
    "large": (_sparse, "OKR103", "this file is larger than 16 MiB, and is not read"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "rule", "message"), ODD_FILES.values(), ids=ODD_FILES)
def test_what_is_no_ordinary_file_is_a_finding(
    workspace: Shell, make: Any, rule: str, message: str | None
) -> None:
    path = "okrs/2026-Q4/bob.yaml"
    make(workspace.folder / path)
    found = [each for each in found_in(workspace) if each["path"] == path]
    (only,) = found
    assert only["rule"] == rule
    assert message is None or only["message"] == message


def test_settings_that_are_no_file_are_a_finding(workspace: Shell) -> None:
    (workspace.folder / "okr.yaml").unlink()
    (workspace.folder / "okr.yaml").mkdir()
    (found,) = found_in(workspace)
    assert (found["rule"], found["path"]) == ("OKR101", "okr.yaml")


def test_a_folder_behind_a_link_is_read_only_inside_the_workspace(workspace: Shell) -> None:
    broken(workspace)
    cycle = workspace.folder / "okrs" / "2026-Q4"
    cycle.rename(workspace.folder / "shelf")
    cycle.symlink_to("../shelf")
    assert PLAN in [each["path"] for each in found_in(workspace)]
    (workspace.folder / "shelf").rename(workspace.home / "shelf")
    cycle.unlink()
    cycle.symlink_to(workspace.home / "shelf")
    blocked = [each for each in found_in(workspace) if each["path"] == "okrs/2026-Q4"]
    assert [each["rule"] for each in blocked] == ["OKR101"]


@pytest.mark.parametrize("top", ["okrs", "checkins"])
def test_a_whole_folder_that_leads_outside_is_no_empty_one(workspace: Shell, top: str) -> None:
    (workspace.folder / top).rename(workspace.home / top)
    (workspace.folder / top).symlink_to(workspace.home / top)
    assert ("OKR101", top) in [(each["rule"], each["path"]) for each in found_in(workspace)]


def test_a_file_in_place_of_the_folder_of_plans_is_a_finding(workspace: Shell) -> None:
    (workspace.folder / "okrs").rename(workspace.home / "okrs")
    workspace.write({"okrs": "objectives: []\n"})
    assert ("OKR116", "okrs") in [(each["rule"], each["path"]) for each in found_in(workspace)]


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("okrs/sales.yaml", "move it to okrs/<cycle>/sales.yaml"),
        ("okrs/2026-Q4/Sales.yaml", "rename it to sales.yaml, or otherwise after its owner's id"),
        ("okrs/2026-Q4/sales.yml", "rename it to sales.yaml"),
        ("okrs/2026-Q4/eu/sales.yaml", "move it to okrs/2026-Q4/sales.yaml"),
        ("okrs/2026-Q4/a/b/c/d/sales.yaml", "move it to okrs/2026-Q4/sales.yaml"),
        ("checkins/2026-Q4/eu/sales.yaml", "move it to checkins/2026-Q4/sales.yaml"),
        ("checkins/sales.yaml", "move it to checkins/<cycle>/sales.yaml"),
        (os.fsdecode(b"okrs/2026-Q4/caf\xe9.yaml"), "name it after its owner: lower-case letters, digits and hyphens"),
    ],
    ids=ascii,
)  # fmt: skip
def test_a_file_where_nothing_reads_it_is_a_finding(workspace: Shell, path: str, hint: str) -> None:
    (workspace.folder / path).parent.mkdir(parents=True, exist_ok=True)
    (workspace.folder / path).write_text("objectives: [}\n")
    (found,) = found_in(workspace)
    assert (found["rule"], found["path"], found["hint"]) == ("OKR116", path, hint)
    outcome = workspace.okr("validate")
    assert outcome.status == 1
    assert path.encode("utf-8", "replace").decode() == path or "caf\\udce9.yaml\n" in outcome.out


def test_links_in_circles_and_deep_folders_come_to_an_end(workspace: Shell) -> None:
    cycle = workspace.folder / "okrs" / "2026-Q4"
    (cycle / "again").symlink_to(".")
    (cycle / "up").symlink_to("..")
    (cycle / "left").mkdir()
    (cycle / "right").mkdir()
    (cycle / "left" / "over").symlink_to("../right")
    (cycle / "right" / "over").symlink_to("../left")
    deep = cycle
    for _ in range(100):
        deep /= "deep"
        deep.mkdir()
    assert found_in(workspace) == []


def test_what_may_not_be_read_is_an_error_by_name(workspace: Shell) -> None:
    (workspace.folder / PLAN).chmod(0)
    (workspace.folder / "okrs" / "2026").chmod(0)
    outcome = workspace.okr("validate", "--format", "json")
    (workspace.folder / "okrs" / "2026").chmod(0o700)
    if os.geteuid() == 0:
        # Permissions don't bite for root: the files are simply read.
        assert outcome.status == 0
    else:
        assert outcome.err.startswith("error: The folder okrs/2026 can't be read: Permission denied.\n")
        assert [(each["rule"], each["path"]) for each in found_in(workspace)] == [("OKR101", PLAN)]


LIMITED = """\
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
from okr.cli import run
sys.exit(run(["--as-of", "2026-11-23", "validate", "--format", "json"]))
"""

GREEDY = {
    "wrong items": ("checkins/2026-Q4/marketing.yaml", "- 1\n" * 50_000),
    "misspelt keys": (PLAN, "objectives:\n" + "- {id: a, titel: x}\n" * 10_000),
    "unknown keys": ("okr.yaml", "name: a\n" + "".join(f"k{number}: 1\n" for number in range(20_000))),
    "aliases": ("okr.yaml", "name: a\n" + "".join(f"k{number}: *x\n" for number in range(100_000))),
    "a key of ten million characters": ("okr.yaml", "? " + "k" * 10_000_000 + "\n: 1\n"),
    "sixteen million lines": (PLAN, "\n" * 16_000_000 + "}"),
    "tags": ("okr.yaml", "[" + "!a ," * 1_000_000 + "]"),
    "references": (PLAN, f"objectives:\n- {{id: a, title: x, supports: [{','.join(['b/c'] * 20_000)}]}}\n"),
    "one record many times": (
        "checkins/2026-Q4/marketing.yaml",
        "- {date: 2026-10-05, kr: brand/visits, value: 1}\n" * 3_000,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("path", "text"), GREEDY.values(), ids=GREEDY)
def test_memory_and_time_are_bounded(workspace: Shell, path: str, text: str) -> None:
    workspace.write({path: text})
    outcome = workspace.run(sys.executable, "-c", LIMITED)
    assert (outcome.status, outcome.err) in {(0, ""), (1, "")}
    assert json.loads(outcome.out)["diagnostics"]


def test_processes_share_the_work_and_say_the_same(workspace: Shell) -> None:
    (workspace.folder / PLAN).write_text("objectives: [\n")
    one, two = (workspace.okr("validate", OKR_PROCESSES=number) for number in ("1", "2"))
    assert one == two
    assert one.status == 1
    refused = workspace.okr("validate", OKR_PROCESSES="many")
    assert (refused.status, refused.out) == (2, "")
    assert "OKR_PROCESSES is “many”" in refused.err
