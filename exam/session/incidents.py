"""What a supervisor may note about a session: categories, what each needs, and whether a jury must look.

The codes C and E are those schools know from the public service; those under R are reasons for lost time in the room.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from exam.errors import BadReport

LONGEST_TEXT = 1000
LAST_QUESTION = 500

Need = Literal["text", "number", "nothing"]


class Category(NamedTuple):
    """One row: its code, what must be said, whether a jury must look before publication, whether it is about one candidate."""

    code: str
    need: Need
    impactful: bool
    of_candidate: bool = True


_ROWS = (
    Category("C1", "text", impactful=True),  # names or birth date to correct
    Category("C2", "text", impactful=False),  # extra time to correct
    Category("C4", "text", impactful=False),  # did not sign
    Category("C6", "nothing", impactful=True),  # suspicion of fraud
    Category("C7", "text", impactful=False),  # technical, not blocking
    Category("C8", "text", impactful=False),  # of the candidate, not blocking
    Category("E1", "number", impactful=True),  # picture not shown
    Category("E2", "number", impactful=True),  # simulator not working
    Category("E3", "number", impactful=True),  # file does not open
    Category("E4", "number", impactful=True),  # site unavailable
    Category("E5", "number", impactful=True),  # site blocked
    Category("E8", "number", impactful=True),  # extra time exceeded
    Category("E9", "number", impactful=True),  # installed software failed
    Category("E10", "number", impactful=True),  # focus lost without intention
    Category("E11", "number", impactful=True),  # error of the platform
    Category("E12", "number", impactful=True),  # accessibility of the question
    Category("R1", "text", impactful=False, of_candidate=False),  # comfort of the room
    Category("R2", "text", impactful=False, of_candidate=False),  # disturbance, noise
    Category("R3", "text", impactful=False, of_candidate=False),  # power outage
    Category("R4", "text", impactful=False, of_candidate=False),  # weather
    Category("R5", "text", impactful=False, of_candidate=False),  # the staff
    Category("R6", "text", impactful=False, of_candidate=False),  # network or server
    Category("R7", "text", impactful=False, of_candidate=False),  # other
)

CATEGORIES: dict[str, Category] = {row.code: row for row in _ROWS}

ALWAYS_OFFERED: tuple[str, ...] = ("E4", "E5", "E8", "E9", "E11", "E12")


def alert_reasons(*, picture: bool, simulator: bool, document: bool, focus: bool) -> list[str]:
    """Return the reasons a supervisor may validate an alert for, by what the question has."""
    given = {"E1": picture, "E2": simulator, "E3": document, "E10": focus}
    return [code for code in CATEGORIES if code in ALWAYS_OFFERED or given.get(code, False)]


def check_incident(code: str, text: str, number: int | None, *, candidate: bool) -> Category:
    """Return the category; raises `BadReport` naming what is missing: category, candidate, text or number."""
    category = CATEGORIES.get(code)
    if category is None:
        raise BadReport("incident.bad_category")
    if category.of_candidate and not candidate:
        raise BadReport("incident.needs_candidate")
    if len(text) > LONGEST_TEXT or (category.need == "text" and not text.strip()):
        raise BadReport("incident.needs_text")
    if category.need == "number" and number is None:
        raise BadReport("incident.needs_number")
    if number is not None and not 1 <= number <= LAST_QUESTION:
        raise BadReport("incident.needs_number")
    return category
