from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.diagnostics import Place, Severity
from okr.documents import read_document
from okr.model import Override, RuleSeverity, Settings
from okr.rules.catalogue import rules_by_name
from okr.rules.comments import MOST_SUPPRESSIONS, suppressions
from okr.rules.engine import diagnose, diagnose_logs, examine
from okr.rules.severities import is_off, path_matches, severity_of
from tests.rules.cases import OBJECTIVE, TWO, expect

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"


def titled(title: str, above: str = "", first: str = "", key_results: str = "") -> str:
    """A plan whose first objective has this title, with comments around it."""
    text = TWO.replace("    title: Make people come back", f"{above}    title: {title}", 1)
    text = text.replace("  - id: first", f"{first}  - id: first", 1)
    return text.replace("    key_results:", f"    key_results:{key_results}", 1)


def silenced(open_workspace: OpenWorkspace, files: dict[str, str]) -> tuple[list[str], list[str]]:
    """The codes of what stands, and of what comments silence."""
    found = examine(open_workspace(files))
    return [each.code for each in found.diagnostics], [each.code for each in found.suppressed]


WHY = "the board asked for it"
COMMENTS = {
    "at the end of the line": titled(f"Win 20 customers  # okr: ignore[OKR401] {WHY}"),
    "by name": titled(f"Win 20 customers  # okr: ignore[number-in-objective] {WHY}"),
    "by family": titled(f"Win 20 customers  # okr: ignore[OKR4] {WHY}"),
    "by family, with xx": titled(f"Win 20 customers  # okr: ignore[OKR4xx] {WHY}"),
    "without blanks": titled(f"Win 20 customers #okr:ignore[OKR401]{WHY}"),
    "with a colon": titled(f"Win 20 customers  # okr: ignore[OKR401]: {WHY}"),
    "behind another comment": titled(f"Win 20 customers  # sic # okr: ignore[OKR401] {WHY}"),
    "behind quotes": titled(f'"Win 20 customers # here"  # okr: ignore[OKR401] {WHY}'),
    "above the line": titled("Win 20 customers", above=f"    # okr: ignore[OKR401] {WHY}\n"),
    "above, with more comments between": titled(
        "Win 20 customers", above=f"    # okr: ignore[OKR401] {WHY}\n\n    # and so on\n"
    ),
    "above the item": titled("Win 20 customers", first=f"  # okr: ignore[OKR401] {WHY}\n"),
    "for the whole file": f"# Our plan\n# okr: ignore-file[OKR401] {WHY}\n{titled('Win 20 customers')}",
    "a folded text": titled(f">  # okr: ignore[OKR401] {WHY}\n      Win 20\n      customers"),
    "behind a text of several lines": titled(f'"Win 20\n      customers"  # okr: ignore[OKR401] {WHY}'),
}


@pytest.mark.unmeasured
@pytest.mark.parametrize("text", COMMENTS.values(), ids=COMMENTS.keys())
def test_a_comment_silences_a_rule_where_it_stands(open_workspace: OpenWorkspace, text: str) -> None:
    assert silenced(open_workspace, {PLAN: text}) == ([], ["OKR401"])


def test_several_rules_in_one_comment(open_workspace: OpenWorkspace) -> None:
    title = f"Win {'more and more ' * 10}of 20 customers"
    text = titled(f"{title} # okr: ignore[OKR401, long-title] {WHY}")
    assert silenced(open_workspace, {PLAN: text}) == ([], ["OKR415", "OKR401"])


def test_a_comment_at_a_key_holds_for_what_is_found_where_its_value_begins(
    open_workspace: OpenWorkspace,
) -> None:
    text = "objectives:  # okr: ignore[OKR201] one is enough this time\n" + OBJECTIVE % "first"
    assert silenced(open_workspace, {PLAN: text}) == ([], ["OKR201"])
    above = "# okr: ignore[OKR201] one is enough this time\nobjectives:\n" + OBJECTIVE % "first"
    assert silenced(open_workspace, {PLAN: above}) == ([], ["OKR201"])


def test_a_comment_at_a_line_of_a_log(open_workspace: OpenWorkspace) -> None:
    log = "- {date: 2026-09-30, kr: first/one, value: 1}  # okr: ignore[OKR503] counted the night before\n"
    assert silenced(open_workspace, {PLAN: TWO, LOG: log}) == ([], ["OKR503"])


NO_COMMENTS = {
    "in a plain text": titled("Win 20 customers#okr:ignore[OKR401]x"),
    "in quotes": titled(f'"Win 20 customers # okr: ignore[OKR401] {WHY}"'),
    "in single quotes": titled(f"'Win 20 customers # okr: ignore[OKR401] {WHY}'"),
    "in a folded text": titled(f">\n      Win 20 customers\n      # okr: ignore[OKR401] {WHY}"),
    "in quotes over several lines": titled(f'"Win 20 customers\n      # okr: ignore[OKR401] {WHY}"'),
    "in a key": titled("Win 20 customers").replace(
        "id: first", f'id: first\n    "# okr: ignore[OKR401] {WHY}": 1', 1
    ),
    "about something else": titled("Win 20 customers  # okr: our own plan, ignore this"),
}


@pytest.mark.parametrize("text", NO_COMMENTS.values(), ids=NO_COMMENTS.keys())
def test_a_text_is_no_comment(open_workspace: OpenWorkspace, text: str) -> None:
    standing, hidden = silenced(open_workspace, {PLAN: text})
    assert "OKR401" in standing
    assert hidden == []
    assert {"OKR119", "OKR120", "OKR121"}.isdisjoint(standing)


def test_a_comment_below_a_folded_text_is_one() -> None:
    text = b"title: |\n  # okr: ignore[OKR401] a\n  two\n# okr: ignore[OKR402] b\nname: c\n"
    assert [each.named[0].selector for each in suppressions(read_document("a.yaml", text))] == ["OKR402"]


OTHER_PLACES = {
    "the line above": titled("Win 20 customers").replace("id: first", f"id: first  # okr: ignore[⟦OKR401⟧] {WHY}", 1),
    "the item above": titled("Win 20 customers").replace("\n  - id: second", f"\n  # okr: ignore[⟦OKR401⟧] {WHY}\n  - id: second"),
    "another rule": titled(f"Win 20 customers  # okr: ignore[⟦OKR402⟧] {WHY}"),
}  # fmt: skip


@pytest.mark.parametrize("text", OTHER_PLACES.values(), ids=OTHER_PLACES.keys())
def test_a_comment_elsewhere_silences_nothing_and_is_reported(
    open_workspace: OpenWorkspace, text: str
) -> None:
    text = text.replace("Win 20", "Win ⟦20⟧")
    phrases = {"OKR401": "has a number", "OKR119": "finds nothing here that could be silenced"}
    order = ["OKR119", "OKR401"] if text.index("⟦OKR") < text.index("⟦20") else ["OKR401", "OKR119"]
    found = expect(open_workspace, {PLAN: text}, [(code, phrases[code]) for code in order])
    assert {each.severity for each in found if each.code == "OKR119"} == {Severity.WARNING}


def test_of_several_rules_only_the_unused_one_is_reported(open_workspace: OpenWorkspace) -> None:
    text = titled(f"Win 20 customers  # okr: ignore[OKR401, ⟦OKR415⟧] {WHY}")
    expect(open_workspace, {PLAN: text}, [("OKR119", "OKR415 finds nothing here")])


def test_an_unused_comment_for_a_whole_file(open_workspace: OpenWorkspace) -> None:
    text = f"# okr: ignore-file[⟦OKR4⟧] {WHY}\n{TWO}"
    expect(open_workspace, {PLAN: text}, [("OKR119", "OKR4 finds nothing in this file")])


def test_a_comment_for_what_comes_and_goes_with_the_day_is_never_unused(
    open_workspace: OpenWorkspace,
) -> None:
    text = titled("Make people come back  # okr: ignore[OKR515] measured when there is an outage")
    expect(open_workspace, {PLAN: text})


@pytest.mark.parametrize("reason", ["", "  ", " -", ": …"])
def test_a_reason_is_required(open_workspace: OpenWorkspace, reason: str) -> None:
    text = titled(f"Win 20 customers  ⟦# okr: ignore[OKR401]{reason.rstrip()}⟧{' ' * (reason == '  ')}")
    (found,) = expect(open_workspace, {PLAN: text}, [("OKR120", "doesn't say why")])
    assert found.severity is Severity.ERROR


INVALID = {
    "no brackets": ("⟦# okr: ignore OKR401 the board⟧", "does not say in brackets which rules"),
    "empty brackets": ("⟦# okr: ignore[] the board⟧", "does not say in brackets which rules"),
    "open brackets": ("⟦# okr: ignore[OKR401 the board⟧", "does not say in brackets which rules"),
    "misspelt": ("⟦# okr: ignroe[OKR401] the board⟧", "“okr: ignroe” means nothing: write ignore"),
    "the whole file, further down": ("⟦# okr: ignore-file[OKR401] the board⟧", "stands below its first line"),
    "an unknown rule": ("# okr: ignore[⟦OKR4011⟧] the board", "there is no rule “OKR4011”"),
    "an unreadable file": ("# okr: ignore[⟦OKR104⟧] the board", "OKR104 can't be silenced by a comment"),
    "these rules themselves": ("# okr: ignore[⟦OKR120⟧] the board", "OKR120 can't be silenced by a comment"),
}


@pytest.mark.parametrize(("comment", "phrase"), INVALID.values(), ids=INVALID.keys())
def test_what_is_no_such_comment_is_reported(
    open_workspace: OpenWorkspace, comment: str, phrase: str
) -> None:
    text = titled(f"Make people come back  {comment}")
    (found,) = expect(open_workspace, {PLAN: text}, [("OKR121", phrase)])
    assert found.severity is Severity.WARNING
    assert found.finding.hint


def test_a_comment_that_nothing_follows(open_workspace: OpenWorkspace) -> None:
    expect(open_workspace, {PLAN: f"{TWO}⟦# okr: ignore[OKR401] {WHY}⟧\n"}, [("OKR121", "nothing follows")])


def test_a_misspelt_rule_gets_the_nearest(open_workspace: OpenWorkspace) -> None:
    text = titled(f"Make people come back  # okr: ignore[long-titel] {WHY}")
    (found,) = diagnose(open_workspace({PLAN: text}))
    assert "did you mean long-title" in (found.finding.hint or "")


def test_the_rules_on_comments_are_set_in_okr_yaml(open_workspace: OpenWorkspace) -> None:
    settings = "rules: {suppression-without-reason: off}\n"
    text = titled("Win 20 customers  # okr: ignore[OKR401]")
    assert silenced(open_workspace, {"okr.yaml": settings, PLAN: text}) == ([], ["OKR401"])


def test_what_cannot_be_read_is_never_silenced(open_workspace: OpenWorkspace) -> None:
    text = titled(f"Make people come back\n    titel: x  # okr: ignore[OKR1, OKR2, OKR4] {WHY}")
    assert silenced(open_workspace, {PLAN: text}) == (["OKR112"], [])
    assert silenced(open_workspace, {PLAN: f"# okr: ignore-file[OKR1] {WHY}\nobjectives: [\n"})[0] == [
        "OKR104"
    ]


def test_settings_can_be_silenced_where_they_stand(open_workspace: OpenWorkspace) -> None:
    text = "rules:\n  OKR999: off  # okr: ignore[OKR610] for the next release\n"
    assert silenced(open_workspace, {"okr.yaml": text}) == ([], ["OKR610"])


@pytest.mark.parametrize(("comment", "codes"), [("", ["OKR506"]), (f"  # okr: ignore[OKR506] {WHY}", [])])
def test_a_log_is_judged_by_itself_with_its_comments(
    open_workspace: OpenWorkspace, comment: str, codes: list[str]
) -> None:
    line = f"- {{date: 2026-10-05, kr: first/one, confidence: 7}}{comment}\n"
    workspace = open_workspace({PLAN: TWO, LOG: line})
    (log,) = workspace.logs("2026-Q4")
    assert [each.code for each in diagnose_logs(workspace, [log, *log.records])] == codes


def test_no_more_comments_are_read_than_anybody_writes() -> None:
    text = "# okr: ignore[OKR401] a\n" * (MOST_SUPPRESSIONS + 5) + "name: a\n"
    found = suppressions(read_document("a.yaml", text.encode()))
    assert len(found) == MOST_SUPPRESSIONS + 1
    assert [each.fault for each in found if each.fault] == [
        "this file has more than 300 of these, and no more are read"
    ]
    assert not found[-1].covers(Place())


@pytest.mark.parametrize(
    "text", ["", "# okr: ignore[OKR401] a\n", "- a\n- [b, # okr: ignore[OKR401] c\n  d]\n"]
)
def test_files_of_any_shape_have_comments(text: str) -> None:
    assert len(suppressions(read_document("a.yaml", text.encode()))) == text.count("okr:")


# Severities for some files


def override(paths: list[str], **rules: str) -> Override:
    return Override(paths=tuple(paths), rules={code: RuleSeverity(value) for code, value in rules.items()})


OVERRIDES = {
    "none": ([], Severity.INFO),
    "another file": ([override(["okrs/2025*/**"], OKR4="off")], Severity.INFO),
    "this file": ([override(["okrs/2026*/**"], OKR4="off")], Severity.OFF),
    "one of several paths": ([override(["a.yaml", PLAN], OKR4="off")], Severity.OFF),
    "the later one": (
        [override(["okrs/**"], OKR4="off"), override(["okrs/**"], OKR4="error")],
        Severity.ERROR,
    ),
    "the last that says something": (
        [override(["okrs/**"], OKR401="warning"), override(["okrs/**"], OKR2="off")],
        Severity.WARNING,
    ),
    "the nearest name": ([override(["**"], OKR4="off", OKR40="info", OKR401="error")], Severity.ERROR),
    "the longer beginning": ([override(["**"], OKR4="off", OKR40x="warning")], Severity.WARNING),
}


@pytest.mark.parametrize(("overrides", "severity"), OVERRIDES.values(), ids=OVERRIDES.keys())
def test_other_severities_for_some_files(
    open_workspace: OpenWorkspace, overrides: list[Override], severity: Severity
) -> None:
    (found,) = diagnose(open_workspace({PLAN: titled("Win 20 customers")}))
    settings = Settings(rules={"OKR4": RuleSeverity.INFO}, overrides=tuple(overrides))
    assert severity_of(rules_by_name()["OKR401"], settings, found.finding) is severity


def test_a_rule_may_be_on_for_some_files_only(open_workspace: OpenWorkspace) -> None:
    settings = "rules: {OKR4: off}\noverrides:\n  - {paths: okrs/2026-Q4, rules: {OKR401: warning}}\n"
    text = titled("Win 20 customers")
    found = diagnose(open_workspace({"okr.yaml": settings, PLAN: text, "okrs/2026-Q3/marketing.yaml": text}))
    assert [(each.code, each.finding.path, each.severity) for each in found] == [
        ("OKR401", PLAN, Severity.WARNING)
    ]
    rule = rules_by_name()["OKR401"]
    assert not is_off(
        rule, Settings(rules={"OKR4": RuleSeverity.OFF}, overrides=(override(["a"], OKR4="info"),))
    )
    assert is_off(rule, Settings(rules={"OKR4": RuleSeverity.OFF}, overrides=(override(["a"], OKR4="off"),)))
    assert is_off(rule, Settings(rules={"OKR4": RuleSeverity.OFF}, overrides=(override(["a"], OKR2="info"),)))


def test_an_override_names_rules_that_are_there(open_workspace: OpenWorkspace) -> None:
    settings = "overrides:\n  - {paths: [okrs/**], rules: {⟦OKR9⟧: info, ⟦yaml-syntax⟧: off}}\n"
    phrases = [("OKR610", "there is no rule “OKR9”"), ("OKR614", "“yaml-syntax” stays an error")]
    expect(open_workspace, {"okr.yaml": settings, PLAN: TWO}, phrases)


@pytest.mark.parametrize(
    ("paths", "message", "hint"),
    [
        ("[okrs/**, ⟦okrs/2025*/**⟧]", "matches “okrs/2025*/**”", "patterns start at the workspace's root"),
        ("⟦./okrs⟧", "matches “./okrs”", "did you mean okrs?"),
        ("⟦2026-Q4/sales.yaml⟧", "matches “2026-Q4/sales.yaml”", "patterns start at"),
        ("⟦2026-Q4/marketing.yaml⟧", "matches “2026-Q4/marketing.yaml”", "did you mean **/2026-Q4/marketing.yaml?"),
        ("⟦okrs/2026⟧", "matches “okrs/2026”", "did you mean okrs/2026*/**?"),
    ],
)  # fmt: skip
def test_an_override_of_files_that_are_not_there_is_reported(
    open_workspace: OpenWorkspace, paths: str, message: str, hint: str
) -> None:
    settings = f"overrides:\n  - {{paths: {paths}, rules: {{OKR4: info}}}}\n"
    (found,) = expect(open_workspace, {"okr.yaml": settings, PLAN: TWO}, [("OKR616", message)])
    assert hint in str(found.finding.hint)
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(
    "paths", ["okrs", "'*.yaml'", "okr.yaml", ".gitattributes", "okrs/2026-Q4/stray.yml"]
)
def test_an_override_may_be_of_any_file_of_the_workspace(open_workspace: OpenWorkspace, paths: str) -> None:
    settings = f"overrides: [{{paths: {paths}, rules: {{OKR116: off}}}}]\n"
    found = diagnose(open_workspace({"okr.yaml": settings, PLAN: TWO, "okrs/2026-Q4/stray.yml": TWO}))
    assert "OKR616" not in {each.code for each in found}


@pytest.mark.parametrize(
    "text",
    [
        "{rules: {OKR4: info}}",
        "{paths: [], rules: {OKR4: info}}",
        "{paths: okrs, rule: {}}",
        "{paths: okrs, rules: off}",
    ],
)
def test_an_override_has_a_form(open_workspace: OpenWorkspace, text: str) -> None:
    found = diagnose(open_workspace({"okr.yaml": f"overrides: [{text}]\n", PLAN: TWO}))
    assert {each.code[:4] for each in found} == {"OKR1"}


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("okrs/2025*/**", "okrs/2025-Q4/a.yaml", True),
        ("okrs/2025*/**", "okrs/2026-Q4/a.yaml", False),
        ("okrs/2025*", "okrs/2025-Q4/a.yaml", True),
        ("okrs/2025-Q4/", "okrs/2025-Q4/a.yaml", True),
        ("okrs/*", "okrs/2025-Q4/a.yaml", True),
        ("okrs/*/a.yaml", "okrs/2025-Q4/a.yaml", True),
        ("okrs/*/a.yaml", "okrs/2025-Q4/b.yaml", False),
        ("okrs/*.yaml", "okrs/2025-Q4/b.yaml", False),
        ("okrs/**/b.yaml", "okrs/2025-Q4/b.yaml", True),
        ("okrs/**/b.yaml", "okrs/b.yaml", True),
        ("**/b.yaml", "okrs/2025-Q4/b.yaml", True),
        ("**", "okr.yaml", True),
        ("b.yaml", "okrs/2025-Q4/b.yaml", True),
        ("2025-Q4", "okrs/2025-Q4/b.yaml", True),
        ("/okr.yaml", "okr.yaml", True),
        ("/b.yaml", "okrs/b.yaml", False),
        ("okrs/2025-Q[12]", "okrs/2025-Q2/b.yaml", True),
        ("okrs/2025-Q[12]", "okrs/2025-Q3/b.yaml", False),
        ("okrs/2025-Q4/b.yaml/c", "okrs/2025-Q4/b.yaml", False),
        ("/", "okr.yaml", False),
        ("OKRS/**", "okrs/a.yaml", False),
    ],
)  # fmt: skip
def test_patterns_match_as_those_of_git_do(pattern: str, path: str, matches: bool) -> None:
    assert path_matches(pattern, path) is matches
