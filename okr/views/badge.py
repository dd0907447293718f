"""A badge: the score of an owner, objective or key result as a small SVG picture for a README or a wiki."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from okr.errors import shortened
from okr.quantities import format_score
from okr.scoring import Band, Status, band
from okr.views.text import printable
from okr.views.workflow_commands import in_markup

if TYPE_CHECKING:
    from okr.operations.badges import Badge

_COLOURS = {Band.GREEN: "#12703c", Band.YELLOW: "#875400", Band.RED: "#b3261e"}
_FRENCH = {Band.GREEN.value: "vert", Band.YELLOW.value: "jaune", Band.RED.value: "rouge"}
_LETTER = 6.6  # pixels, of Verdana at 11 pixels, on average
_PAD = 8
_LONGEST = 48


def badge_svg(found: Badge) -> str:
    """The picture, with its own text for those who can't see it; the colour is that of the score's band."""
    label = printable(found.label)
    label = shortened(label, _LONGEST)
    value, colon = f"{format_score(found.score)} {found.status}", ":"
    if found.language == "fr":
        value, colon = f"{format_score(found.score).replace('.', ',')} {_in_french(found.status)}", "\u00a0:"
    left, right = (round(len(text) * _LETTER) + 2 * _PAD for text in (label, value))
    said = escape(f"{label}{colon} {value}")
    return in_markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{said}">'
        f"<title>{said}</title>"
        f'<rect width="{left}" height="20" fill="#3b424b"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{_COLOURS[band(found.score)]}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{left / 2:g}" y="14">{escape(label)}</text>'
        f'<text x="{left + right / 2:g}" y="14">{escape(value)}</text></g></svg>\n'
    )


def _in_french(status: str) -> str:
    from okr.views.site.words import Words  # which an English badge does without

    return _FRENCH.get(status) or Words("fr").status(Status(status), over=False)
