from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from okr.diagnostics import Diagnostic, Finding, Place, Severity
from okr.documents import read_document
from okr.errors import OkrError, UsageError
from okr.operations.validation.baseline import Baseline, Entry, baseline_of, read_baseline, write_baseline
from okr.operations.validation.wanted_rules import rules_called, wanted_codes
from okr.rules.catalogue import catalogue
from okr.rules.engine import diagnose
from okr.rules.fingerprints import fingerprint, fingerprints, line_of
from okr.rules.severities import can_be_silenced
from tests.rules.cases import TWO

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import OpenWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
NUMBERED = TWO.replace("Make people come back", "Win 20 customers")
ALWAYS = {each.code for each in catalogue() if not can_be_silenced(each)}


def found(
    message: str = "m 1", *, path: str = PLAN, place: Place = Place(2, 3, 2, 5), code: str = "OKR401",
    ref: str | None = None,
) -> Diagnostic:  # fmt: skip
    return Diagnostic(code, "name", Severity.ERROR, Finding(path, place, message, ref=ref))


def test_a_fingerprint_is_the_same_on_every_machine_and_in_every_release() -> None:
    assert fingerprint(found(), "title: a") == (
        "72459f3688f85362f0fb5fe64cee0523239055395d288562d68699efa1d7e8db"
    )


SAME = {
    "moved": (found(place=Place(9, 3, 9, 5)), "title: a"),
    "worded otherwise": (found("another message"), "title: a"),
    "indented otherwise": (found(), "      title:  a  "),
}
OTHER = {
    "another line": (found(), "title: b"),
    "another file": (found(path="a.yaml"), "title: a"),
    "another rule": (found(code="OKR402"), "title: a"),
    "about something else": (found(ref="2026-Q4/a/b"), "title: a"),
    "about the whole file": (found(place=Place()), "title: a"),
}


@pytest.mark.parametrize(("diagnostic", "line"), SAME.values(), ids=SAME.keys())
def test_a_fingerprint_survives(diagnostic: Diagnostic, line: str) -> None:
    assert fingerprint(diagnostic, line) == fingerprint(found(), "title: a")


@pytest.mark.parametrize(("diagnostic", "line"), OTHER.values(), ids=OTHER.keys())
def test_a_fingerprint_differs(diagnostic: Diagnostic, line: str) -> None:
    assert fingerprint(diagnostic, line) != fingerprint(found(), "title: a")


def test_of_a_whole_file_the_message_counts_without_its_numbers() -> None:
    whole = [found(message, place=Place()) for message in ("line 3, or so", "line 14, or so", "row 3, or so")]
    known = [fingerprint(each, "title: a") for each in whole]
    assert known[0] == known[1] != known[2]
    assert fingerprint(found(), "  ") == fingerprint(found(), "")


def test_findings_alike_are_counted_through() -> None:
    documents = {PLAN: read_document(PLAN, b"a: 1\nb: 2\n")}
    known = fingerprints([found(), found(), found(place=Place(1, 1, 1, 2))], documents)
    assert len(set(known)) == 3
    assert known[0] == fingerprint(found(), "b: 2")
    assert known[1] == fingerprint(found(), "b: 2", occurrence=1)
    assert line_of(found(), documents) == "b: 2"
    assert line_of(found(path="a.yaml"), documents) == ""


def everything(path: str, code: str) -> bool:
    return bool(path and code)


def recorded(open_workspace: OpenWorkspace, files: dict[str, str]) -> Baseline:
    workspace = open_workspace(files)
    diagnostics = diagnose(workspace)
    return baseline_of(diagnostics, {each.path: each for each in workspace.documents})


def compared(
    open_workspace: OpenWorkspace, files: dict[str, str], baseline: Baseline,
    asked: Callable[[str, str], bool] = everything,
) -> tuple[list[tuple[str, int]], int, int]:  # fmt: skip
    workspace = open_workspace(files)
    diagnostics = diagnose(workspace)
    result = baseline.compare(diagnostics, {each.path: each for each in workspace.documents}, asked)
    return [(each.code, each.finding.place.line) for each in result.new], result.known, result.gone


def test_what_was_there_is_left_out_though_its_lines_move(open_workspace: OpenWorkspace) -> None:
    baseline = recorded(open_workspace, {PLAN: NUMBERED})
    assert sum(baseline.counts.values()) == 2
    moved = NUMBERED.replace("objectives:", "# A comment\n\nobjectives:")
    assert compared(open_workspace, {PLAN: moved}, baseline) == ([], 2, 0)


def test_what_is_new_stands(open_workspace: OpenWorkspace) -> None:
    baseline = recorded(open_workspace, {PLAN: NUMBERED})
    changed = NUMBERED.replace("Win 20 customers", "Win 30 customers", 1)
    assert compared(open_workspace, {PLAN: changed}, baseline) == ([("OKR401", 3)], 1, 1)


def test_one_more_of_the_same_is_new() -> None:
    documents = {PLAN: read_document(PLAN, b"a: 1\nb: 2\nb: 2\n")}
    baseline = baseline_of([found()], documents)
    result = baseline.compare([found(), found(place=Place(3, 1, 3, 2))], documents, everything)
    assert ([each.finding.place.line for each in result.new], result.known, result.gone) == ([3], 1, 0)


def test_only_what_was_asked_about_is_missed(open_workspace: OpenWorkspace) -> None:
    baseline = recorded(open_workspace, {PLAN: NUMBERED})
    assert compared(open_workspace, {PLAN: TWO}, baseline) == ([], 0, 2)
    assert compared(open_workspace, {PLAN: TWO}, baseline, lambda path, _: path != PLAN) == ([], 0, 0)
    assert compared(open_workspace, {PLAN: TWO}, baseline, lambda _, code: code != "OKR401") == ([], 0, 0)


def test_what_cannot_be_read_is_never_left_out(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace({"okr.yaml": "nmae: Acme\n"})
    documents = {each.path: each for each in workspace.documents}
    (broken,) = diagnose(workspace)
    assert baseline_of([broken], documents).counts == {}
    entry = Entry("okr.yaml", broken.code, "", fingerprint(broken, "nmae: Acme"))
    result = Baseline({entry: 1}).compare([broken], documents, everything)
    assert (result.new, result.known) == ((broken,), 0)


def test_a_baseline_is_written_sorted_and_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    documents = {PLAN: read_document(PLAN, b"a: 1\nb: 2\n")}
    findings = [found(), found(), found(code="OKR203", ref="2026-Q4/a/b"), found(path="okr.yaml")]
    baseline = baseline_of(findings, documents)
    write_baseline(path, baseline)
    assert read_baseline(path).counts == baseline.counts
    written = json.loads(path.read_text(encoding="utf-8"))
    assert [list(each) for each in written["findings"]] == [
        ["path", "rule", "ref", "fingerprint", "count"]
    ] * 3
    assert [(each["path"], each["rule"], each["ref"], each["count"]) for each in written["findings"]] == [
        ("okr.yaml", "OKR401", None, 1),
        (PLAN, "OKR203", "2026-Q4/a/b", 1),
        (PLAN, "OKR401", None, 2),
    ]
    before = path.read_bytes()
    write_baseline(path, baseline_of(reversed(findings), documents))
    assert path.read_bytes() == before
    write_baseline(path, Baseline({}))
    assert path.read_text(encoding="utf-8") == '{\n "schema": 1,\n "findings": []\n}\n'
    assert [each.name for each in tmp_path.iterdir()] == ["baseline.json"]


NO_BASELINES = {
    "not JSON": (b"{\n\n", "line 3 is not JSON"),
    "not UTF-8": (b'{"a": "\xff"}', "it is not UTF-8"),
    "not a mapping": (b"[]", "it is not of the form"),
    "another schema": (b'{"schema": 2, "findings": []}', "it is not of the form"),
    "no list": (b'{"schema": 1, "findings": {}}', "it is not of the form"),
    "no entry": (b'{"schema": 1, "findings": [3]}', "entry 1 does not have the keys path, rule, ref,"),
    "an entry without its count": (
        b'{"schema": 1, "findings": [{"path": "a", "rule": "b", "ref": null, "fingerprint": "c", "count": "1"}]}',
        "entry 1 does not have the keys",
    ),
    "a bomb": (b"[" * 200_000, "it nests too deeply"),
}


@pytest.mark.parametrize(("content", "why"), NO_BASELINES.values(), ids=NO_BASELINES.keys())
def test_another_file_is_no_baseline(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_bytes(content)
    with pytest.raises(OkrError) as raised:
        read_baseline(path)
    assert f"{path} is no baseline of okr's: {why}" in str(raised.value)
    assert raised.value.remedy == "`okr validate --write-baseline FILE` writes one"


def test_a_baseline_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(OkrError, match="there is no baseline"):
        read_baseline(tmp_path / "baseline.json")
    with pytest.raises(OkrError, match="can't be read: it is a folder"):
        read_baseline(tmp_path)
    with pytest.raises(OkrError, match="can't be replaced: it is a folder"):
        write_baseline(tmp_path, Baseline({}))


SELECTIONS = {
    "all": ([], [], {"OKR401", "OKR203", "OKR415"}, set()),
    "one": (["OKR401"], [], {"OKR401"}, {"OKR203", "OKR415"}),
    "in small letters": (["okr401"], [], {"OKR401"}, {"OKR203"}),
    "by name, in capitals": (["Long-Title"], [], {"OKR415"}, {"OKR401"}),
    "several between commas": (["OKR401, long-title"], [], {"OKR401", "OKR415"}, {"OKR203"}),
    "several options": (["OKR401", "OKR2xx"], [], {"OKR401", "OKR203"}, {"OKR415"}),
    "a family in small letters": (["okr4xx"], [], {"OKR401", "OKR415"}, {"OKR203"}),
    "a family without one": (["OKR4"], ["OKR401"], {"OKR415"}, {"OKR401", "OKR203"}),
    "all but some": ([], ["OKR40", "OKR2"], {"OKR415"}, {"OKR401", "OKR203"}),
    "a family that holds unreadable files": ([], ["OKR1"], {"OKR104", "OKR401"}, {"OKR116"}),
    "nothing between commas": (["OKR401,"], [""], {"OKR401"}, {"OKR415"}),
}


@pytest.mark.parametrize(
    ("selected", "ignored", "within", "without"), SELECTIONS.values(), ids=SELECTIONS.keys()
)
def test_rules_are_selected_and_ignored(
    selected: list[str], ignored: list[str], within: set[str], without: set[str]
) -> None:
    codes = wanted_codes(selected, ignored)
    assert within <= codes
    assert not without & codes
    assert codes >= ALWAYS


@pytest.mark.parametrize(
    ("selected", "ignored", "message", "remedy"),
    [
        (["OKR999"], [], "--select: there is no rule “OKR999”", "did you mean"),
        ([], ["long-titel"], "--ignore: there is no rule “long-titel”", "did you mean long-title"),
        ([], ["qqqqqqqq"], "--ignore: there is no rule “qqqqqqqq”", "`okr rules` lists all"),
        ([], ["OKR104"], "--ignore: OKR104 can't be ignored", "an error of the whole answer"),
    ],
)
def test_an_unknown_rule_is_a_wrong_command_line(
    selected: list[str], ignored: list[str], message: str, remedy: str
) -> None:
    with pytest.raises(UsageError) as raised:
        wanted_codes(selected, ignored)
    assert str(raised.value) == message
    assert remedy in (raised.value.remedy or "")


def test_rules_are_called_by_code_name_or_family() -> None:
    assert [each.code for each in rules_called("okr203")] == ["OKR203"]
    assert [each.code for each in rules_called("TOO-FEW-KEY-RESULTS")] == ["OKR203"]
    assert {each.code[:4] for each in rules_called("Okr2XX")} == {"OKR2"}
