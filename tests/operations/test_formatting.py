"""The canonical layout: what moves, what stays, and that the files say the same afterwards."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr import model
from okr.documents import read_document
from okr.layout import Shape, laid_out, same_data
from okr.operations.formatting import (
    Laid,
    Refused,
    choices_of,
    format_text,
    is_log,
    kind_of,
    path_in_workspace,
    shape_of,
)
from okr.rules.engine import diagnose
from okr.workspace import Workspace

if TYPE_CHECKING:
    from okr.diagnostics import Diagnostic

PLAN = "okrs/2026-Q4/marketing.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"
EXAMPLES = Path(__file__).parents[2] / "examples"


def _formatted(text: str, path: str = PLAN) -> str:
    found = format_text(path, textwrap.dedent(text).encode())
    assert isinstance(found, Laid), found
    again = format_text(path, found.after)
    assert isinstance(again, Laid)
    assert not again.changes
    return found.after.decode()


def _check(before: str, after: str, path: str = PLAN) -> None:
    assert _formatted(before, path) == textwrap.dedent(after)


def test_keys_indentation_and_blank_lines() -> None:
    _check(
        """\
        # The plan.


        objectives:

        - title: "It's quoted"   # stays with the title
          id: brand


          key_results:
              -   to: 2
                  from: 1.50
                  # why this one
                  title: 'Two'
                  id: visits
              - {title: B,id: b,  milestones: {z: 0.5, a: 1.0}}


              - {  }
          supports: [ a/b,c/d ]
        - key_results: []
          title: Second
          id: second
        """,
        """\
        # The plan.

        objectives:
          - id: brand
            title: "It's quoted"   # stays with the title
            supports: [a/b, c/d]

            key_results:
              - id: visits
                # why this one
                title: 'Two'
                from: 1.50
                to: 2
              - {id: b, title: B, milestones: {z: 0.5, a: 1.0}}

              - {}

          - id: second
            title: Second
            key_results: []
        """,
    )


def test_comments_stay_with_what_they_speak_of() -> None:
    _check(
        """\
        objectives:   # all
        - title: A    # of the title
          # above the id
          id: a
          key_results:
            - # of the item
              id: x
              # above the target, one
              # above the target, two
              to: 5       # of the target
              # below x
            # below the key results
          # - id: in the middle of nowhere
          why: because
        # above b
        - id: b
        # the end
        """,
        """\
        objectives:   # all
          # above the id
          - id: a
            title: A    # of the title
            # - id: in the middle of nowhere
            why: because
            key_results:
              # of the item
              - id: x
                # above the target, one
                # above the target, two
                to: 5       # of the target
                # below x
              # below the key results

          # above b
          - id: b
          # the end
        """,
    )


def test_the_comment_at_a_files_head_stays_there_whatever_key_moves_up() -> None:
    _check(
        """\
        # yaml-language-server: $schema=x
        # Our settings.
        year_starts: 1
        # what we are called
        name: Acme
        """,
        """\
        # yaml-language-server: $schema=x
        # Our settings.
        # what we are called
        name: Acme
        year_starts: 1
        """,
        "okr.yaml",
    )


def test_texts_of_several_lines_keep_what_they_say() -> None:
    _check(
        """\
        objectives:
        - id: a
          title: several
               words,

            a paragraph
          why: |2
             two deeper
            as deep
          learned: >-
                folded

                  more

        - id: b
          title: "quoted   
             lines \\
              joined"
          why: |+
           kept

        """,  # noqa: W291 # a blank at the end of a quoted line means nothing
        """\
        objectives:
          - id: a
            title: several
              words,

              a paragraph
            why: |2
               two deeper
              as deep
            learned: >-
              folded

                more

          - id: b
            title: "quoted
              lines \\
              joined"
            why: |+
              kept

        """,
    )


def test_blank_lines_that_a_text_keeps_are_not_added_to() -> None:
    text = "objectives:\n  - id: a\n    why: |+\n      kept\n\n\n  - id: b\n    title: B\n"
    assert _formatted(text) == text
    without = "objectives:\n  - id: a\n    why: |+\n      kept\n  - id: b\n    title: B\n"
    assert _formatted(without) == without


@pytest.mark.parametrize(
    ("header", "canonical"), [("|", "|-"), ("|2", "|2-"), ("|-", "|-"), (">", ">-"), ("|+", "|-")]
)
def test_a_text_at_the_end_of_a_file_without_a_last_line_break(header: str, canonical: str) -> None:
    text = f"state: closed\nreview: {header}\n  Well."
    assert _formatted(text, "okrs/2026/cycle.yaml") == f"state: closed\nreview: {canonical}\n  Well.\n"


def test_braces_too_wide_for_a_line_are_opened() -> None:
    long = "A title that is so long that the mapping in which it stands is wider than a hundred columns"
    _check(
        f"""\
        objectives:
          - id: a
            tags: [ # why so
              one, two]
            key_results: [{{title: {long}, id: one, milestones: {{b: 0.5,
               a: 1}}, tags: []}}, {{id: two}}]   # all of them
          - {{id: b, title: {long}}} # the second
        """,
        f"""\
        objectives:
          - id: a
            tags: [ # why so
              one, two]
            # all of them
            key_results:
              - id: one
                title: {long}
                milestones: {{b: 0.5, a: 1}}
                tags: []
              - {{id: two}}

          # the second
          - id: b
            title: {long}
        """,
    )


def test_a_comment_that_silences_a_rule_does_not_come_to_silence_more() -> None:
    _check(
        """\
        objectives:
          - title: A
            # okr: ignore[OKR205] on purpose
            id: a
        """,
        """\
        objectives:
          - id: a  # okr: ignore[OKR205] on purpose
            title: A
        """,
    )


def test_values_on_the_next_line_and_keys_without_one() -> None:
    _check(
        """\
        objectives:
        -
          id:   a
          title:
            # a remark
            Long
          why:    # nothing yet
          tags:
            - x
            -
            -   - nested
                -  twice
        """,
        """\
        objectives:
          - id: a
            # a remark
            title: Long
            why:    # nothing yet
            tags:
              - x
              -
              - - nested
                - twice
        """,
    )


def test_line_breaks_byte_order_mark_and_markers_stay() -> None:
    found = format_text(PLAN, b"\xef\xbb\xbf%YAML 1.2\r\n--- # go\r\nobjectives:\r\n- id: a\r\n...\r\n")
    assert isinstance(found, Laid), found
    assert found.after == b"\xef\xbb\xbf%YAML 1.2\r\n--- # go\r\nobjectives:\r\n  - id: a\r\n...\r\n"


@pytest.mark.parametrize("text", ["", "# only a comment\n", "{objectives: []}\n", "just a text\n"])
def test_nothing_to_lay_out(text: str) -> None:
    assert _formatted(text) == text


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("objectives: [\n", 1, "a value is missing here"),
        ("objectives: &a\n  - id: b\n", 1, "the anchor &a is not allowed here"),
        ("objectives:\n  - id: a\n    ? title\n    : B\n", 3, "okr does not know how to lay this key out"),
        ("--- !!map\nobjectives: []\n", 1, "the tag !!map is not allowed here"),
        ("? objectives\n: []\n", 1, "okr does not know how to lay this key out"),
    ],
)
def test_what_stays_as_it_is(text: str, line: int, reason: str) -> None:
    assert format_text(PLAN, text.encode()) == Refused(PLAN, line, reason)


def test_a_log_only_gets_its_spread_records_joined() -> None:
    _check(
        """\
        # The log.
        - {date: 2026-10-05,kr: a/b,   value: 1}
        - date: 2026-10-06   # a Tuesday
          kr: a/b
          # half way
          value: 2.50
          note: "x, y"   # said Bob
        -
          {date: 2026-10-07, kr: a/b,
           # inside
           value: 3, note: it's}
        - {date: 2026-10-08T09:00:00+02:00, kr: a/b,
           value: 4}
        - kr: a/b
          date: 2026-10-09T09:00:00+02:00
          note: |
            two
            lines
        -   {date: 2026-10-05, kr: a/b, value: 1}""",
        """\
        # The log.
        - {date: 2026-10-05,kr: a/b,   value: 1}
        # a Tuesday
        # half way
        - {date: 2026-10-06, kr: a/b, value: 2.50, note: "x, y"}   # said Bob
        # inside
        - {date: 2026-10-07, kr: a/b, value: 3, note: it's}
        - {date: 2026-10-08T09:00:00+02:00, kr: a/b, value: 4}
        - {kr: a/b, date: "2026-10-09T09:00:00+02:00", note: "two\\nlines\\n"}
        -   {date: 2026-10-05, kr: a/b, value: 1}
        """,
        LOG,
    )


def test_a_log_in_brackets_is_opened_unless_comments_stand_between() -> None:
    _check("[{date: 2026-10-05, kr: a/b, value: 1},\n {date: 2026-10-06, kr: a/b, value: 2}]\n",
           "- {date: 2026-10-05, kr: a/b, value: 1}\n- {date: 2026-10-06, kr: a/b, value: 2}\n", LOG)  # fmt: skip
    found = format_text(LOG, b"[{date: 2026-10-05}, # one\n {date: 2026-10-06}]\n")
    assert isinstance(found, Refused)
    assert "comments stand between the records" in found.reason


def test_a_log_with_what_does_not_belong_there() -> None:
    _check("[1, {date: 2026-10-05}]", "- 1\n- {date: 2026-10-05}\n", LOG)
    _check("- x\n- date: 2026-10-05\n  tags:  # of what\n    - a\n    # above\n    - b  # last\n  value: 1\n",
           "- x\n# of what\n# above\n# last\n- {date: 2026-10-05, tags: [a, b], value: 1}\n", LOG)  # fmt: skip
    _check("-   # of the item\n  date: 2026-10-05\n  note: ~\n  by:\n",
           "# of the item\n- {date: 2026-10-05, note: ~, by: null}\n".replace("~", "null"), LOG)  # fmt: skip
    assert _formatted("", LOG) == ""
    assert _formatted("just: this\n", LOG) == "just: this\n"


def test_a_log_keeps_its_byte_order_mark() -> None:
    found = format_text(LOG, b"\xef\xbb\xbf- date: 2026-10-05\r\n  value: 1")
    assert isinstance(found, Laid)
    assert found.after == b"\xef\xbb\xbf- {date: 2026-10-05, value: 1}\r\n"


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.yaml")), ids=lambda path: path.name)
def test_the_examples_are_formatted(path: Path) -> None:
    within = path.relative_to(EXAMPLES)
    found = format_text("/".join(within.parts[1:]), path.read_bytes())
    assert isinstance(found, Laid)
    assert not found.changes


def test_the_order_of_keys_names_every_key_of_the_models() -> None:
    objective = shape_of(model.Plan).below("objectives")
    assert objective.keys == (
        "id", "title", "why", "owner", "type", "supports", "depends_on", "tags", "formerly", "key_results", "learned",
        "next",
    )  # fmt: skip
    key_result = objective.below("key_results")
    assert {field.alias or name for name, field in model.KeyResult.model_fields.items()} == set(
        key_result.keys
    )
    assert key_result.below("initiatives").keys == ("title", "link", "owner", "done")
    assert not key_result.below("milestones").keys  # a ladder's order means something
    assert shape_of(model.Org).below("teams").keys[:2] == ("id", "name")


@pytest.mark.parametrize(
    ("path", "kind", "log"),
    [
        ("okr.yaml", model.Settings, False),
        ("kpis.yaml", model.Kpis, False),
        ("okrs/2026/cycle.yaml", model.CycleFacts, False),
        ("okrs/2026/company.yaml", model.Plan, False),
        ("checkins/2026/company.yaml", None, True),
        ("checkins/kpis.yaml", None, True),
        ("checkins/.gitattributes", None, False),
        ("README.md", None, False),
    ],
)
def test_a_path_says_what_a_file_is(path: str, kind: type[model.FileModel] | None, log: bool) -> None:
    assert (kind_of(path), is_log(path)) == (kind, log)


def test_words_that_a_key_may_have() -> None:
    assert choices_of(model.Plan, ("objectives", 0, "type")) == ("aspirational", "committed")
    assert choices_of(model.Settings, ("language",)) == ("en", "fr")
    assert choices_of(model.Plan, ("objectives", 0, "title")) == ()
    assert choices_of(model.Plan, ("objectives", 0, "nothing", "there")) == ()


def test_paths_of_files_that_need_not_be_there(tmp_path: Path) -> None:
    assert path_in_workspace(tmp_path, "elsewhere/okrs/2026/a.yaml") == "okrs/2026/a.yaml"
    assert path_in_workspace(tmp_path, "checkins/kpis.yaml") == "checkins/kpis.yaml"
    assert path_in_workspace(tmp_path, "org.yaml") == "org.yaml"
    (tmp_path / "goals").mkdir()
    (tmp_path / "goals/okr.yaml").write_text("name: A\n")
    assert path_in_workspace(tmp_path, "goals/okrs/2026/a.yaml") == "okrs/2026/a.yaml"


def test_equal_data_may_differ_in_the_order_of_known_keys_only() -> None:
    shape = Shape(("a", "b"))
    assert same_data({"a": 1, "b": [1]}, {"b": [1], "a": 1}, shape)
    assert not same_data({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert not same_data({"a": 1}, {"a": True}, shape)
    assert not same_data([1], [1, 2])
    assert same_data(float("nan"), float("nan"))


# Random plans in random layouts


@dataclass(frozen=True)
class _InMemory:
    """A workspace's files, of which one is the plan at hand."""

    contents: dict[str, bytes]

    def folders(self, path: str) -> list[str]:
        inside = [name.removeprefix(f"{path}/") for name in self.contents if name.startswith(f"{path}/")]
        return sorted({name.partition("/")[0] for name in inside if "/" in name})

    def files(self, path: str) -> list[str]:
        start = f"{path}/" if path else ""
        inside = [name.removeprefix(start) for name in self.contents if name.startswith(start)]
        return sorted(name for name in inside if "/" not in name)

    def read(self, path: str) -> bytes | None:
        return self.contents.get(path)

    def attributes_above(self) -> list[tuple[str, bytes]] | None:
        return None


class _Pen:
    """Writes a plan as nobody should, with a comment wherever one may stand."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.lines: list[str] = []
        self.comments = 0

    def noise(self, column: int) -> None:
        for kind in self.draw(st.lists(st.sampled_from(["", "  ", "# %d", "#%d: [x"]), max_size=2)):
            self.comments += "#" in kind
            shift = self.draw(st.sampled_from([0, 0, 0, 1, 3]))
            self.lines.append(" " * (column + shift) + kind % self.comments if "#" in kind else kind)

    def remark(self) -> str:
        if self.draw(st.integers(0, 3)):
            return ""
        self.comments += 1
        return self.draw(st.sampled_from([" ", "    ", "\t"])) + f"# {self.comments}"

    def mapping(self, data: dict[str, object], column: int, lead: str) -> None:
        for number, key in enumerate(self.draw(st.permutations(list(data)))):
            start = lead if number == 0 else " " * column
            if number:
                self.noise(column)
            self.entry(start, key, data[key], column)

    def entry(self, start: str, key: str, value: object, column: int) -> None:
        pad = " " * (column + self.draw(st.integers(1, 5)))
        if isinstance(value, list) and value and isinstance(value[0], dict):
            self.lines.append(f"{start}{key}:{self.remark()}")
            self.items(value, column + self.draw(st.integers(0, 4)))
        elif isinstance(value, str) and self.draw(st.integers(0, 3)) == 0:
            first, *others = value.split(" ")
            style = self.draw(st.sampled_from(["|-", ">-", "", '"', "|-  # %d"]))
            quote = style if style == '"' else ""
            if style and not quote:
                self.comments += "#" in style
                self.lines.append(f"{start}{key}: {style % self.comments if '#' in style else style}")
                self.lines += [f"{pad}{value}"]
            else:
                self.lines.append(f"{start}{key}: {quote}{first}{'' if others else quote}")
                self.lines += [f"{pad}{' '.join(others)}{quote}"] if others else []
        else:
            self.lines.append(
                f"{start}{key}:{self.draw(st.sampled_from([' ', '   ']))}{self.flow(value, pad)}{self.remark()}"
            )

    def items(self, items: list[dict[str, object]], column: int) -> None:
        for item in items:
            self.noise(column)
            inner = self.draw(st.integers(1, 4))
            plain = all(not isinstance(value, list) for value in item.values())
            if plain and self.draw(st.integers(0, 2)) == 0:
                written = self.flow(item, " " * (column + inner + 1))
                self.lines.append(f"{' ' * column}-{' ' * inner}{written}{self.remark()}")
            else:
                self.mapping(item, column + 1 + inner, " " * column + "-" + " " * inner)

    def flow(self, value: object, pad: str) -> str:
        between = self.draw(st.sampled_from([", ", ",", " ,  ", f",\n{pad}", f",  # %d\n{pad}"]))
        if "#" in between and isinstance(value, (dict, list)) and len(value) > 1:
            self.comments += 1
            between %= self.comments
            parts = self.parts(value, pad)
            opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
            rest = ", ".join(parts[1:])
            return f"{opening}{parts[0]}{between}{rest}{closing}"
        if isinstance(value, (dict, list)):
            opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
            separator = ", " if "#" in between else between
            return opening + separator.join(self.parts(value, pad)) + closing
        return str(value)

    def parts(self, value: dict[str, object] | list[object], pad: str) -> list[str]:
        if isinstance(value, dict):
            keys = self.draw(st.permutations(list(value))) if "title" in value else list(value)
            return [f"{key}: {self.flow(value[key], pad)}" for key in keys]
        return [self.flow(each, pad) for each in value]


WORDS = st.sampled_from(
    ["Win", "loyal readers", "be the one people think of", "it's a 'start'", "A, B and C {x}"]
)
PLAIN = st.sampled_from(
    ["Win", "loyal readers", "be the one people think of first when they want something good"]
)


@st.composite
def plans(draw: st.DrawFn) -> tuple[str, int]:
    """A plan in some layout, and how many comments it has."""
    objectives: list[dict[str, object]] = []
    for number in range(draw(st.integers(1, 3))):
        key_results: list[dict[str, Any]] = [
            {
                "id": f"k{index}",
                "title": draw(PLAIN),
                "from": draw(st.sampled_from(["1", "1.50", "unknown"])),
                "to": "7",
            }
            | draw(
                st.sampled_from(
                    [{}, {"milestones": {"z": "0.5", "a": "1.0"}}, {"tags": ["b", "a"]}, {"weight": "2"}]
                )
            )
            for index in range(draw(st.integers(1, 3)))
        ]
        objective: dict[str, object] = {"id": f"o{number}", "title": draw(PLAIN), "key_results": key_results}
        objectives.append(
            objective | draw(st.sampled_from([{}, {"why": "because we can"}, {"tags": ["x", "y"]}]))
        )
    pen = _Pen(draw)
    pen.noise(0)
    pen.entry("", "objectives", objectives, -1 if draw(st.booleans()) else 0)
    pen.noise(0)
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    text = newline.join(pen.lines)
    return text.replace(
        "\n", newline
    ) if newline == "\r\n" and "\r\n" not in text else text + newline, pen.comments


@given(plans())
@settings(max_examples=60)
def test_any_layout_becomes_one_that_says_the_same_with_every_comment(case: tuple[str, int]) -> None:
    text, comments = case
    before = read_document(PLAN, text.encode())
    if not before.readable:  # a layout that is no YAML
        assert isinstance(format_text(PLAN, text.encode()), Refused)
        return
    content = laid_out(before, shape_of(model.Plan))
    after = read_document(PLAN, content)
    assert same_data(before.root, after.root, shape_of(model.Plan))
    numbers = re.findall(r"#\s?(\d+)", after.text)
    assert sorted(map(int, numbers)) == list(range(1, comments + 1))
    assert laid_out(after, shape_of(model.Plan)) == content
    assert content.endswith(b"\n")
    assert re.search(rb"[ \t]\n|\n\n\n", content) is None
    # A comment at the end of a line stays beside the same value, unless its braces were opened.
    for key, value, number in re.findall(r"(?m)^[^#\n]*?(\w+): (\w+)[ \t]+# (\d+)$", after.text):
        assert re.search(rf"{key}:[ ]+{value}[ \t]+# {number}$", text, re.MULTILINE)
    assert _gist(text.encode()) == _gist(content)


def _gist(content: bytes) -> list[tuple[str, str]]:
    """What is found in a plan, but for the order of its keys, which a layout is to change."""
    return sorted((each.code, each.finding.ref or "") for each in _found(content) if each.name != "key-order")


def _found(content: bytes) -> list[Diagnostic]:
    files = _InMemory(
        {"okr.yaml": b"name: A\n", ".gitattributes": b"checkins/** merge=union\n", PLAN: content}
    )
    return diagnose(Workspace(files, as_of=date(2026, 11, 23), title="a"))
