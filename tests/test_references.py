from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.references import (
    MAX_SLUG_LENGTH,
    Reference,
    edit_distance,
    is_id,
    matches,
    nearest,
    parse_reference,
    slug,
)

ids = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
cycle_names = st.sampled_from(["2026", "2026-H2", "2026-Q4", "2026-11", "launch", "Sprint 12", "été-26"])
references = st.builds(Reference, cycle_names, ids, ids, st.none() | ids)

BRAND = Reference("2026-Q4", "marketing", "brand")
VISITS = Reference("2026-Q4", "marketing", "brand", "visits")


def test_a_reference_and_its_parts() -> None:
    assert str(VISITS) == "2026-Q4/marketing/brand/visits"
    assert str(BRAND) == "2026-Q4/marketing/brand"
    assert VISITS.parent == BRAND
    assert BRAND.parent is None
    assert VISITS.within_log == "brand/visits"
    assert BRAND.within_log == "brand"


def test_references_sort_objectives_before_their_key_results() -> None:
    other_cycle = Reference("2026-Q3", "sales", "pipeline", "calls")
    other_owner = Reference("2026-Q4", "sales", "brand")
    assert sorted([other_owner, VISITS, other_cycle, BRAND]) == [other_cycle, BRAND, VISITS, other_owner]
    assert BRAND <= VISITS
    assert VISITS > BRAND


@pytest.mark.parametrize("text", ["a", "7", "brand", "site-visits", "a--b", "2026", "x" * 200])
def test_ids(text: str) -> None:
    assert is_id(text)


@pytest.mark.parametrize(
    "text", ["", "-", "-a", "a-", "A", "é", "a b", "a_b", "a/b", "a\n", "\na", "a.b", "٣", "[red]"]
)
def test_texts_that_are_no_ids(text: str) -> None:
    assert not is_id(text)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Reach 100,000 monthly visits", "reach-100000-monthly-visits"),
        ("100 000 visites mensuelles", "100000-visites-mensuelles"),
        ("100\u202f000 visites", "100000-visites"),
        ("+30 % d'engagement", "30-engagement"),
        ("Renforcer la notoriété de la marque", "renforcer-la-notoriete-de-la-marque"),
        ("Améliorer l’accueil qu'on réserve", "ameliorer-accueil-on-reserve"),
        ("Don't lose our customers' trust", "dont-lose-our-customers-trust"),
        ("Rock'n'roll", "rocknroll"),
        ("Œuvrer au cœur, straße", "oeuvrer-au-coeur-strasse"),
        ("NPS ≥ 9.5", "nps-9-5"),
        ("2020 2021", "2020-2021"),
        ("  --Brand--  ", "brand"),
        ("[red]x[/red]", "red-x-red"),
        ("目標", "item"),
        ("", "item"),
        ("Make our brand the one that people think of first", "make-our-brand-the-one-that-people-think"),
        ("x" * 50, "x" * 40),
        ("x" * 50 + " and more", "x" * 40),
    ],
)
def test_slugs(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_a_taken_slug_gets_a_number() -> None:
    assert slug("Brand", ["brand"]) == "brand-2"
    assert slug("Brand", ["brand", "brand-2", "brand-4"]) == "brand-3"
    assert slug("Brand", (name for name in ["brand"])) == "brand-2"
    assert slug("x" * 60, ["x" * 40]) == "x" * 38 + "-2"
    assert slug(
        "Make our brand the one that people think of", ["make-our-brand-the-one-that-people-think"]
    ) == ("make-our-brand-the-one-that-people-2")


def test_a_title_without_letters_gets_the_fallback() -> None:
    assert slug("!?", fallback="key-result") == "key-result"
    assert slug("目標", ["objective"], fallback="objective") == "objective-2"


@given(st.text(), st.lists(ids))
def test_a_slug_is_always_a_free_id(title: str, taken: list[str]) -> None:
    made = slug(title, taken)
    assert is_id(made)
    assert made not in taken
    assert len(made) <= MAX_SLUG_LENGTH
    assert slug(title, [*taken, made]) not in {*taken, made}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("marketing/brand", "2026-Q4/marketing/brand"),
        ("marketing/brand/visits", "2026-Q4/marketing/brand/visits"),
        ("2026/company/lead", "2026/company/lead"),
        ("FY26-q3/marketing/brand", "2026-Q3/marketing/brand"),
        ("2026-Q5/marketing/brand", "2026-Q5/marketing/brand"),
        ("launch/marketing/brand", "launch/marketing/brand"),
        ("Sprint 12/marketing/brand", "Sprint 12/marketing/brand"),
        ("sprint/marketing/brand", "2026-Q4/sprint/marketing/brand"),
        ("sprint/marketing/brand/visits", "sprint/marketing/brand/visits"),
        ("2025-Q4/marketing/brand/visits", "2025-Q4/marketing/brand/visits"),
        ("2026/brand", "2026-Q4/2026/brand"),
    ],
)
def test_references_in_files(text: str, expected: str) -> None:
    found = parse_reference(text, own_cycle="2026-Q4", known_cycles={"2026-Q4", "launch", "Sprint 12"})
    assert str(found) == expected


def test_three_parts_are_a_key_result_unless_the_first_is_a_cycle() -> None:
    assert parse_reference("a/b/c", own_cycle="2026", known_cycles=[]) == Reference("2026", "a", "b", "c")
    assert parse_reference("a/b/c", own_cycle="2026", known_cycles=["a"]) == Reference("a", "b", "c")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "brand",
        "/",
        "marketing/",
        "/brand",
        "marketing//visits",
        "2026-Q4/marketing/brand/visits/more",
        "Marketing/brand",
        "marketing/brand\n",
        " marketing/brand",
        "marketing/br and",
        "2026-Q4/brand",
        "../a/b/c",
        "/a/b/c",
        "\x1b[2J/a/b/c",
        "a\\b/a/b/c",
        "2026-Q4/marketing/brand/vi_sits",
        "m/" + "x" * 399,
        "/" * 1_000_000,
    ],
)
def test_malformed_references(text: str) -> None:
    assert parse_reference(text, own_cycle="2026-Q4", known_cycles={"2026-Q4"}) is None


def test_the_longest_reference_has_400_characters() -> None:
    assert parse_reference("m/" + "x" * 398, own_cycle="2026-Q4", known_cycles=()) is not None


@given(references)
def test_a_written_reference_reads_as_itself(reference: Reference) -> None:
    read = parse_reference(str(reference), own_cycle="2020", known_cycles={reference.cycle})
    assert read == reference
    short = str(reference).removeprefix(f"{reference.cycle}/")
    assert parse_reference(short, own_cycle=reference.cycle, known_cycles=()) in (
        reference,
        # An owner whose id is a cycle's name has to be written with its cycle.
        Reference(reference.owner, reference.objective, str(reference.key_result)),
    )


@given(st.text(st.sampled_from("ab/-2026Q. é\n"), max_size=20))
def test_any_text_is_a_reference_or_none(text: str) -> None:
    found = parse_reference(text, own_cycle="2026", known_cycles={"a", "b"})
    if found is not None:
        assert parse_reference(str(found), own_cycle="2000", known_cycles={"a", "b", found.cycle}) == found


def refs(*texts: str) -> list[Reference]:
    return [Reference(*text.split("/")) for text in texts]


CANDIDATES = refs(
    "2026/company/lead",
    "2026-Q3/marketing/brand",
    "2026-Q3/marketing/brand/visits",
    "2026-Q3/marketing/press",
    "2026-Q4/marketing/brand",
    "2026-Q4/marketing/brand/visits",
    "2026-Q4/marketing/brand/leads",
    "2026-Q4/sales/pipeline",
    "2026-Q4/sales/pipeline/leads",
    "2026-Q4/sales/brand-deals",
    "2026-Q4/alice/brand",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("visits", ["2026-Q4/marketing/brand/visits"], id="key result"),
        pytest.param("brand/visits", ["2026-Q4/marketing/brand/visits"], id="objective and key result"),
        pytest.param("marketing/brand", ["2026-Q4/marketing/brand"], id="owner and objective"),
        pytest.param("marketing/brand/visits", ["2026-Q4/marketing/brand/visits"], id="without cycle"),
        pytest.param("2026-Q3/marketing/brand", ["2026-Q3/marketing/brand"], id="whole, other cycle"),
        pytest.param("fy26-q3/marketing/brand/visits", ["2026-Q3/marketing/brand/visits"], id="fiscal"),
        pytest.param(" visits ", ["2026-Q4/marketing/brand/visits"], id="blanks around"),
        pytest.param("lead", ["2026/company/lead"], id="only in another cycle"),
        pytest.param("press", ["2026-Q3/marketing/press"], id="only in a past cycle"),
        pytest.param(
            "leads", ["2026-Q4/marketing/brand/leads", "2026-Q4/sales/pipeline/leads"], id="two key results"
        ),
        pytest.param("brand", ["2026-Q4/alice/brand", "2026-Q4/marketing/brand"], id="two objectives"),
        pytest.param("rand", [], id="never part of a segment"),
        pytest.param("visit", [], id="unknown"),
        pytest.param("marketing", [], id="an owner is none"),
        pytest.param("2026-Q4/marketing", [], id="cycle and owner is none"),
        pytest.param("Visits", [], id="ids are lower case"),
        pytest.param("sales/brand/visits", [], id="wrong owner"),
        pytest.param("", [], id="empty"),
        pytest.param("/visits", [], id="leading slash"),
        pytest.param("visits/", [], id="trailing slash"),
        pytest.param("x/2026-Q4/marketing/brand/visits", [], id="too many parts"),
        pytest.param("2026-Q2/marketing/brand/visits", [], id="cycle without it"),
        pytest.param("x" * 500, [], id="too long"),
    ],
)
def test_what_is_typed_on_the_command_line(text: str, expected: list[str]) -> None:
    assert [str(found) for found in matches(text, CANDIDATES, cycle="2026-Q4")] == expected
    assert [str(found) for found in matches(text, reversed(CANDIDATES), cycle="fy26-q4")] == expected


def test_without_a_preferred_cycle_all_matches_count() -> None:
    found = matches("visits", CANDIDATES, cycle=None)
    assert [str(one) for one in found] == ["2026-Q3/marketing/brand/visits", "2026-Q4/marketing/brand/visits"]


def test_a_whole_reference_is_never_ambiguous() -> None:
    whole, longer = refs("launch/team/goal", "2026-Q4/launch/team/goal")
    assert matches("launch/team/goal", [whole, longer], cycle="2026-Q4") == [whole]
    assert matches("team/goal", [whole, longer], cycle="2026-Q4") == [longer]


def test_former_names_lead_to_the_present_one() -> None:
    old, new, elsewhere = refs(
        "2026-Q4/marketing/brand/hits", "2026-Q4/marketing/brand/visits", "2026-Q4/sales/site/hits"
    )
    aliases = {old: new}
    assert matches("hits", [new], cycle="2026-Q4", aliases=aliases) == [new]
    assert matches("brand/hits", [new, elsewhere], cycle="2026-Q4", aliases=aliases) == [new]
    assert matches(str(old), [new], cycle=None, aliases=aliases) == [new]
    # A present name goes before a former one, a match in the cycle before one elsewhere.
    assert matches("hits", [new, elsewhere], cycle="2026-Q4", aliases=aliases) == [elsewhere]
    past = Reference("2026-Q3", "marketing", "brand", "hits")
    assert matches("hits", [new, past], cycle="2026-Q4", aliases=aliases) == [new]
    assert matches("visits", [new], cycle="2026-Q4", aliases=aliases) == [new]


@given(st.lists(references, min_size=1, unique=True), st.data())
def test_every_tail_finds_its_reference(candidates: list[Reference], data: st.DataObject) -> None:
    wanted = data.draw(st.sampled_from(candidates))
    assert matches(str(wanted), candidates, cycle=None) == [wanted]
    for start in range(1, len(wanted.segments)):
        tail = "/".join(wanted.segments[start:])
        found = matches(tail, candidates, cycle=wanted.cycle)
        assert found == sorted(found)
        assert wanted in found or str(found[0]) == tail


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("vists", "2026-Q4/marketing/brand/visits", id="letter missing"),
        pytest.param("visit", "2026-Q4/marketing/brand/visits", id="cut short"),
        pytest.param("brnad/visits", "2026-Q4/marketing/brand/visits", id="letters swapped"),
        pytest.param("Marketing/Brand", "2026-Q4/marketing/brand", id="capitals"),
        pytest.param("markting/brand", "2026-Q4/marketing/brand", id="typo in the owner"),
        pytest.param("2026-Q4/marketing/brand/visist", "2026-Q4/marketing/brand/visits", id="whole, swapped"),
        pytest.param("2025-Q4/marketing/brand/visits", "2026-Q4/marketing/brand/visits", id="wrong cycle"),
        pytest.param("marketing/visits", "2026-Q4/marketing/brand/visits", id="a part left out"),
        pytest.param("marketing/brand/", "2026-Q4/marketing/brand", id="trailing slash"),
        pytest.param("deals", "2026-Q4/sales/brand-deals", id="part of a word"),
        pytest.param("pipelne", "2026-Q4/sales/pipeline", id="objective"),
        pytest.param("q", "2026-Q4/marketing/quality", id="one letter"),
    ],
)
def test_nearest_first(text: str, first: str) -> None:
    candidates = [
        "2026-Q4/marketing/brand",
        "2026-Q4/marketing/brand/visits",
        "2026-Q4/marketing/quality",
        "2026-Q4/sales/pipeline",
        "2026-Q4/sales/pipeline/leads",
        "2026-Q4/sales/brand-deals",
    ]
    found = nearest(text, candidates)
    assert found[0] == first
    assert nearest(text, reversed(candidates)) == found


def test_nearest_works_on_any_names() -> None:
    assert nearest("key_result", ["objectives", "key_results", "title"]) == ["key_results"]
    assert nearest("titel", ["title", "unit", "tags"]) == ["title"]


@pytest.mark.parametrize("text", ["", "  ", "///", "zzzzzz"])
def test_nothing_is_near_to_nonsense(text: str) -> None:
    assert nearest(text, ["marketing/brand", "sales/pipeline"]) == []


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("", "", 0), ("", "abc", 3), ("visits", "visits", 0), ("visits", "visit", 1), ("vists", "visits", 1),
        ("visots", "visits", 1), ("ivsits", "visits", 1), ("visist", "visits", 1), ("ab", "ba", 1), ("ca", "abc", 3),
    ],
)  # fmt: skip
def test_a_swap_of_neighbours_is_one_slip(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) == distance


def test_nearest_gives_no_more_than_asked_and_each_once() -> None:
    candidates = [f"visits-{number}" for number in range(9)] * 2
    assert nearest("visits", candidates, limit=3) == ["visits-0", "visits-1", "visits-2"]
    assert nearest("visits", []) == []


@pytest.mark.unmeasured
def test_nearest_is_quick_among_a_hundred_thousand() -> None:
    draw = random.Random(7)
    names = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=10)) for _ in range(100_000)]
    candidates = [
        f"2026-Q4/team-{number % 97}/objective-{number % 89}/{name}" for number, name in enumerate(names)
    ]
    name = names[4321]
    started = time.process_time()
    found = nearest(f"{name[:4]}{name[5:]}", candidates)
    assert time.process_time() - started < 5
    assert found[0].endswith(f"/{name}")


@given(st.text(max_size=300), st.lists(st.text(max_size=80), max_size=20))
def test_nearest_takes_any_text(text: str, candidates: list[str]) -> None:
    found = nearest(text, candidates)
    assert set(found) <= set(candidates)
    assert found == nearest(text, sorted(candidates))


def test_nearest_takes_hostile_lengths() -> None:
    assert nearest("a" * 1_000_000, ["a" * 1_000_000, "b"]) == ["a" * 1_000_000]
