"""Whatever a file looks like, a change of it keeps every other byte, and exactly the intended data come out."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from okr.documents import Document, LocatedList, LocatedMapping, read_document
from okr.edit_text import EditImpossible
from okr.edits import append_item, remove_key, set_key

TEXTS = st.one_of(
    st.sampled_from(
        [
            "no",
            "2026",
            "true",
            "~",
            "",
            "a: b",
            "a #b",
            "- x",
            "{x}",
            "été",
            "1e3",
            "12:30",
            "x\ny",
            '"',
            "'",
            "=",
            "🎯",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
SCALARS = st.one_of(TEXTS, st.integers(-(10**12), 10**12), st.booleans(), st.none(), st.floats(-1e9, 1e9))
ITEMS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.dictionaries(st.sampled_from(["id", "title", "why", "unit", "to"]), TEXTS, min_size=1, max_size=4)


@st.composite
def noise(draw: st.DrawFn) -> str:
    """What people leave between lines: nothing, blank lines, comments at any column, spaces at the end."""
    lines = draw(
        st.lists(
            st.sampled_from(["", "   ", "# note", "  # - id: old", "      # deep: [x", "# a\u2028b \x85c"]),
            max_size=2,
        )
    )
    return "".join(f"{line}\n" for line in lines)


@st.composite
def values(draw: st.DrawFn, column: int) -> str:
    """A scalar as people write it, ready to stand behind `key:`; blocks are indented beyond a column."""
    pad = " " * (column + draw(st.integers(1, 4)))
    return draw(
        st.sampled_from(
            [
                "plain text",
                "'it''s quoted'",
                '"tab\\t and # no comment"',
                "42",
                "~",
                "",
                "[a,   b ]",
                "{x: 1,y: 'z'}",
                f"|\n{pad}one\n{pad}  two",
                f">-\n{pad}folded\n\n{pad}text\n",
                f"|+\n{pad}kept\n\n",
                f"several\n{pad}lines",
                f"'quoted\n{pad}lines'",
                f"[\n{pad}a, # one\n{pad}b,\n{pad}]",
            ]
        )
    )


@st.composite
def items(draw: st.DrawFn, column: int) -> str:
    """One item of a list whose dashes stand at a column: in braces, or in lines."""
    dash = " " * column + "-"
    if draw(st.booleans()):
        return f"{dash} {{id: a{draw(st.integers(0, 99))}, title: 'x, y' }}{draw(ENDS)}\n"
    inner = draw(st.integers(1, 4))
    keys = draw(st.permutations(["id", "title", "from", "note"]))[: draw(st.integers(1, 4))]
    lines, first = "", True
    for key in keys:
        lead = dash + " " * inner if first else " " * (column + 1 + inner)
        value = draw(values(column + 1 + inner))
        end = draw(ENDS) if "\n" not in value else ""
        lines += f"{lead}{key}: {value}{end}\n"
        first = False
    return lines


NOTHING = re.compile(rb"(objectives:) (~|null|\[ *\])")
"""A list that says it is empty: that may make room for the first item."""

ENDS = st.sampled_from(["", "", "  ", " # said", "\t# tab"])


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A file with a list below `objectives`, other keys around it, and every habit of writing."""
    column = draw(st.integers(0, 5))
    text = draw(noise())
    if draw(st.booleans()):
        text += f"before: {draw(values(0))}\n" + draw(noise())
    shape = draw(st.sampled_from(["blocks", "blocks", "blocks", "flow", "none", "null", "missing"]))
    if shape == "blocks":
        text += f"objectives:{draw(ENDS)}\n"
        for _ in range(draw(st.integers(1, 3))):
            text += draw(noise()) + draw(items(column))
    elif shape == "flow":
        text += "objectives: " + draw(
            st.sampled_from(
                [
                    "[]",
                    "[ ]",
                    "[{id: a}]",
                    "[ {id: a, b: c} ,]",
                    "[\n  {id: a}, # one\n  {id: b} # two, three\n  ]",
                ]
            )
        )
        text += "\n"
    elif shape == "none":
        text += f"objectives:{draw(ENDS)}\n"
    elif shape == "null":
        text += f"objectives: {draw(st.sampled_from(['~', 'null']))}{draw(ENDS)}\n"
    text += draw(noise())
    if draw(st.booleans()):
        text += f"after: {draw(values(0))}\n" + draw(noise())
    if draw(st.integers(0, 4)) == 0:
        text = text.rstrip("\n ")
    if draw(st.integers(0, 3)) == 0:
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if draw(st.integers(0, 5)) == 0 else b"") + text.encode()


def opened(content: bytes) -> Document | None:
    """The document, where it is one that a change can begin from."""
    document = read_document("okrs/2026-Q4/marketing.yaml", content)
    return document if document.readable and isinstance(document.root, LocatedMapping) else None


def plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    return [plain(value) for value in node] if isinstance(node, (list, tuple)) else node


def is_kept(before: bytes, after: bytes) -> bool:
    """Whether all bytes of the old file stand in the new one, in the same order."""
    rest = iter(after)
    return all(byte in rest for byte in before)


@settings(max_examples=80)
@given(documents(), FIELDS | ITEMS, st.booleans(), st.integers(0, 2))
def test_an_appended_item_changes_nothing_else(content: bytes, item: Any, flow: bool, gap: int) -> None:
    document = opened(content)
    if document is None:
        return
    old = plain(document.root)
    try:
        after = append_item(document, ("objectives",), item, flow=flow, gap=gap)
    except EditImpossible:
        assert may_refuse(document)
        return
    assert plain(after.root) == {**old, "objectives": [*(old.get("objectives") or []), plain(item)]}
    assert is_kept(NOTHING.sub(rb"\1", content), after.content)
    assert read_document("x", after.content).root == after.root
    if b"\r\n" in content:
        assert b"\n" not in after.content.replace(b"\r\n", b"")


@settings(max_examples=80)
@given(documents(), st.sampled_from(["grade", "id", "title", "note"]), ITEMS, st.data())
def test_a_key_that_is_set_changes_nothing_else(
    content: bytes, key: str, value: Any, data: st.DataObject
) -> None:
    document = opened(content)
    if document is None:
        return
    target = data.draw(st.sampled_from(mappings(document)))
    old = plain(document.root)
    try:
        after = set_key(document, target, key, value)
    except EditImpossible:
        assert may_refuse(document)
        return
    at(old, target)[key] = plain(value)
    assert plain(after.root) == old
    if key not in at(document.root, target):
        assert is_kept(content, after.content)


@settings(max_examples=80)
@given(documents(), st.data())
def test_a_key_that_is_removed_takes_nothing_with_it(content: bytes, data: st.DataObject) -> None:
    document = opened(content)
    if document is None:
        return
    target = data.draw(st.sampled_from(mappings(document)))
    key = data.draw(st.sampled_from(sorted(at(document.root, target)) or ["none"]))
    old = plain(document.root)
    try:
        after = remove_key(document, target, key)
    except EditImpossible:
        assert may_refuse(document)
        return
    at(old, target).pop(key, None)
    assert plain(after.root) == old
    assert is_kept(after.content.replace(b"{}", b""), content)
    if key != "objectives":
        assert after.text.count("# note") == document.text.count("# note")


def may_refuse(document: Document) -> bool:
    """Texts in which a line break more or less at the end of a block scalar means something."""
    return "|" in document.text or ">" in document.text


def mappings(document: Document) -> list[tuple[str | int, ...]]:
    """Where mappings stand in a document."""
    found: list[tuple[str | int, ...]] = [()]
    listed = document.root.get("objectives")
    if isinstance(listed, LocatedList):
        found += [("objectives", i) for i, each in enumerate(listed) if isinstance(each, LocatedMapping)]
    return found


def at(node: Any, steps: tuple[str | int, ...]) -> Any:
    for step in steps:
        node = node[step]
    return node
