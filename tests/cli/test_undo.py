from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.cli.conftest import Shell, value_of_visits

if TYPE_CHECKING:
    from pathlib import Path

LOG = "checkins/2026-Q4/marketing.yaml"


def test_the_last_check_in_of_a_key_result_is_taken_back_by_a_line(repository: Shell) -> None:
    before = repository.read(LOG).splitlines(keepends=True)
    outcome = repository.okr("undo", "visits", "-m", "Counted the bots as well")
    assert outcome.status == 0, outcome.err
    line = "- {date: 2026-11-23, kr: brand/visits, retracts: 2026-10-12, by: alice, note: Counted the bots as well}\n"
    assert repository.read(LOG) == "".join([*before[:2], line, *before[2:]])
    assert value_of_visits(repository) == 44000
    assert repository.git("log", "-1", "--format=%B").strip() == (
        "okr: marketing/brand/visits takes back 47500 visits of 2026-10-12 (0.09 → 0.03)\n"
        "\n"
        "Counted the bots as well\n"
        "\n"
        "OKR-Checkin: 2026-Q4/marketing/brand/visits date=2026-11-23 retracts=2026-10-12"
    )
    assert repository.git("show", "--format=", "--numstat", "HEAD") == f"1\t0\t{LOG}\n"


def test_it_says_what_was_taken_back_and_what_that_moved(repository: Shell) -> None:
    outcome = repository.okr("undo", "visits")
    commit = repository.git("rev-parse", "--short=7", "HEAD").strip()
    assert [line.rstrip() for line in outcome.out.splitlines()] == [
        "2026-Q4/marketing/brand/visits",
        "  Reach 100,000 monthly visits",
        "  taken back  47,500 visits of 2026-10-12",
        "  value       47,500 → 44,000 visits (−3,500)",
        "  score       0.09 → 0.03",
        "  objective   0.16 → 0.12  Make our brand the one people think of first",
        f"Recorded in {LOG}:3, committed as {commit}.",
    ]


def test_a_date_says_which_one(repository: Shell) -> None:
    outcome = repository.okr("undo", "visits", "--date", "2026-10-05", "--json")
    assert outcome.status == 0, outcome.err
    answer = json.loads(outcome.out)
    assert answer["checkins"][0]["taken_back"][0]["value"] == 44000
    assert value_of_visits(repository) == 47500


def test_what_a_correction_that_is_taken_back_had_corrected_is_said_to_stay_taken_back(
    repository: Shell,
) -> None:
    repository.okr("checkin", "visits", "60000", "-c", "0.5", "--date", "2026-11-20")
    repository.okr("checkin", "visits", "58000", "--replace")
    anew = "`okr checkin 2026-Q4/marketing/brand/visits 60000 -c 0.5 --date 2026-11-20`."
    answer = json.loads(repository.okr("undo", "visits", "--json", "--dry-run").out)
    assert answer["remarks"][0].endswith(f"counts only if it is recorded anew: {anew}")
    for arguments in ((), ("visits",)):
        outcome = repository.okr("undo", *arguments, *(["--dry-run"] if not arguments else []))
        assert outcome.status == 0
        assert " ".join(outcome.err.split()) == (
            "What 2026-Q4/marketing/brand/visits had before it stays taken back, and counts only if it is recorded "
            f"anew: {anew}"
        )
    assert value_of_visits(repository) == 47500
    assert repository.okr(*anew.strip("`.").split()[1:]).status == 0
    assert value_of_visits(repository) == 60000
    assert repository.okr("undo", "visits", "--date", "2026-10-12").err == ""
    repository.okr("checkin", "launch", "beta", "--date", "2026-11-20")
    repository.okr("checkin", "launch", "live", "--replace")
    assert "visits" not in (said := repository.okr("undo", "launch").err)
    assert " ".join(said.split()).endswith(
        "`okr checkin 2026-Q4/marketing/brand/launch beta --date 2026-11-20`."
    )


def test_nothing_to_take_back_says_of_which_day_or_where_it_went(repository: Shell) -> None:
    repository.okr("undo", "launch")
    assert repository.okr("undo", "launch").err == (
        "error: 2026-Q4/marketing/brand/launch has no check-in that could be taken back.\n"
        "  `okr log 2026-Q4/marketing/brand/launch` tells what was taken back.\n"
    )
    assert repository.okr("undo", "launch", "--date", "2026-10-13").err == (
        "error: 2026-Q4/marketing/brand/launch has no check-in of 2026-10-13.\n"
    )
    assert repository.okr("undo", "hours").err == (
        "error: 2026-Q4/marketing/speed/hours has no check-in that could be taken back.\n"
    )


def test_what_was_taken_back_is_not_taken_back_again(repository: Shell) -> None:
    assert repository.okr("undo", "visits", "--date", "2026-10-05").status == 0
    twice = repository.okr("undo", "visits", "--date", "2026-10-05")
    assert twice.status == 1
    assert "has been taken back already" in twice.err
    missing = repository.okr("undo", "visits", "--date", "2026-10-06")
    assert missing.status == 1
    assert "has no check-in of 2026-10-06" in missing.err
    assert "2026-10-12" in missing.err


def test_two_check_ins_of_a_day_are_told_apart_by_their_time(repository: Shell) -> None:
    log = (
        '- {date: "2026-10-12T09:00:00+02:00", kr: brand/visits, value: 1}\n'
        '- {date: "2026-10-12T17:00:00+02:00", kr: brand/visits, value: 2}\n'
    )
    repository.write({LOG: log})
    repository.git("commit", "--quiet", "--all", "--message", "By hand")
    unclear = repository.okr("undo", "visits", "--date", "2026-10-12")
    assert unclear.status == 2
    assert "--date 2026-10-12T09:00:00+02:00, 2026-10-12T17:00:00+02:00" in unclear.err
    clear = repository.okr("undo", "visits", "--date", "2026-10-12T15:00:00Z")
    assert clear.status == 0, clear.err
    assert value_of_visits(repository) == 1


def test_a_commit_that_took_back_has_nothing_to_take_back(repository: Shell) -> None:
    assert repository.okr("undo", "visits").status == 0
    outcome = repository.okr("undo", "HEAD")
    assert (outcome.status, outcome.err.splitlines()) == (
        1,
        [
            "error: HEAD recorded no check-in: it took back what another had.",
            "  To have that again, record it anew; `okr log` shows it.",
        ],
    )


def test_a_whole_commit_is_taken_back(repository: Shell) -> None:
    rows = "ref,value\nvisits,60000\nlaunch,beta\nhours,12\n"
    assert repository.okr("checkin", "--from", "-", stdin=rows).status == 0
    commit = repository.git("rev-parse", "HEAD").strip()
    outcome = repository.okr("undo", commit[:9])
    assert outcome.status == 0, outcome.err
    added = [
        line[1:] for line in repository.git("show", "--format=", "HEAD").splitlines() if line.startswith("+-")
    ]
    assert added == [
        "- {date: 2026-11-23, kr: brand/visits, retracts: 2026-11-23, by: alice}",
        "- {date: 2026-11-23, kr: brand/launch, retracts: 2026-11-23, by: alice}",
        "- {date: 2026-11-23, kr: speed/hours, retracts: 2026-11-23, by: alice}",
    ]
    assert value_of_visits(repository) == 47500
    again = repository.okr("undo", commit)
    assert again.status == 1
    assert "taken back already" in again.err


def test_without_a_target_ones_own_last_check_in_commit_is_meant(repository: Shell) -> None:
    assert repository.okr("checkin", "visits", "60000").status == 0
    repository.write({"notes.txt": "later\n"})
    repository.git("add", "notes.txt")
    repository.git("commit", "--quiet", "--message", "Something else")
    repository.git("config", "user.email", "bob@acme.example")
    assert repository.okr("checkin", "launch", "beta").status == 0
    repository.git("config", "user.email", "alice@acme.example")
    outcome = repository.okr("undo", "--json")
    assert outcome.status == 0, outcome.err
    assert [each["ref"] for each in json.loads(outcome.out)["checkins"]] == ["2026-Q4/marketing/brand/visits"]
    again = repository.okr("undo")
    assert again.status == 1
    assert re.fullmatch(
        r"error: All that [0-9a-f]{7} recorded has been taken back already\.\n"
        r"  `okr undo COMMIT` takes back what an earlier one did; `okr log` shows which there are\.\n",
        again.err,
    )


def test_a_commit_with_check_ins_of_several_people_is_meant_only_if_it_is_named(repository: Shell) -> None:
    """As where a pull request is squashed: its check-ins are then in one commit of whoever merged it."""
    repository.git("switch", "--quiet", "--create", "side")
    assert repository.okr("checkin", "visits", "60000").status == 0
    assert repository.okr("checkin", "hours", "20", "--by", "bob").status == 0
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--squash", "side")
    repository.git("commit", "--quiet", "--message", "What the side had")
    before, commit = repository.read(LOG), repository.git("rev-parse", "--short=7", "HEAD").strip()
    for asked in (["undo"], ["undo", "--dry-run"]):
        refused = repository.okr(*asked)
        assert (refused.status, refused.out, repository.read(LOG)) == (1, "", before)
        assert refused.err == (
            f"error: Your last check-in commit, {commit}, has check-ins of 2 people: alice, bob.\n"
            f"  `okr undo REF` takes back one of a key result, `okr undo {commit}` all that the commit recorded.\n"
        )
    outcome = repository.okr("undo", commit, "--dry-run")
    assert [line.strip() for line in outcome.out.splitlines() if "taken back" in line] == [
        "taken back  60,000 visits of 2026-11-23",
        "taken back  20 hours of 2026-11-23, by bob",
    ]


def test_what_a_merge_brought_in_is_not_what_its_author_recorded(repository: Shell) -> None:
    """As after `git pull`, which makes a merge: the colleague's check-in was taken back in place of one's own."""
    repository.git("switch", "--quiet", "--create", "side")
    repository.git("config", "user.email", "bob@acme.example")
    assert repository.okr("checkin", "hours", "20").status == 0
    repository.git("switch", "--quiet", "main")
    repository.git("config", "user.email", "alice@acme.example")
    assert repository.okr("checkin", "visits", "60000").status == 0
    repository.git("merge", "--quiet", "--no-edit", "side")
    merge = repository.git("rev-parse", "--short=7", "HEAD").strip()
    refused = repository.okr("undo", merge)
    assert refused.status == 1
    assert refused.err.startswith(f"error: {merge} recorded no check-in.\n")
    outcome = repository.okr("undo", "--json")
    assert [each["ref"] for each in json.loads(outcome.out)["checkins"]] == ["2026-Q4/marketing/brand/visits"]


def test_who_moves_a_log_or_the_workspace_recorded_nothing_by_that(repository: Shell) -> None:
    assert repository.okr("checkin", "visits", "60000").status == 0
    repository.write({"goals/README.md": "All of it lies here now.\n"})
    for name in ("okr.yaml", "org.yaml", "okrs", "checkins", ".gitattributes"):
        repository.git("mv", name, "goals")
    repository.git("commit", "--quiet", "--all", "--message", "Move it")
    moved = Shell(repository.folder / "goals", repository.home)
    refused = moved.okr("undo", "HEAD")
    assert refused.status == 1
    assert " recorded no check-in.\n" in refused.err
    moved.write(
        {"org.yaml": moved.read("org.yaml").replace("id: marketing,", "id: sales, formerly: [marketing],")}
    )
    moved.git("mv", "okrs/2026-Q4/marketing.yaml", "okrs/2026-Q4/sales.yaml")
    moved.git("mv", LOG, "checkins/2026-Q4/sales.yaml")
    moved.git("commit", "--quiet", "--all", "--message", "Another name")
    assert " recorded no check-in.\n" in moved.okr("undo", "HEAD").err


def test_a_line_that_a_merge_itself_added_is_its_own(repository: Shell) -> None:
    repository.git("switch", "--quiet", "--create", "side")
    assert repository.okr("checkin", "hours", "20").status == 0
    repository.git("switch", "--quiet", "main")
    assert repository.okr("checkin", "visits", "60000").status == 0
    repository.git("merge", "--quiet", "--no-commit", "side")
    line = "- {date: 2026-11-22, kr: speed/uptime, value: 99.95, by: alice}\n"
    repository.write({LOG: repository.read(LOG) + line})
    repository.git("commit", "--quiet", "--all", "--no-edit")
    outcome = repository.okr("undo", "HEAD", "--json")
    assert [each["ref"] for each in json.loads(outcome.out)["checkins"]] == ["2026-Q4/marketing/speed/uptime"]


def test_what_was_taken_back_without_a_commit_is_said_to_wait_for_one(repository: Shell) -> None:
    assert repository.okr("checkin", "visits", "60000").status == 0
    commit = repository.git("rev-parse", "--short=7", "HEAD").strip()
    assert repository.okr("undo", "--no-commit").status == 0
    again = repository.okr("undo")
    assert again.err.splitlines()[:2] == [
        f"error: All that {commit} recorded has been taken back already, but no commit holds that yet.",
        "  `okr checkin --commit-pending` commits it.",
    ]
    assert repository.okr("checkin", "--commit-pending").status == 0
    assert "has been taken back already.\n" in repository.okr("undo", commit).err


def test_a_commit_that_recorded_nothing_or_does_not_exist_is_named(repository: Shell) -> None:
    repository.write({"notes.txt": "x\n"})
    repository.git("add", "notes.txt")
    repository.git("commit", "--quiet", "--message", "Something else")
    nothing = repository.okr("undo", "HEAD")
    assert nothing.status == 1
    assert "HEAD recorded no check-in" in nothing.err
    unknown = repository.okr("undo", "abcdef1234")
    assert unknown.status == 2
    assert "abcdef1234" in unknown.err


def test_a_dry_run_and_no_commit(repository: Shell) -> None:
    before, head = repository.read(LOG), repository.git("rev-parse", "HEAD")
    assert "Nothing was written" in repository.okr("undo", "visits", "--dry-run").out
    assert repository.read(LOG) == before
    assert repository.okr("undo", "visits", "--no-commit").status == 0
    assert repository.git("rev-parse", "HEAD") == head
    assert "retracts: 2026-10-12" in repository.read(LOG)


def test_a_measurement_of_a_kpi_is_taken_back_as_well(repository: Shell) -> None:
    repository.write(
        {
            "kpis.yaml": "kpis:\n  - {id: reach, name: Reach}\n",
            "checkins/kpis.yaml": "- {date: 2026-09-30, kpi: reach, value: 1}\n- {date: 2026-10-07, kpi: reach, value: 2}\n",
        }
    )
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "KPIs")
    outcome = repository.okr("undo", "kpis/reach")
    assert outcome.status == 0, outcome.err
    assert "2 → 1 (−1)" in outcome.out
    assert repository.read("checkins/kpis.yaml").endswith(
        "- {date: 2026-11-23, kpi: reach, retracts: 2026-10-07, by: alice}\n"
    )


def test_a_union_merge_of_an_undo_and_a_check_in_keeps_both(repository: Shell) -> None:
    repository.git("branch", "other")
    assert repository.okr("undo", "visits").status == 0
    repository.git("checkout", "--quiet", "other")
    assert repository.okr("checkin", "visits", "60000").status == 0
    repository.git("merge", "--quiet", "--no-edit", "main")
    assert value_of_visits(repository) == 60000
    assert repository.okr("undo", "visits").status == 0
    assert value_of_visits(repository) == 44000


def test_a_retraction_is_sent_like_a_check_in(repository: Shell) -> None:
    repository.git("init", "--quiet", "--bare", "--initial-branch=main", "../remote.git")
    repository.git("remote", "add", "origin", "../remote.git")
    repository.git("push", "--quiet", "--set-upstream", "origin", "main")
    outcome = repository.okr("undo", "visits", "--push")
    assert outcome.status == 0, outcome.err
    assert repository.git("rev-parse", "origin/main") == repository.git("rev-parse", "HEAD")
    assert "retracts: 2026-10-12" in repository.git("show", f"origin/main:{LOG}")
    unclear = repository.okr("undo", "visits", "--push", "--no-commit")
    assert unclear.status == 2


def test_a_commit_takes_back_nothing_that_another_recorded(repository: Shell) -> None:
    twice = repository.read(LOG) + "- {date: 2026-11-23, kr: speed/hours, value: 9, by: bob}\n"
    repository.write({LOG: twice})
    repository.git("commit", "--quiet", "--all", "--message", "By hand")
    repository.write({LOG: twice + "- {date: 2026-11-23, kr: speed/hours, value: 8, by: alice}\n"})
    repository.git("commit", "--quiet", "--all", "--message", "By hand again")
    outcome = repository.okr("undo", "HEAD")
    assert outcome.status == 1
    assert "has another check-in of 2026-11-23, which HEAD did not record" in outcome.err


def test_a_log_that_cannot_be_read_is_named(repository: Shell) -> None:
    repository.okr("checkin", "visits", "60000")
    repository.write({LOG: repository.read(LOG) + "- {date: 2026-11-20, kr: brand/visits, value: 300\n"})
    for arguments in (("undo",), ("undo", "visits")):
        outcome = repository.okr(*arguments)
        assert outcome.status == 1
        assert f"{LOG}:5" in outcome.err
        assert outcome.out == ""


def cloned(whole: Shell, place: Path, *options: str) -> Shell:
    """A clone that lacks something, of a repository whose last two commits are Alice's check-ins."""
    assert whole.okr("checkin", "visits", "60000").status == 0
    assert whole.okr("checkin", "hours", "20").status == 0
    whole.git("config", "uploadpack.allowFilter", "true")
    whole.git("clone", "--quiet", *options, f"file://{whole.folder}", str(place))
    clone = Shell(place, whole.home)
    clone.git("config", "user.email", "alice@acme.example")
    clone.git("config", "user.name", "Alice Martin")
    return clone


def test_a_shallow_clone_takes_back_no_more_than_is_known_to_be_asked_for(
    repository: Shell, tmp_path: Path
) -> None:
    clone = cloned(repository, tmp_path / "clone", "--depth", "1")
    before, commit = clone.read(LOG), clone.git("rev-parse", "HEAD").strip()
    for asked in ((), (commit,)):
        refused = clone.okr("undo", *asked)
        assert (refused.status, refused.out) == (1, "")
        assert refused.err == (
            f"error: What {commit[:7]} changed can't be told: this clone is shallow, and lacks the commit before it.\n"
            "  `git fetch --unshallow` brings the older commits; then repeat the command.\n"
        )
    assert clone.read(LOG) == before
    clone.git("fetch", "--quiet", "--unshallow")
    assert [each["ref"] for each in json.loads(clone.okr("undo", "--json").out)["checkins"]] == [
        "2026-Q4/marketing/speed/hours"
    ]


def test_a_partial_clone_that_can_not_fetch_says_so_rather_than_end_in_silence(
    repository: Shell, tmp_path: Path
) -> None:
    clone = cloned(repository, tmp_path / "clone", "--filter=blob:none")
    clone.git("config", "remote.origin.url", f"file://{tmp_path / 'nowhere'}")
    before = clone.read(LOG)
    by_hand = clone.read(LOG).replace("value: 44000", "value: 44001")
    clone.write({LOG: by_hand})  # so that the story has to look at what the log held before
    clone.git("commit", "--quiet", "--all", "--message", "By hand")
    before = clone.read(LOG)
    for asked in (
        ["undo", "HEAD~1"], ["diff", "HEAD~3"], ["diff", "HEAD~3..HEAD~2"], ["status", "--at", "HEAD~2"],
        ["log"], ["audit"],
    ):  # fmt: skip
        refused = clone.okr(*asked)
        assert (refused.status, refused.out) == (1, ""), asked
        assert refused.err.startswith("error: This clone is partial: older contents are fetched"), refused.err
        assert "/nowhere' does not appear to be a git repository" in refused.err
        assert refused.err.endswith(
            "  Repeat the command when the remote can be reached, or clone anew without --filter.\n"
        )
    assert clone.read(LOG) == before
