"""What each sending left for analyses: one narrow row a participation, written in the commit that shares it.

A row holds, for each topic of the course in its order, which levels were validated and which were settled, as bits. The
log says the same; a row that is missing is worked out from it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.store.base import Reader

Masks = list[tuple[int, int]]
"""Validated and settled levels of each topic of the course, in the course's order."""

_masks = msgspec.json.Decoder(Masks)


def keep(tx: Reader, participation: str, masks: Masks) -> None:
    """Keep what a sending leaves, in place of what was kept before."""
    tx.execute(
        "INSERT INTO results (participation, masks) VALUES (?, ?)"
        " ON CONFLICT (participation) DO UPDATE SET masks = excluded.masks",
        (participation, msgspec.json.encode(masks).decode()),
    )


def of_campaign(conn: Reader, campaign: str) -> dict[str, Masks]:
    """Return what is kept of a campaign, by participation."""
    rows = conn.execute(
        "SELECT r.participation, r.masks FROM participations x JOIN results r ON r.participation = x.id"
        " WHERE x.campaign = ?",
        (campaign,),
    )
    return {pid: _masks.decode(masks) for pid, masks in rows}


def of_participation(conn: Reader, participation: str) -> Masks | None:
    """Return what is kept of one sending, or None."""
    row = conn.execute("SELECT masks FROM results WHERE participation = ?", (participation,)).fetchone()
    return _masks.decode(row[0]) if row else None


def missing(conn: Reader, after: str, most: int) -> list[str]:
    """Return participations that were sent and have no row yet, in order from the one after `after`, at most `most`."""
    rows = conn.execute(
        "SELECT x.id FROM participations x JOIN campaigns c ON c.id = x.campaign"
        " LEFT JOIN results r ON r.participation = x.id WHERE x.id > ? AND x.status = 'shared'"
        " AND c.kind = 'assessment' AND x.deleted_ms IS NULL AND r.participation IS NULL ORDER BY x.id LIMIT ?",
        (after, most),
    )
    return [row[0] for row in rows]


class Learner(msgspec.Struct, frozen=True):
    """A learner as certifiability and attestations read them."""

    id: str
    organisation: str
    kind: str
    person: str | None
    mef: str | None
    certifiable: int | None


_LEARNER = (
    "SELECT l.id, l.organisation, o.kind, l.person, l.mef, l.certifiable FROM learners l"
    " JOIN organisations o ON o.id = l.organisation"
)
_LIVE = " l.deleted_ms IS NULL AND l.disabled_ms IS NULL"


def learners_of(conn: Reader, person: str) -> list[Learner]:
    """Return the live learner rows of an account, one an organisation at most."""
    rows = conn.execute(_LEARNER + " WHERE l.person = ? AND" + _LIVE + " ORDER BY l.id", (person,))
    return [Learner(*row) for row in rows]


def learner_of(conn: Reader, participation: str) -> Learner | None:
    """Return the live learner of a participation, None for a trial or an account without one."""
    row = conn.execute(
        _LEARNER + " JOIN participations x ON x.learner = l.id WHERE x.id = ? AND x.trial = 0 AND" + _LIVE,
        (participation,),
    ).fetchone()
    return Learner(*row) if row else None


def stale(conn: Reader, after: str, most: int) -> list[str]:
    """Return accounts that answered, or started again from nothing, since it was found; in order from after `after`."""
    rows = conn.execute(
        "SELECT DISTINCT l.person FROM learners l JOIN organisations o ON o.id = l.organisation"
        " WHERE l.person > ? AND l.deleted_ms IS NULL AND l.disabled_ms IS NULL"
        " AND COALESCE(json_extract(o.settings, '$.certifiability'), 1) = 1"
        " AND (EXISTS (SELECT 1 FROM participations x WHERE x.pupil = l.person AND x.answered > 0"
        " AND x.last_ms > COALESCE(l.certifiable_ms, -1)) OR EXISTS (SELECT 1 FROM resets r"
        " WHERE r.person = l.person AND r.at_ms > l.certifiable_ms)) ORDER BY l.person LIMIT ?",
        (after, most),
    )
    return [row[0] for row in rows]


def keep_certifiability(tx: Reader, learner: str, now_ms: int, *, certifiable: bool) -> None:
    """Keep whether a learner may enter a certification, and when that was found."""
    tx.execute(
        "UPDATE learners SET certifiable = ?, certifiable_ms = ? WHERE id = ?",
        (int(certifiable), now_ms, learner),
    )


class Sending(msgspec.Struct, frozen=True):
    """A sending that an attestation rests on: which course of which bank, and its topics' masks when kept."""

    participation: str
    course: str
    bank: str
    masks: str | None


def sendings(conn: Reader, learner: str, courses: Iterable[str]) -> list[Sending]:
    """Return the learner's sendings of these courses, earliest first."""
    wanted = msgspec.json.encode(list(courses)).decode()
    rows = conn.execute(
        "SELECT x.id, c.course, c.bank, r.masks FROM participations x JOIN campaigns c ON c.id = x.campaign"
        " LEFT JOIN results r ON r.participation = x.id WHERE x.learner = ? AND x.status = 'shared'"
        " AND x.trial = 0 AND x.deleted_ms IS NULL AND c.deleted_ms IS NULL AND c.kind = 'assessment'"
        " AND c.course IN (SELECT value FROM json_each(?)) ORDER BY x.shared_ms, x.id",
        (learner, wanted),
    )
    return [Sending(*row) for row in rows]


def read_masks(text: str) -> Masks:
    """Return masks from the text they are kept as."""
    return _masks.decode(text)
