"""Mail that waits to leave, in SQL. A mail is kept in the transaction of the act that asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader

KEPT_MS = 30 * 86_400_000
"""How long it is remembered that a mail left, or did not."""


class Mail(msgspec.Struct, frozen=True):
    """One mail, in plain text: to whom, about what, saying what."""

    to: str
    subject: str
    text: str


class Waiting(NamedTuple):
    """A mail whose turn has come, and how many times it was tried."""

    id: int
    mail: Mail
    tries: int


class Counts(NamedTuple):
    """How many mails wait, left and were given up in the last month."""

    waiting: int
    sent: int
    failed: int


def add(tx: Reader, mail: Mail, now_ms: int) -> None:
    """Have a mail sent as soon as this transaction is on disk; old ones are forgotten."""
    tx.execute("DELETE FROM mails WHERE state <> 'waiting' AND settled_ms < ?", (now_ms - KEPT_MS,))
    tx.execute(
        "INSERT INTO mails (recipient, subject, text, created_ms, due_ms) VALUES (?, ?, ?, ?, ?)",
        (mail.to, mail.subject, mail.text, now_ms, now_ms),
    )


def due(conn: Reader, now_ms: int, most: int) -> list[Waiting]:
    """Return the mails whose turn has come, oldest first."""
    rows = conn.execute(
        "SELECT id, recipient, subject, text, tries FROM mails WHERE state = 'waiting' AND due_ms <= ?"
        " ORDER BY due_ms, id LIMIT ?",
        (now_ms, most),
    )
    return [Waiting(row[0], Mail(row[1], row[2], row[3]), row[4]) for row in rows]


def keep_sent(tx: Reader, mail: int, now_ms: int) -> None:
    """Note that a mail left, and forget what it said."""
    tx.execute(
        "UPDATE mails SET state = 'sent', text = '', problem = NULL, settled_ms = ?, tries = tries + 1 WHERE id = ?",
        (now_ms, mail),
    )


def keep_failed(tx: Reader, mail: int, problem: str, now_ms: int) -> None:
    """Give a mail up, and forget what it said."""
    tx.execute(
        "UPDATE mails SET state = 'failed', text = '', problem = ?, settled_ms = ?, tries = tries + 1 WHERE id = ?",
        (problem, now_ms, mail),
    )


def put_off(tx: Reader, mail: int, problem: str, due_ms: int) -> None:
    """Note why a mail did not leave, and try again at `due_ms`."""
    tx.execute(
        "UPDATE mails SET tries = tries + 1, problem = ?, due_ms = ? WHERE id = ?", (problem, due_ms, mail)
    )


def counts(conn: Reader) -> Counts:
    """Return how many mails wait, left and were given up."""
    rows = dict(conn.execute("SELECT state, count(*) FROM mails GROUP BY state").fetchall())
    return Counts(rows.get("waiting", 0), rows.get("sent", 0), rows.get("failed", 0))
