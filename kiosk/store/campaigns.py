"""Campaigns in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader

_COLUMNS = (
    "c.id, c.code, c.name, c.course, c.bank, c.title, c.text, c.owner, c.created_ms, c.archived_ms,"
    " p.first_name, p.last_name,"
    " (SELECT count(*) FROM participations x WHERE x.campaign = c.id),"
    " (SELECT count(*) FROM participations x WHERE x.campaign = c.id AND x.status = 'shared')"
)
_FROM = " FROM campaigns c JOIN people p ON p.id = c.owner"


class Campaign(msgspec.Struct, frozen=True):
    """A course offered under a code, with its owner's name and how many take part."""

    id: str
    code: str
    name: str
    course: str
    bank: str
    title: str
    text: str
    owner: str
    created_ms: int
    archived_ms: int | None
    owner_first_name: str
    owner_last_name: str
    participants: int
    shared: int

    @property
    def archived(self) -> bool:
        """Whether nobody may join or send results any more."""
        return self.archived_ms is not None


def _campaign(row: tuple[Any, ...]) -> Campaign:
    return Campaign(*row)


def by_id(conn: Reader, campaign: str) -> Campaign | None:
    """Return a campaign, or None."""
    row = conn.execute("SELECT " + _COLUMNS + _FROM + " WHERE c.id = ?", (campaign,)).fetchone()
    return _campaign(row) if row else None


def by_code(conn: Reader, code: str) -> Campaign | None:
    """Return the campaign of a code (upper case, without spaces), or None."""
    row = conn.execute("SELECT " + _COLUMNS + _FROM + " WHERE c.code = ?", (code,)).fetchone()
    return _campaign(row) if row else None


def listed(conn: Reader, *, owner: str | None, archived: bool) -> list[Campaign]:
    """Return campaigns, newest first: those of `owner`, or all; active ones, or archived ones."""
    rows = conn.execute(
        "SELECT "
        + _COLUMNS
        + _FROM
        + " WHERE (?1 IS NULL OR c.owner = ?1) AND (c.archived_ms IS NOT NULL) = ?2"
        " ORDER BY c.created_ms DESC, c.id",
        (owner, int(archived)),
    )
    return [_campaign(row) for row in rows]


def add(tx: Reader, campaign: Campaign) -> bool:
    """Add a campaign; return False when its code is taken."""
    c = campaign
    cursor = tx.execute(
        "INSERT INTO campaigns (id, code, name, course, bank, title, text, owner, created_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (code) DO NOTHING",
        (c.id, c.code, c.name, c.course, c.bank, c.title, c.text, c.owner, c.created_ms),
    )
    return cursor.rowcount == 1


def set_archived(tx: Reader, campaign: str, archived_ms: int | None) -> None:
    """Archive a campaign, or open it again."""
    tx.execute("UPDATE campaigns SET archived_ms = ? WHERE id = ?", (archived_ms, campaign))


def set_words(tx: Reader, campaign: str, name: str, title: str, text: str) -> None:
    """Change the name, the title and the text of a campaign."""
    tx.execute(
        "UPDATE campaigns SET name = ?, title = ?, text = ? WHERE id = ?", (name, title, text, campaign)
    )
