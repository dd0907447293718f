from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.errors import OkrError
from okr.operations.identity import current_person, person_of
from okr.repository import Identity
from tests.operations.test_selecting import ORG

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace


@pytest.mark.parametrize(
    ("name", "email", "person"),
    [
        pytest.param("Alice Martin", "alice@acme.example", "alice", id="address"),
        pytest.param("A. M.", " Alice@Home.Example ", "alice", id="another address in other letters"),
        pytest.param("Zoé Dupont", "zoe@elsewhere.example", "zoe-dupont", id="name as a slug"),
        pytest.param("Promo", "", "marketing", id="former id"),
        pytest.param("山田", "yamada@elsewhere.example", None, id="no letter that an id may hold"),
    ],
)
def test_person_of(open_workspace: OpenWorkspace, name: str, email: str, person: str | None) -> None:
    assert person_of(open_workspace({"org.yaml": ORG}), Identity(name, email)) == person


def test_no_repository(open_workspace: OpenWorkspace) -> None:
    with pytest.raises(OkrError, match="in no git repository") as caught:
        current_person(open_workspace({}), option="--by")
    assert caught.value.remedy == "say it with --by ID"
