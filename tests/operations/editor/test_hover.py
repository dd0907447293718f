"""What an editor shows beside the cursor, word by word, as Markdown and as plain text; text of files is never markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.operations.editor.hover import hover_at
from okr.views.editor_hover import hover_text
from tests.cli.conftest import SMALL_WORKSPACE

if TYPE_CHECKING:
    from okr.workspace import Workspace
    from tests.conftest import OpenWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"
FILES = SMALL_WORKSPACE | {
    "okr.yaml": "name: Acme\nrules: {OKR308: off, OKR4: info, what: off}\n",
    "kpis.yaml": 'kpis:\n  - {id: mau, name: Monthly users, unit: users, owner: marketing, why: "They stay."}\n'
    "  - {id: nps, name: NPS}\n",
    "checkins/kpis.yaml": "".join(
        f"- {{date: 2026-{month:02}-01, kpi: mau, value: {value}, by: bob}}\n"
        for month, value in enumerate((10, 40, 20, 80), start=8)
    )
    + "- {date: 2026-12-01, kpi: mau, value: 1}\n",
    "okrs/someday/bob.yaml": "objectives:\n  - id: a\n    title: A\n    key_results: [{id: b, title: B, at_most: 1}]\n",
    LOG: SMALL_WORKSPACE[LOG] + "- {date: 2026-10-13, kr: brand/launch, value: beta, note: All of it}\n"
    "- {date: 2026-11-20, kr: brand/launch, confidence: 0.4}\n"
    "- {date: 2026-12-24, kr: brand/launch, value: live}\n",
}


@pytest.fixture
def workspace(open_workspace: OpenWorkspace) -> Workspace:
    return open_workspace(FILES)


def shown(workspace: Workspace, path: str, words: str, *, markdown: bool = True) -> str | None:
    """What is shown at the bar in words of a file."""
    document = workspace.document(path)
    assert document is not None
    before, _, after = words.partition("|")
    offset = document.text.index(before + after) + len(before)
    line = document.text.count("\n", 0, offset) + 1
    column = offset - (document.text.rfind("\n", 0, offset) + 1) + 1
    found = hover_at(workspace, document, line, column)
    return None if found is None else hover_text(found.facts, markdown=markdown)


BRAND = """\
**Make our brand the one people think of first**

objective · `2026-Q4/marketing/brand` · accountable: Alice Martin

score 0.30 · ● on track · expected by today 0.59

- 0.09 … stale: Reach 100,000 monthly visits, 47,500 visits (42,000 → 100,000)
- 0.70 ● on track: The new site is live, beta (2 of 3, next: live)

supports: Lead our market

Last said of `launch` on 13 Oct: “All of it”"""
VISITS = """\
**Reach 100,000 monthly visits**

key result · `2026-Q4/marketing/brand/visits` · accountable: Alice Martin

47,500 visits (42,000 → 100,000)

score 0.09 · … stale · expected by today 0.59 · forecast 0.73 · confidence 0.7

▁█ · 2 values · 42 days ago

Last said on 12 Oct by alice, confidence 0.7

Last note on 5 Oct by alice, confidence 0.6: “SEO quick wins are live”"""
SHARE = """\
**Reach a market share of 20%**

key result · `2026/company/lead/share`

nothing measured yet (12% → 20%)

score 0.00 · ○ not started · expected by today 0.90"""
MAU = """\
**Monthly users**

KPI · `mau` · owner: marketing

They stay.

80 users · ▁▄▂█ · 4 measurements

Last said on 1 Nov by bob"""
MARKETING = """\
**Marketing**

team · `marketing` · in company · led by alice

2026-Q4: 2 objectives, score 0.15

- 0.30 ● on track: Make our brand the one people think of first
- 0.00 ○ not started: Answer everyone while they still remember the question"""
RULE = """\
**OKR308 unaligned-objective** · info

"""

LEAD = """\
**Lead our market**

objective · `2026/company/lead`

score 0.00 · ○ not started · expected by today 0.90

- 0.00 ○ not started: Reach a market share of 20%, nothing measured yet (12% → 20%)
- 0.00 ○ not started: Keep churn at 2% or less, nothing measured yet (at most 2%)

supported by 2 objectives"""

SHOWN = {
    "an objective that others support": (PLAN, "supports: 2026/company/le|ad", LEAD),
    "an objective": (PLAN, "- id: br|and", BRAND),
    "a key result": (PLAN, "id: vis|its", VISITS),
    "a key result in a log": (LOG, "2026-10-12, kr: brand/v|isits", VISITS),
    "its objective there": (LOG, "2026-10-12, kr: bra|nd/visits", BRAND),
    "one without a check-in": ("okrs/2026/company.yaml", "id: sh|are", SHARE),
    "a KPI": ("kpis.yaml", "id: ma|u", MAU),
    "a KPI without a measurement": ("kpis.yaml", "id: n|ps", "**NPS**\n\nKPI · `nps`"),
    "a team": ("org.yaml", "id: market|ing", MARKETING),
    "a person": (PLAN, "owner: al|ice", "**Alice Martin**\n\nperson · `alice` · in marketing"),
    "an objective of a cycle without days": ("okrs/someday/bob.yaml", "- id: a|", "**A**\n\nobjective · `someday/bob/a` · accountable: bob"),
    "a key result of such a cycle": ("okrs/someday/bob.yaml", "{id: b|", "**B**\n\nkey result · `someday/bob/a/b` · accountable: bob"),
    "a key": (PLAN, "    wei|ght", "`weight` · How much it counts in the objective's score; 0 makes it a guardrail, watched and never scored."),
    "a key of few values": (PLAN, "    ty|pe", "`type` · Aspirational (0.7 is a good result) or committed (a promise).\n\nOne of `aspirational`, `committed`."),
    "a family of rules": ("okr.yaml", "OK|R4:", None),
    "no rule": ("okr.yaml", "wh|at", None),
    "a value": (PLAN, "weight: 2|", None),
}  # fmt: skip


@pytest.mark.parametrize(("path", "words", "text"), SHOWN.values(), ids=SHOWN)
def test_what_is_shown(workspace: Workspace, path: str, words: str, text: str | None) -> None:
    assert shown(workspace, path, words) == text


def test_a_rule_is_explained(workspace: Workspace) -> None:
    text = shown(workspace, "okr.yaml", "OKR|308") or ""
    assert text.startswith(RULE)
    assert len(text.split("\n\n")) == 4


def test_where_nothing_stands_nothing_is_shown(workspace: Workspace) -> None:
    document = workspace.document(PLAN)
    assert document is not None
    assert hover_at(workspace, document, 3, 2) is None
    assert hover_at(workspace, document, 99, 1) is None


def test_an_owner_that_org_does_not_list(open_workspace: OpenWorkspace) -> None:
    files = {"org.yaml": "people: [{id: ann}]\n", PLAN: "objectives:\n  - {id: a, title: A, owner: zoe}\n"}
    assert shown(open_workspace(files), PLAN, "zo|e") == "**zoe**\n\nin no org.yaml · `zoe`"


HOSTILE = r"""*b* _i_ `c` [l](command:x) <b>&lt; https://evil.example www.evil.example @all ~~s~~ a|b \ $(trash) $5 1. #2"""


def test_text_of_files_is_no_markup(open_workspace: OpenWorkspace) -> None:
    title = HOSTILE.replace("\\", "\\\\") + r"\n\n# head\u202e\e[31m"
    note = HOSTILE.replace("\\", "\\\\")
    files = {
        PLAN: f'objectives:\n  - id: a\n    title: "{title}"\n    key_results:\n      - {{id: b, title: "{title}", from: 1, to: 2, unit: "{note}"}}\n',
        LOG: f'- {{date: 2026-11-20, kr: a/b, value: 2, by: "{note}", note: "{note}"}}\n',
    }
    workspace = open_workspace(files)
    safe = (
        r"\*b\* \_i\_ \`c\` \[l\](command:x) \<b\>\&lt; https\://evil.example www\.evil.example \@all"
        r" \~\~s\~\~ a\|b \\ \$(trash) $5 1. #2"
    )
    text = shown(workspace, PLAN, "- id: a|") or ""
    assert text.startswith(f"**{safe} # head\\\\u202e\\\\u001b\\[31m**\n\n")
    assert text.count(safe) == 5
    assert "\x1b" not in text
    assert "\u202e" not in text
    plain = shown(workspace, PLAN, "- id: a|", markdown=False) or ""
    assert plain.startswith(f"{HOSTILE} # head\\u202e\\u001b[31m\n\nobjective · 2026-Q4/marketing/a\n\n")
