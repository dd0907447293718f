from __future__ import annotations

import pytest

from okr.views.plain import plain_line, plain_lines


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", ""),
        (
            "  Reach 100,000 visits            ███▊│░░░░  0.33  ▼ off track",
            "Reach 100,000 visits; 0.33; off track",
        ),
        ("      61,000 visits (42,000 → 100,000) · today", "61,000 visits (42,000 to 100,000), today"),
        ("│  Acme · 2026 · 2 key results", "Acme, 2026, 2 key results"),
        (
            "├─ key result · Keep churn low      0.90  ● on track",
            "level 2: key result, Keep churn low; 0.90; on track",
        ),
        ("│  │  └─ Answer everyone            0.10  … stale", "level 4: Answer everyone; 0.10; stale"),
        ("   └─ → see Lead our market above", "level 3: see Lead our market above"),
        ("confidence 0.7 > forecast 0.32", "confidence 0.7, above the forecast 0.32"),
        ("confidence 0.2 < forecast 0.80", "confidence 0.2, below the forecast 0.80"),
        ("1 Oct – 31 Dec 2026 · day 54 of 92", "1 Oct – 31 Dec 2026, day 54 of 92"),
        ("0.4 – 0.5         5        0.00", "0.4 to 0.5; 5; 0.00"),
        ("    › Blocked by legal  bob, 20 Nov", "Blocked by legal; bob, 20 Nov"),
        ("  ⠁⠂⡀ ⠠", None),
        ("  ▁▂▅▇", None),
        ("  One ▲ of ours, 3 ● and a … in a title", "One ▲ of ours, 3 ● and a … in a title"),
    ],
)
def test_a_line_in_words(line: str, said: str | None) -> None:
    assert plain_line(line) == said


def test_what_only_drew_leaves_no_gap() -> None:
    lines = ["Acme", "", "  ⠁⠂⡀", "", "10 check-ins", "", ""]
    assert list(plain_lines(lines)) == ["Acme", "", "10 check-ins", ""]
