from __future__ import annotations

import pytest

from okr.git.history import CommitFacts
from okr.operations.audit.words import change_of, record_words, signature_words, who
from okr.operations.record.log_records import LineRecord

BASIS = LineRecord("a/b", "2026-10-05", 44000, 0.6, "alice", "Well")


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(BASIS, "check-in on x/a/b of 2026-10-05 (44000, by alice)", id="value"),
        pytest.param(LineRecord("a/b", "2026-10-05", confidence=0.5), "check-in on x/a/b of 2026-10-05 (confidence 0.5)", id="confidence"),
        pytest.param(LineRecord("a/b", "2026-10-05", float("inf")), "check-in on x/a/b of 2026-10-05 (inf)", id="no number that a file may hold"),
        pytest.param(LineRecord("a/b", "2026-10-05"), "check-in on x/a/b of 2026-10-05", id="nothing"),
        pytest.param(LineRecord("a/b", "2026-10-06", retracts="2026-10-05"), "line of 2026-10-06 that takes back the check-in on x/a/b of 2026-10-05", id="retraction"),
    ],
)  # fmt: skip
def test_a_line_in_words(record: LineRecord, expected: str) -> None:
    assert record_words(record, "x/a/b") == expected


def test_a_difference_in_words() -> None:
    new = BASIS._replace(subject="a/c", value=None, note="x" * 30 + " " + "y" * 40)
    assert change_of(BASIS, new) == (
        "key result a/b → a/c, value 44000 → none, note Well → “" + "x" * 30 + " " + "y" * 28 + "…”"
    )


def test_whoever_made_a_commit_has_a_name() -> None:
    names = [("Ana", "a@x"), ("", "a@x"), ("", "")]
    found = [who(CommitFacts("1", "", 0, "2026-10-05", name, email)) for name, email in names]
    assert found == ["Ana", "a@x", "somebody without a name"]


def test_every_letter_has_its_words() -> None:
    assert signature_words("N") == "is not signed"
    assert signature_words("?") == "has a signature that git can't judge"
