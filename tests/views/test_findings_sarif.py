from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

import okr
from okr.diagnostics import Severity
from okr.rules.catalogue import catalogue
from okr.views.text import printable
from tests.views.findings import FEW, HOSTILE, PLAN, golden, rendered, report, saying

SCHEMAS = Path(__file__).parents[1] / "schemas"
VALIDATOR = jsonschema.Draft4Validator(
    json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")),
    format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER,
)


def run_of(written: str) -> dict[str, Any]:
    """The one run of a log that the official schema accepts."""
    log = json.loads(written)
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_a_log() -> None:
    log = json.loads(rendered("sarif", folder="nos objectifs/été"))
    run = run_of(json.dumps(log))
    driver = run["tool"]["driver"]
    assert driver.pop("semanticVersion") == okr.__version__
    rules = driver.pop("rules")
    for result in run["results"]:
        assert rules[result.pop("ruleIndex")]["id"] == result["ruleId"]
    log["runs"] = [run]
    written = json.dumps(log, indent=2, ensure_ascii=False) + "\n"
    assert written == golden("findings.sarif.json", written)


def test_every_rule_is_there_with_its_help() -> None:
    levels = {
        Severity.ERROR: "error",
        Severity.WARNING: "warning",
        Severity.INFO: "note",
        Severity.OFF: "none",
    }
    rules = run_of(rendered("sarif", ()))["tool"]["driver"]["rules"]
    assert len(rules) == len(catalogue())
    for shown, rule in zip(rules, catalogue(), strict=True):
        assert shown == {
            "id": rule.code,
            "name": rule.name,
            "shortDescription": {"text": rule.what},
            "fullDescription": {"text": f"{rule.what} {rule.why}"},
            "defaultConfiguration": {"level": levels[rule.severity]},
            "help": {
                "text": f"{rule.why}\n\nTo mend it: {rule.remedy}",
                "markdown": f"**{rule.code} {rule.name}**: {rule.what}\n\n{rule.why}\n\n**To mend it:** {rule.remedy}",
            },
        }


def test_the_schema_is_one_that_says_no() -> None:
    log = json.loads(rendered("sarif"))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not VALIDATOR.is_valid(log)


def test_nothing_found() -> None:
    run = run_of(rendered("sarif", ()))
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


@pytest.mark.unmeasured
def test_workspaces_of_a_repository_are_kept_apart() -> None:
    ids = [
        run_of(rendered("sarif", folder=folder))["automationDetails"]["id"] for folder in ("", "a b", "c/d")
    ]
    assert ids == ["okr/", "okr/a%20b/", "okr/c/d/"]


def test_fingerprints_are_those_of_the_other_formats() -> None:
    results = run_of(rendered("sarif", folder="goals"))["results"]
    known_by = report(folder="goals").fingerprints()
    assert [each["partialFingerprints"]["primaryLocationLineHash"] for each in results] == [
        known_by[each] for each in FEW
    ]


@pytest.mark.unmeasured
def test_only_as_many_results_as_are_kept_and_errors_first() -> None:
    light = saying("a warning", path="okr.yaml", number=1)[0]
    many = [
        type(light)(light.code, light.name, Severity.WARNING, light.finding),
        *saying("an error", number=5_000),
    ]
    log = json.loads(rendered("sarif", many))
    run = log["runs"][0]
    assert len(run["results"]) == 5_000
    assert {each["level"] for each in run["results"]} == {"error"}
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("5,001 findings; the 5,000 heaviest are listed.")
    del run["results"][1:]  # the schema takes its time
    run_of(json.dumps(log))


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "path", ["50% é/a b#c?.yaml", "a:b.yaml", "half\ud800.yaml", "\udcff.yaml", "::error::x"]
)
def test_names_of_files_are_percent_encoded(path: str) -> None:
    (result,) = run_of(rendered("sarif", saying("x", path=path)))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert unquote(uri, errors="surrogatepass") == path


@pytest.mark.unmeasured
@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE)
def test_a_text_from_a_file_is_only_a_message(message: str) -> None:
    written = rendered("sarif", saying(message, hint="mend it", path=PLAN))
    (result,) = run_of(written)["results"]
    assert result["message"]["text"].replace("\\[", "[") == f"{printable(message)}\nfix: mend it"
    assert not re.search(r"(?<!\\)\[[^\]]*\]\(", result["message"]["text"])
    assert "\x1b" not in written
