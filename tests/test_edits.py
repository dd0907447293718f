from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from okr.documents import Document, read_document
from okr.edit_text import Edit, EditImpossible
from okr.edits import append_item, apply, remove_item, remove_key, set_comment, set_item, set_key

PATH = "okrs/2026-Q4/marketing.yaml"


def doc(text: str) -> Document:
    return read_document(PATH, text.encode())


NEW = {"id": "b", "title": "New"}

APPENDED = {
    "indented dashes": (
        "objectives:\n  - id: a\n    title: Old\n",
        "objectives:\n  - id: a\n    title: Old\n  - id: b\n    title: New\n",
    ),
    "dashes below their key": (
        "objectives:\n- id: a\n  title: Old\n",
        "objectives:\n- id: a\n  title: Old\n- id: b\n  title: New\n",
    ),
    "wide indentation": (
        "objectives:\n    -   id: a\n        title: Old\n",
        "objectives:\n    -   id: a\n        title: Old\n    -   id: b\n        title: New\n",
    ),
    "the dash on a line of its own": (
        "objectives:\n  -\n    id: a\n",
        "objectives:\n  -\n    id: a\n  - id: b\n    title: New\n",
    ),
    "braces": (
        "objectives:\n  - {id: a, title: Old}  # first\n",
        "objectives:\n  - {id: a, title: Old}  # first\n  - {id: b, title: New}\n",
    ),
    "blank lines between the items": (
        "objectives:\n  - id: a\n\n  - id: c\n",
        "objectives:\n  - id: a\n\n  - id: c\n\n  - id: b\n    title: New\n",
    ),
    "two blank lines and a comment between": (
        "objectives:\n  - id: a\n\n\n  # then\n  - id: c\n",
        "objectives:\n  - id: a\n\n\n  # then\n  - id: c\n\n\n  - id: b\n    title: New\n",
    ),
    "a comment of the last item": (
        "objectives:\n  - id: a  # said\n    # more of it\n\nother: 1\n",
        "objectives:\n  - id: a  # said\n    # more of it\n  - id: b\n    title: New\n\nother: 1\n",
    ),
    "a comment of what follows": (
        "objectives:\n  - id: a\n\n# Other things\nother: 1\n",
        "objectives:\n  - id: a\n  - id: b\n    title: New\n\n# Other things\nother: 1\n",
    ),
    "a comment right below dashes at the margin": (
        "objectives:\n- id: a\n# Other things\nother: 1\n",
        "objectives:\n- id: a\n- id: b\n  title: New\n# Other things\nother: 1\n",
    ),
    "carriage returns": (
        "objectives:\r\n  - id: a\r\n",
        "objectives:\r\n  - id: a\r\n  - id: b\r\n    title: New\r\n",
    ),
    "no line break at the end": (
        "objectives:\n  - id: a",
        "objectives:\n  - id: a\n  - id: b\n    title: New\n",
    ),
    "no line break at the end, carriage returns before": (
        "objectives:\r\n  - id: a",
        "objectives:\r\n  - id: a\r\n  - id: b\r\n    title: New\r\n",
    ),
    "a byte order mark": (
        "\ufeffobjectives:\n  - id: a\n",
        "\ufeffobjectives:\n  - id: a\n  - id: b\n    title: New\n",
    ),
    "spaces at the end of lines": (
        "objectives:  \n  - id: a   \n   \nother: 1\n",
        "objectives:  \n  - id: a   \n  - id: b\n    title: New\n   \nother: 1\n",
    ),
    "a block scalar at the end of the item": (
        "objectives:\n  - id: a\n    why: |\n      one\n      two\n\n\nother: 1\n",
        "objectives:\n  - id: a\n    why: |\n      one\n      two\n  - id: b\n    title: New\n\n\nother: 1\n",
    ),
    "a block scalar that keeps its blank lines": (
        "objectives:\n  - id: a\n    why: |+\n      one\n\nother: 1\n",
        "objectives:\n  - id: a\n    why: |+\n      one\n\n  - id: b\n    title: New\nother: 1\n",
    ),
    "an item of several levels": (
        "objectives:\n  - id: a\n    key_results:\n      - {id: x}\n      - {id: y}\n",
        "objectives:\n  - id: a\n    key_results:\n      - {id: x}\n      - {id: y}\n  - id: b\n    title: New\n",
    ),
    "brackets": (
        "objectives: [{id: a}]\n",
        "objectives: [{id: a}, {id: b, title: New}]\n",
    ),
    "brackets with a comma at the end": (
        "objectives: [ {id: a}, ]\n",
        "objectives: [ {id: a}, {id: b, title: New} ]\n",
    ),
    "brackets over several lines": (
        "objectives: [\n  {id: a}  # one, two\n  ]\n",
        "objectives: [\n  {id: a},  # one, two\n  {id: b, title: New}\n  ]\n",
    ),
    "brackets over several lines with commas at the ends": (
        "objectives: [\n  {id: a}, # one\n]\n",
        "objectives: [\n  {id: a}, # one\n  {id: b, title: New},\n]\n",
    ),
    "brackets that close on the last item's line": (
        "objectives: [\n  {id: a}]\n",
        "objectives: [\n  {id: a},\n  {id: b, title: New}]\n",
    ),
    "an empty list": (
        "objectives: []  # none yet\nother: 1\n",
        "objectives:  # none yet\n  - id: b\n    title: New\nother: 1\n",
    ),
    "a key without a value": (
        "objectives:\nother: 1\n",
        "objectives:\n  - id: b\n    title: New\nother: 1\n",
    ),
    "a key without a value, a comment below it": (
        "objectives: # here\n  # and here\n\nother: 1\n",
        "objectives: # here\n  # and here\n  - id: b\n    title: New\n\nother: 1\n",
    ),
    "null": ("objectives: null\n", "objectives:\n  - id: b\n    title: New\n"),
    "no such key": ("other: 1\n", "other: 1\nobjectives:\n  - id: b\n    title: New\n"),
    "no such key, as other lists are indented": (
        "people:\n-   {id: x}\n-   id: y\n",
        "people:\n-   {id: x}\n-   id: y\nobjectives:\n-   id: b\n    title: New\n",
    ),
    "no such key, a comment at the end": (
        "teams: 1\n\n# The end\n",
        "teams: 1\n\n# The end\nobjectives:\n  - id: b\n    title: New\n",
    ),
    "no such key, braces around all": (
        "{other: 1}\n",
        "{other: 1, objectives: [{id: b, title: New}]}\n",
    ),
    "an empty file": ("", "objectives:\n  - id: b\n    title: New\n"),
    "a file of comments": ("# The plan", "# The plan\nobjectives:\n  - id: b\n    title: New\n"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), APPENDED.values(), ids=APPENDED)
def test_an_item_is_appended_as_the_list_is_written(before: str, after: str) -> None:
    assert append_item(doc(before), ("objectives",), NEW).content.decode() == after


def test_an_item_can_be_asked_to_stand_in_braces_and_apart() -> None:
    first = append_item(doc("name: x\n"), ("teams",), NEW, flow=True)
    assert first.text == "name: x\nteams:\n  - {id: b, title: New}\n"
    assert append_item(first, ("teams",), {"id": "c"}, gap=1).text == first.text + "\n  - {id: c}\n"
    assert append_item(doc("[]\n"), (), "x").text == "[x]\n"
    assert append_item(doc("- 1\n"), (), [1, "a, b"]).text == '- 1\n- [1, "a, b"]\n'
    assert append_item(doc("# log\n"), (), {"date": date(2026, 10, 5)}, flow=True).text == (
        "# log\n- {date: 2026-10-05}\n"
    )
    assert append_item(doc("a: [#\n ]\n"), ("a",), "x").text == "a: [x #\n ]\n"


def test_a_list_deep_inside_is_extended_where_it_is() -> None:
    before = doc(
        "objectives:\n  - id: a\n    title: One\n  - id: b\n    key_results:\n    - id: x\n    why: no\n"
    )
    assert append_item(before, ("objectives", 0, "key_results"), NEW).text == (
        "objectives:\n  - id: a\n    title: One\n    key_results:\n      - id: b\n        title: New\n"
        "  - id: b\n    key_results:\n    - id: x\n    why: no\n"
    )
    assert append_item(before, ("objectives", 1, "key_results"), NEW).text == before.text.replace(
        "    - id: x\n", "    - id: x\n    - id: b\n      title: New\n"
    )


SET = {
    "a new key": ("a: 1\n", (), "grade", 0.7, None, "a: 1\ngrade: 0.7\n"),
    "a new key in an item": (
        "- id: a\n  to: 1\n# rest\n", (0,), "learned", "Ask: first", None,
        '- id: a\n  to: 1\n  learned: "Ask: first"\n# rest\n',
    ),
    "a new key below another": ("a: 1 # x\nb: 2\n", (), "c", 3, "a", "a: 1 # x\nc: 3\nb: 2\n"),
    "a new key in braces": ("- {id: a, to: 1 }\n", (0,), "grade", 1.0, None, "- {id: a, to: 1, grade: 1.0 }\n"),
    "a new key in braces below another": ("{id: a, to: 1}\n", (), "from", 0, "id", "{id: a, from: 0, to: 1}\n"),
    "a new key in empty braces": ("limits: {}\n", ("limits",), "no", "on", None, 'limits: {"no": "on"}\n'),
    "a new key in braces over lines": (
        "a: {\n  x: 1\n  }\n", ("a",), "z", "2", None, 'a: {\n  x: 1,\n  z: "2"\n  }\n',
    ),
    "the first key": ("", (), "state", "closed", None, "state: closed\n"),
    "after a blank line as the others": ("a: 1\n\nb: 2\n", (), "c", 3, None, "a: 1\n\nb: 2\n\nc: 3\n"),
    "a new value": ("state: active   # now\nb: 1\n", (), "state", "closed", None, "state: closed   # now\nb: 1\n"),
    "a value for a quoted one": ("a: 'it''s'\n", (), "a", "so", None, "a: so\n"),
    "a value for a block scalar": ("a: |\n  x\n  y\n\nb: 1\n", (), "a", "so", None, "a: so\n\nb: 1\n"),
    "a value where there was none": ("a:  # x\nb: 1\n", (), "a", True, None, "a: true  # x\nb: 1\n"),
    "a value for a list": ("a:\n  - 1\n  - 2\nb: 1\n", (), "a", ["x", "z"], None, "a: [x, z]\nb: 1\n"),
    "a list for nothing": ("a:\nb: 1\n", (), "a", [{"x": 1}], None, "a:\n  - x: 1\nb: 1\n"),
    "a text of several lines": ("a: 1\n", (), "b", "x\n\n# y\n", None, "a: 1\nb: |\n  x\n\n  # y\n"),
    "such a text for a short one": ("a: x  # c\n# d\nb: 1\n", (), "a", "y: 1\n- z", None, "a: |-  # c\n  y: 1\n  - z\n# d\nb: 1\n"),
    "such a text for a long one": ("- a: |\n    x\n    y\n\n- 1\n", (0,), "a", "p\nq\n", None, "- a: |\n    p\n    q\n\n- 1\n"),
    "such a text for nothing": ("k:\n  a:\n  b: 1\n", ("k",), "a", "p\nq", None, "k:\n  a: |-\n    p\n    q\n  b: 1\n"),
    "such a text with other line breaks": ("a:\r\n  'x'\r\nb: 1", (), "a", "p\nq", None, "a: |-\r\n  p\r\n  q\r\nb: 1"),
    "such a text in braces": ("{a: 1}\n", (), "b", "p\nq", None, '{a: 1, b: "p\\nq"}\n'),
    "such a text that no block can hold": ("a: 1\n", (), "a", " p\nq", None, 'a: " p\\nq"\n'),
    "such a text above a line of blanks": ("- 1\n- a: 1\n     \n", (1,), "b", "p\nq", None, '- 1\n- a: 1\n  b: "p\\nq"\n     \n'),
    "nothing": ("a: 1\n", (), "a", None, None, "a: null\n"),
    "a mapping": ("a: 1\n", (), "b", {"x": 1, "z": [1, 2]}, None, "a: 1\nb: {x: 1, z: [1, 2]}\n"),
    "a wide mapping": (
        "a: 1\n", (), "milestones", {"x" * 50: 0.5, "y" * 50: 1.0}, None,
        f"a: 1\nmilestones:\n  {'x' * 50}: 0.5\n  {'y' * 50}: 1.0\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "steps", "key", "value", "below", "after"), SET.values(), ids=SET)
def test_a_key_is_set(
    before: str, steps: tuple[str | int, ...], key: str, value: Any, below: str | None, after: str
) -> None:
    assert set_key(doc(before), steps, key, value, after=below).text == after


REMOVED = {
    "a line": ("a: 1\nb: 2 # gone\n# of c\nc: 3\n", (), "b", "a: 1\n# of c\nc: 3\n"),
    "several lines": ("a: 1\nb:\n  - x\n  - y\n\nc: 3\n", (), "b", "a: 1\n\nc: 3\n"),
    "the last line, without a line break": ("a: 1\nb: 2", (), "b", "a: 1\n"),
    "the key behind the dash": ("- a: 1\n  b: 2\n", (0,), "a", "- b: 2\n"),
    "the key behind the dash, a comment below": ("- a: 1 # x\n  b: 2\n", (0,), "a", "-  # x\n  b: 2\n"),
    "the key behind the dash, a comment behind a tab": ("- a: 1\t# x\n  b: 2\n", (0,), "a", "- # x\n  b: 2\n"),
    "the only key": ("a:\n  b: 1\nc: 2\n", ("a",), "b", "a:\n  {}\nc: 2\n"),
    "the first in braces": ("{a: 1,  b: 2}\n", (), "a", "{b: 2}\n"),
    "the last in braces": ("{a: 1,  b: 2 }\n", (), "b", "{a: 1 }\n"),
    "one in braces, above the comment of the next": (
        "{a: 1,  # one\n # of b\n b: 2}\n", (), "a", "{ # of b\n b: 2}\n"),
    "one in braces, its comment alone": ("{a: 1,  # one\n b: 2}\n", (), "a", "{b: 2}\n"),
    "the last in braces, below another's comment": (
        "{a: 1,  # one\r\n b: 2  # two\r\n}\r\n", (), "b", "{a: 1,  # one\r\n}\r\n"),
    "the only one in braces": ("{a: 1}\n", (), "a", "{}\n"),
    "one that is not there": ("a: 1\n", (), "b", "a: 1\n"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "steps", "key", "after"), REMOVED.values(), ids=REMOVED)
def test_a_key_is_removed(before: str, steps: tuple[str | int, ...], key: str, after: str) -> None:
    assert remove_key(doc(before), steps, key).text == after


@pytest.mark.parametrize(
    ("before", "index", "after"),
    [
        ("a:\n  - x  # one\n  - y\n", 0, "a:\n  - y\n"),
        ("a:\n  - x\n  # of y\n  - y\n    # below y\n# end\n", 1, "a:\n  - x\n# end\n"),
        ("a:\n- k: 1\n\n# of two\n-\n  k: 2\n\n- k: 3\nb: 1\n", 1, "a:\n- k: 1\n\n- k: 3\nb: 1\n"),
        ("a:\n- x\n\n- y\nb: 1", 1, "a:\n- x\nb: 1"),
        ("a:  # few\n- x\nb: 1\n", 0, "a: []\nb: 1\n"),
        ("a: [x, y]  # few\n", 0, "a: [y]  # few\n"),
        ("a: [x, y]\n", 1, "a: [x]\n"),
        ("a: [x]\n", 0, "a: []\n"),
        ("a:\r\n- x\r\n- |\r\n  y\r\n  z\r\n", 1, "a:\r\n- x\r\n"),
    ],
)
def test_an_item_is_removed(before: str, index: int, after: str) -> None:
    assert remove_item(doc(before), ("a",), index).text == after


@pytest.mark.parametrize(("text", "steps"), [("a: x", ("a",)), ("a: [x]", ("a",)), ("- x\n- y", ())])
def test_what_is_no_item_can_not_be_removed(text: str, steps: tuple[str, ...]) -> None:
    with pytest.raises(EditImpossible, match="has no such item"):
        remove_item(doc(text), steps, 1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1\nb: 2\n", "a: 1  # new\nb: 2\n"),
        ("a: 1       # old\nb: 2\n", "a: 1  # new\nb: 2\n"),
        ("a: 1  # okr: ignore[OKR401] why\n", "a: 1  # okr: ignore[OKR401] why\n"),
        ("{a: 1, b: 2}\n", "{a: 1, b: 2}\n"),
        ("{a: 1 ,   # old\n b: 2}\n", "{a: 1 ,  # new\n b: 2}\n"),
    ],
)
def test_a_comment_is_set_at_the_end_of_a_line(before: str, after: str) -> None:
    assert set_comment(doc(before), (), "a", "new").text == after


def test_what_is_no_list_or_mapping_is_refused() -> None:
    with pytest.raises(EditImpossible) as refused:
        append_item(doc("objectives: soon\n"), ("objectives",), NEW)
    assert refused.value.message == f"{PATH} can't be changed safely: `objectives` is not a list"
    assert refused.value.remedy == (
        "Nothing was written. Make this change in an editor, then run `okr validate`."
    )
    with pytest.raises(EditImpossible, match="`the file` is not a list"):
        append_item(doc("a: 1\n"), (), NEW)
    with pytest.raises(EditImpossible, match="`the file` is not a mapping"):
        set_key(doc("- 1\n"), (), "a", 1)
    with pytest.raises(EditImpossible, match="`b` is not a mapping"):
        remove_key(doc("a: 1\n"), ("a", "b"), "c")


def test_a_file_with_errors_is_not_changed() -> None:
    with pytest.raises(EditImpossible, match="it has errors; `okr validate` shows them"):
        append_item(doc("a: 1\na: 2\n"), ("b",), NEW)


def test_a_change_that_would_move_other_data_is_refused() -> None:
    # Without its line break at the end the text is `x`; with anything below it, it would become `x\n`.
    with pytest.raises(EditImpossible, match="the way it is written around line 3 leaves okr no safe place"):
        append_item(doc("objectives:\n  - why: |\n      x"), ("objectives",), NEW)


def test_a_comment_before_a_value_is_not_swept_away() -> None:
    assert set_key(doc("a: # why\n  - 1\nb: 1\n"), (), "a", 2).text == "a: # why\n  2\nb: 1\n"
    with pytest.raises(EditImpossible, match="leaves okr no safe place"):
        set_key(doc("a: # why\n- 1\n"), (), "a", 2)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\n# one\n- x  # two\n- y\n", "a:\n# one\n- new  # two\n- y\n"),
        ("a: ['x', y]\r\n", "a: [new, y]\r\n"),
    ],
)
def test_an_item_gets_another_value(before: str, after: str) -> None:
    assert set_item(doc(before), ("a",), 0, "new").text == after


def test_numbers_that_are_none_stay_equal_to_themselves() -> None:
    assert set_key(doc("a: .nan\nb: .inf\n"), (), "c", 1).text == "a: .nan\nb: .inf\nc: 1\n"


def test_edits_are_applied_in_order_and_must_not_overlap() -> None:
    document = doc("abcdef\n")
    edits = [Edit(4, 5, "E"), Edit(1, 1, "1"), Edit(1, 2, "2")]
    assert apply(document, edits) == "a12cdEf\n"
    with pytest.raises(ValueError, match="must lie within the text"):
        apply(document, [Edit(0, 3, ""), Edit(2, 4, "")])
    with pytest.raises(ValueError, match="must lie within the text"):
        apply(document, [Edit(0, 99, "")])
