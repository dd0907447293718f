from __future__ import annotations

import pytest

from okr.operations.blockers import names_blocker


@pytest.mark.parametrize(
    "note",
    [
        "Blocked by legal", "We are waiting for the new contract", "The vendor slipped by two weeks", "No budget until January",
        "Can't ship before the audit", "can’t ship", "Outage on Friday", "Two people sick", "Need help from platform",
        "Bloqué par le juridique", "On attend la réponse du client", "En retard de deux semaines", "Plus de budget avant janvier",
        "Il manque un graphiste", "Besoin d'aide", "not blocked any more, but the audit is late",
    ],
)  # fmt: skip
def test_notes_that_speak_of_something_in_the_way(note: str) -> None:
    assert names_blocker(note)


@pytest.mark.parametrize(
    "note",
    [
        "", "Campaign went live on Tuesday", "No longer blocked", "Without delay", "no problems", "not stuck",
        "We related this to last month", "La campagne est en ligne", "Plus de retard", "Sans problème", "Aucun blocage",
        "Latest figures", "The blockchain demo", "Translated", "unblocked",
    ],
)  # fmt: skip
def test_notes_that_do_not(note: str) -> None:
    assert not names_blocker(note)
