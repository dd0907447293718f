"""A page that would come out as it was published is not made again; the site is always that of a report made anew."""

from __future__ import annotations

import random
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from okr.operations import kept_answers
from okr.operations.audit import kept as kept_audit
from okr.operations.audit.auditing import audit
from okr.sources import Folder
from okr.views.site import own_pages, pages
from tests.cli.screens import use_example
from tests.cli.site.test_site import everything
from tests.mutating import mutated

if TYPE_CHECKING:
    from collections.abc import Callable

    from okr.operations.assessing import OwnerState
    from okr.operations.audit.auditing import Audit
    from okr.operations.overview import Frame
    from okr.views.site.around import Around
    from tests.cli.conftest import Outcome, Shell

OPTIONS: list[list[str]] = [
    [], [], [], ["--as-of", "2026-11-24"], ["--as-of", "2027-01-04"], ["--language", "fr"], ["--cycle", "2026-Q3"], ["--at", "HEAD"],
]  # fmt: skip
BY_HAND = b"by hand\n"


def names(shell: Shell, pattern: str = "**/*.yaml") -> list[str]:
    found = (path.relative_to(shell.folder).as_posix() for path in shell.folder.glob(pattern))
    return sorted(name for name in found if not name.startswith("site/"))


def a_number(shell: Shell, chance: random.Random) -> None:
    """Another number, day or digit somewhere in a file."""
    name = chance.choice(names(shell))
    found = list(re.finditer(r"\d", shell.read(name)))
    if found:
        at, text = chance.choice(found).start(), shell.read(name)
        shell.write({name: text[:at] + chance.choice("123456789") + text[at + 1 :]})


def a_word(shell: Shell, chance: random.Random) -> None:
    """A word of a title, a name or a note is another one, or an id is."""
    name = chance.choice(names(shell))
    found = sorted(set(re.findall(r"(?<![\w-])[a-zA-Z]{3,}(?![\w:-])", shell.read(name))))
    if found:
        word = chance.choice(found)
        new = chance.choice([word.capitalize(), word[::-1].lower(), "<b>&amp;"])
        shell.write(
            {name: re.sub(rf"(?<![\w-]){word}(?![\w:-])", new, shell.read(name), count=chance.randint(1, 3))}
        )


def a_line(shell: Shell, chance: random.Random) -> None:
    """A line of a log goes, stands twice, or is taken back."""
    name = chance.choice(names(shell, "checkins/**/*.yaml"))
    lines = shell.read(name).splitlines(keepends=True)
    at = chance.randrange(len(lines))
    lines[at : at + 1] = [
        [],
        [lines[at]] * 2,
        [lines[at], re.sub(r"value: [^,}]*", "confidence: 0.1", lines[at])],
    ][chance.randrange(3)]
    shell.write({name: "".join(lines) or "[]\n"})


def a_file(shell: Shell, chance: random.Random) -> None:
    """A plan, a log or any other file goes, or comes back from the last commit."""
    if chance.random() < 0.5:
        shell.git("checkout", "--quiet", "--", *names(shell, "o*")[:1], "okrs", "checkins", "kpis.yaml")
        return
    (shell.folder / chance.choice([name for name in names(shell) if name != "okr.yaml"])).unlink()


def anything(shell: Shell, chance: random.Random) -> None:
    """Something that need not even be readable."""
    name = chance.choice(names(shell))
    shell.write({name: mutated(shell.read(name), chance)})


def a_setting(shell: Shell, chance: random.Random) -> None:
    """A setting that all pages may depend on."""
    said = ("name: Another\n", "language: fr\n", "checkin_every: 3\n", "year_starts: 2\n")
    shell.write({"okr.yaml": chance.choice(said)})


def a_page(shell: Shell, chance: random.Random) -> None:
    """A page is another one by now, or is gone."""
    page = chance.choice(sorted((shell.folder / "site").rglob("*.html")))
    if chance.random() < 0.5:
        page.write_bytes(page.read_bytes() + BY_HAND)
    else:
        page.unlink()


def a_commit(shell: Shell, chance: random.Random) -> None:
    """All edits so far are in the history."""
    shell.git("add", "--all")
    identity = ("-c", "user.name=Mira", "-c", "user.email=mira@pipewright.example")
    day = f"2026-1{chance.randrange(2)}-{chance.randint(10, 20)}T09:00:00Z"
    shell.git(*identity, "commit", "--quiet", "--allow-empty", "--message", "More", "--date", day)


EDITS: tuple[Callable[[Shell, random.Random], None], ...] = (
    a_number, a_number, a_word, a_word, a_line, a_line, a_file, anything, a_setting, a_page, a_commit, a_commit,
)  # fmt: skip


@pytest.fixture
def example(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The start-up in a repository, whose audit is kept as if it took long."""
    monkeypatch.setattr(kept_answers, "_WORTH_LOGS", 0)
    use_example(shell, "startup")
    shell.write({".gitignore": "site\n"})
    shell.git("init", "--quiet", "--initial-branch=main")
    shell.git("add", "--all")
    identity = ("-c", "user.name=Mira", "-c", "user.email=mira@pipewright.example")
    shell.git(*identity, "commit", "--quiet", "--message", "Plans", "--date", "2026-10-01T09:00:00Z")
    return shell


def both(shell: Shell, *options: str) -> Outcome:
    """A report into the folder that has one, and one made anew into an empty folder: the same."""
    anew = shell.folder.parent / "anew"
    shutil.rmtree(anew, ignore_errors=True)
    before = everything(shell.folder / "site")
    outcome = shell.okr("report", "-o", "site", *options)
    expected = shell.okr("--no-cache", "report", "-o", str(anew), *options)
    assert outcome.status == expected.status
    after = everything(shell.folder / "site")
    if expected.status == 0:
        for path in (
            after.keys() - everything(anew).keys()
        ):  # what somebody wrote into a page of nobody any more stays
            assert after.pop(path).endswith(BY_HAND)
            (shell.folder / "site" / path).unlink()
    assert after == (everything(anew) if expected.status == 0 else before)
    return outcome


def edited_at_random(shell: Shell, seed: int, count: int) -> None:
    chance = random.Random(seed)
    both(shell)
    for _ in range(count):
        saved = {name: shell.read(name) for name in names(shell)}
        for edit in chance.sample(EDITS, chance.randint(0, 2)):
            edit(shell, chance)
        if both(shell, *chance.choice(OPTIONS)).status != 0:
            shell.write(saved)


@pytest.mark.unmeasured
def test_after_any_edit_the_site_is_as_if_it_were_made_anew(example: Shell) -> None:
    edited_at_random(example, 1, 4)


@pytest.mark.slow
@pytest.mark.unmeasured
@pytest.mark.parametrize("seed", range(10, 15))
def test_after_many_edits_the_site_is_as_if_it_were_made_anew(example: Shell, seed: int) -> None:
    edited_at_random(example, seed, 30)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the pages of owners and objectives that are made."""
    found: list[str] = []

    class Watched(own_pages.OwnPages):
        def objective(self, page: own_pages.ObjectivePage) -> str:
            found.append(page.path)
            return super().objective(page)

        def owner(self, frame: Frame, owner: OwnerState, around: Around) -> str:
            found.append(owner.owner.id)
            return super().owner(frame, owner, around)

        def team(self, frame: Frame, name: str, around: Around) -> str:
            found.append(name)
            return super().team(frame, name, around)

    monkeypatch.setattr(pages, "OwnPages", Watched)
    return found


def test_only_pages_that_may_have_changed_are_made(example: Shell, made: list[str]) -> None:
    both(example)
    every = len(made) // 2
    made.clear()
    assert example.okr("report", "-o", "site").status == 0
    assert made == []
    plan = "okrs/2026-Q4/priya.yaml"
    example.write({plan: example.read(plan).replace("title: ", "title: Soon ", 1)})
    assert example.okr("report", "-o", "site").status == 0
    assert 1 < len(made) < every
    assert "priya" in made
    made.clear()
    (example.folder / "site/owners/growth.html").write_text("by hand\n")
    assert example.okr("report", "-o", "site").status == 0
    assert made == ["growth"]
    made.clear()
    assert example.okr("--no-cache", "report", "-o", "site").status == 0
    assert len(made) == every


@pytest.mark.unmeasured
def test_what_was_kept_may_be_lost_or_damaged_at_any_time(
    example: Shell, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    both(example)
    every = len(made) // 2
    folder = example.home / ".cache" / "okr" / "answers"
    (kept,) = (each for each in folder.iterdir() if b'"owners/' in each.read_bytes())
    for content in (b"", b"nonsense", kept.read_bytes().replace(b'"', b"'", 1), None):
        made.clear()
        if content is None:
            kept.unlink()
        else:
            kept.write_bytes(content)
        both(example)
        assert len(made) == 2 * every
    made.clear()
    both(example)
    assert len(made) == every
    monkeypatch.setenv("HOME", str(example.home))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    for foreign in (b"nonsense", b"[1, 2]", b'{"index.html": 1}'):
        for each in folder.iterdir():
            kept_answers.keep(each.name, kept_answers.Kept([foreign], 0))
        both(example)
    for path in ("HOME", "XDG_CACHE_HOME"):  # where nothing can be kept
        assert example.okr("report", "-o", "site", **{path: str(example.folder / "okr.yaml")}).status == 0


@pytest.fixture
def audits(monkeypatch: pytest.MonkeyPatch) -> list[Audit]:
    """The audits that are made."""
    found: list[Audit] = []

    def watched(*given: Any) -> Audit:  # whatever it is given
        found.append(audit(*given))
        return found[-1]

    monkeypatch.setattr(kept_audit, "audit", watched)
    return found


@pytest.mark.unmeasured
def test_an_audit_is_made_again_where_something_that_it_looked_at_has_changed(
    example: Shell, audits: list[Audit]
) -> None:
    """What a plan says is looked at where its target was moved, so that its key result is to be named."""

    def made() -> int:
        audits.clear()
        example.okr("report", "-o", "site")
        return len(audits)

    plan, other = "okrs/2026-Q4/growth.yaml", "okrs/2026-Q4/priya.yaml"
    assert (made(), made()) == (1, 0)
    example.write({plan: example.read(plan).replace("to: 1200", "to: 1100")})
    assert made() == 0
    a_commit(example, random.Random(1))
    assert (made(), made()) == (1, 0)
    assert b"lowered from 1,200 to 1,100" in (example.folder / "site/record.html").read_bytes()
    example.write({other: example.read(other).replace("title: ", "title: Soon ", 1)})
    assert made() == 0
    example.write({plan: example.read(plan).replace("title: ", "title: Soon ", 1)})
    assert (made(), made()) == (1, 0)
    both(example)
    log = "checkins/2026-Q4/growth.yaml"
    example.write({log: example.read(log) + example.read(log).splitlines()[-1] + "\n"})
    assert (made(), made()) == (1, 0)
    example.write({"checkins/2026-Q1/growth.yaml": "- {date: [\n"})  # no page needs it
    assert made() == 2  # once more, for all to see what is wrong with it
    assert both(example).status == 1


def test_nothing_else_reads_files_past_those_who_note_what_was_read() -> None:
    """Whoever adds a way to read what files hold has to see to `audit/kept.py` as well."""
    assert {name for name in vars(Folder) if name.islower() and not name.startswith("_")} <= {
        "root", "folders", "files", "holds", "read", "attributes_above",
    }  # fmt: skip
