"""The 6e attestations earned, one a learner, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader


class Attestation(msgspec.Struct, frozen=True):
    """What a learner earned: when, on how many skills out of how many, and the percentage asked on that day."""

    learner: str
    earned_ms: int
    validated: int
    targeted: int
    threshold: int


class Holder(msgspec.Struct, frozen=True):
    """An attestation with the name it bears; `person` may take it away."""

    attestation: Attestation
    organisation: str
    organisation_name: str
    person: str | None
    first_name: str
    last_name: str
    birth_date: str | None
    division: str | None


_SELECT = (
    "SELECT a.learner, a.earned_ms, a.validated, a.targeted, a.threshold, l.organisation, o.name, l.person,"
    " l.first_name, l.last_name, l.birth_date, l.division FROM attestations a"
    " JOIN learners l ON l.id = a.learner JOIN organisations o ON o.id = l.organisation"
    " WHERE l.deleted_ms IS NULL"
)


def grant(tx: Reader, a: Attestation) -> None:
    """Keep an attestation; one earned before stays as it was."""
    tx.execute(
        "INSERT INTO attestations (learner, earned_ms, validated, targeted, threshold) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (learner) DO NOTHING",
        (a.learner, a.earned_ms, a.validated, a.targeted, a.threshold),
    )


def of_person(conn: Reader, person: str) -> list[Holder]:
    """Return the attestations of an account, latest first."""
    rows = conn.execute(_SELECT + " AND l.person = ? ORDER BY a.earned_ms DESC, a.learner", (person,))
    return [Holder(Attestation(*row[:5]), *row[5:]) for row in rows]


def of_organisation(conn: Reader, organisation: str, division: str | None = None) -> list[Holder]:
    """Return the attestations of an organisation, of one class when given, by class then name."""
    rows = conn.execute(
        _SELECT + " AND l.organisation = ?1 AND l.disabled_ms IS NULL AND (?2 IS NULL OR l.division = ?2)"
        " ORDER BY l.division, l.last_name, l.first_name, l.id",
        (organisation, division),
    )
    return [Holder(Attestation(*row[:5]), *row[5:]) for row in rows]


class Standing(msgspec.Struct, frozen=True):
    """A learner of 6e, and when the attestation was earned if it was."""

    learner: str
    first_name: str
    last_name: str
    division: str | None
    earned_ms: int | None


def standings(conn: Reader, organisation: str, mef: str) -> list[Standing]:
    """Return every live learner of this MEF code, by class then name, with what was earned."""
    rows = conn.execute(
        "SELECT l.id, l.first_name, l.last_name, l.division, a.earned_ms FROM learners l"
        " LEFT JOIN attestations a ON a.learner = l.id"
        " WHERE l.organisation = ? AND l.deleted_ms IS NULL AND l.disabled_ms IS NULL"
        " AND (trim(l.mef) = ? OR a.learner IS NOT NULL) ORDER BY l.division, l.last_name, l.first_name, l.id",
        (organisation, mef),
    )
    return [Standing(*row) for row in rows]


def due(conn: Reader, mef: str, courses: int, after: str, most: int) -> list[str]:
    """Return live learners of this MEF code in a school who have none yet and sent in `courses` campaigns or more.

    In order from the one after `after`: the caller finds out what those campaigns were.
    """
    rows = conn.execute(
        "SELECT l.id FROM learners l JOIN organisations o ON o.id = l.organisation"
        " LEFT JOIN attestations a ON a.learner = l.id WHERE l.id > ? AND o.kind = 'school' AND trim(l.mef) = ?"
        " AND l.deleted_ms IS NULL AND l.disabled_ms IS NULL AND a.learner IS NULL"
        " AND (SELECT count(DISTINCT x.campaign) FROM participations x WHERE x.learner = l.id"
        " AND x.status = 'shared' AND x.trial = 0 AND x.deleted_ms IS NULL) >= ? ORDER BY l.id LIMIT ?",
        (after, mef, courses, most),
    )
    return [row[0] for row in rows]
