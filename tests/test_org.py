"""Looking a large org.yaml up comes to what reading it comes to; whatever may be wrong in one leaves it to the reader."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr.contents import Owner
from okr.model import Team
from okr.plain_org import PlainOrg, plain_org
from okr.workspace import Workspace
from tests.conftest import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import WriteWorkspace

ORG = """\
# Who we are.
teams:
  - {id: company, name: "Acme, Inc.", lead: alice}

  - {id: marketing, name: Marketing & Press, parent: company, lead: bob, formerly: [press, 2nd-press]}
  # - {id: gone, name: Gone}
  - {id: 3m, name: 24 hours, lead: alice, parent: company, formerly: ops}
people:
  - {id: alice, name: Alice Martin-Dupré, email: Alice@Acme.example, team: marketing}
  - {id: bob, name: "- {id: carol, name: x}", email: "bob@acme.example ", team: marketing, formerly: robert}
  - {id: carol, email: STRASSE@acme.example}
"""
ASKED = (
    "company",
    "marketing",
    "3m",
    "alice",
    "bob",
    "carol",
    "press",
    "2nd-press",
    "ops",
    "robert",
    "gone",
    "a",
    "x, y",
)
ADDRESSES = (
    "alice@acme.example",
    " BOB@acme.example",
    "straße@acme.example",
    "nobody@acme.example",
    "acme",
    "",
)


class Files:
    """An org.yaml and nothing else."""

    def __init__(self, text: str) -> None:
        self.text = text

    def folders(self, _: str) -> list[str]:
        return []

    def files(self, _: str) -> list[str]:
        return []

    def read(self, path: str) -> bytes | None:
        return self.text.encode() if path == "org.yaml" else None

    def attributes_above(self) -> None:
        return None


def told(workspace: Workspace, names: tuple[str, ...]) -> dict[str, Any]:
    """All that can be asked of an org.yaml about some ids."""
    ranked = [[name for name in names if workspace.owner(name).kind == kind] for kind in ("team", "person")]
    return {
        "owners": {name: workspace.owner(name) for name in names},
        "known": {name for name in names if name in workspace.owners},
        "names": {name: workspace.owner_names.get(name) for name in names},
        "above": {name: workspace.above.get(name) for name in names},
        "members": {name: workspace.members.get(name) for name in names},
        "former": workspace.former_owners,
        "formerly": {name: workspace.former_names(name) for name in names},
        "ranked": [sorted(each, key=lambda name: workspace.ranks[name]) for each in ranked],
        "ids": workspace.person_ids,
        "people": {name: workspace.is_person(name) for name in names},
        "at": {address: workspace.person_at(address) for address in ADDRESSES},
        "any": (workspace.names_people, bool(workspace.owners), workspace.has_org),
    }


def agree(text: str, names: tuple[str, ...] = ASKED) -> bool:
    """Whether a text can be looked up in; if so, it must come to what reading it comes to."""
    if not PlainOrg(text).is_right():
        return False
    quick, often, whole = (Workspace(Files(text), as_of=TODAY, title="x") for _ in range(3))
    quick._plain, often._plain = PlainOrg(text), PlainOrg(text)  # however short it is
    often._plain._asked = 1_000  # then it is known where everything stands
    assert whole.org_file is not None
    assert whole.problems == ()
    assert told(quick, names) == told(often, names) == told(whole, names)
    assert "org_file" not in quick.__dict__, "it was read after all"
    assert "org_file" not in often.__dict__
    leads = {team.lead for team in whole.org.teams} - {None}
    assert not quick.leads_are_known or leads <= {person.id for person in whole.org.people}
    for find in ("owners", "above", "members", "owner_names"):
        assert dict(getattr(quick, find)) == dict(getattr(whole, find))
        assert list(getattr(quick, find)) == list(getattr(whole, find))
    assert quick.documents == whole.documents
    return True


def test_what_is_looked_up_is_what_is_read() -> None:
    assert agree(ORG)
    assert agree(ORG.replace("  - ", "- "))
    assert agree(ORG[: ORG.index("people")], ("company", "marketing", "alice"))
    assert agree(ORG[ORG.index("people") :].rstrip())
    assert PlainOrg(ORG).find("marketing") == Team(
        id="marketing",
        name="Marketing & Press",
        parent="company",
        lead="bob",
        formerly=("press", "2nd-press"),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: carol", "id: bob"),  # twice
        ("id: carol", "id: company"),
        ("id: carol", "id: true"),
        ("id: carol", "id: 12"),
        ("id: carol", "id: 1e5"),
        ("id: carol", "id: " + "c" * 101),
        ("id: carol", "id: Carol"),
        ("id: carol, ", ""),
        ("name: 24 hours", "name: 24"),
        ("name: 24 hours", "name: .inf"),
        ("name: 24 hours", "name: 0x1F"),
        ("name: 24 hours", "name: null"),
        ("name: 24 hours", 'name: " "'),
        ("name: 24 hours", 'name: "a\\tb"'),
        ("name: 24 hours", 'name: "a\u2028b"'),
        ("name: 24 hours", "name: a#b: c"),
        ("name: 24 hours", "name: [a]"),
        ("name: 24 hours", "nam: a"),
        ("name: 24 hours", "name: a, name: b"),
        ("lead: alice, parent", "parent: alice, parent"),
        ("lead: alice, parent", "team: alice, parent"),
        ("team: marketing, formerly", "parent: marketing, formerly"),
        ("formerly: ops", "formerly: [ops"),
        ("teams:", "team:"),
        ("people:", "teams:"),
        ("people:", "people: []\nothers:"),
        ("  - {id: bob", "    - {id: bob"),
        ("  - {id: bob", "  {id: bob"),
        ("# Who", "\t# Who"),
        ("# Who", "\ufeff# Who"),
        ("# Who", "--- # Who"),
        ("}\n", "} }\n"),
    ],
)  # fmt: skip
def test_whatever_may_be_wrong_is_left_to_the_reader(old: str, new: str) -> None:
    before, found, after = ORG.rpartition(old)
    assert found
    assert not PlainOrg(before + new + after).is_right()


@settings(max_examples=70)
@given(st.data())
def test_after_any_edit_it_comes_to_the_same(data: st.DataObject) -> None:
    text = ORG
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.sampled_from([0, 0, 1, 2, 8]))
        new = data.draw(
            st.sampled_from([
                "", "a", "b", "1", " ", ",", "-", ":", "{", "}", "[", "]", '"', "#", "\n", "é", "\\", "\t", "~", "x: y", ", ",
                "  - {id: dan, team: marketing}\n", ", name: x", ", parent: 3m", ", formerly: [x]", "teams:\n", "people:\n",
            ])
        )  # fmt: skip
        text = text[:start] + new + text[end:]
    agree(text)


@settings(max_examples=50)
@given(st.lists(st.sampled_from(ORG.splitlines(keepends=True)[1:]), max_size=12))
def test_in_any_order_of_lines_it_comes_to_the_same(lines: list[str]) -> None:
    agree("".join(lines))


@pytest.mark.unmeasured
@pytest.mark.parametrize("near", [0, 12, 30, 1_000])
def test_in_whatever_order_owners_are_asked_for_each_is_found(
    near: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("okr.plain_org._NEAR", near)
    ids = ("a", "a-b", "ab", "b", "c", "a-bc")
    for order in permutations(ids):
        org = PlainOrg(
            "teams:\n- {id: ab}\n- {id: a-bc, name: B}\n- {id: a}\npeople:\n- {id: b}\n- {id: a-b}"
        )
        found = {each: org.find(each) for each in order}
        assert {each: thing and thing.id for each, thing in found.items()} == {
            each: None if each == "c" else each for each in ids
        }


def test_a_workspace_looks_a_large_one_up(write_workspace: WriteWorkspace) -> None:
    more = "".join(f"  - {{id: p-{at}, name: Person {at}, team: marketing}}\n" for at in range(1_200))
    root = write_workspace({"okr.yaml": "name: Acme\n", "org.yaml": ORG + more})
    workspace = _opened(root)
    assert workspace.owner("p-700") == Owner("p-700", "Person 700", "person")
    assert workspace.owner("nobody") == Owner("nobody", "nobody", "unknown")
    assert len(workspace.members["marketing"]) == 1_202
    assert "org_file" not in workspace.__dict__
    assert [document.path for document in workspace.documents] == ["org.yaml"]
    assert len(workspace.owners) == 1_206
    assert not workspace.problems

    # Of as many as this, all are read sooner than each is looked up.
    asked = _opened(root)
    assert all(f"p-{at}" in asked.owners for at in range(70))
    assert "org_file" not in asked.__dict__
    assert not any(f"x-{at}" in asked.owners for at in range(3_000))
    assert "org_file" in asked.__dict__

    (root / "org.yaml").write_text(ORG + more + "  - {id: p-7}\n")
    twice = _opened(root)
    assert twice.owner("p-7").name == "p-7"
    assert "org_file" in twice.__dict__
    for content in (
        (ORG + more).encode() + b"\xff",
        (ORG + 25 * more).encode().replace(b"p-", b"p-" + 40 * b"a"),
    ):
        assert plain_org(content) is None


def test_the_very_same_bytes_are_looked_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    one, other = (f"teams:\n  - {{id: {name}}}\n".encode() for name in ("marketing", "sales"))
    first = plain_org(one, keep=True)
    assert first is not None
    assert plain_org(bytes(bytearray(one)), keep=True) is first
    assert plain_org(one) is not first
    second = plain_org(other, keep=True)
    assert second is not None
    assert [second.find("sales"), second.find("marketing")] == [Team(id="sales"), None]
    assert plain_org(one.replace(b"id", b"ID"), keep=True) is None
    assert plain_org(other, keep=True) is second


def _opened(root: Path) -> Workspace:
    from okr.sources import Folder

    return Workspace(Folder(root), as_of=TODAY, title="x")
