"""`okr rules`: shows all rules as text or JSON."""

from __future__ import annotations

import typer

from okr.commands.options import JsonOption

app = typer.Typer()


@app.command()
def rules(
    *,
    as_json: JsonOption = False,
) -> None:
    """List the rules of `okr validate`.

    Inside a workspace with the severities that it gives them.

    \b
    Examples:
      okr rules
      okr rules --json
    """
    from okr.commands.answering import console, print_json
    from okr.commands.running import invocation
    from okr.operations.validation.rule_severities import severities_at
    from okr.rules.catalogue import catalogue
    from okr.views.rules_table import rules_as_json, show_rules

    here = severities_at(invocation().directory)
    if as_json:
        print_json(rules_as_json(catalogue(), here))
    else:
        show_rules(console(), catalogue(), here)
