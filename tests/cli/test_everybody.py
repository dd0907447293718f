"""What is said of very many owners is worked out by several processes; what is printed is the same."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Shell

TITLES = (
    "Grow",
    "日本で一番になる",
    "Answer everyone while they still remember what it was that they asked",
    "two  blanks",
)


SUPPORTS = (
    "2026/t0/o", "t7/o", "[t14/was, old21/o/a, old21/o/earlier]", "nobody/o", "2025-Q4/t1/o", "t{number}/o",
    "[t{next}/o, t{next}/o/b]", "[]", "not a reference",
)  # fmt: skip


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    top = tmp_path_factory.mktemp("many")
    (top / "work").mkdir()
    shell = Shell(top / "work", top)
    teams = "".join(
        f"  - {{id: t{number}, name: Team {number}, formerly: [old{number}]}}\n"
        for number in range(89, -1, -2)
    )
    files = {
        "okr.yaml": "name: Acme\n",
        "org.yaml": f"teams:\n{teams}people:\n  - {{id: t0, name: Ann Roy}}\n  - {{id: t2, name: Bo Li}}\n",
        "kpis.yaml": "kpis:\n  - {id: sales, name: Sales, unit: deals}\n",
        "checkins/kpis.yaml": "- {date: 2026-10-20, kpi: sales, value: 7}\n",
    }
    for number in range(90):
        kind = "committed" if number % 3 else "aspirational"
        supports = SUPPORTS[number % 9].format(number=number, next=(number + 9) % 90)
        files[f"okrs/2026-Q4/t{number}.yaml"] = (
            f"objectives:\n  - id: o\n    title: {TITLES[number % 4]} {number}\n    type: {kind}\n"
            f"    formerly: was\n    supports: {supports}\n    key_results:\n"
            f"      - {{id: a, formerly: earlier, title: First, unit: deals, from: 0, to: 10, weight: {number % 2 + 1}}}\n"
            f"      - {{id: b, title: Second, kpi: sales, to: 9}}\n"
        )
        if number % 5:
            files[f"checkins/2026-Q4/t{number}.yaml"] = (
                f"- {{date: 2026-11-{number % 20 + 1:02}, kr: o/a, value: {number % 12}, confidence: 0.{number % 10}}}\n"
            )
    for number in range(0, 90, 9):
        files[f"okrs/2026/t{number}.yaml"] = files[f"okrs/2026-Q4/t{number}.yaml"]
    for path, name in (("2025-Q4/t1", "t3"), ("2025-Q4/t3", "t8")):
        files[f"okrs/{path}.yaml"] = files[f"okrs/2026-Q4/{name}.yaml"]
    files["okrs/2026-Q4/t89.yaml"] += (
        "  - {id: z, title: Z, key_results: []}\n  - {id: o, title: O, key_results: []}\n"
    )
    shell.write(files)
    return shell


WHOLE = [["status"], ["due"], ["tree"], ["cycle", "list"]]
ASKED = [
    ["due"], ["due", "--plain"], ["due", "--json"], ["due", "--format", "markdown"], ["due", "--owner", "t7"],
    ["due", "--cycle", "2026"], ["tree"], ["tree", "--plain"], ["tree", "--json"], ["tree", "t7/..."], ["tree", "2026/t0/o"],
    ["tree", "t6/o", "--json"], ["tree", "--cycle", "2025-Q4"], ["cycle", "list"], ["cycle", "list", "--json"],
]  # fmt: skip


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_several_processes_answer_as_one_does(many: Shell, asked: list[str]) -> None:
    shared = "23" if asked in WHOLE else "2"
    one = many.okr(*asked, OKR_PROCESSES="1")
    assert [many.okr(*asked, OKR_PROCESSES=count) for count in shared] == [one] * len(shared)
    assert one.status == 0
    assert len(one.out) > 200


SPREAD = "okrs/2026-Q4/old5.yaml"
"""A second plan of an owner who has one under the present id as well."""


@pytest.mark.parametrize("asked", WHOLE, ids=" ".join)
def test_several_plans_of_one_owner_are_told_of_as_by_one_process(many: Shell, asked: list[str]) -> None:
    many.write({SPREAD: many.read("okrs/2026-Q4/t5.yaml").replace("10", "11")})
    one, two = (many.okr(*asked, OKR_PROCESSES=count) for count in "12")
    (many.folder / SPREAD).unlink()
    assert one == two
    assert one.status == 0


@pytest.mark.parametrize(
    ("option", "width"),
    [
        ("", "80"),
        pytest.param("", "180", marks=pytest.mark.unmeasured),
        ("--plain", "80"),
        ("--json", "80"),
        pytest.param("--cycle=2026-Q3", "80", marks=pytest.mark.unmeasured),
    ],
)
def test_several_processes_say_what_one_says(many: Shell, option: str, width: str) -> None:
    options = [option] if option else []
    one, two, three = (
        many.okr("status", *options, COLUMNS=width, OKR_PROCESSES=str(count)) for count in (1, 2, 3)
    )
    assert one == two == three
    assert one.status == 0
    assert ("Team 89" in one.out) == (option != "--cycle=2026-Q3")


@pytest.mark.unmeasured
@pytest.mark.parametrize("day", ["2026-09-01", "2026-10-02", "2027-01-03"])
def test_they_say_so_on_any_day(many: Shell, day: str) -> None:
    one, two = (
        many.okr("--as-of", day, "status", "--cycle", "2026-Q4", OKR_PROCESSES=count) for count in "12"
    )
    assert one == two
    assert "92 objectives, 180 key results" in one.out


UNREADABLE = ("okrs/2026-Q4/t40.yaml", SPREAD, "checkins/2026-Q4/t88.yaml", "okrs/2026-Q4/t89.yaml")


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        *((["status"], path) for path in UNREADABLE),
        *((asked, path) for asked in WHOLE[1:] for path in UNREADABLE[1:3]),
        *((["tree", "t7/o"], path) for path in UNREADABLE[2:]),
    ],
)
def test_a_file_that_cant_be_read_is_an_error_of_the_whole(many: Shell, asked: list[str], path: str) -> None:
    before = "" if path == SPREAD else many.read(path)
    many.write({path: before + "\n- {"})
    one, two = (many.okr(*asked, OKR_PROCESSES=count) for count in "12")
    many.write({path: before})
    if path == SPREAD:
        (many.folder / path).unlink()
    assert one == two
    if (asked, path) == (["tree", "t7/o"], "checkins/2026-Q4/t88.yaml"):  # which has nothing to do with it
        assert one.status == 0
        return
    assert (one.status, one.out) == (1, "")
    assert path in one.err
