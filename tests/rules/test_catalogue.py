"""Every rule is documented by the same source everywhere, and its examples do what they are to do."""

from __future__ import annotations

import re
import textwrap
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from okr.contents import Log, Record
from okr.diagnostics import Severity
from okr.rules.catalogue import MODULES_ON_LOGS, catalogue, prefix_of, rules_meant, rules_on_logs, selectors
from okr.rules.engine import diagnose
from okr.rules.example_files import BASIS, EXAMPLE_DAY, FOLDER, examples_of, read_examples
from okr.rules.tasks import listed_tasks, task_word, unit_word
from okr.sources import Folder
from okr.views.rule_page import example_lines
from okr.views.rule_pages import example_as_markdown, index_page, page_name, rule_page
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okr.diagnostics import Diagnostic
    from okr.quantities import Language
    from okr.rules.catalogue import Rule
    from okr.rules.example_files import Example

PAGES = Path(__file__).parents[2] / "docs" / "rules"
RULES = catalogue()


def found_in(example: Example, folder: Path) -> list[Diagnostic]:
    day = date.fromisoformat(EXAMPLE_DAY)
    now = Workspace(Folder(written(folder / "now", example.files)), as_of=day, title="acme")
    for path, target in example.links.items():
        (folder / "now" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "now" / path).symlink_to(target)
    if not example.before:
        return diagnose(now)
    before = Folder(written(folder / "before", example.before))
    return diagnose(now, Workspace(before, as_of=day, title="acme", like=now))


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for path, text in (BASIS | dict(files)).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def test_exactly_the_rules_on_history_have_examples_with_a_history() -> None:
    examples = [(each.history, examples_of(each.code)) for each in catalogue()]
    assert all(
        bool(example.before) is history
        for history, both in examples
        if both
        for example in (both.bad, both.good)
    )
    assert {each.code for each in catalogue() if each.history} == {
        each.code for each in catalogue() if each.code.startswith("OKR7")
    }


@pytest.mark.unmeasured
@pytest.mark.parametrize("each", RULES, ids=lambda each: each.code)
def test_the_bad_example_of_a_rule_triggers_it_alone(each: Rule, tmp_path: Path) -> None:
    examples = examples_of(each.code)
    assert examples is not None, f"okr/rules/examples/{each.code}.yaml is missing"
    found = found_in(examples.bad, tmp_path)
    heavier = {found.code for found in found if found.severity is not Severity.INFO}
    assert heavier <= {each.code}, [(found.code, found.finding.message) for found in found]
    assert each.code in {found.code for found in found}


@pytest.mark.unmeasured
@pytest.mark.parametrize("each", RULES, ids=lambda each: each.code)
def test_the_good_example_of_a_rule_triggers_nothing(each: Rule, tmp_path: Path) -> None:
    examples = examples_of(each.code)
    assert examples is not None
    assert [(found.code, found.finding.message) for found in found_in(examples.good, tmp_path)] == []


def test_there_are_no_examples_of_rules_that_are_not_there() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == [each.code for each in catalogue()]


@pytest.mark.parametrize("each", catalogue(), ids=lambda each: each.code)
def test_the_page_of_a_rule_says_what_the_rule_says(each: Rule) -> None:
    # If this fails: `make docs`, then look at the difference.
    assert (PAGES / page_name(each)).read_text(encoding="utf-8") == rule_page(each)


def test_the_index_lists_every_rule_and_there_are_no_other_pages() -> None:
    assert (PAGES / "README.md").read_text(encoding="utf-8") == index_page()
    assert {path.name for path in PAGES.iterdir()} == {"README.md", *map(page_name, catalogue())}


def test_a_page_shows_what_an_example_was_before_and_where_links_lead() -> None:
    examples = read_examples(
        textwrap.dedent("""\
        bad:
          before:
            a.yaml: |
              one: 1
          a.yaml: |
            one: 2
          b.yaml: {link: /etc/passwd}
        good:
          a.yaml: |
            one: 1
        """).encode()
    )
    assert examples.bad.before == {"a.yaml": "one: 1\n"}
    assert examples.bad.files == {"a.yaml": "one: 2\n"}
    assert examples.bad.links == {"b.yaml": "/etc/passwd"}
    assert "".join(example_as_markdown(examples.bad)) == (
        "Committed first:\n\na.yaml:\n\n```yaml\none: 1\n```\n\nChanged to:\n\na.yaml:\n\n```yaml\none: 2\n```\n\n"
        "b.yaml is a symbolic link to `/etc/passwd`.\n\n"
    )
    assert [line.plain for line in example_lines(examples.bad)] == [
        "  committed first", "  a.yaml", "    one: 1", "  changed to", "  a.yaml", "    one: 2",
        "  b.yaml is a symbolic link to /etc/passwd",
    ]  # fmt: skip
    assert (examples.good.before, examples.good.files, examples.good.links) == (
        {},
        {"a.yaml": "one: 1\n"},
        {},
    )


@pytest.mark.parametrize(
    ("selector", "prefix", "codes"),
    [
        ("OKR415", None, ["OKR415"]),
        ("long-title", None, ["OKR415"]),
        ("OKR61", "OKR61", ["OKR610", "OKR611", "OKR612", "OKR613", "OKR614", "OKR615", "OKR616"]),
        ("OKR61x", "OKR61", ["OKR610", "OKR611", "OKR612", "OKR613", "OKR614", "OKR615", "OKR616"]),
        ("OKR61xx", "OKR61", ["OKR610", "OKR611", "OKR612", "OKR613", "OKR614", "OKR615", "OKR616"]),
        ("OKR", None, []),
        ("OKR999", None, []),
        ("OKR9", "OKR9", []),
        ("okr415", None, []),
    ],
)
def test_a_selector_means_rules(selector: str, prefix: str | None, codes: list[str]) -> None:
    assert prefix_of(selector) == prefix
    assert [each.code for each in rules_meant(selector)] == codes


def test_what_is_offered_for_an_unknown_name_means_something() -> None:
    assert [selector for selector in selectors() if not rules_meant(selector)] == []
    assert {"OKR4", "OKR4xx", "OKR415", "long-title"} <= set(selectors())


@pytest.mark.parametrize(
    ("language", "title", "word"),
    [
        ("en", "Launch the new site", "Launch"),
        ("en", "Launching in France", "Launching"),
        ("en", "Launch of the site", "Launch of"),
        ("en", "Launch party attended by all", None),
        ("en", "Set up a data warehouse", "Set up"),
        ("en", "Organise three webinars", "Organise"),
        ("en", "Build a data warehouse", "Build"),
        ("en", "Design system used by every team", None),
        ("en", "The new site is live", None),
        ("en", "Mettre en place un CRM", None),
        ("fr", "Mettre en place un CRM", "Mettre en place"),
        ("fr", "Mise en place d'un CRM", "Mise en place d'"),
        ("fr", "Écrire le guide", "Écrire"),
        ("fr", "Lancer le nouveau site", "Lancer"),
        ("fr", "Lancement réussi", None),
        ("fr", "Former 200 managers", "Former"),
        ("fr", "Formation des cadres", "Formation des"),
        ("fr", "Mise à jour du document unique", "Mise à jour du"),
        ("fr", "Sensibiliser les agents", "Sensibiliser"),
        ("fr", "Signer 12 contrats", None),
        ("en", "Train 200 managers", "Train"),
        ("en", "Trains on time", None),
        ("fr", "Déploiement du CRM", "Déploiement du"),
        ("fr", "Le nouveau site est en ligne", None),
    ],
)
def test_words_for_tasks(language: Language, title: str, word: str | None) -> None:
    assert task_word(title, language) == word


@pytest.mark.parametrize(
    ("language", "title", "tasks"),
    [
        ("en", "Launch the app and hire two editors", ["Launch", "hire"]),
        ("en", "Launch the app, hire two editors, and write the guide", ["Launch", "hire", "write"]),
        ("en", "Build a CRM and roll out the new process", ["Build", "roll out"]),
        ("en", "Attract and keep the best people", []),
        ("en", "Build and keep a team that lasts", []),
        ("en", "Build trust and create value", []),
        ("en", "Launch the app that people want and need", []),
        ("en", "Write", []),
        ("fr", "Lancer le site et recruter deux rédacteurs", ["Lancer", "recruter"]),
        ("fr", "Mettre en place un CRM, puis former et publier le guide", ["Mettre en place", "publier"]),
        ("fr", "Créer avec soin et sans hâte", []),
        ("fr", "Attirer et fidéliser les talents", []),
    ],
)
def test_titles_that_list_tasks(language: Language, title: str, tasks: list[str]) -> None:
    assert listed_tasks(title, language) == tasks


@pytest.mark.parametrize(
    ("language", "title", "unit"),
    [
        ("en", "Raise the % of people who know us", "%"),
        ("en", "Earn more € with less effort", "€"),
        ("en", "Grow the percentage of fans", "percentage"),
        ("en", "Make US$ a thing of the past", None),
        ("en", "Be known by those who need us", None),
        ("fr", "Augmenter le Pourcentage de clients fidèles", "Pourcentage"),
        ("fr", "Être connus de ceux qui ont besoin de nous", None),
    ],
)
def test_units_in_titles(language: Language, title: str, unit: str | None) -> None:
    assert unit_word(title, language) == unit


def test_every_page_can_be_reached_from_the_index() -> None:
    links = re.findall(r"\]\(([^)]+\.md)\)", index_page())
    assert set(links) >= {page_name(each) for each in catalogue()}


def test_the_rules_on_logs_are_where_they_are_looked_for() -> None:
    found = tuple(rule for rule in RULES if rule.subject in {Log, Record})
    assert {rule.check.__module__ for rule in found} == set(MODULES_ON_LOGS)
    assert rules_on_logs() == found
