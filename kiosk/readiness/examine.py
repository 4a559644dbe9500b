"""The checks of a session that need no key, pure: its day, its people, its machines, the clock, the disk, the certificate."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.disk_reserve import A_CANDIDATE, AT_LEAST, LOW
from kiosk.enrolment.limits import PER_SUPERVISOR
from kiosk.readiness.notes import Note
from kiosk.session_codes import sound_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.readiness.notes import Level
    from kiosk.store.candidates import Candidate
    from kiosk.store.machines import Machine
    from kiosk.store.sessions import Session

MEBI = 1024 * 1024
SEEN = timedelta(days=7)
"""A machine seen since then is one of the room."""
OLDEST_DAY = date(2026, 1, 1)
_NAMES = re.compile(r"[,;/\n&]|\bet\b|\band\b")


@dataclass(frozen=True)
class Known:
    """Everything looked at, read before: `uncertifiable` linked pupils whose profile is not ready, `seen_ms` each machine's last sign of life."""

    session: Session
    candidates: Sequence[Candidate]
    machines: Sequence[Machine]
    versions: dict[str, str]
    """Version of the extension by machine, for those that have one."""
    uncertifiable: int
    free_bytes: int
    reserved_bytes: int
    certificate_end: datetime | None
    secure: bool
    now_ms: int
    today: date
    last_record_ms: int = 0
    oldest_extension: str = ""

    @property
    def now(self) -> datetime:
        """The instant as a date."""
        return datetime.fromtimestamp(self.now_ms // 1000, UTC)


def supervisors_of(examiners: str) -> int:
    """Return how many supervisors a text names: they are separated by commas, semicolons, lines or `et`."""
    return sum(bool(name.strip()) for name in _NAMES.split(examiners))


def crowded(examiners: str, candidates: int) -> bool:
    """Say whether there are more than twenty candidates for each supervisor."""
    return candidates > PER_SUPERVISOR * max(1, supervisors_of(examiners))


def examine(known: Known) -> list[Note]:
    """Return one note or more a check, in the order of the list."""
    return [
        *_state(known),
        *_people(known),
        *_clock(known),
        *_disk(known),
        *_certificate(known),
        *_machines(known),
        *_extension(known),
    ]


def _state(known: Known) -> list[Note]:
    session = known.session
    if session.status in {"closed", "finalised"}:
        return [Note("session", "over", "problem", {"number": session.number})]
    notes = [Note("session", session.status, params={"number": session.number})]
    away = (date.fromisoformat(session.date) - known.today).days
    if away < 0:
        notes.append(Note("day", "past", "warning", {"count": -away}))
    else:
        notes.append(Note("day", "today" if away == 0 else "coming", params={"count": away}))
    return notes


def _people(known: Known) -> list[Note]:
    everyone, session = known.candidates, known.session
    if not everyone:
        return [Note("candidates", "none", "problem")]
    notes = [Note("candidates", "some", params={"count": len(everyone)})]
    unborn = sum(not sound_date(one.birth_date) for one in everyone)
    if unborn:
        notes.append(Note("birth", "missing", "problem", {"count": unborn}))
    partial = sum(not (one.sex and (one.birth_city or one.birth_city_code)) for one in everyone)
    if partial:
        notes.append(Note("birth", "partial", "warning", {"count": partial}))
    if not unborn and not partial:
        notes.append(Note("birth", "whole"))
    if session.gate and known.uncertifiable:
        notes.append(Note("profile", "missing", "warning", {"count": known.uncertifiable}))
    return [*notes, _supervisors(known)]


def _supervisors(known: Known) -> Note:
    count = supervisors_of(known.session.examiners)
    if count == 0:
        return Note("supervisors", "none", "problem")
    level = "crowded" if crowded(known.session.examiners, len(known.candidates)) else "enough"
    params: dict[str, str | int] = {
        "count": count,
        "candidates": len(known.candidates),
        "most": PER_SUPERVISOR,
    }
    return Note("supervisors", level, "ok" if level == "enough" else "warning", params)


def _clock(known: Known) -> list[Note]:
    day = f"{known.now.astimezone():%d/%m/%Y %H:%M}"
    if known.today < OLDEST_DAY or known.now_ms < known.last_record_ms - 60_000:
        return [Note("clock", "wrong", "problem", {"now": day})]
    return [Note("clock", "right", params={"now": day})]


def _disk(known: Known) -> list[Note]:
    needed = max(AT_LEAST, len(known.candidates) * A_CANDIDATE)
    params: dict[str, str | int] = {"needed": needed // MEBI, "free": known.free_bytes // MEBI}
    if known.reserved_bytes >= needed:
        return [Note("disk", "reserved", params=params)]
    if known.free_bytes + known.reserved_bytes < needed + LOW:
        return [Note("disk", "short", "problem", params)]
    return [Note("disk", "enough", params=params)]


def _certificate(known: Known) -> list[Note]:
    if not known.secure and known.certificate_end is None:
        return [Note("certificate", "none")]
    end = known.certificate_end
    if end is None:
        return [Note("certificate", "to_come")]
    day = date.fromisoformat(known.session.date)
    params: dict[str, str | int] = {"end": f"{end:%d/%m/%Y}"}
    if end.date() <= max(day, known.today):
        # A page whose certificate ended cannot be reached at all: nobody could begin, nor go on.
        return [Note("certificate", "ends", "problem" if known.secure else "warning", params)]
    return [Note("certificate", "good", params=params)]


def _machines(known: Known) -> list[Note]:
    since = known.now_ms - SEEN // timedelta(milliseconds=1)
    seen = sum(one.seen_ms >= since for one in known.machines)
    params: dict[str, str | int] = {"count": seen, "candidates": len(known.candidates)}
    return [
        Note(
            "machines",
            "fewer" if seen < len(known.candidates) else "enough",
            "warning" if seen < len(known.candidates) else "ok",
            params,
        )
    ]


def _extension(known: Known) -> list[Note]:
    mode = known.session.lockdown
    if mode in {"none", "seb"}:
        return [Note("extension", mode)]
    level: Level = "problem" if mode == "extension" else "warning"
    keyed = [one for one in known.machines if one.public_key]
    if not keyed:
        return [Note("extension", "no_machine", level)]
    by_version = Counter(known.versions.get(one.id, "") for one in keyed)
    silent = by_version.pop("", 0)
    notes = []
    if silent:
        notes.append(Note("extension", "silent", "warning", {"count": silent}))
    old = sum(
        count for version, count in by_version.items() if _order(version) < _order(known.oldest_extension)
    )
    shown = ", ".join(f"{version} ({count})" for version, count in sorted(by_version.items()))
    if old:
        notes.append(Note("extension", "old", level, {"count": old, "oldest": known.oldest_extension}))
    if len(by_version) > 1:
        notes.append(Note("extension", "several", "warning", {"versions": shown}))
    return notes or [Note("extension", "same", params={"versions": shown, "count": len(keyed)})]


def _order(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"[0-9]{1,6}", version)[:4]]
