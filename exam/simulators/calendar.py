"""A shared calendar: events to make, move and delete, people to invite, rights to give."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from exam.simulators.base import Simulator, Slot, choice, shown
from exam.simulators.schema import NO, YES, YES_NO, Schema, ident, maybe_words, rows, word_list, words, yes_no

if TYPE_CHECKING:
    from exam.simulators.schema import Node

RIGHTS = ("none", "busy", "read", "edit")
NEW_EVENTS = 3
HOURS = tuple(f"{hour:02}:{minute:02}" for hour in range(7, 24) for minute in (0, 15, 30, 45))


class Calendar(Simulator):
    """Keep a calendar with others."""

    name = "calendar"
    schema: ClassVar[Schema] = {
        "days": rows({"id": ident, "name": words}, least=1, most=7),
        "calendars": rows({"id": ident, "name": words}, least=1, most=6),
        "people": rows({"id": ident, "name": words}, most=10),
        "events": rows(
            {
                "id": ident,
                "title": words,
                "day": ident,
                "start": words,
                "end": words,
                "calendar": ident,
                "place": maybe_words,
                "guests": word_list,
                "locked": yes_no(NO),
            },
        ),
    }

    def slots(self, scene: dict[str, Node]) -> dict[str, Slot]:
        """Return every event, room for new ones, and what each person may do with each calendar."""
        days = tuple(row["id"] for row in scene["days"])
        calendars = tuple(row["id"] for row in scene["calendars"])
        people = tuple(row["id"] for row in scene["people"])
        found: dict[str, Slot] = {}
        for row in (*scene["events"], *({"id": f"new{number}"} for number in range(1, NEW_EVENTS + 1))):
            prefix = f"event.{row['id']}"
            guests = _guests(row)
            found[f"{prefix}.title"] = Slot(shown(row, "title"))
            found[f"{prefix}.place"] = Slot(shown(row, "place"))
            found[f"{prefix}.day"] = choice(row.get("day", ""), days)
            found[f"{prefix}.start"] = choice(shown(row, "start"), HOURS)
            found[f"{prefix}.end"] = choice(shown(row, "end"), HOURS)
            found[f"{prefix}.calendar"] = choice(row.get("calendar", ""), calendars)
            found[f"{prefix}.deleted"] = choice(NO if row.get("title") else "", YES_NO)
            for person in people:
                start = (YES if person in guests else NO) if row.get("title") else ""
                found[f"{prefix}.guest.{person}"] = choice(start, YES_NO)
        for calendar in calendars:
            for person in people:
                found[f"calendar.{calendar}.{person}"] = choice("none", RIGHTS)
        return found


def _guests(row: dict[str, Node]) -> list[str]:
    """Return the ids of an event's guests, written as one text for all languages."""
    return [next(iter(one.values())) if isinstance(one, dict) else one for one in row.get("guests", ())]
