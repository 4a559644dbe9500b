"""Sessions and candidates as planning pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from kiosk.readiness.examine import crowded, supervisors_of
from kiosk.store.planning import Filling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.store.candidates import Candidate
    from kiosk.store.sessions import Session

PILLS = {
    "created": ("info", "clock"),
    "open": ("ok", "play"),
    "closed": ("wait", "alert"),
    "finalised": ("off", "check"),
}
STATES = {
    "ended": ("ok", "check"),
    "in_progress": ("info", "play"),
    "registered": ("off", "minus"),
    "absent": ("off", "minus"),
}


@dataclass(frozen=True)
class SessionView:
    """One session; `day` and `begins` are on the school's own clock."""

    id: str
    number: int
    site: str
    room: str
    examiners: str
    description: str
    day: date
    begins: datetime
    status: str
    pill: tuple[str, str]
    mode: str
    gate: bool
    lockdown: str
    minutes: int
    code: str
    password: str
    filling: Filling
    supervisors: int
    crowded: bool
    past: bool
    published: bool

    @property
    def changeable(self) -> bool:
        """Whether what is planned may still change."""
        return self.status == "created"

    @property
    def enrols(self) -> bool:
        """Whether candidates may still be added."""
        return self.status in {"created", "open"}

    @property
    def removable(self) -> bool:
        """Whether it may be taken back."""
        return self.changeable and not self.filling.joined


def session_view(one: Session, filling: Filling | None, today: date) -> SessionView:
    """Return a session as pages show it."""
    filled = filling or Filling()
    begins = datetime.fromisoformat(f"{one.date}T{one.time}")
    return SessionView(
        id=one.id,
        number=one.number,
        site=one.site,
        room=one.room,
        examiners=one.examiners,
        description=one.description,
        day=begins.date(),
        begins=begins,
        status=one.status,
        pill=PILLS[one.status],
        mode=one.mode,
        gate=one.gate,
        lockdown=one.lockdown,
        minutes=one.allowance_min,
        code=one.code,
        password=one.password,
        filling=filled,
        supervisors=supervisors_of(one.examiners),
        crowded=crowded(one.examiners, filled.enrolled),
        published=one.published_ms is not None,
        past=one.status == "created" and begins.date() < today,
    )


@dataclass(frozen=True)
class CandidateView:
    """One line of a session's list."""

    id: str
    last_name: str
    first_name: str
    born: date | None
    division: str
    external_id: str
    extra: int
    adjusted: bool
    waived: bool
    state: str
    pill: tuple[str, str]
    answered: int
    seat: str
    joined: bool
    partial: bool
    """Whether sex or birth place is missing."""


def candidate_view(one: Candidate, labels: dict[str, str], *, over: bool) -> CandidateView:
    """Return a candidate as lists show them; `over`: the session has closed, who never came is absent."""
    state: str = "absent" if over and one.state == "registered" else one.state
    return CandidateView(
        id=one.id,
        last_name=one.last_name,
        first_name=one.first_name,
        born=_day(one.birth_date),
        division=one.division or "",
        external_id=one.external_id or "",
        extra=one.extra_percent,
        adjusted=one.adjusted,
        waived=one.waived,
        state=state,
        pill=STATES.get(state, ("wait", "clock")),
        answered=one.answered,
        seat=labels.get(one.machine or "", ""),
        joined=one.checked_in_ms is not None,
        partial=not (one.sex and (one.birth_city or one.birth_city_code)),
    )


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def share(rows: Sequence[CandidateView]) -> dict[str, int]:
    """Return the figures over the table: enrolled, arrived, ended, going on."""
    joined = sum(one.joined for one in rows)
    ended = sum(one.state == "ended" for one in rows)
    return {
        "enrolled": len(rows),
        "joined": joined,
        "ended": ended,
        "absent": sum(one.state == "absent" for one in rows),
    }
