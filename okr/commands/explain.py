"""`okr explain`: reads its arguments, finds the rules, shows them as text or JSON."""

from __future__ import annotations

from typing import Annotated

import typer

from okr.commands.completion import complete_rule
from okr.commands.options import JsonOption

app = typer.Typer()


@app.command()
def explain(
    rules: Annotated[
        list[str],
        typer.Argument(
            metavar="RULE...",
            help="A rule's code or name, or the beginning of codes.",
            autocompletion=complete_rule,
        ),
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Explain a rule of `okr validate`: why it is there, how to mend it, with examples.

    Inside a workspace also which severity it has there.

    \b
    Examples:
      okr explain OKR203
      okr explain too-few-key-results OKR401
      okr explain OKR4xx --json
    """
    from okr.commands.answering import console, print_json
    from okr.commands.running import invocation
    from okr.operations.validation.rule_severities import severities_at
    from okr.operations.validation.wanted_rules import rules_called
    from okr.views.rule_page import rules_json, show_rule

    found = list(dict.fromkeys(rule for text in rules for rule in rules_called(text)))
    here = severities_at(invocation().directory)
    if as_json:
        print_json(rules_json(found, here))
        return
    screen = console()
    for number, rule in enumerate(found):
        if number:
            screen.print()
        show_rule(screen, rule, None if here is None else here[rule.code])
