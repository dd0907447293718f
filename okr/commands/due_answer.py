"""What `okr due` answers: works out what needs a check-in, shows it in one of four formats.

It needs no typer, as `log_answer.py`.
"""

from __future__ import annotations

import sys
from enum import StrEnum

from okr.commands.formats import form_of, one_of
from okr.commands.plain_words import PlainWords


class Format(StrEnum):
    """How the answer is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    SLACK = "slack"


PLAINLY = PlainWords(
    {
        "--cycle": ("cycle", str),
        "--owner": ("owner", str),
        "--mine": ("mine", None),
        "--at": ("at", str),
        "--format": ("as_format", one_of(Format)),
        "--json": ("as_json", None),
        "--plain": ("plain", None),
        "--check": ("check", None),
    }
)


def answer(
    *,
    cycle: str | None = None,
    owner: str | None = None,
    mine: bool = False,
    at: str | None = None,
    as_format: Format | None = None,
    as_json: bool = False,
    plain: bool = False,
    check: bool = False,
) -> int:
    """Answers, and gives the exit status.

    Args:
        cycle: the cycle that is asked about; the current one if left out.
        owner: the only team or person whose check-ins are asked about.
        mine: whether only the user's own are asked about.
        at: the commit or day that is shown.
        as_format: how the answer is written.
        as_json: the same as the format of that name.
        plain: whether a screen reader reads it.
        check: whether the status tells that something is due, be it in another cycle that runs.

    Raises:
        OkrError: there is no answer.
    """
    from okr.commands.answering import answering, console, note_uncommitted, print_json
    from okr.commands.opening import open_workspace
    from okr.operations.due import due_checkins

    form = form_of(as_format, Format.JSON, Format.TEXT, as_json=as_json)
    workspace = open_workspace(at)
    with answering(workspace):
        person = None
        if mine:
            from okr.operations.identity import current_person

            person = current_person(workspace)
        found = due_checkins(workspace, cycle=cycle, owner=owner, person=person, spread=True)
    if form is Format.JSON:
        from okr.views.due import due_json

        print_json(due_json(found))
    elif form is Format.TEXT:
        from okr.views.due_text import show_due

        show_due(console(plain=plain), found)
    else:
        from okr.views.workflow_commands import for_log

        if found.frame.language == "fr":
            from okr.views.due_fr import markdown_fr as markdown
            from okr.views.due_fr import slack_fr as slack
        else:
            from okr.views.due import markdown, slack

        sys.stdout.write(f"{markdown(found) if form is Format.MARKDOWN else for_log(slack(found))}\n")
        sys.stdout.flush()  # before what stderr says
    if at is None:
        note_uncommitted()
    return 1 if check and (found.due or found.elsewhere) else 0
