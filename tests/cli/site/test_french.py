"""A French site, report, digest, workbook and calendar: nothing of ours in them is English."""

from __future__ import annotations

import io
import re
from importlib.resources import files

import openpyxl
import pytest
from icalendar import Calendar

from okr.operations.audit.auditing import Kind
from okr.operations.tables import COLUMNS
from okr.views.site import words as catalogue
from okr.views.site.record import FRENCH as FINDINGS
from okr.views.workbook import FRENCH as HEADS
from tests.cli.conftest import Shell  # noqa: TC001 # pytest reads the annotation
from tests.cli.history_shell import Team
from tests.cli.screens import use_example
from tests.cli.site.test_site import words

STUDIO = "okrs/2026-Q4/studio.yaml"
LOG = "checkins/2026-Q4/studio.yaml"
PAGES = files("okr.views.site")
SOURCES = [*PAGES.joinpath("templates").iterdir(), *map(PAGES.joinpath, ("own_pages.py", "rows.py"))]
SAME = {
    "score",
    "Type",
    "Note",
    "Commit",
    "Ambition",
    "aspirational",
    "info",
    "commit",
    "stretch",
    "Grade",
    "to",
    "of",
    "By",
}
"""Words that French has too, or that are too short to look for."""
OTHERS = (
    "moved from", "was removed", "was changed", "was raised", "was lowered", "committed by", "set to", "dropped",
    "no git repository", "days late", "due today", "nothing measured", "by hand", "added",
)  # fmt: skip


def test_every_word_of_the_pages_has_its_french() -> None:
    asked = {
        text
        for source in SOURCES
        for call in re.findall(r"\bwords\(([^()]*)\)", source.read_text(encoding="utf-8"))
        for _, text in re.findall(r"([\"'])([^\"']*)\1", re.sub(r"==\s*\"[^\"]*\"", "", call))
    }
    assert len(asked) > 80
    assert asked - catalogue._FRENCH.keys() == set()  # the catalogue under test
    assert FINDINGS.keys() == set(Kind)
    assert HEADS.keys() >= {*COLUMNS, *(column.name for columns in COLUMNS.values() for column in columns)}
    for columns in COLUMNS.values():
        assert len({HEADS[column.name] for column in columns}) == len(columns)


@pytest.fixture
def agency(shell: Shell) -> Team:
    """The agency in a repository in which plans moved, lines went, and somebody wrote for others."""
    team = Team(use_example(shell, "agence"))
    team.git("lea", "2026-10-02", "init", "--quiet", "--initial-branch=main")
    team.commit("lea", "2026-10-02", "Plans")
    team.edit(STUDIO, "from: 130\n        to: 60", "from: 130\n        to: 80\n        weight: 2")
    team.edit(STUDIO, "supports: 2026/agence/reference/prix", "supports: 2026/agence/reference")
    team.edit(STUDIO, "    tags: [marque]\n", "    tags: [image]\n")
    team.commit("helene", "2026-11-19", "Replanifie")
    team.edit(
        LOG,
        "date: 2026-11-16, kr: patte/presse-metier, value: 7,",
        "date: 2026-11-16, kr: patte/presse-metier, value: 9,",
    )
    team.append(
        LOG,
        "- {date: 2026-10-20, kr: cadence/retouches, value: 3, confidence: 0.9, by: helene, note: bloqué}",
    )
    team.commit("lea", "2026-11-20", "Corrige")
    return team


@pytest.mark.unmeasured
def test_nothing_on_the_pages_is_english(agency: Team) -> None:
    known = {text for text in catalogue._FRENCH if text not in SAME and catalogue._FRENCH[text] != text}
    english = re.compile(
        rf"\b({'|'.join(map(re.escape, sorted({*known, *OTHERS}, key=len, reverse=True)))})\b"
    )
    for options in ((), ("--cycle", "2026-Q3")):
        folder = f"site{len(options)}"
        outcome = agency.okr("report", "-o", folder, *options)
        assert outcome.status == 0, outcome.err
        for page in (agency.shell.folder / folder).rglob("*.html"):
            said = words(page).partition('"use strict"')[0]  # what follows is the map's script
            found = english.findall(said)
            assert not found, (page, found, said)
        report = agency.okr("report", "--format", "markdown", *options).out
        assert report.count("\n#") > 10
        assert not english.findall(report), (english.findall(report), report)
    review = words(agency.shell.folder / "site0/review.html")
    for said in (
        "cible : 60 → 80 heures", "poids : 1 → 2", "étiquettes : marque → image",
        "soutient 2026/agence/reference ; ne soutient plus 2026/agence/reference/prix", "19 nov. 2026",
    ):  # fmt: skip
        assert said in review.replace("\u202f", " "), review
    # A colon and a semicolon stand apart in French, the record's own included.
    assert not re.search(r"[a-zé]: [a-zA-Z]|[a-z0-9]; ", review), review
    record = words(agency.shell.folder / "site0/record.html")
    for said in (
        "Une ligne du journal a été modifiée après coup : 2026-Q4/studio/patte/presse-metier.",
        "La cible a changé en cours de cycle : 2026-Q4/studio/cadence/heures.",
        "Des points de suivi sont au nom d’une autre personne que l’auteur du commit",
    ):
        assert said in record, record
    assert "rien de mesuré pour l’instant" in words(agency.shell.folder / "site0/index.html")


def test_the_other_formats_are_french_too(agency: Team) -> None:
    told = agency.okr("report", "--format", "markdown", "--digest").out
    assert "2026-Q4**, 23 nov. 2026, jour 54 sur 92, 38 restants" in told
    told = told.replace("\u00a0", " ").replace(" : ", ": ")
    for said in (
        "**A bougé**",
        "**À risque**",
        "**À faire**",
        ": à faire aujourd’hui",
        "et 10 de plus",
        "(attendu à ce jour 0,59)",
    ):
        assert said in told, told
    assert not re.search(r"\b(late|score at|Due|Moved|today|expected|more)\b", told), told
    over = agency.okr("report", "--format", "markdown", "--digest", "--cycle", "2026-Q3").out
    assert "résultats clés ont atteint ce qu’ils visaient." in over
    assert agency.okr("report", "--format", "xlsx", "-o", "a.xlsx").status == 0
    book = openpyxl.load_workbook(io.BytesIO((agency.shell.folder / "a.xlsx").read_bytes()))
    assert book.sheetnames == [
        "objectifs",
        "résultats_clés",
        "points_de_suivi",
        "KPI",
        "personnes",
        "changements",
    ]
    assert [cell.value for cell in next(book["KPI"].iter_rows())][:4] == [
        "KPI",
        "nom",
        "unité",
        "responsable",
    ]
    events = Calendar.from_ical(agency.okr("report", "--format", "ics").out).walk("VEVENT")
    texts = " ".join(f"{event['SUMMARY']} {event['DESCRIPTION']}" for event in events)
    for said in (
        ": revue de 2026-Q4",
        ": dernier jour de 2026-Q4",
        "Point de suivi : ",
        "VALEUR (demandé à ",
    ):
        assert said in texts, texts
    assert not re.search(r"\b(review of|last day|Check in|asked of|grades it)\b", texts)
    for reference, said in (
        ("studio", r"2026-Q4\u00a0: 0,\d\d (vert|jaune|rouge)<"),
        (
            "studio/cadence",
            r"\u00a0: 0,\d\d (en bonne voie|à risque|mal parti|en sommeil|atteint|pas commencé)<",
        ),
    ):
        badge = agency.okr("badge", reference).out
        assert re.search(said, badge), badge
