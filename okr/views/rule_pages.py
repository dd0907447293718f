"""The pages of docs/rules: a rule as Markdown, and the index of all, from what the rules say of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.rules.catalogue import catalogue
from okr.rules.example_files import BASIS, EXAMPLE_DAY, examples_of
from okr.rules.severities import can_be_silenced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from okr.rules.catalogue import Rule
    from okr.rules.example_files import Example

FAMILIES = {
    "OKR1": "Files, and comments that silence rules",
    "OKR2": "How many, each once, and aspiring",
    "OKR3": "Alignment",
    "OKR4": "Titles and metrics",
    "OKR5": "Check-ins and logs",
    "OKR6": "Teams, people, KPIs and settings",
    "OKR7": "History",
}
"""What the rules whose codes begin so are about."""

COMPARES = (
    "with an earlier version: the revision of `--changed-since`, else the last commit, so that it speaks before a change is "
    "committed. Outside a repository it finds nothing."
)
"""What a rule on history compares, as a page and the terminal say it."""

_GENERATED = "<!-- Written by `make docs` from okr/rules; change it there. -->\n\n"
_INDEX = f"""{_GENERATED}# The rules

What `okr validate` checks. `okr rules` lists them with their severities in a workspace, and `okr explain OKR203` shows one.

Their severity is set in [okr.yaml](../files.md#okryaml), for all files or for some; a comment silences one of them
[where it stands](../files.md#silencing-a-finding-where-it-stands), and says why.

The examples on the pages are whole but small, as of {{day}}. Unless they say otherwise, their okr.yaml allows a single
objective with a single key result:

{{basis}}"""


def page_name(rule: Rule) -> str:
    """The file name of a rule's page."""
    return f"{rule.code}.md"


def rule_page(rule: Rule) -> str:
    """A rule's page: what, why, remedy, a bad and a good example, and how it is silenced."""
    parts = [
        f"{_GENERATED}# {rule.code} {rule.name}\n\n{rule.what}\n\nSeverity: {severity_of_page(rule)}.\n",
        *([f"It compares {COMPARES}\n"] if rule.history else []),
        f"## Why\n\n{rule.why}\n",
        f"## How to mend it\n\n{rule.remedy}\n",
    ]
    examples = examples_of(rule.code)
    if examples is not None:
        parts += [
            f"## Found\n\n{''.join(example_as_markdown(examples.bad))}",
            f"## Fine\n\n{''.join(example_as_markdown(examples.good))}",
        ]
    return "\n".join([*parts, f"## How to silence it\n\n{' '.join(how_to_silence(rule))}\n"])


def index_page() -> str:
    """docs/rules/README.md: every rule in one line, by family."""
    parts = [_INDEX.format(day=EXAMPLE_DAY, basis=_block("okr.yaml", BASIS["okr.yaml"]))]
    for start, title in FAMILIES.items():
        rules = [rule for rule in catalogue() if rule.code.startswith(start)]
        if rules:
            rows = "".join(
                f"| [{rule.code}]({page_name(rule)}) | `{rule.name}` | {rule.severity.value} | {_in_cell(rule.what)} |\n"
                for rule in rules
            )
            table = f"| code | name | severity | what it asks for |\n| --- | --- | --- | --- |\n{rows}"
            parts.append(f"## {start}xx: {title}\n\n{table}")
    return "\n".join(parts)


def severity_of_page(rule: Rule) -> str:
    """A rule's own severity, and whether it holds whatever a workspace wants."""
    return rule.severity.value if can_be_silenced(rule) else f"{rule.severity.value}, in every workspace"


def how_to_silence(rule: Rule) -> Iterator[str]:
    """How findings of a rule can be silenced, in sentences."""
    if not can_be_silenced(rule):
        yield "It can't be silenced: without the file there is no answer."
        return
    yield f"In okr.yaml: `rules: {{{rule.code}: off}}`, or `overrides` for some of the files."
    if rule.subject.__name__ != "Silencing":
        yield f"At one place: a comment, `# okr: ignore[{rule.code}] why`, at the end of the line or above it."


def example_as_markdown(example: Example) -> Iterator[str]:
    """An example's files as blocks under their names."""
    if example.before:
        yield "Committed first:\n\n"
        yield from _files(example.before)
        yield "Changed to:\n\n"
    yield from _files(example.files)
    for path, target in example.links.items():
        yield f"{path} is a symbolic link to `{target}`.\n\n"


def _files(files: Mapping[str, str]) -> Iterator[str]:
    for path, text in files.items():
        yield f"{_block(path, text)}\n"


def _block(path: str, text: str) -> str:
    language = "yaml" if path.endswith(".yaml") else "text"
    shown = "".join(
        letter if letter in "\n\t" or letter >= " " else f"\\x{ord(letter):02x}" for letter in text
    )
    return f"{path}:\n\n```{language}\n{shown}```\n"


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|")
