from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from okr.errors import OkrError
from okr.files import FileChanged
from okr.operations.committing import FileChange, change_files, committing, require_committed
from okr.repository import CommitIncomplete, HookRejected
from tests.faults.striking import everything, isolate, leftovers, other_work, workshop
from tests.faults.test_repository_states import hook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell

PLAN = "okrs/2026-Q4/marketing.yaml"
NEW = "okrs/2027-Q1/cycle.yaml"
TRAILERS = (("OKR-Cycle", "2027-Q1 planning"),)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A repository with other work in progress; no setting of the machine reaches git."""
    isolate(monkeypatch, tmp_path / "home")
    return workshop(tmp_path)


def changes(shell: Shell) -> list[FileChange]:
    """A changed plan, a new file in a new folder, and one that stays as it is."""
    plan, org = (shell.read(path).encode() for path in (PLAN, "org.yaml"))
    return [
        FileChange(PLAN, plan, plan + b"# seen\n"),
        FileChange("org.yaml", org, org),
        FileChange(NEW, None, b"state: planning\n"),
    ]


def test_several_files_are_one_commit_and_other_work_stays(shell: Shell) -> None:
    before = other_work(shell)[:2]
    with committing(shell.folder, commit=True) as session:
        commit = change_files(session, changes(shell), "okr: try\n\nTwo files.", TRAILERS)
    assert commit is not None
    assert commit.id == shell.git("rev-parse", "HEAD").strip()
    assert shell.git("show", "--format=%B", "--name-status", "HEAD") == (
        f"okr: try\n\nTwo files.\n\nOKR-Cycle: 2027-Q1 planning\n\n\nM\t{PLAN}\nA\t{NEW}\n"
    )
    assert other_work(shell)[:2] == before
    assert shell.git("diff", "HEAD", "--", "okrs") == ""


def test_without_a_commit_the_files_are_only_written(shell: Shell) -> None:
    with committing(shell.folder, commit=False) as session:
        assert change_files(session, changes(shell), "okr: try") is None
    assert shell.read(NEW) == "state: planning\n"
    assert shell.git("log", "--format=%s") == "Plan the quarter\n"
    with committing(shell.folder, commit=False) as session:  # what is written is nobody's business then
        require_committed(session, [PLAN, NEW])
        plan = shell.read(PLAN).encode()
        assert change_files(session, [FileChange(PLAN, plan, plan)], "okr: nothing") is None


@pytest.mark.parametrize(
    ("script", "kind"),
    [("exit 1", HookRejected), ("git reset --quiet -- okrs/2026-Q4; exit 0", CommitIncomplete)],
)
def test_a_hook_that_refuses_leaves_all_as_it_was(shell: Shell, script: str, kind: type[OkrError]) -> None:
    hook("pre-commit", script)(shell)
    before = everything(shell)
    with committing(shell.folder, commit=True) as session, pytest.raises(kind):
        change_files(session, changes(shell), "okr: try")
    if kind is HookRejected:
        assert everything(shell) == before
        assert not (shell.folder / "okrs/2027-Q1").exists()
    else:  # the commit is made, so what it lacks stays in the file for git to show
        assert shell.read(PLAN).endswith("# seen\n")
    assert leftovers(shell) == []


@pytest.mark.parametrize(
    ("script", "stays"),
    [("exit 1", []), ("touch okrs/2027-Q1/teams/mine; exit 1", ["okrs/2027-Q1/teams/mine"])],
)
def test_folders_that_were_made_go_again_unless_somebody_uses_them(
    shell: Shell, script: str, stays: list[str]
) -> None:
    """The innermost first, and whatever is in one of them stays, and stops nothing else."""
    hook("pre-commit", script)(shell)
    before = {each.relative_to(shell.folder).as_posix() for each in (shell.folder / "okrs").rglob("*")}
    deep = FileChange("okrs/2027-Q1/teams/north/plan.yaml", None, b"objectives: []\n")
    with committing(shell.folder, commit=True) as session, pytest.raises(HookRejected):
        change_files(session, [*changes(shell), deep], "okr: try")
    after = {each.relative_to(shell.folder).as_posix() for each in (shell.folder / "okrs").rglob("*")}
    assert sorted(each for each in after - before if (shell.folder / each).is_file()) == stays
    assert sorted(after - before) == (["okrs/2027-Q1", "okrs/2027-Q1/teams", *stays] if stays else [])
    assert before <= after


def test_a_folder_that_was_never_made_is_no_matter_and_one_that_was_there_stays(shell: Shell) -> None:
    plan, empty = shell.read(PLAN).encode(), "okrs/2028"
    (shell.folder / empty).mkdir()
    wanted = [
        FileChange(PLAN, plan + b"# other\n", plan),
        FileChange(NEW, None, b"state: planning\n"),
        FileChange(f"{empty}/cycle.yaml", None, b"state: planning\n"),
    ]
    with committing(shell.folder, commit=False) as session, pytest.raises(FileChanged):
        change_files(session, wanted, "okr: try")
    assert not (shell.folder / NEW).parent.exists()
    assert (shell.folder / empty).is_dir()


def test_a_file_that_is_another_by_now_takes_all_back(shell: Shell) -> None:
    wanted = changes(shell)
    (shell.folder / NEW).parent.mkdir()
    (shell.folder / NEW).write_text("state: active\n")
    (shell.folder / ".git/info/exclude").write_text("okrs/2027-Q1/\n")
    before = everything(shell)
    with committing(shell.folder, commit=True) as session, pytest.raises(FileChanged):
        change_files(session, wanted, "okr: try")
    assert everything(shell) == before
    assert shell.read(NEW) == "state: active\n"


def test_what_cannot_be_put_back_stops_nothing_else(shell: Shell) -> None:
    hook("pre-commit", f"echo '# mine' >> {NEW}; echo '# mine' >> {PLAN}; exit 1")(shell)
    company = "okrs/2026/company.yaml"
    old = shell.read(company)
    wanted = [FileChange(company, old.encode(), b"# gone\n" + old.encode()), *changes(shell)]
    with committing(shell.folder, commit=True) as session, pytest.raises(FileChanged, match="marketing"):
        change_files(session, wanted, "okr: try")
    assert shell.read(company) == old
    assert shell.read(PLAN).endswith("# seen\n# mine\n")
    assert shell.read(NEW) == "state: planning\n# mine\n"


def test_work_of_somebodys_own_is_refused(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shell.folder)
    shell.write({PLAN: shell.read(PLAN) + "# mine\n", "okrs/2026-Q4/bob.yaml": "objectives: []\n"})
    shell.git("add", PLAN)
    before = everything(shell)
    with committing(shell.folder, commit=True) as session:
        for paths, message, remedy in (
            (
                [PLAN, "okr.yaml"],
                f"okr.yaml and {PLAN} have changes that are not committed.",
                f"`git diff HEAD -- okr.yaml {PLAN}`",
            ),
            (
                ["okrs/2026-Q4/bob.yaml"],
                "is in no commit yet.",
                "git add okrs/2026-Q4/bob.yaml && git commit",
            ),
        ):
            with pytest.raises(OkrError, match=message) as caught:
                require_committed(session, paths)
            assert remedy in (caught.value.remedy or "")
        with pytest.raises(OkrError, match="has changes that are not committed"):
            change_files(session, changes(shell), "okr: try")
        require_committed(session, ["org.yaml", NEW])
    assert everything(shell) == before


def test_where_nothing_can_be_committed_it_says_what(shell: Shell, tmp_path: Path) -> None:
    (shell.folder / ".git").rename(tmp_path / "elsewhere")
    with (
        pytest.raises(OkrError, match="so a plan can't be committed") as caught,
        committing(shell.folder, commit=True, what="plan"),
    ):
        pass
    assert caught.value.remedy == "`git init` makes one; `--no-commit` records the plan without a commit."


def test_what_is_only_staged_otherwise_is_told_from_work_of_somebody_and_the_remedy_mends_it(
    shell: Shell,
) -> None:
    """As git leaves it where it is killed once the branch has moved: the index would take the commit back."""
    shell.write({PLAN: shell.read(PLAN) + "# more\n"})
    shell.git("commit", "--quiet", "--message", "More", "--", PLAN)
    old = shell.git("rev-parse", f"HEAD^:{PLAN}").strip()
    shell.git("update-index", "--cacheinfo", f"100644,{old},{PLAN}")
    with committing(shell.folder, commit=True) as session, pytest.raises(OkrError) as refused:
        require_committed(session, [PLAN])
    assert refused.value.message == (
        f"{PLAN} is as in the last commit, but staged otherwise: a command may have been cut off."
    )
    assert refused.value.remedy is not None
    assert refused.value.remedy.startswith("Stage what is there, then repeat the command: git ")
    command = shlex.split(refused.value.remedy.partition(": ")[2])
    assert shell.run(*command).status == 0
    with committing(shell.folder, commit=True) as session:
        require_committed(session, [PLAN])
    assert shell.git("diff", "HEAD", "--", PLAN) == ""
