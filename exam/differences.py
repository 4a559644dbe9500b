"""The words of a failed replay: a code for the first thing that differs, what the rules give, and what the log holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exam.events import Asked, Carried, Ended, Graded, Held, Opened, Shared

if TYPE_CHECKING:
    from exam.events import Event

MAX_TEXT = 200
"""Longest description kept of an event, in characters: a log may hold very long answers."""


_CODES: dict[type, str] = {
    Carried: "wrong_carry",
    Held: "wrong_epoch",
    Opened: "wrong_opening",
    Shared: "wrong_share",
}


class Difference(NamedTuple):
    """The first difference: question number (0 before the first), index in the log, what was expected and found."""

    code: str
    number: int
    event: int
    expected: str
    found: str


def short(text: str) -> str:
    """Return a text of the log cut to a length fit for a report."""
    return text[:MAX_TEXT]


def describe(event: Event | None) -> str:
    """Return an event in a few words, an empty text for none."""
    return short(repr(event)) if event is not None else ""


def difference(code: str, number: int, index: int, expected: str, found: Event | None) -> Difference:
    """Return a difference about an event that should not be there, or is not."""
    return Difference(code, number, index, expected, describe(found))


def compare(expected: Event, found: Event | None, number: int, index: int) -> Difference:
    """Name what differs between the event the rules give and the one in the log, known to differ."""
    if found is None:
        return Difference("missing_event", _number(expected, number), index, describe(expected), "")
    if isinstance(expected, Asked) and isinstance(found, Asked):
        return _asked(expected, found, index)
    if isinstance(expected, Graded) and isinstance(found, Graded):
        code = "wrong_grade" if expected.number == found.number else "wrong_number"
        return Difference(code, expected.number, index, expected.outcome, found.outcome)
    code = "unexpected_event"
    if type(expected) is type(found):
        code = _CODES.get(type(expected), code)
    elif isinstance(expected, Asked | Ended) and isinstance(found, Asked | Ended):
        code = "wrong_end"
        number = expected.number if isinstance(expected, Asked) else number + 1
    return Difference(code, _number(expected, number), index, describe(expected), describe(found))


def _asked(expected: Asked, found: Asked, index: int) -> Difference:
    for code, field in (("wrong_number", "number"), ("wrong_item", "item"), ("wrong_skill", "skill")):
        wanted, got = getattr(expected, field), getattr(found, field)
        if wanted != got:
            return Difference(code, expected.number, index, str(wanted), short(str(got)))
    if expected.level != found.level:
        return Difference("wrong_level", expected.number, index, str(expected.level), str(found.level))
    return Difference("wrong_language", expected.number, index, expected.lang, short(found.lang))


def _number(expected: Event, number: int) -> int:
    return expected.number if isinstance(expected, Asked | Graded) else number
