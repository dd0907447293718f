"""`okr schema`: valid schemas that take what okr takes and refuse what it refuses, judged by an independent validator.

Files are read by ruamel's own Python parser, as YAML 1.2 means them (days are strings there), not by okr.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from okr import model
from okr.diagnostics import Problem
from okr.documents import read_document
from okr.operations.schema_texts import EXAMPLES, TEXTS
from okr.operations.schemas import KINDS, schema_of
from okr.rules.example_files import examples_of
from okr.shapes import expect_mapping, log_items, shape
from tests.cli.conftest import SMALL_WORKSPACE, Shell

CHECKOUT = Path(__file__).parents[2]
EXAMPLE_FILES = sorted((CHECKOUT / "examples").rglob("*.yaml"))
RULE_CODES = sorted(path.stem for path in (CHECKOUT / "okr/rules/examples").glob("*.yaml"))
MODELS = {kind.__name__: kind for kind in model.FileModel.__subclasses__() if kind.__module__ == "okr.model"}


class _Core(SafeConstructor):
    """YAML 1.2's core schema, which knows no dates."""


_Core.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def _load(text: str) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    yaml.Constructor = _Core
    return yaml.load(text)


def _kind_of(path: str) -> str:
    """Which kind of file stands at a path, seen from the workspace's root."""
    named = {"okr.yaml": "settings", "org.yaml": "org", "kpis.yaml": "kpis"}
    if path in named:
        return named[path]
    if path.startswith("checkins/"):
        return "log"
    return "cycle" if path.endswith("/cycle.yaml") else "plan"


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(schema_of(kind))


def _refusals(kind: str, text: str) -> list[str]:
    return [error.json_path for error in _validator(kind).iter_errors(_load(text))]


def _found_by_okr(kind: str, text: str) -> list[str]:
    """What okr's own reader finds wrong with a file's shape."""
    document = read_document("file.yaml", text.encode())
    assert document.problems == ()
    if kind == "log":
        items = [*log_items(document)]
        problems = [each for each in items if isinstance(each, Problem)]
        parts = [each for each in items if not isinstance(each, Problem)]
    else:
        whole, problems = expect_mapping(document, "this file")
        parts = [] if whole is None else [whole]
    problems += [problem for part in parts for problem in shape(document, KINDS[kind], part)[2]]
    return [problem.rule for problem in problems]


@pytest.mark.unmeasured
@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_valid_and_says_what_it_is(shell: Shell, kind: str) -> None:
    done = shell.okr("schema", kind)
    assert (done.status, done.err) == (0, "")
    schema = json.loads(done.out)
    Draft202012Validator.check_schema(schema)
    assert list(schema)[:4] == ["$schema", "$id", "title", "description"]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:okr:schema:{kind}"
    assert schema["title"] == f"okr: {kind}"
    assert ".yaml: " in schema["description"]
    assert shell.okr("schema", kind).out == done.out


@pytest.mark.unmeasured
@pytest.mark.parametrize("path", EXAMPLE_FILES, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_every_example_is_accepted(path: Path) -> None:
    inside = Path(*path.relative_to(CHECKOUT / "examples").parts[1:]).as_posix()
    assert _refusals(_kind_of(inside), path.read_text(encoding="utf-8")) == []


def test_the_examples_are_of_every_kind() -> None:
    kinds = {
        _kind_of(Path(*path.relative_to(CHECKOUT / "examples").parts[1:]).as_posix())
        for path in EXAMPLE_FILES
    }
    assert kinds == set(KINDS)


@pytest.mark.unmeasured
@pytest.mark.parametrize("code", RULE_CODES)
def test_the_good_example_of_every_rule_is_accepted(code: str) -> None:
    examples = examples_of(code)
    assert examples is not None
    files = {path: text for path, text in examples.good.files.items() if path.endswith(".yaml")}
    refused = [(path, where) for path, text in files.items() for where in _refusals(_kind_of(path), text)]
    assert refused == []


@pytest.mark.parametrize("code", ["OKR112", "OKR113", "OKR114", "OKR115"])
def test_the_bad_example_of_every_rule_on_shape_is_refused(code: str) -> None:
    examples = examples_of(code)
    assert examples is not None
    assert any(_refusals(_kind_of(path), text) for path, text in examples.bad.files.items())


def _plan(objective: str = "", key_result: str = "") -> str:
    """A plan with one objective and key result, to which something is added."""
    return f"""\
objectives:
  - id: brand
    title: Be the brand people think of first
{f"    {objective}" if objective else ""}
    key_results:
      - id: visits
        title: Reach many visits
{f"        {key_result}" if key_result else ""}
"""


KR = "$.objectives[0].key_results[0]"

REFUSED = {
    "unknown key of a plan": ("plan", "objectives: []\ngoals: []", "$"),
    "plan without objectives": ("plan", "{}", "$"),
    "empty plan": ("plan", "", "$"),
    "plan that is a list": ("plan", "- {id: brand}", "$"),
    "objectives that are a mapping": ("plan", "objectives: {brand: 1}", "$.objectives"),
    "objectives left empty": ("plan", "objectives:", "$.objectives"),
    "objective without a title": ("plan", "objectives: [{id: brand}]", "$.objectives[0]"),
    "objective without an id": ("plan", "objectives: [{title: Be known}]", "$.objectives[0]"),
    "misspelt key": ("plan", _plan("keyresults: []"), "$.objectives[0]"),
    "key results left empty": (
        "plan",
        "objectives: [{id: a, title: b, key_results: }]",
        "$.objectives[0].key_results",
    ),
    "id with a capital": ("plan", "objectives: [{id: Brand, title: b}]", "$.objectives[0].id"),
    "id with an underscore": ("plan", "objectives: [{id: our_brand, title: b}]", "$.objectives[0].id"),
    "id with an accent": ("plan", "objectives: [{id: notoriété, title: b}]", "$.objectives[0].id"),
    "id that ends in a hyphen": ("plan", "objectives: [{id: brand-, title: b}]", "$.objectives[0].id"),
    "id that is too long": ("plan", f"objectives: [{{id: {'a' * 101}, title: b}}]", "$.objectives[0].id"),
    "id that is negative": ("plan", "objectives: [{id: -5, title: b}]", "$.objectives[0].id"),
    "blank title": ("plan", 'objectives: [{id: brand, title: " "}]', "$.objectives[0].title"),
    "number for a title": ("plan", "objectives: [{id: brand, title: 2026}]", "$.objectives[0].title"),
    "unknown type": ("plan", _plan("type: moonshot"), "$.objectives[0].type"),
    "number for a reference": ("plan", _plan("supports: 2026"), "$.objectives[0].supports"),
    "number among references": ("plan", _plan("supports: [2026]"), "$.objectives[0].supports"),
    "former id with a capital": ("plan", _plan("formerly: [Old]"), "$.objectives[0].formerly"),
    "number for tags": ("plan", _plan("tags: 3"), "$.objectives[0].tags"),
    "baseline as text": ("plan", _plan(key_result='from: "42000"'), f"{KR}.from"),
    "baseline with spaces": ("plan", _plan(key_result="from: 42 000"), f"{KR}.from"),
    "baseline that nobody knows": ("plan", _plan(key_result="from: tbd"), f"{KR}.from"),
    "relative baseline": ("plan", _plan(key_result="from: +30%"), f"{KR}.from"),
    "unknown target": ("plan", _plan(key_result="to: unknown"), f"{KR}.to"),
    "target of a percentage without a sign": ("plan", _plan(key_result="to: 30%"), f"{KR}.to"),
    "target with a unit": ("plan", _plan(key_result="to: 100 k"), f"{KR}.to"),
    "target that is true": ("plan", _plan(key_result="to: true"), f"{KR}.to"),
    "target that is infinite": ("plan", _plan(key_result="to: .inf"), f"{KR}.to"),
    "target beyond all sizes": ("plan", _plan(key_result="to: 1e300"), f"{KR}.to"),
    "Python's name of the baseline": ("plan", _plan(key_result="start: 4"), KR),
    "Python's name of the target": ("plan", _plan(key_result="target: 4"), KR),
    "relative bound": ("plan", _plan(key_result="at_least: +30%"), f"{KR}.at_least"),
    "ladder that is a list": ("plan", _plan(key_result="milestones: [done]"), f"{KR}.milestones"),
    "step without a score": ("plan", _plan(key_result="milestones: {done: yes}"), f"{KR}.milestones"),
    "negative weight": ("plan", _plan(key_result="weight: -1"), f"{KR}.weight"),
    "weight left empty": ("plan", _plan(key_result="weight:"), f"{KR}.weight"),
    "grade above one": ("plan", _plan(key_result="grade: 7"), f"{KR}.grade"),
    "initiatives as texts": (
        "plan",
        _plan(key_result="initiatives: [Rewrite it]"),
        f"{KR}.initiatives[0]",
    ),
    "initiative done by a word": (
        "plan",
        _plan(key_result="initiatives: [{title: Rewrite it, done: yes}]"),
        f"{KR}.initiatives[0].done",
    ),
    "log that is a mapping": ("log", "date: 2026-10-05", "$"),
    "record without a date": ("log", "- {kr: brand/visits, value: 1}", "$[0]"),
    "record with an unknown key": ("log", "- {date: 2026-10-05, kr: a/b, comment: x}", "$[0]"),
    "day the other way round": ("log", "- {date: 05/10/2026, kr: a/b, value: 1}", "$[0].date"),
    "day in month 13": ("log", "- {date: 2026-13-05, kr: a/b, value: 1}", "$[0].date"),
    "time without an offset": ("log", '- {date: "2026-10-05T09:31:07", kr: a/b, value: 1}', "$[0].date"),
    "hour 25": ("log", '- {date: "2026-10-05T25:31:07Z", kr: a/b, value: 1}', "$[0].date"),
    "list for a value": ("log", "- {date: 2026-10-05, kr: a/b, value: [1]}", "$[0].value"),
    "confidence in words": ("log", "- {date: 2026-10-05, kr: a/b, confidence: high}", "$[0].confidence"),
    "number for a note": ("log", "- {date: 2026-10-05, kr: a/b, value: 1, note: 5}", "$[0].note"),
    "retraction of no date": ("log", "- {date: 2026-10-05, kr: a/b, retracts: last}", "$[0].retracts"),
    "team without an id": ("org", "teams: [{name: Marketing}]", "$.teams[0]"),
    "person with a team's key": ("org", "people: [{id: alice, parent: company}]", "$.people[0]"),
    "number for an address": ("org", "people: [{id: alice, email: 5}]", "$.people[0].email"),
    "thirteenth month": ("settings", "year_starts: 13", "$.year_starts"),
    "month by its name": ("settings", "year_starts: March", "$.year_starts"),
    "unknown language": ("settings", "language: de", "$.language"),
    "limit without an end": ("settings", "limits: {objectives: {min: 2}}", "$.limits.objectives"),
    "negative limit": (
        "settings",
        "limits: {objectives: {min: -1, max: 3}}",
        "$.limits.objectives.min",
    ),
    "no days between check-ins": ("settings", "checkin_every: 0", "$.checkin_every"),
    "push by a word": ("settings", "checkin: {push: yes}", "$.checkin.push"),
    "unknown severity": ("settings", "rules: {OKR401: fatal}", "$.rules.OKR401"),
    "override without paths": ("settings", "overrides: [{rules: {}}]", "$.overrides[0]"),
    "override of no paths": ("settings", "overrides: [{paths: [], rules: {}}]", "$.overrides[0].paths"),
    "unknown name of years": ("settings", "year_named_after: middle", "$.year_named_after"),
    "KPI without a name": ("kpis", "kpis: [{id: visits}]", "$.kpis[0]"),
    "KPI with a target": ("kpis", "kpis: [{id: visits, name: Visits, to: 5}]", "$.kpis[0]"),
    "bound as text": ("kpis", 'kpis: [{id: a, name: b, at_most: "5"}]', "$.kpis[0].at_most"),
    "unknown state": ("cycle", "state: done", "$.state"),
    "first day in words": ("cycle", "starts: October", "$.starts"),
}


@pytest.mark.unmeasured
@pytest.mark.parametrize(("kind", "text", "where"), REFUSED.values(), ids=REFUSED)
def test_a_mistake_of_shape_is_refused_where_it_is_and_by_okr_as_well(
    kind: str, text: str, where: str
) -> None:
    assert _refusals(kind, text) == [where]
    assert _found_by_okr(kind, text) != []


ACCEPTED = {
    "relative target": ("plan", _plan(key_result="to: +30%")),
    "relative target, downwards": ("plan", _plan(key_result="to: -20%")),
    "relative target with a comma and spaces": ("plan", _plan(key_result="to: + 2,5 %")),
    "relative target with a real minus": ("plan", _plan(key_result="to: −20%")),
    "relative commit and stretch": ("plan", _plan(key_result="commit: +10%\n        stretch: +50%")),
    "unknown baseline": ("plan", _plan(key_result="from: unknown")),
    "target with a sign": ("plan", _plan(key_result="to: +30")),
    "target of a whole number that begins with nought": ("plan", _plan(key_result="to: 010")),
    "id that is a number": ("plan", "objectives: [{id: 2026, title: b}]"),
    "id that is a word of YAML 1.1": ("plan", "objectives: [{id: no, title: on}]"),
    "one reference": ("plan", _plan("supports: 2026/company/lead")),
    "several references": ("plan", _plan("supports: [2026/company/lead, company/place]")),
    "former id by itself": ("plan", _plan("formerly: old")),
    "former ids that are numbers": ("plan", _plan("formerly: [2025, old]")),
    "one tag by itself": ("plan", _plan("tags: brand")),
    "no reason given": ("plan", _plan("why:")),
    "guardrail": ("plan", _plan(key_result="weight: 0")),
    "metric of no kind": ("plan", _plan()),
    "plan without objectives in it": ("plan", "objectives: []"),
    "day": ("log", "- {date: 2026-10-05, kr: a/b, value: 1}"),
    "time in quotes": ("log", '- {date: "2026-10-05T09:31:07+02:00", kr: a/b, value: 1}'),
    "time without quotes": ("log", "- {date: 2026-10-05T09:31:07+02:00, kr: a/b, value: 1}"),
    "time to the minute, in UTC": ("log", '- {date: "2026-10-05 09:31z", kr: a/b, value: 1}'),
    "time to the millisecond": ("log", '- {date: "2026-10-05T09:31:07.123+0200", kr: a/b, value: 1}'),
    "milestone's name": ("log", "- {date: 2026-10-05, kr: a/b, value: beta}"),
    "empty note": ("log", '- {date: 2026-10-05, kr: a/b, value: 1, note: ""}'),
    "empty log": ("log", ""),
    "empty settings": ("settings", ""),
    "empty org": ("org", "# nobody yet\n"),
    "empty KPIs": ("kpis", ""),
    "empty facts of a cycle": ("cycle", ""),
    "severity off without quotes": ("settings", "rules: {OKR401: off}"),
    "one path of an override": ("settings", "overrides: [{paths: okrs/2025, rules: {OKR4: info}}]"),
    "one address": ("org", "people: [{id: alice, email: alice@acme.example}]"),
    "two addresses": ("org", "people: [{id: alice, email: [a@acme.example, b@acme.example]}]"),
    "cycle's days": ("cycle", "{starts: 2026-10-01, ends: 2026-12-31, state: planning}"),
}  # fmt: skip


@pytest.mark.unmeasured
@pytest.mark.parametrize(("kind", "text"), ACCEPTED.values(), ids=ACCEPTED)
def test_what_okr_reads_is_accepted(kind: str, text: str) -> None:
    assert _found_by_okr(kind, text) == []
    assert _refusals(kind, text) == []


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", MODELS)
def test_every_key_is_described_and_its_examples_are_values_that_it_may_have(name: str) -> None:
    fields = [field.alias or key for key, field in MODELS[name].model_fields.items()]
    assert list(TEXTS[name]) == fields
    examples = EXAMPLES.get(name, {})
    assert [key for key in examples if key not in fields] == []
    whole = _definition(name)
    for key in fields:
        described = whole["properties"][key]
        assert described["description"] == TEXTS[name][key]
        assert described.get("examples", []) == examples.get(key, [])
        checker = Draft202012Validator({"$defs": whole["$defs"], **described})
        assert [error.message for each in examples.get(key, []) for error in checker.iter_errors(each)] == []


def test_texts_are_of_models_that_are_there() -> None:
    assert set(TEXTS) == set(MODELS)
    assert set(EXAMPLES) <= set(MODELS)


def _definition(name: str) -> dict[str, Any]:
    """A model's part of whichever schema has it, with the definitions beside it."""
    for kind, root in KINDS.items():
        schema = schema_of(kind)
        definitions = schema.get("$defs", {})
        if name in definitions:
            return {**definitions[name], "$defs": definitions}
        if root.__name__ == name:
            return schema | {"$defs": definitions}
    raise AssertionError(f"no schema has {name}")


def test_the_few_values_of_a_key_are_listed() -> None:
    plan, settings, cycle = (schema_of(kind) for kind in ("plan", "settings", "cycle"))
    assert plan["$defs"]["ObjectiveType"]["enum"] == ["aspirational", "committed"]
    assert settings["$defs"]["RuleSeverity"]["enum"] == ["error", "warning", "info", "off"]
    assert settings["properties"]["language"]["enum"] == ["en", "fr"]
    assert cycle["$defs"]["CycleState"]["enum"] == ["planning", "active", "closed"]


def test_defaults_are_told_where_there_is_a_value() -> None:
    key_result = schema_of("plan")["$defs"]["KeyResult"]["properties"]
    assert {key: value["default"] for key, value in key_result.items() if "default" in value} == {"weight": 1}


def _names(shell: Shell, folder: str) -> list[str]:
    return sorted(path.name for path in (shell.folder / folder).iterdir())


def test_all_schemas_are_written_and_written_again(shell: Shell) -> None:
    done = shell.okr("schema", "--write", ".okr/schema")
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[:6] == [f"Wrote .okr/schema/{kind}.json" for kind in KINDS]
    for kind in KINDS:
        assert json.loads(shell.read(f".okr/schema/{kind}.json")) == schema_of(kind)
    old = json.dumps({"$id": "urn:okr:schema:plan", "title": "of an earlier version"})
    shell.write({".okr/schema/plan.json": old})
    assert shell.okr("schema", "--write", ".okr/schema").status == 0
    assert json.loads(shell.read(".okr/schema/plan.json")) == schema_of("plan")
    assert _names(shell, ".okr/schema") == sorted(f"{kind}.json" for kind in KINDS)


def test_one_schema_is_written_below_the_directory_asked_for(shell: Shell) -> None:
    (shell.folder / "goals").mkdir()
    done = shell.okr("-C", "goals", "schema", "log", "--write", "schemas")
    assert (done.status, done.out.splitlines()[0]) == (0, "Wrote goals/schemas/log.json")
    assert _names(shell, "goals/schemas") == ["log.json"]


@pytest.mark.parametrize("content", ['{"$id": "urn:other"}', "[]", "not JSON", ""])
def test_a_file_of_somebody_else_is_kept_and_nothing_is_written(shell: Shell, content: str) -> None:
    shell.write({"schemas/org.json": content})
    done = shell.okr("schema", "--write", "schemas")
    assert (done.status, done.out) == (1, "")
    assert "org.json is there already, and is no schema of okr's" in done.err
    assert "Name another folder" in done.err
    assert shell.read("schemas/org.json") == content
    assert _names(shell, "schemas") == ["org.json"]


@pytest.mark.parametrize("arguments", [["plans"], ["plans", "--write", "schemas"]], ids=" ".join)
def test_an_unknown_kind_is_refused_with_those_there_are(shell: Shell, arguments: list[str]) -> None:
    done = shell.okr("schema", *arguments)
    assert (done.status, done.out) == (2, "")
    assert "There is no kind of file “plans”" in done.err
    assert "The kinds are plan, log, org, settings, kpis, cycle" in done.err
    assert not (shell.folder / "schemas").exists()


def test_a_kind_or_a_folder_must_be_named(shell: Shell) -> None:
    done = shell.okr("schema")
    assert (done.status, done.out) == (2, "")
    assert "Name one of plan, log, org, settings, kpis, cycle, or give --write DIR" in done.err


def test_schemas_and_the_line_that_names_one_bring_no_findings(shell: Shell) -> None:
    page = (CHECKOUT / "docs/editors.md").read_text(encoding="utf-8")
    line = re.findall(r"^# yaml-language-server: \$schema=.*\n", page, re.MULTILINE)
    plan = "okrs/2026-Q4/marketing.yaml"
    shell.write(SMALL_WORKSPACE)
    before = shell.okr("validate", "--format", "json")
    assert shell.okr(*re.findall(r"^okr (schema --write .*)$", page, re.MULTILINE)[0].split()).status == 0
    shell.write({plan: line[0] + SMALL_WORKSPACE[plan]})
    after = shell.okr("validate", "--format", "json")
    found = [json.loads(each.out)["diagnostics"] for each in (before, after)]
    assert [(each["rule"], each["message"]) for each in found[0]] == [
        (each["rule"], each["message"]) for each in found[1]
    ]
    named = (shell.folder / plan).parent / line[0].strip().partition("=")[2]
    assert json.loads(named.read_text(encoding="utf-8"))["$id"] == "urn:okr:schema:plan"


def test_the_page_names_the_schema_of_every_kind_of_file_and_the_way_to_it() -> None:
    page = (CHECKOUT / "docs/editors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| `okr schema (\w+)` \| `([^`]+)` \|", page, re.MULTILINE)
    assert {kind for _, kind, _ in rows} == set(KINDS)
    for path, kind, way in rows:
        assert _kind_of(path) == kind
        assert way == "../" * path.count("/") + f".okr/schema/{kind}.json"
