"""What was found in parts of a workspace as plain values: for another process, or for the next time. No rules here."""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Any

from okr.diagnostics import Diagnostic, Finding, Place, Severity
from okr.rules.catalogue import rules_by_name
from okr.rules.comments import Named, Suppression
from okr.rules.log_facts import LogFacts
from okr.rules.plan_facts import Fed, KeyResultFacts, ObjectiveFacts, PlanFacts, Said, Unknown, Unread

if TYPE_CHECKING:
    from collections.abc import Iterable

Plain = Any
"""Tuples, texts, numbers and sets of texts, as `marshal` takes them."""


def pack(value: Plain) -> bytes:
    """Plain values as bytes, for this version of Python."""
    return marshal.dumps(value)


def unpack(content: bytes | memoryview) -> Plain:
    """The values again; only of what `pack` has made."""
    return marshal.loads(content)  # noqa: S302 # of our own making, whole by its sum, in the user's own folder


def plain(value: Plain) -> Plain:
    """Tuples with names as tuples without."""
    return tuple(map(plain, value)) if isinstance(value, tuple) else value


# Findings and comments


def diagnostics_out(found: Iterable[Diagnostic]) -> Plain:
    """Findings under their rules, as plain values."""
    return tuple((each.code, each.severity.value, _finding_out(each.finding)) for each in found)


def diagnostics_in(found: Plain) -> set[Diagnostic]:
    """The findings again."""
    names = rules_by_name()
    return {
        Diagnostic(code, names[code].name, Severity(severity), _finding_in(finding))
        for code, severity, finding in found
    }


def _finding_out(each: Finding) -> Plain:
    severity = each.severity and each.severity.value
    return each.path, tuple(each.place), each.message, each.hint, each.ref, severity


def _finding_in(said: Plain) -> Finding:
    path, place, message, hint, ref, severity = said
    return Finding(path, Place(*place), message, hint, ref, severity and Severity(severity))


def comments_out(comments: dict[str, list[Suppression]]) -> Plain:
    """The comments that silence rules, by path, as plain values."""
    return tuple((path, tuple(map(_comment_out, each))) for path, each in comments.items())


def comments_in(comments: Plain) -> dict[str, list[Suppression]]:
    """The comments again."""
    return {path: [_comment_in(path, each) for each in found] for path, found in comments}


def _comment_out(each: Suppression) -> Plain:
    named = tuple((name.selector, tuple(name.place)) for name in each.named)
    return tuple(each.place), named, each.reason, each.lines, each.points, each.whole_file, each.fault


def _comment_in(path: str, said: Plain) -> Suppression:
    place, named, reason, lines, points, whole_file, fault = said
    names = tuple(Named(selector, Place(*where)) for selector, where in named)
    return Suppression(path, Place(*place), names, reason, lines, points, whole_file=whole_file, fault=fault)


# Facts


def log_facts_out(facts: LogFacts) -> Plain:
    """What a log says, as plain values."""
    authors = tuple((name, _finding_out(first), count) for name, (first, count) in facts.authors.items())
    return tuple(map(_finding_out, facts.quoted_days)), authors


def log_facts_in(said: Plain) -> LogFacts:
    """What a log says again."""
    quoted, authors = said
    return LogFacts(
        tuple(map(_finding_in, quoted)), {name: (_finding_in(first), count) for name, first, count in authors}
    )


def plan_facts_in(said: Plain) -> PlanFacts:
    """What a plan says, of the plain values that it comes to."""
    path, cycle, owner, title, is_list, whole, objectives, texts, unread, unknown, fed = said
    return PlanFacts(
        path,
        cycle,
        owner,
        title and Place(*title),
        is_list,
        whole,
        tuple(map(_objective_in, objectives)),
        tuple(
            Said(objective, key_result, key, item, text, Place(*place))
            for objective, key_result, key, item, text, place in texts
        ),
        unread and Unread(*unread),
        tuple(Unknown(name, whose, ref, Place(*place), times) for name, whose, ref, place, times in unknown),
        tuple(Fed(kpi, ref, Place(*place)) for kpi, ref, place in fed),
    )


def _objective_in(said: Plain) -> ObjectiveFacts:
    name, title, formerly, says_supports, key_results = said
    return ObjectiveFacts(
        name, title, formerly, says_supports, tuple(KeyResultFacts(*each) for each in key_results)
    )
