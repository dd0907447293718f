from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from okr.diagnostics import Severity
from tests.views.findings import FILES, HOSTILE, PLAN, golden, rendered, saying

SCHEMA = xmlschema.XMLSchema(Path(__file__).parents[1] / "schemas/junit-10.xsd")


def suites(written: str) -> ET.Element:
    """The root of a document that the schema accepts."""
    root = ET.fromstring(written.encode())
    SCHEMA.validate(root)
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(cases)
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert len({case.attrib["name"] for case in cases}) == len(cases)
    assert root.attrib["tests"] == str(len(root.findall("testsuite/testcase")))
    assert root.attrib["failures"] == str(len(root.findall("testsuite/testcase/failure")))
    return root


def test_a_document() -> None:
    written = rendered("junit", folder="goals")
    suites(written)
    assert written == golden("findings.junit.xml", written)


def test_files_without_findings_pass() -> None:
    root = suites(rendered("junit", ()))
    assert [suite.attrib["name"] for suite in root] == sorted(FILES)
    assert {case.attrib["name"] for case in root.iter("testcase")} == {"nothing to report"}
    assert root.attrib["failures"] == "0"


@pytest.mark.parametrize(
    ("strict", "failing"), [(False, [Severity.ERROR]), (True, [Severity.ERROR, Severity.WARNING])]
)
def test_what_lets_validate_fail_is_a_failure(strict: bool, failing: list[Severity]) -> None:
    root = suites(rendered("junit", strict=strict))
    said = [(failure.text or "").split(": ")[1] for failure in root.iter("failure")]
    assert sorted(said) == sorted(failing)
    said = [(output.text or "").split(": ")[1] for output in root.iter("system-out")]
    assert sorted([*said, *failing]) == ["error", "info", "warning"]


def test_names_of_cases_are_unique_and_hold_no_line_numbers() -> None:
    root = suites(rendered("junit", saying("the same", number=3)))
    names = [case.attrib["name"] for case in root.findall(f"testsuite[@name='{PLAN}']/testcase")]
    assert names == ["OKR112 the same", "OKR112 the same (2)", "OKR112 the same (3)"]


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("strict", [False, True])
def test_a_text_from_a_file_is_only_text(message: str, strict: bool) -> None:
    written = rendered("junit", saying(message, path=f"{message[:80]}.yaml", hint=message), strict=strict)
    root = suites(written)
    assert len(root) == len(FILES) + 1
    assert {element.tag for element in root.iter()} == {"testsuites", "testsuite", "testcase", "failure"}
