"""What finished sittings settled themselves, and the starts from nothing, in SQL: what one pupil's past is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exam.events import Known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.store.base import Reader

_known = msgspec.json.Decoder(list[Known])
_skills = msgspec.json.Decoder(list[str])


class Restart(NamedTuple):
    """One start from nothing: results on these skills obtained before `at_ms` count no more."""

    skills: list[str]
    at_ms: int
    competence: str | None


class Played(NamedTuple):
    """A sitting in which a person answered something; instants in milliseconds."""

    id: str
    started_ms: int
    last_ms: int
    ended_ms: int | None


def played_by(conn: Reader, pupil: str) -> list[Played]:
    """Return the sittings in which a person answered, deleted ones too, trials left out, latest first."""
    rows = conn.execute(
        "SELECT id, started_ms, last_ms, ended_ms FROM participations"
        " WHERE pupil = ? AND answered > 0 AND trial = 0 ORDER BY started_ms DESC, id",
        (pupil,),
    )
    return [Played(*row) for row in rows]


def keep(tx: Reader, participation: str, known: Sequence[Known]) -> None:
    """Keep what a sitting that is over settled itself."""
    tx.execute(
        "INSERT INTO settled (participation, known) VALUES (?, ?) ON CONFLICT (participation) DO NOTHING",
        (participation, msgspec.json.encode(known).decode()),
    )


def is_kept(conn: Reader, participation: str) -> bool:
    """Return whether what a sitting settled is kept."""
    row = conn.execute("SELECT 1 FROM settled WHERE participation = ?", (participation,)).fetchone()
    return row is not None


def of_pupil(conn: Reader, pupil: str) -> dict[str, list[Known]]:
    """Return what each finished sitting of a pupil settled, by participation."""
    rows = conn.execute(
        "SELECT s.participation, s.known FROM settled s JOIN participations x ON x.id = s.participation"
        " WHERE x.pupil = ?",
        (pupil,),
    )
    return {participation: _known.decode(known) for participation, known in rows}


def add_restart(tx: Reader, person: str, restart: Restart, campaign: str | None = None) -> None:
    """Keep that a person starts from nothing on these skills."""
    tx.execute(
        "INSERT INTO resets (person, skills, at_ms, competence, campaign) VALUES (?, ?, ?, ?, ?)",
        (
            person,
            msgspec.json.encode(sorted(restart.skills)).decode(),
            restart.at_ms,
            restart.competence,
            campaign,
        ),
    )


def restarts_of(conn: Reader, person: str) -> list[Restart]:
    """Return every start from nothing of a person, oldest first."""
    rows = conn.execute(
        "SELECT skills, at_ms, competence FROM resets WHERE person = ? ORDER BY at_ms, id", (person,)
    )
    return [Restart(_skills.decode(skills), at_ms, competence) for skills, at_ms, competence in rows]
