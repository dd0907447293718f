from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.screens import answer, screen, use_example, widest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


def plan(*objectives: str) -> str:
    return "objectives:\n" + "".join(
        f"  - {{id: {name}, title: {name.title()} things, supports: [{supports}], key_results: "
        f"[{{id: kr, title: Do 10, from: 0, to: 10}}]}}\n"
        for name, _, supports in (each.partition(" ") for each in objectives)
    )


def test_small_workspace(workspace: Shell) -> None:
    outcome = workspace.okr("tree")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == screen("small-tree", outcome.out)


@pytest.mark.parametrize("name", ["startup", "agence"])
def test_examples(shell: Shell, name: str) -> None:
    outcome = use_example(shell, name).okr("tree")
    assert outcome.out == screen(f"{name}-tree", outcome.out)
    assert widest(outcome.out) == 80


def test_several_parents_show_it_whole_once(shell: Shell) -> None:
    out = use_example(shell, "startup").okr("tree").out
    title = "Be so dependable that nobody has to think about us"
    assert out.count(title) == 2
    assert f"└─ → see {title} above" in out


def test_a_reference_shows_what_is_above_and_below(shell: Shell) -> None:
    found = use_example(shell, "startup")
    out = found.okr("tree", "word-of-mouth").out
    assert "▶ Be the tool developers recommend to each other" in out
    tree = answer(found.okr("tree", "word-of-mouth", "--json"))
    assert [each["ref"] for each in tree["objectives"]] == [
        "2026/company/habit", "2026-Q4/growth/word-of-mouth", "2026-Q4/priya/stories",
    ]  # fmt: skip
    assert tree["roots"] == ["2026/company/habit"]


def test_a_key_result_shows_what_supports_it(shell: Shell) -> None:
    found = use_example(shell, "startup")
    out = found.okr("tree", "company/habit/retention").out
    assert "├─ key result · ▶" not in out
    assert "▶ key result · 92% of teams still with us" in out
    refs = [
        each["ref"] for each in answer(found.okr("tree", "company/habit/retention", "--json"))["objectives"]
    ]
    assert "2026-Q4/platform/speed" in refs
    assert "2026-Q4/growth/word-of-mouth" not in refs


def test_an_owner_shows_all_of_its_objectives(shell: Shell) -> None:
    out = use_example(shell, "agence").okr("tree", "jules").out
    assert out.count("▶") == 2


def test_what_supports_nothing_stands_apart(workspace: Shell) -> None:
    workspace.write(
        {
            "okrs/2026-Q4/bob.yaml": plan("alone", "gone marketing/no-such"),
            "okrs/2026-Q4/company.yaml": plan("quarter"),
        }
    )
    out = workspace.okr("tree").out
    before, _, apart = out.partition("Supports nothing\n")
    nothing, _, lost = apart.partition("Supports what is not there\n")
    assert ("Quarter things" in before, "Alone things" in nothing, "Gone things" in lost) == (
        True,
        True,
        True,
    )
    found = answer(workspace.okr("tree", "--json"))
    assert found["supports_nothing"] == ["2026-Q4/bob/alone"]
    assert found["not_found"] == ["2026-Q4/bob/gone"]
    assert found["roots"] == ["2026/company/lead", "2026/company/team", "2026-Q4/company/quarter"]
    (gone,) = (each for each in found["objectives"] if each["ref"] == "2026-Q4/bob/gone")
    assert gone["supports"] == ["2026-Q4/marketing/no-such"]


def test_circles_end(workspace: Shell) -> None:
    workspace.write(
        {
            "okrs/2026-Q4/bob.yaml": plan(
                "one bob/two", "two bob/three", "three bob/one/kr", "self bob/self"
            ),
            "okrs/2026-Q4/alice.yaml": plan("leaf bob/two"),
        }
    )
    outcome = workspace.okr("tree")
    assert outcome.status == 0
    _, _, circle = outcome.out.partition("In a circle")
    assert circle.count("→ see One things above") == 1
    assert circle.count("→ see Self things above") == 1
    assert "Leaf things" in circle
    found = answer(workspace.okr("tree", "--json"))
    assert found["circles"] == ["2026-Q4/bob/one", "2026-Q4/bob/self"]
    assert workspace.okr("tree", "bob/two").status == 0


@pytest.mark.unmeasured
def test_very_long_chains_end_too(workspace: Shell) -> None:
    chain = [f"o{place} bob/o{place - 1}" if place else "o0 marketing/brand" for place in range(1200)]
    workspace.write({"okrs/2026-Q4/bob.yaml": plan(*chain)})
    outcome = workspace.okr("tree")
    assert outcome.status == 0
    assert widest(outcome.out) <= 80
    assert "O1199 things" in outcome.out
    assert len(answer(workspace.okr("tree", "--json"))["objectives"]) == 1204


def test_json_is_exact(workspace: Shell) -> None:
    found = answer(workspace.okr("tree", "brand", "--json"))
    assert found["schema"] == 1
    assert found["roots"] == ["2026/company/lead"]
    lead, brand = found["objectives"]
    assert lead["supported_by"] == ["2026-Q4/marketing/brand"]
    assert {key: value for key, value in brand.items() if key not in {"forecast", "key_results"}} == {
        "ref": "2026-Q4/marketing/brand", "title": "Make our brand the one people think of first",
        "cycle": "2026-Q4", "plan_of": {"id": "marketing", "name": "Marketing"}, "owner": "alice",
        "type": "aspirational", "score": 0.163218, "band": "red", "status": "stale",
        "supports": ["2026/company/lead"], "supported_by": [],
    }  # fmt: skip
    assert brand["key_results"][1] == {
        "ref": "2026-Q4/marketing/brand/launch", "title": "The new site is live", "score": 0.3, "band": "red",
        "status": "stale", "supported_by": [],
    }  # fmt: skip


def test_a_year_shows_all_its_quarters(shell: Shell) -> None:
    found = answer(use_example(shell, "startup").okr("tree", "--cycle", "2026", "--json"))
    assert {each["cycle"] for each in found["objectives"]} == {"2026", "2026-Q3", "2026-Q4"}


def test_an_earlier_parent_is_there_although_its_cycle_is_over(workspace: Shell) -> None:
    workspace.write(
        {
            "okrs/2026-Q3/company.yaml": plan("summer"),
            "okrs/2026-Q4/bob.yaml": plan("late 2026-Q3/company/summer", "lost spring/company/fair"),
            "okrs/spring/company.yaml": plan("fair"),
        }
    )
    out = workspace.okr("tree").out
    assert "Summer things" in out
    assert "○ never started" in out
    assert "Lost things" in out.partition("Supports what is not there")[2]


def test_without_org_what_is_supported_is_at_the_top(workspace: Shell) -> None:
    (workspace.folder / "org.yaml").unlink()
    workspace.write({"okrs/2026-Q4/bob.yaml": plan("top", "below bob/top/kr", "alone")})
    found = answer(workspace.okr("tree", "--json"))
    assert "2026-Q4/bob/top" in found["roots"]
    assert found["supports_nothing"] == ["2026-Q4/bob/alone"]


def test_nothing_yet(shell: Shell) -> None:
    shell.write({"okr.yaml": "name: Acme\n"})
    outcome = shell.okr("tree")
    assert outcome.status == 0
    assert "There is no objective in 2026-Q4 and the cycles around it yet." in outcome.out


def test_broken_file_is_an_error(workspace: Shell) -> None:
    workspace.write({"okrs/2026/company.yaml": "objectives: {\n"})
    outcome = workspace.okr("tree", "--json")
    assert (outcome.status, outcome.out) == (1, "")
