from __future__ import annotations

import html
import json
import re

from okr.views.findings_markdown import LONGEST_COMMENT
from tests.cli.conftest import SMALL_WORKSPACE, Shell
from tests.cli.test_plan_check import DESIGN, FILES, MARKETING, PLAN

HOSTILE = '`*x*` <script>a</script> @all #1 ![p](http://e) | end "] --> n1 %%{init}%% ```\u202e style: #x; ﬂ°°60¶ß --- -'
NODE = re.compile(r'    n\d+\["((?:[^\W_]| |#\d+;)+)"\]')
LINES = (
    re.compile(r"flowchart BT"),
    re.compile(r'  subgraph g\d+\["(?:[^\W_]| |#\d+;)+"\]'),
    NODE,
    re.compile(r"  end"),
    re.compile(r"  n\d+ --> n\d+"),
)
BEFORE = FILES | {
    "okrs/2026-Q4/marketing.yaml": MARKETING.replace("2027/company/lead/share", "2026/company/lead")
    .replace("from: unknown", "from: 30").replace("id: b,", "id: old,"),
    "okrs/2026-Q4/design.yaml": DESIGN.replace("id: feel", "id: taste").replace("design/feel", "design/taste"),
    "checkins/2026-Q4/marketing.yaml": "",
    "checkins/2026-Q4/design.yaml": "".join(
        f"- {{date: 2026-10-05, kr: taste/{name}, value: {value}, by: alice}}\n"
        for name, value in (("forms", 8), ("hints", 7))
    ),
}  # fmt: skip
SUMMARY = """\
<!-- okr plan -->
## Plan for 2027-Q1

Acme · 1 Jan 2027 – 31 Mar 2027 · begins in 39 days, on 1 Jan 2027 · planning

**Not ready: no plan yet of Sales.**

### Findings

| | Where | What | How to mend it |
| --- | --- | --- | --- |
| info | okrs/2027-Q1/design.yaml:9 | “feel” supports nothing, though company has objectives in 2027 (OKR308 unaligned-objective) | objectives there: 2027/company/lead, 2027/company/team |

### Questions

- Nobody supports 2027/company/team: Be a place where people want to stay. **Who works towards it, or is it no longer a goal?**
- Design & Co supports only itself. **Which goals of the others does it serve?**
- Alice Martin is accountable for 2 objectives and 10 key results. **What can somebody else take, or wait?**
- Nobody is accountable for design/look. **Who follows it every week?**
- Nobody is accountable for design/feel. **Who follows it every week?**
- All 4 objectives are aspirational. **Is there nothing that others rely on in full?**
- marketing/brand is carried over for the second time. **What will be different this time?**
- marketing/speed is carried over for the second time. **What will be different this time?**
- The baseline of marketing/brand/users is unknown. **Who measures it, and by when?**

### At a glance

| Owner | Objective | Key results | Accountable |
| --- | --- | --- | --- |
| **Marketing** | Make our brand the one people think of first<br>*carried over for the second time* | Reach 100000 monthly visits: from 42,000 to 100,000 visits<br>More users: from an unknown baseline to 90 users | Alice Martin |
|  | Answer everyone while they still remember the question<br>*carried over for the second time* | 4 hours: from 26 to 4 hours<br>5 days: from 26 to 5 days<br>6 weeks: from 26 to 6 weeks<br>7 months: from 26 to 7 months | Alice Martin |
| **Design & Co** | Look like one company<br>*carried over* | 80 pages redrawn: from 0 to 80 pages<br>9 icons: from 0 to 9 icons |  |
|  | Feel like one company<br>*new* | 8 forms redrawn: from 0 to 8 forms<br>7 hints: from 0 to 7 hints |  |
| **Sales** | *no plan yet* | | |

### Alignment

```mermaid
flowchart BT
  subgraph g1["Acme · 2027"]
    n1["Lead our market"]
    n2["Be a place where people want to stay"]
  end
  subgraph g2["Marketing · 2027-Q1"]
    n3["Make our brand the one people think of first"]
    n4["Answer everyone while they still remember the question"]
  end
  subgraph g3["Design & Co · 2027-Q1"]
    n5["Look like one company"]
    n6["Feel like one company"]
  end
  n3 --> n1
  n4 --> n3
  n5 --> n6
```

### Since 2026-Q4

- **Marketing**
  - carried over for the second time: Make our brand the one people think of first
    - More users: baseline moved from 30 to unknown
  - carried over for the second time: Answer everyone while they still remember the question
- **Design & Co**
  - carried over: Look like one company
  - new: Feel like one company
  - finished: Feel like one company (1.00)
"""


def shown(text: str) -> str:
    """What a reader sees of escaped text: character references resolved, invisible breaks gone."""
    return html.unescape(re.sub(r"(?<!&)#(\d+);", r"&#\1;", text)).replace("\u200b", "")


def test_a_pull_request_is_described(shell: Shell) -> None:
    shell.write(BEFORE)
    done = shell.okr("plan", "summary")
    assert (done.status, done.err) == (0, "")
    assert shown(done.out) == SUMMARY


def test_text_from_files_is_never_markup(shell: Shell) -> None:
    title = json.dumps(HOSTILE, ensure_ascii=True)
    org = FILES["org.yaml"].replace("Design & Co", f"{title}").replace("Alice Martin", title)
    shell.write(BEFORE | {
        "org.yaml": org,
        "okr.yaml": f"name: {title}\nrules: {{OKR401: off}}\n",
        PLAN: re.sub("title: [^,\n]*", lambda _: f"title: {title}", MARKETING).replace("unit: visits", f"unit: {title}"),
        "okrs/2027/company.yaml": re.sub("title: [^,\n]*", lambda _: f"title: {title}", FILES["okrs/2027/company.yaml"]),
    })  # fmt: skip
    out = shell.okr("plan", "summary", "2027-Q1").out
    for sign in ("<script", "@all", "#1 ", "![", "](", "http:", "%%", "\u202e", '"]]', "n1 %"):
        assert sign not in out, sign
    assert out.count("```") == 2
    chart = out.partition("```mermaid\n")[2].partition("```")[0].splitlines()
    assert [line for line in chart if not any(each.fullmatch(line) for each in LINES)] == []
    readable = HOSTILE.replace("\u202e", "\\u202e")
    labels = [shown(found[1]) for line in chart if (found := NODE.fullmatch(line))]
    assert labels[0] == f"{readable[:79]}…"
    table = (
        out.partition("### At a glance")[2]
        .partition("| --- | --- | --- | --- |\n")[2]
        .partition("\n\n")[0]
        .splitlines()
    )
    assert [len(re.findall(r"(?<!&#124)\|", row)) for row in table] == [5] * len(table)
    assert readable in shown(table[0])
    check = shell.okr("plan", "check", "2027-Q1", "--format", "markdown").out
    assert check.startswith("<!-- okr plan -->\n## Is 2027-Q1 ready?\n")
    assert "<script" not in check


def test_what_does_not_fit_is_left_out(shell: Shell) -> None:
    owners = [f"team-{number}" for number in range(150)]
    org = "teams:\n  - {id: company}\n" + "".join(f"  - {{id: {name}, parent: company}}\n" for name in owners)
    long = MARKETING.replace("think of first", "think of first " + "and last " * 10).replace(
        "    owner: alice\n", ""
    )
    plans = {f"okrs/2027-Q1/{name}.yaml": long.replace("marketing/", f"{name}/") for name in owners}
    shell.write(
        {"okr.yaml": "", "org.yaml": org, "okrs/2027/company.yaml": FILES["okrs/2027/company.yaml"], **plans}
    )
    out = shell.okr("plan", "summary", "2027-Q1").out
    assert len(out) <= LONGEST_COMMENT
    assert "\nThere are too many objectives for a chart here; `okr tree` shows them all.\n" in out
    assert [
        int(each) for each in re.findall(r"\n(\d+) (?:rows|findings|questions) did not fit here\.\n", out)
    ]


def test_the_summary_for_programs(shell: Shell) -> None:
    shell.write(BEFORE)
    answer = json.loads(shell.okr("plan", "summary", "--json").out)
    assert answer["supports"] == [
        {"ref": "2027-Q1/marketing/brand", "supports": "2027/company/lead"},
        {"ref": "2027-Q1/marketing/speed", "supports": "2027-Q1/marketing/brand"},
        {"ref": "2027-Q1/design/look", "supports": "2027-Q1/design/feel"},
    ]
    marketing, design = answer["since"]
    assert [each["times_carried"] for each in marketing["continued"]] == [2, 2]
    assert design["new"] == [{"ref": "2027-Q1/design/feel", "title": "Feel like one company"}]
    assert design["not_continued"] == [
        {
            "ref": "2026-Q4/design/taste", "title": "Feel like one company", "score": 1.0, "finished": True,
            "dropped": False,
        }
    ]  # fmt: skip


def test_a_branch_is_summed_up_from_elsewhere(repository: Shell) -> None:
    repository.okr("plan", "open", "2027-Q1", "--branch")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Plan 2027-Q1")
    repository.git("switch", "--quiet", "main")
    out = repository.okr("plan", "summary", "--at", "plan-2027-Q1").out
    assert out.startswith("<!-- okr plan -->\n## Plan for 2027-Q1\n")
    assert "carried over: Make our brand the one people think of first" in out
    assert repository.okr("plan", "check", "--at", "plan-2027-Q1").status == 0
    repository.write(
        {"goals/okr.yaml": "", "goals/okrs/2027-Q1/a.yaml": SMALL_WORKSPACE["okrs/2026-Q4/marketing.yaml"]}
    )
    out = repository.okr("-C", "goals", "plan", "summary", "2027-Q1").out
    assert out.startswith("<!-- okr plan: goals -->\n")
    both = repository.okr("plan", "check", "--json", "--format", "text")
    assert (both.status, both.err) == (
        2,
        "error: --json and --format text contradict each other.\n  Give one of them.\n",
    )
