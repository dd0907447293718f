"""OKR119 to OKR121: what comments silence (`# okr: ignore[OKR401] the board asked for it`), and whether they should.

Reading them is for `comments.py`. Whatever can't be read in a file is never silenced, and neither are these rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.diagnostics import Finding, Severity
from okr.model import quoted
from okr.rules.catalogue import rule, rules_by_name, rules_meant, selectors
from okr.rules.comments import suppressions
from okr.rules.severities import can_be_silenced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from okr.diagnostics import Diagnostic
    from okr.documents import Document
    from okr.rules.catalogue import Rule
    from okr.rules.comments import Named, Suppression
    from okr.workspace import Workspace

_FORM = "write `# okr: ignore[OKR401] why`, or `# okr: ignore-file[OKR401] why` above the first line"


@dataclass(frozen=True, slots=True)
class Silencing:
    """A comment that is to silence rules, and what came of it.

    Attributes:
        unused: what it names that was not found there; nothing where parts of the file could not be read, as the
            finding may lie there, and no rule whose findings come and go with the day.
    """

    comment: Suppression
    unused: tuple[Named, ...]

    def finding(self, message: str, hint: str | None = None, named: Named | None = None) -> Finding:
        """A finding about the comment, or about one rule that it names."""
        return Finding(self.comment.path, named.place if named else self.comment.place, message, hint)


@dataclass(frozen=True, slots=True)
class Sorted:
    """Findings sorted by whether a comment silences them, and every comment with what came of it."""

    standing: tuple[Diagnostic, ...]
    silenced: tuple[Diagnostic, ...]
    comments: tuple[Silencing, ...]


@rule(
    "OKR119", "unused-suppression", Silencing, severity=Severity.WARNING,
    why="A comment that silences nothing now may one day silence what nobody has thought of. It hides nothing yet, so "
        "it is no error.",
    remedy="Remove the comment, or the rule that isn't found there.",
)  # fmt: skip
def unused_suppression(silencing: Silencing, _: Workspace) -> Iterator[Finding]:
    """A comment that silences a rule stands where that rule finds something."""
    for named in silencing.unused:
        where = "in this file" if silencing.comment.whole_file else "here"
        yield silencing.finding(f"{named.selector} finds nothing {where} that could be silenced", named=named)


@rule(
    "OKR120", "suppression-without-reason", Silencing,
    why="Transparency is the point of OKRs: who reads the plan must see why a rule of the method doesn't hold here.",
    remedy="Say why behind the brackets: `# okr: ignore[OKR401] the board asked for it`.",
)  # fmt: skip
def suppression_without_reason(silencing: Silencing, _: Workspace) -> Iterator[Finding]:
    """A comment that silences a rule says why."""
    if silencing.comment.fault is None and not silencing.comment.reason:
        yield silencing.finding("this comment silences a rule, but doesn't say why")


@rule(
    "OKR121", "invalid-suppression", Silencing, severity=Severity.WARNING,
    why="A comment that can't be understood silences nothing, though whoever wrote it believes it does. What it was to "
        "silence is reported, so it is no error.",
    remedy="Write `# okr: ignore[OKR401] why`, with codes or names of rules that can be silenced.",
)  # fmt: skip
def invalid_suppression(silencing: Silencing, _: Workspace) -> Iterator[Finding]:
    """A comment that silences rules is well formed, and names rules that there are and that can be silenced."""
    if silencing.comment.fault is not None:
        yield silencing.finding(silencing.comment.fault, _FORM)
        return
    for named in silencing.comment.named:
        meant = rules_meant(named.selector)
        if not meant:
            from okr.rules.lookup import did_you_mean  # seldom needed

            hint = did_you_mean(named.selector, selectors, otherwise="`okr rules` lists all")
            yield silencing.finding(f"there is no rule {quoted(named.selector)}", hint, named)
        elif not any(map(is_silenced_by_comments, meant)):
            message = f"{named.selector} can't be silenced by a comment"
            yield silencing.finding(message, "mend what it finds", named)


def comments_of(documents: Iterable[Document]) -> dict[str, list[Suppression]]:
    """The comments that are to silence rules, of those files that have any, by path."""
    return {document.path: list(each) for document in documents if (each := suppressions(document))}


def sort_out(
    found: Iterable[Diagnostic], comments: Mapping[str, list[Suppression]], broken: set[str]
) -> Sorted:
    """Parts what comments silence from what stands.

    Args:
        found: what the rules found.
        comments: those of the files that were read, by path, in the order of the paths.
        broken: those of which some part could not be read, by path.
    """
    standing: list[Diagnostic] = []
    silenced: list[Diagnostic] = []
    used: set[tuple[str, Named]] = set()
    for diagnostic in found:
        named = list(_silencing(diagnostic, comments.get(diagnostic.finding.path, ())))
        (silenced if named else standing).append(diagnostic)
        used.update((diagnostic.finding.path, each) for each in named)
    return Sorted(
        tuple(standing),
        tuple(silenced),
        tuple(
            Silencing(comment, () if path in broken else tuple(_unused(comment, used)))
            for path, here in comments.items()
            for comment in here
        ),
    )


def _silencing(diagnostic: Diagnostic, comments: Iterable[Suppression]) -> Iterator[Named]:
    """What in comments silences a finding."""
    if not comments or not is_silenced_by_comments(rules_by_name()[diagnostic.code]):
        return
    for comment in comments:
        if comment.covers(diagnostic.finding.place):
            for named in comment.named:
                if any(each.code == diagnostic.code for each in rules_meant(named.selector)):
                    yield named


def _unused(comment: Suppression, used: set[tuple[str, Named]]) -> Iterator[Named]:
    if comment.fault is None:
        for named in comment.named:
            meant = [rule for rule in rules_meant(named.selector) if is_silenced_by_comments(rule)]
            if (comment.path, named) not in used and not all(rule.timely for rule in meant):
                yield named


def is_silenced_by_comments(rule: Rule) -> bool:
    """Whether comments can silence a rule."""
    return can_be_silenced(rule) and rule.subject is not Silencing
