"""The fast way into located data gives what the parser gives, place by place, or leaves the file to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.documents import Document, LocatedList, LocatedMapping, _Composer, read_document
from okr.plain_blocks import read_plain_blocks
from okr.plain_lines import LARGEST_PLAIN, read_plain_lines

ROOT = Path(__file__).parent.parent

RECORD = '- {date: "2026-10-12T09:31:07+02:00", kr: brand/visits, value: -47500.50, note: Three weeks late}\n'
ORG = """\
# Who we are.
teams:
  - {id: company, name: "Acme, Inc."}

  - {id: marketing, name: Marketing, parent: company}
people:
    - {id: alice, name: Alice Martin-Dupré, team: marketing}
"""

PLAN = """\
# What we want.
objectives:
  - id: brand
    title: Make our brand the one people think of first, everywhere   # not only at home
    why: "Inbound leads cost a third: of bought ones."

    owner: alice
    supports: [2026/company/lead, "2026/company/trust"]
    key_results:
      - id: visits
        title: Reach 100,000 monthly visits (from 42,000)
        from: 42000
        to: +30%
        weight: 2.5
        initiatives:   # how
          - title: Rewrite the landing pages
            link: https://issues.acme.example/12?a=b
            done: false
      - {id: leads, title: Win many, unit: "%", from: -1, to: 5}
      - id: partner
        title: 'Win a partner'
        milestones: {terms-agreed: 0.5, done: 1.0}   # a ladder
    tags:
      - growth
  - id: speed
    title: Answer soon
"""


def told(node: object) -> object:
    """All that located data say, as plain values that can be compared."""
    if isinstance(node, LocatedMapping):
        keys, values = list(node.keys_at.items()), list(node.values_at.items())
        inner = [(key, told(value), node.says(key)) for key, value in node.items()]
        assert {key: node.value_at(key) for key in [*node.keys_at, "x"]} == {"x": None, **node.values_at}
        return "mapping", node.line, node.place, node.flow, keys, values, set(node.damaged), inner
    if isinstance(node, LocatedList):
        return "list", node.place, node.flow, node.items_at, [told(value) for value in node]
    return type(node), repr(node)


def agree(text: str) -> bool:
    """Whether the fast way took a text; if so, it must have come to what the parser comes to."""
    plain, blocks = read_plain_lines(text), read_plain_blocks(text)
    if plain is None:
        assert blocks is None
        return False
    composer = _Composer("a.yaml", text)
    assert told(plain) == told(composer.compose())
    assert blocks is None or told(blocks) == told(plain)
    assert (composer.readable, composer.problems) == (True, [])
    return True


@pytest.mark.parametrize(
    "text",
    [
        RECORD,
        "\n# first\n\n" + RECORD * 2 + "   # last",
        RECORD.rstrip(),
        "  " + RECORD + "\n  " + RECORD,
        ORG,
        PLAN,
        "teams: []\n",
        "- {id: a} # why\n",
        "- {id: a} # {id: b}\n",
        "a: b, d  # e\n",
        "tags:\n  - brand\n  - 'one: more' # why\n  - \"#2\"\n  - [a, b]\nlast: +30%\n",
        "a:    # why\n    b: https://acme.example/1?a=2&b=[3]  \n",
        "- {value: true, note: no}\n- {value: 010, note: null}\n- {value: 0x1F, note: 1e3}\n- {value: -1_0}\n",
        "a: |\n  b\n",
        '# why\na: b\nc:\n  - d: e\n\nf: |\n   # It\'s true:\n\n     - "so"  \n   g: |\n     h\n',
        '- {note: "# no comment, {nor}: a mapping"}\n- {note: Größe «neu» 100% & 5€, by: its@a~b=*}\n',
    ],
)
def test_what_okr_writes_is_read_the_fast_way(text: str) -> None:
    assert agree(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "teams:\n",
        "teams:\npeople:\n  - {id: alice}\n",
        "teams:\n  - {id: a}\nteams:\n  - {id: b}\n",
        "teams:\n- {id: a}\n",
        "teams:\n  - {id: a}\n - {id: b}\n",
        "- {id: a}\n  - {id: b}\n",
        "- {id: a}\nteams:\n",
        "- {id: a, id: b}\n",
        "- {id: a, }\n",
        "- {id: a}\n  b: c\n",
        "- a\n  b: c\n",
        "  - a\n- b\n",
        "a: b\n  c: d\n",
        "a: b\n  more of it\n",
        "a:\nb: c\n",
        "a:\n- b\n",
        "a:\n    - {b: c}\n    d: e\n",
        "a:\n    - b: c\n    d: e\n",
        "a:\n  b: c\n  - d: e\nf: 1\n",
        "a:\n  b:\n",
        "a:\n  b:\nc: d\n",
        "a:\n  - b: c\n - d: e\n",
        "a: b\n  - {c: d}\n",
        "a: {b: {c: d}}\n",
        "a: b\na: c\n",
        "a: b: c\n",
        "a: |\n  b",
        "a: |\n  b\n\n",
        "a: |\n\n  b\n",
        "a: |\n  b\n   \n  c\n",
        "a: |\n  b\n c\n",
        "a: |\n  b\nc: d\n",
        "a: |\nb\n",
        "a: |\n",
        "a: |-\n  b\n",
        "a: | # why\n  b\n",
        "a: b\na: |\n  c\n",
        "- a: b\nc: |\n  d\n",
        "a:\n  b: |\n    c\n",
        "a:\nb: |\n  c\n",
        "a: [b, [c]]\n",
        "- - a\n",
        "-  a\n",
        "  a: b\n",
        "a\n",
        "A: b\n",
        "a: &b c\n",
        "a: C# is b\n",
        "a: 'it''s'\n",
        "".join(f"{'  ' * depth}a:\n" for depth in range(30)) + "  " * 30 + "a: b\n",
        "- { id: a }\n",
        "- {id: 12:30}\n",
        "- {id: 'a'}\n",
        '- {id: ""}\n',
        '- {id: "a\\n"}\n',
        "- {id: *a}\n",
        "- {id: [a]}\n",
        "- {id: a}\r\n",
        "- {id:\ta}\n",
        "- {id: a\u2028b}\n",
        "---\n- {id: a}\n",
        RECORD * (LARGEST_PLAIN // len(RECORD) + 1),
    ],
)
def test_anything_else_is_left_to_the_parser(text: str) -> None:
    assert read_plain_lines(text) is read_plain_blocks(text) is None


def test_most_files_of_the_examples_are_of_this_form() -> None:
    files = [*ROOT.glob("examples/*/*.yaml"), *ROOT.glob("examples/*/*/**/*.yaml")]
    taken = [path for path in files if agree(path.read_text(encoding="utf-8"))]
    assert len(taken) > 0.9 * len(files) > 30
    plans = [path for path in taken if "okrs" in path.parts]
    assert sum(read_plain_blocks(path.read_text(encoding="utf-8")) is not None for path in plans) > 0.7 * len(
        plans
    )


@pytest.mark.parametrize(
    "text",
    [
        PLAN.replace("    tags:\n      - growth\n", ""),
        "a:\n  - {b: c}\n\n  # why\n  - d: e\n    f:\n      - {g: h}\n    i: j\n  - {k: l}\nm: n\n",
        "a:  \"b\"  # c\nd: 'e'\nf:   g\nh: [i, j]\nl: {m: n}\no: [p]\nq: # why\n  r: s  \n",
    ],
)
def test_keys_in_blocks_are_read_all_at_once(text: str) -> None:
    assert agree(text)
    blocks = read_plain_blocks(text)
    assert told(blocks) == told(read_plain_lines(text))
    for name in ("place", "keys_at", "values_at"):  # whatever is asked for first
        assert getattr(read_plain_blocks(text), name) == getattr(blocks, name)
    assert blocks is not None
    for key in blocks:
        again = read_plain_blocks(text)
        assert again is not None
        assert again.value_at(key) == blocks.value_at(key)
    with pytest.raises(AttributeError, match="nothing"):
        _ = blocks.nothing  # type: ignore[attr-defined] # that is what is tested


def test_it_is_the_way_that_documents_take() -> None:
    document = read_document("checkins/2026-Q4/a.yaml", b"\xef\xbb\xbf" + RECORD.encode())
    assert document == Document(
        "checkins/2026-Q4/a.yaml", RECORD, [dict(document.root[0])], byte_order_mark=True
    )
    assert type(document.root[0]) is not LocatedMapping


WORDS = st.one_of(
    st.sampled_from(
        ["true", "null", "~", "1", "-2.5", "1e3", "0o7", ".5", "2026-10-05", "brand/visits", "a b", "-", "é"]
    ),
    st.text(st.sampled_from("ab1 -.,:#{}[]\"'\\&*!|>%@`?=_/é\u2028\u00a0\t"), max_size=6),
)
PAIRS = st.tuples(
    st.sampled_from(["date", "kr", "note", "a", "on"]), st.sampled_from(["", '"', "'"]), WORDS
).map(lambda pair: f"{pair[0]}: {pair[1]}{pair[2]}{pair[1]}")
ITEMS = st.lists(PAIRS, min_size=1, max_size=4).map(lambda pairs: f"- {{{', '.join(pairs)}}}")
INDENTS = st.sampled_from(["", "  ", "    ", "      "])
ENTRIES = [
    "a:",
    "b:",
    "- a:",
    "- b",
    "c: # d",
    "d: [a, b]",
    "e: [] # f",
    "- {a: b}",
    "f: {a: b} # {c: d}",
    "'g': 1",
]
LINES = st.one_of(
    ITEMS,
    ITEMS.map("  {}".format),
    st.sampled_from(["", "  # x", "#", "teams:", "people:", "a: 1", "- b", " "]),
    st.builds("{}{}{}".format, INDENTS, st.sampled_from(["", "", "- "]), PAIRS),
    st.builds("{}{}".format, INDENTS, st.sampled_from(ENTRIES)),
)
TEXTS = st.lists(st.sampled_from(["  a", "  b: |", "   - c ", " d", "", "   ", "e: 1", "  # f"]), max_size=4)


@given(st.lists(LINES, max_size=6).map("\n".join))
def test_any_text_taken_the_fast_way_says_what_the_parser_says(text: str) -> None:
    agree(text)


@given(
    st.lists(st.sampled_from(["a: 1", "# b", "", "c:", "  - d", "review: |"]), max_size=3),
    TEXTS,
    st.sampled_from(["\n", "\n", "", "\n\n"]),
)
def test_so_does_a_text_of_several_lines(above: list[str], lines: list[str], end: str) -> None:
    agree("\n".join([*above, "review: |", *lines]) + end)


@given(st.data())
def test_so_does_any_slip_of_the_hand(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([RECORD * 2, ORG, PLAN]))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3)))
    agree(text[:start] + data.draw(st.text(st.sampled_from("\n -:,{}\"'#a1&\t"), max_size=2)) + text[end:])
