"""Campaigns in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader

CampaignKind = Literal["assessment", "collection"]

_SELECT = (
    "SELECT c.id, c.code, c.name, coalesce(c.course, ''), c.bank, c.title, c.text, c.owner, c.created_ms,"
    " c.archived_ms, p.first_name, p.last_name,"
    " (SELECT count(*) FROM participations x WHERE x.campaign = c.id AND x.current = 1 AND x.trial = 0"
    " AND x.deleted_ms IS NULL),"
    " (SELECT count(DISTINCT x.pupil) FROM participations x WHERE x.campaign = c.id AND x.trial = 0"
    " AND x.deleted_ms IS NULL AND x.shared_ms IS NOT NULL),"
    " c.organisation, c.kind, c.multiple, c.external_label, c.external_type, c.reset_allowed"
    " FROM campaigns c JOIN people p ON p.id = c.owner WHERE c.deleted_ms IS NULL"
)
"""Every statement below starts with these words; a deleted campaign does not exist."""


class Words(msgspec.Struct, frozen=True):
    """What may change of a campaign: the name, the title, the text and the owner."""

    name: str
    title: str
    text: str
    owner: str = ""


class Campaign(msgspec.Struct, frozen=True):
    """A course offered under a code, or a collection of profiles, with its owner's name and how many take part.

    `course` is "" when profiles are collected. Trials of the staff are never counted.
    """

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
    organisation: str
    kind: CampaignKind = "assessment"
    multiple: bool = False
    external_label: str | None = None
    external_type: Literal["text", "email"] | None = None
    reset_allowed: bool = False

    @property
    def archived(self) -> bool:
        """Whether nobody may join or send results any more."""
        return self.archived_ms is not None


def _campaign(row: tuple[Any, ...]) -> Campaign:
    return Campaign(*(*row[:16], bool(row[16]), row[17], row[18], bool(row[19])))


def by_id(conn: Reader, campaign: str) -> Campaign | None:
    """Return a campaign, or None."""
    row = conn.execute(_SELECT + " AND c.id = ?", (campaign,)).fetchone()
    return _campaign(row) if row else None


def by_code(conn: Reader, code: str) -> Campaign | None:
    """Return the campaign of a code (upper case, without spaces), or None."""
    row = conn.execute(_SELECT + " AND c.code = ?", (code,)).fetchone()
    return _campaign(row) if row else None


def listed(conn: Reader, organisation: str | None, *, owner: str | None, archived: bool) -> list[Campaign]:
    """Return an organisation's campaigns (None: everyone's), newest first: those of `owner`, or all; active or archived."""
    rows = conn.execute(
        _SELECT
        + " AND (?1 IS NULL OR c.organisation = ?1) AND (?2 IS NULL OR c.owner = ?2)"
        + " AND (c.archived_ms IS NOT NULL) = ?3 ORDER BY c.created_ms DESC, c.id",
        (organisation, owner, int(archived)),
    )
    return [_campaign(row) for row in rows]


def add(tx: Reader, campaign: Campaign) -> bool:
    """Add a campaign; return False when its code is taken."""
    c = campaign
    cursor = tx.execute(
        "INSERT INTO campaigns (id, code, name, organisation, kind, course, bank, title, text, owner, multiple,"
        " external_label, external_type, reset_allowed, created_ms)"
        " VALUES (?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (code) DO NOTHING",
        (
            c.id,
            c.code,
            c.name,
            c.organisation,
            c.kind,
            c.course,
            c.bank,
            c.title,
            c.text,
            c.owner,
            int(c.multiple),
            c.external_label,
            c.external_type,
            int(c.reset_allowed),
            c.created_ms,
        ),
    )
    return cursor.rowcount == 1


def set_archived(tx: Reader, campaign: str, archived_ms: int | None) -> None:
    """Archive a campaign, or open it again."""
    tx.execute("UPDATE campaigns SET archived_ms = ? WHERE id = ?", (archived_ms, campaign))


def set_words(tx: Reader, campaign: str, words: Words) -> None:
    """Change the name, the title, the text and the owner of a campaign."""
    tx.execute(
        "UPDATE campaigns SET name = ?, title = ?, text = ?, owner = ? WHERE id = ?",
        (words.name, words.title, words.text, words.owner, campaign),
    )


def delete(tx: Reader, campaign: str, person: str, now_ms: int) -> None:
    """Delete a campaign: it exists no more, for anyone."""
    tx.execute("UPDATE campaigns SET deleted_ms = ?, deleted_by = ? WHERE id = ?", (now_ms, person, campaign))
