"""The same mistakes, as an editor sees them: the schemas refuse those of shape, and nothing that is no such mistake."""

from __future__ import annotations

import pytest

from okr.documents import read_document
from tests.cli.test_schema import _kind_of, _validator
from tests.mistakes.table import Mistake, mistakes

OF_SHAPE = {"OKR111", "OKR112", "OKR113", "OKR114", "OKR115"}
BEYOND_A_SCHEMA = {
    "A day that does not exist": "which months have 31 days no pattern says",
    "A day that does not exist in a log": "likewise",
}
TABLE = [
    mistake
    for mistake in mistakes()
    if any(path.endswith(".yaml") and content for path, content in mistake.files.items())
]


def refused(path: str, content: bytes) -> bool | None:
    """Whether the schema of a file's kind refuses it; None where it can't be read, or where nothing reads it."""
    document = read_document(path, content)
    if (
        not document.readable
        or document.root is None
        or not path.startswith(("okr.", "org.", "kpis.", "okrs/", "checkins/"))
    ):
        return None
    return any(True for _ in _validator(_kind_of(path)).iter_errors(document.root))


@pytest.mark.unmeasured
@pytest.mark.parametrize("mistake", TABLE, ids=lambda mistake: mistake.what)
def test_the_schema_refuses_a_mistake_of_shape_and_no_other(mistake: Mistake) -> None:
    for path, content in mistake.files.items():
        found = refused(path, content) if content and path.endswith(".yaml") else None
        if found is not None:
            of_shape = any(each.rule in OF_SHAPE and each.path == path for each in mistake.expected)
            assert found is (of_shape and mistake.what not in BEYOND_A_SCHEMA), path
