"""Among thousands of owners an answer about one is as it would be were org.yaml read whole, kept proof or none."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from okr.plain_org import _LAST
from tests.cli.conftest import SMALL_WORKSPACE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome, Shell

PLAN = "okrs/2026-Q4/marketing.yaml"
MANY = "".join(
    f"  - {{id: p-{at}, name: Person {at}, email: p-{at}@acme.example, team: company}}\n" for at in range(800)
)
ASKED = (
    ("status", "marketing"),
    ("status", "press"),
    ("show", "brand/visits", "--json"),
    ("show", "company/lead"),
    ("checkin", "brand/visits", "50000", "--dry-run"),
    ("checkin", "brand/visits", "50000", "--dry-run", "--by", "p-700"),
)


@pytest.fixture
def large(repository: Shell) -> Shell:
    repository.write({"org.yaml": SMALL_WORKSPACE["org.yaml"] + MANY})
    return repository


def kept(shell: Shell) -> list[Path]:
    folder = shell.home / ".cache" / "okr" / "org"
    return sorted(folder.iterdir()) if folder.exists() else []


def told(shell: Shell, arguments: tuple[str, ...]) -> Outcome:
    """An answer, the same with what is kept, without, and with an org.yaml that has to be read whole."""
    anew = shell.okr("--no-cache", *arguments)
    assert shell.okr(*arguments) == shell.okr(*arguments) == anew
    _LAST.clear()  # as in another process
    assert shell.okr(*arguments) == anew
    if anew.status == 0:
        text = shell.read("org.yaml")
        shell.write({"org.yaml": f"---\n{text}"})
        assert shell.okr(*arguments) == anew
        shell.write({"org.yaml": text})
    return anew


def replaced(old: str, new: str, path: str = "org.yaml") -> Callable[[Shell], None]:
    return lambda shell: shell.write({path: shell.read(path).replace(old, new, 1)})


EDITS = (
    replaced("id: marketing, name: Marketing, parent: company, lead: alice", "id: marketing, name: Ads, lead: alice, formerly: press"),
    replaced("formerly: press", "formerly: [press, ads]"),
    replaced("name: Alice Martin", "name: Alicé"),
    replaced("name: Alice", 'name: "Alice, of old"'),
    replaced("{id: p-7,", "{id: p-8,"),
    replaced("{id: p-8, name: Person 7", "{id: p-7, name: Person 7"),
    replaced("id: p-700,", "id: q-700, formerly: p-700,"),
    replaced("id: q-700, formerly: p-700,", "id: p-700,"),
    replaced("email: p-9@", "mail: p-9@"),
    replaced("mail: p-9@", "email: p-9@"),
    replaced("team: company}\n", "team: company\n"),
    replaced("team: company\n", "team: company}\n"),
    replaced("people:\n", "# and\n\npeople:\n"),
    replaced("supports: 2026/company/lead", "supports: [2026/company/lead, press/speed]", PLAN),
    replaced("supports: 2026/company/lead", "supports: 2026/press/none", PLAN),
    replaced("    owner: alice\n", "    owner: p-701\n", PLAN),
)  # fmt: skip


@pytest.mark.unmeasured
def test_after_each_edit_answers_are_those_of_the_whole_file(large: Shell) -> None:
    chance = random.Random(5)
    ended = []
    for step, edit in enumerate(EDITS):
        edit(large)
        ended.append(told(large, ASKED[step % len(ASKED)]).status)
        if step % 3 == 0:
            for path in kept(large):
                chance.choice((path.unlink, lambda path=path: path.write_bytes(path.read_bytes()[:-9])))()
    assert ended == [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]


def test_one_proof_is_kept_for_one_content(large: Shell) -> None:
    large.okr("--no-cache", "status", "marketing")
    assert kept(large) == []
    before = large.okr("status", "marketing")
    (proof,) = kept(large)
    assert large.okr("status", "marketing") == before
    assert kept(large) == [proof]
    assert large.git("status", "--porcelain", "--ignored") == " M org.yaml\n"

    whole = proof.read_bytes()
    proof.write_bytes(whole.replace(b"{id: p-7,", b"{id: p-8,"))  # a proof of something else is made anew
    _LAST.clear()  # as in another process
    assert large.okr("status", "marketing") == before
    assert proof.read_bytes() == whole
    large.write({"org.yaml": large.read("org.yaml").replace("{id: p-7,", "{id: p-8,")})
    large.okr("status", "marketing")
    assert kept(large) == [proof], "nothing is proven of an id that stands twice"


def test_a_small_org_keeps_nothing_and_a_cache_in_the_way_does_no_harm(repository: Shell) -> None:
    before = repository.okr("status", "marketing")
    assert kept(repository) == []
    (repository.home / ".cache").write_text("in the way")
    repository.write({"org.yaml": SMALL_WORKSPACE["org.yaml"] + MANY})
    assert repository.okr("status", "marketing") == before
