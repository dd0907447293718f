"""What the YAML parser says when it gives up, in words for people, each with what to do about it."""

from __future__ import annotations

EXPLANATIONS = {
    "mapping values are not allowed in this context": (
        "a second `: ` on this line", "put a text that holds `: ` in quotes, or check the indentation",
    ),
    "could not find expected ':'": (
        "this line has no `:` after its key", "write `key: value`, or indent it below the line it belongs to",
    ),
    "did not find expected key": (
        "this line does not fit what stands above it", "check its indentation, and the quotes of the lines above",
    ),
    "did not find expected '-' indicator": (
        "this line is not an item of the list above it", "begin it with `- `, or check its indentation",
    ),
    "found unexpected end of stream": ("a quote is not closed before the end of the file", "close it"),
    "did not find expected ',' or '}'": ("a `,` or `}` is missing here", "separate with `, ` and close with `}`"),
    "did not find expected ',' or ']'": ("a `,` or `]` is missing here", "separate with `, ` and close with `]`"),
    "found unexpected ':'": ("a `:` stands where none may", "put a text that holds `:` in quotes"),
    "block sequence entries are not allowed in this context": (
        "a list item `- ` stands where none may", "put it on a line of its own",
    ),
    "did not find expected node content": ("a value is missing here", "write one, or remove what announces it"),
    "found unknown escape character": (
        "a `\\` in double quotes begins an escape, and this is none", "write `\\\\`, or use single quotes",
    ),
    "found invalid Unicode character escape code": (
        "this escape stands for no character", "write the character itself",
    ),
    "found unexpected document indicator": (
        "a quote is not closed before the document ends", "close it",
    ),
    "did not find expected hexdecimal number": ("this escape lacks digits", "write the character itself"),
    "did not find expected comment or line break": (
        "nothing may stand on this line after `|` or `>`", "begin the text on the next line",
    ),
    "did not find expected <document start>": (
        "this line does not belong to what stands above it", "check its indentation, or whether a `:` is missing",
    ),
}  # fmt: skip


def explained(said: str, context: str | None) -> tuple[str, str | None]:
    """A message of the parser's as a message and a hint; one that is not known here is shown as it is, with its context."""
    known = EXPLANATIONS.get(said)
    if known:
        return known
    return (f"{said} {context}" if context else said), None
