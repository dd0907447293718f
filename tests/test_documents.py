from __future__ import annotations

import math

import pytest

from okr.diagnostics import Place
from okr.documents import (
    DEEPEST_NESTING,
    MOST_PROBLEMS,
    Document,
    LocatedList,
    LocatedMapping,
    place_of,
    read_document,
)
from okr.files import LARGEST_FILE
from okr.syntax_messages import EXPLANATIONS, explained

unmeasured = pytest.mark.unmeasured


def read(content: str | bytes) -> Document:
    return read_document("file.yaml", content.encode() if isinstance(content, str) else content)


def problems_of(document: Document) -> list[tuple[str, int, int]]:
    return [(each.rule, each.finding.place.line, each.finding.place.column) for each in document.problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("On", "On"),
        ("true", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("~", None),
        ("", None),
        ("null", None),
        ("nUll", "nUll"),
        ("010", 10),
        ("-0", 0),
        ("+7", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("0x" + "f" * 17, "0x" + "f" * 17),
        ("1_000", "1_000"),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1e400", math.inf),
        ("-1e400", -math.inf),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("9" * 400, int("9" * 400)),
        ("9" * 5_000, math.inf),
        ("-" + "9" * 5_000, -math.inf),
        ("2026-10-05", "2026-10-05"),
        ("12:30:45", "12:30:45"),
        ("100 000", "100 000"),
        ("'12'", "12"),
        ('"true"', "true"),
        ('"\\e[2J"', "\x1b[2J"),
        ('"\\0"', "\0"),
        ("'it''s'", "it's"),
    ],
)
def test_a_scalar_means_what_yaml_1_2_says(written: str, meant: object) -> None:
    document = read(f"key: {written}\n")
    assert document.readable
    assert document.root == {"key": meant}
    assert type(document.root["key"]) is type(meant)


def test_not_a_number_is_read_as_such() -> None:
    assert math.isnan(read("key: .nan").root["key"])


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("", None),
        ("# only a comment\n", None),
        ("\n \n\n", None),
        ("---\n...\n", None),
        ("\ufeff", None),
        ("\ufeffa: 1", {"a": 1}),
        ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        ("a: 1\rb: 2\r", {"a": 1, "b": 2}),
        ("%YAML 1.1\n---\na: no\n", {"a": "no"}),
        ("null: 1\n12: 2\n", {"null": 1, "12": 2}),
        ("? a\n", {"a": None}),
        ("<<: {b: 2}\n", {"<<": {"b": 2}}),
        ("a: |\n  b\n  c\n", {"a": "b\nc\n"}),
        ("a: >-\n  b\n  c\n", {"a": "b c"}),
        ("a: x\u2028y\n", {"a": "x\u2028y"}),
        ("a: 'x\u0085y'\n", {"a": "x\u0085y"}),
        ('a: "x\u2029y"\n', {"a": "x\u2029y"}),
        ("a: |\n  x\u2028y\n  z\n", {"a": "x\u2028y\nz\n"}),
        ("{a: [b:c, 'd: e']}", {"a": ["b:c", "d: e"]}),
        ("{a: 2026-10-12T09:31:07+02:00}", {"a": "2026-10-12T09:31:07+02:00"}),
        ("{a: 2026-10-12 09:31}", {"a": "2026-10-12 09:31"}),
        ("{a: https://x.example:8080/b?c=d:e&f=1#g}", {"a": "https://x.example:8080/b?c=d:e&f=1#g"}),
        ("{a: Did it work? Yes, b: Fini ? Oui}", {"a": "Did it work? Yes", "b": "Fini ? Oui"}),
        ("{? a : 1, ? b : 2}", {"a": 1, "b": 2}),
        ("{\n  ? a : 1\n}", {"a": 1}),
        ("{a: b:c, 'd:e?': \"f:g ? h\\n\u2028\"}", {"a": "b:c", "d:e?": "f:g ? h\n\u2028"}),
        ("{a: \ue000b:c\ue001?}", {"a": "\ue000b:c\ue001?"}),
        ("{a:1}", {"a:1": None}),
        ('{"a":1, "b":[2]}', {"a": 1, "b": [2]}),
    ],
)  # fmt: skip
def test_a_text_is_read(text: str, root: object) -> None:
    document = read(text)
    assert document.problems == ()
    assert document.readable
    assert document.root == root


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("a: 1\nb: 2\na: 3\n", [("duplicate-key", 3, 1)]),
        ("1: a\n'1': b\n", [("duplicate-key", 2, 1)]),
        ("{a: 1, a: 2, a: 3}", [("duplicate-key", 1, 8), ("duplicate-key", 1, 14)]),
        ("\ta: 1", [("tab-indentation", 1, 1)]),
        ("a:\n\tb: 1\n", [("tab-indentation", 2, 1)]),
        ("a:\n  b: 1\n  \tc: 2\n", [("tab-indentation", 3, 3)]),
        ("a: 1\n---\nb: 2\n---\nc: 3\n", [("several-documents", 2, 1)]),
        ("a: 1\n...\n---\nb: 2\n", [("several-documents", 3, 1)]),
        ("a: &x 1\nb: *x\n", [("anchor-or-alias", 1, 4)]),
        ("a: &x [1]\n*x : 2\n", [("anchor-or-alias", 1, 4)]),
        ("a: *x\n", [("anchor-or-alias", 1, 4)]),
        ("? [*x]\n: 2\n", [("yaml-syntax", 1, 3), ("anchor-or-alias", 1, 4)]),
        ("a: !!str 1\n", [("tag", 1, 4)]),
        ("a: !!python/object:os.system x\n", [("tag", 1, 4)]),
        ("a: !own {b: !own c}\n", [("tag", 1, 4), ("tag", 1, 13)]),
        ("a: 1\nb: \xe9\n".encode("latin-1"), [("not-text", 2, 4)]),
        ("a: é".encode("utf-16"), [("not-text", 1, 1)]),
        ("a: 1\n\0", [("not-text", 2, 1)]),
        ("a: \x1b[2J", [("not-text", 1, 4)]),
        ("a: \ufeff", [("not-text", 1, 4)]),
        ("<<<<<<< a\nx: 1\n=======\nx: 2\n>>>>>>> b\n", [("merge-conflict", 1, 1)]),
        ("a: 1\n<<<<<<< ours\nb: 1\n=======\nb: 2\n>>>>>>> theirs\n", [("merge-conflict", 2, 1)]),
        ("? [a, b]\n: 1\n? {c: d}\n: 2\ne: 3\n", [("yaml-syntax", 1, 3), ("yaml-syntax", 3, 3)]),
        ("a: 'x\nb: 1\n", [("yaml-syntax", 1, 4)]),
        ("a: b: c\n", [("yaml-syntax", 1, 5)]),
        ("a: {b: c\n\n\n", [("yaml-syntax", 1, 4)]),
        ("a: [\n1\n,\n2", [("yaml-syntax", 4, 2)]),
        ("a: @x", [("yaml-syntax", 1, 4)]),
        ('a: "\\ud800"', [("yaml-syntax", 1, 7)]),
        ("a: 1\nb\n", [("yaml-syntax", 2, 1)]),
        ("[" * 10_000, [("file-too-large", 1, DEEPEST_NESTING + 1)]),
        ("[{" * 5_000, [("file-too-large", 1, DEEPEST_NESTING + 1)]),
        ("- " * 10_000 + "x", [("file-too-large", 1, 2 * DEEPEST_NESTING + 1)]),
        ("? " * 10_000 + "x", [("file-too-large", 1, 2 * DEEPEST_NESTING + 1)]),
        ("{? " * 10_000, [("file-too-large", 1, 3 * DEEPEST_NESTING + 1)]),
        ("{a: " * 10_000, [("file-too-large", 1, 4 * DEEPEST_NESTING + 1)]),
        ("".join(" " * depth + "a:\n" for depth in range(1_000)), [("file-too-large", 25, 25)]),
        pytest.param("[" + "," * 1_000_000 + "]", [("yaml-syntax", 1, 2)], marks=unmeasured),
        pytest.param("[" + "a," * 1_000_000 + "]", [("file-too-large", 1, 1_200_002)], marks=unmeasured),
        pytest.param(b" " * (LARGEST_FILE + 1), [("file-too-large", 1, 1)], marks=unmeasured),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, (str, bytes)) else "",
)  # fmt: skip
def test_what_is_wrong_is_found_where_it_stands(
    content: str | bytes, found: list[tuple[str, int, int]]
) -> None:
    document = read(content)
    assert problems_of(document) == found
    assert not document.readable


def test_what_could_be_read_beside_a_problem_is_kept() -> None:
    document = read("a: 1\nb: *gone\nc: &x 2\n? [d]\n: 3\na: 4\n*x : 5\n? [e]\n: 6\n")
    assert document.root == {"a": 1, "c": 2}
    assert document.root.damaged == {"b"}
    assert [each.rule for each in document.problems] == [
        "anchor-or-alias", "anchor-or-alias", "yaml-syntax", "duplicate-key", "yaml-syntax",
    ]  # fmt: skip


def test_an_alias_that_multiplies_is_never_expanded() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 20)]
    document = read("\n".join(lines))
    assert {each.rule for each in document.problems} == {"anchor-or-alias"}
    assert document.root["a19"] == []


def test_no_more_problems_are_noted_than_anybody_reads() -> None:
    document = read("".join(f"k{number}: *x\n" for number in range(3 * MOST_PROBLEMS)))
    assert len(document.problems) == MOST_PROBLEMS
    assert len(document.root.damaged) == 3 * MOST_PROBLEMS


def test_a_text_that_leaves_no_character_to_stand_in_is_refused_where_the_parser_fails() -> None:
    private = "".join(map(chr, [*range(0xE000, 0xF900), *range(0xF0000, 0xFFFFE)]))
    assert problems_of(read(f"a: {private}\nb: {{c: d:e}}\n")) == [("yaml-syntax", 2, 9)]
    assert problems_of(read(f"a: {private[1:]}\nb: {{c: d:e}}\n")) == [("yaml-syntax", 2, 9)]
    assert read(f"a: {private[5:]}\nb: {{c: d:e}}\n").root["b"] == {"c": "d:e"}


def test_every_part_knows_its_place() -> None:
    document = read("a: 1\nbc:\n  - d: [e, 'f g']\n    h: {i: j}\n  - é😀: k\n")
    root = document.root
    assert root.keys_at == {"a": Place(1, 1, 1, 2), "bc": Place(2, 1, 2, 3)}
    assert root.values_at["a"] == Place(1, 4, 1, 5)
    assert root.place == Place(1, 1, 5, 10)
    items = root["bc"]
    assert isinstance(items, LocatedList)
    assert items.items_at == [Place(3, 5, 4, 14), Place(5, 5, 5, 10)]
    first = items[0]
    assert isinstance(first, LocatedMapping)
    assert not first.flow
    assert first["h"].flow
    assert first["h"].place == Place(4, 8, 4, 14)
    assert first["d"].items_at == [Place(3, 9, 3, 10), Place(3, 12, 3, 17)]
    assert items[1].values_at["é😀"] == Place(5, 9, 5, 10)


@pytest.mark.parametrize(
    "text",
    [
        "a: x\u2028y\u0085z\nb: {c: d:e?, f: g}\nh: i\n",
        "a: '\u2029'\nb: {c: 9:30, f: g}\nh: i\n",
        "a: x\nb: {c: e?f:, 'f': g}\nh: i\n".replace("f:,", "f,"),
    ],
)
def test_marks_stay_true_where_characters_stood_in_for_others(text: str) -> None:
    root = read(text).root
    assert root.keys_at["h"] == Place(3, 1, 3, 2)
    inner = root["b"]
    for key, place in inner.values_at.items():
        line = text.split("\n")[place.line - 1]
        assert line[place.column - 1 : place.end_column - 1] == inner[key]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("?", Place(1, 2, 1, 2)),
        ("a:", Place(1, 3, 1, 3)),
        ("a: |\n  b", Place(1, 4, 2, 4)),
        ("a: |\n  b\n", Place(1, 4, 3, 1)),
    ],
)
def test_no_place_lies_behind_the_end(text: str, place: Place) -> None:
    (found,) = read(text).root.values_at.values()
    assert found == place


def test_lines_are_those_of_yaml() -> None:
    document = read("a: 1\r\nb: x\u2028y\rc: 3\n")
    assert [document.line(number) for number in range(6)] == ["", "a: 1", "b: x\u2028y", "c: 3", "", ""]


def test_the_bytes_are_kept() -> None:
    content = b"\xef\xbb\xbfa: 1\r\n"
    document = read(content)
    assert document.byte_order_mark
    assert document.content == content
    assert read(b"a: 1").content == b"a: 1"


def test_a_place_is_found_by_its_offset() -> None:
    text = "ab\r\ncd\re\nf"
    assert [text[offset] for offset in (0, 4, 7, 9)] == ["a", "c", "e", "f"]
    assert place_of(text, 5) == Place(2, 2, 2, 3)
    assert place_of(text, 4, 8) == Place(2, 1, 3, 2)


BROKEN = {
    "mapping values are not allowed in this context": "a: b: c",
    "could not find expected ':'": "a: 1\nb\nc: 2\n",
    "did not find expected key": "a: 1\n- b\n",
    "did not find expected '-' indicator": "- a\nb: 1\n",
    "found unexpected end of stream": "a: 'x\n  more",
    "did not find expected ',' or '}'": "a: {b: c\n  d",
    "did not find expected ',' or ']'": "a: [b\n  c",
    "found unexpected ':'": "{a: b:,}",
    "block sequence entries are not allowed in this context": "a: - b",
    "did not find expected <document start>": "[a]\nb",
    "did not find expected node content": "[,]",
    "found unknown escape character": r'a: "\q"',
    "found invalid Unicode character escape code": r'a: "\ud800"',
    "found unexpected document indicator": "a: 'x\n---\n'",
    "did not find expected hexdecimal number": r'a: "\x0"',
    "did not find expected comment or line break": "a: |x\n",
}


def test_every_explanation_is_tried() -> None:
    assert BROKEN.keys() == EXPLANATIONS.keys()


@pytest.mark.parametrize(("said", "text"), BROKEN.items(), ids=BROKEN)
def test_the_parser_speaks_in_words_for_people(said: str, text: str) -> None:
    message, hint = EXPLANATIONS[said]
    (problem,) = read(text).problems
    assert problem.rule == "yaml-syntax"
    assert problem.finding.message.startswith(message)
    assert problem.finding.hint == hint


def test_what_the_parser_says_otherwise_is_shown_as_it_is() -> None:
    assert explained("found undefined tag handle", "while parsing a node") == (
        "found undefined tag handle while parsing a node", None,
    )  # fmt: skip
    assert explained("something else", None) == ("something else", None)
    assert (
        read("a: !own!b c").problems[0].finding.message == "found undefined tag handle while parsing a node"
    )


def test_an_error_far_below_what_it_is_in_names_the_line_where_that_begins() -> None:
    (problem,) = read("a: [1,\n  2,\n  3\nb: 4\n").problems
    assert problem.finding.message.endswith("(in what begins on line 1)")
