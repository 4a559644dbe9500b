"""What finalising a session asks for, and when it is refused: pure, for the page and the act alike.

Who never began needs nothing. Whoever began and did not finish needs the reason why; whoever finished must have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from exam.certification.results import ABANDONMENTS
from exam.certification.rules import LENGTH
from kiosk.errors import Conflict, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kiosk.store.candidates import Candidate
    from kiosk.store.sessions import Session

LONGEST_COMMENT = 500
Standing = Literal["finished", "unfinished", "absent"]


class Finalisation(msgspec.Struct, frozen=True):
    """What the principal says; `reasons` by candidate, for those who did not finish."""

    reasons: dict[str, str] = {}
    comment: str = ""
    has_incident: bool = False
    has_joining_issue: bool = False


def standing(row: Candidate) -> Standing:
    """Return whether a candidate finished, began without finishing, or never began."""
    if row.started_ms is None:
        return "absent"
    return "finished" if row.answered >= LENGTH or row.end_reason == "exhausted" else "unfinished"


def check_words(said: Finalisation) -> None:
    """Raise Refused when the comment is too long or a reason is none."""
    if len(said.comment) > LONGEST_COMMENT:
        raise Refused("finalisation.long_comment", field="comment", params={"most": LONGEST_COMMENT})
    if any(reason not in ABANDONMENTS for reason in said.reasons.values()):
        raise Refused("finalisation.bad_reason", field="reasons")


def check_candidates(rows: Iterable[Candidate], reasons: Mapping[str, str]) -> None:
    """Raise Refused for a reason of somebody who is not on the list, or who needs none."""
    stands = {row.id: standing(row) for row in rows}
    for candidate in reasons:
        if candidate not in stands:
            raise Refused("finalisation.unknown_candidate", field="reasons")
        if stands[candidate] != "unfinished":
            raise Refused("finalisation.reason_not_wanted", field=f"reason-{candidate}")


def check_finalisable(session: Session, rows: list[Candidate], said: Finalisation) -> None:
    """Raise Conflict or Refused unless the session can be finalised with what is said."""
    check_words(said)
    if session.status == "finalised":
        raise Conflict("finalisation.already")
    if session.status == "open":
        raise Conflict("finalisation.still_open")
    if all(standing(row) == "absent" for row in rows):
        raise Conflict("finalisation.nobody_started")
    check_candidates(rows, said.reasons)
    missing = [row.id for row in rows if standing(row) == "unfinished" and row.id not in said.reasons]
    if missing:
        raise Refused(
            "finalisation.reason_missing", field=f"reason-{missing[0]}", params={"count": len(missing)}
        )
