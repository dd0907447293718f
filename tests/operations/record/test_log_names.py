from __future__ import annotations

import pytest

from okr.operations.record.log_names import LogKey, Names


@pytest.mark.parametrize(
    ("announcement", "key"),
    [
        ("2026-Q4/brand/first/visits date=2026-10-05 value=1", LogKey("2026-Q4", "brand")),
        ("2026-q4/fame/first/visits date=2026-10-05 value=1", LogKey("2026-Q4", "brand")),
        ("kpis/churn date=2026-10-05 value=1", LogKey("", "")),
        ("- {date: 2026-10-05, kr: first/visits, value: 1}", None),
        ("2026-Q4/../first/visits date=2026-10-05 value=1", None),
        ("2026-Q4", None),
        ("", None),
    ],
)
def test_a_trailer_speaks_of_a_log_only_where_one_can_be_called_so(
    announcement: str, key: LogKey | None
) -> None:
    assert Names("", {"fame": "brand"}).announced_key(announcement) == key
