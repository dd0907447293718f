"""Appointments as an iCalendar file, which calendars import or subscribe to."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from okr.operations.appointments import Appointment


def calendar(found: Iterable[Appointment], workspace: str, as_of: date) -> bytes:
    """The bytes of an .ics file; the same for the same appointments and day.

    Each appointment keeps its identity from one file to the next, so that a calendar moves it rather than doubling it.
    """
    made = Calendar()
    made.add("prodid", "-//okr//EN")
    made.add("version", "2.0")
    made.add("name", printable(workspace))
    for each in found:
        event = Event()
        identity = hashlib.sha256(f"{workspace}\0{each.key}".encode("utf-8", "replace")).hexdigest()[:32]
        event.add("uid", f"{identity}@okr")
        event.add("dtstamp", datetime.combine(as_of, time(), UTC))
        event.add("dtstart", each.day)
        event.add("dtend", each.day + timedelta(days=1))
        event.add("summary", printable(each.title))
        event.add("description", printable(each.text))
        event.add("transp", "TRANSPARENT")  # a whole day, but nobody is busy because of it
        made.add_component(event)
    return bytes(made.to_ical())
