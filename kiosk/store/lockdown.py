"""Lock-down in SQL: keys of machines, settings of Safe Exam Browser, nonces, who was let in without, what was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader

MOST_REFUSALS = 20_000


class SebRow(NamedTuple):
    """What one session asks of Safe Exam Browser; `browser_keys` are 64 hex digits each, none: not asked."""

    session: str
    quit_password: str
    file_password: str
    salt: bytes
    browser_keys: list[str]


class RefusalRow(msgspec.Struct, frozen=True):
    """Something that was not believed, how often, and when first and last (wall clock, ms)."""

    session: str
    candidate: str
    machine: str
    code: str
    count: int
    first_ms: int
    last_ms: int


class Waiver(NamedTuple):
    """Who let a candidate in without lock-down, and why."""

    by: str
    reason: str


class ActiveRow(NamedTuple):
    """A passage that has begun and is not over, and what stops it."""

    candidate: str
    stopped: str


def public_key(conn: Reader, machine: str) -> str | None:
    """Return the key of a machine's extension, None for a machine that has none or is not in use."""
    row = conn.execute(
        "SELECT public_key FROM machines WHERE id = ? AND retired_ms IS NULL", (machine,)
    ).fetchone()
    return row[0] if row else None


def machine_by_label(conn: Reader, label: str) -> str | None:
    """Return the machine of a label, or None."""
    row = conn.execute("SELECT id FROM machines WHERE label = ?", (label,)).fetchone()
    return row[0] if row else None


def keep_key(tx: Reader, machine: str, key: str) -> None:
    """Give a machine's extension its key; the machine is in use again."""
    tx.execute("UPDATE machines SET public_key = ?, retired_ms = NULL WHERE id = ?", (key, machine))


def retire_key(tx: Reader, label: str, now_ms: int) -> bool:
    """Put a machine away with its key; return whether there was one in use."""
    done = tx.execute(
        "UPDATE machines SET public_key = NULL, retired_ms = ? WHERE label = ? AND retired_ms IS NULL",
        (now_ms, label),
    )
    return done.rowcount == 1


def keep_versions(tx: Reader, machine: str, versions: str, now_ms: int) -> None:
    """Keep what a machine said of itself (JSON), and that it was seen."""
    tx.execute("UPDATE machines SET versions = ?, seen_ms = ? WHERE id = ?", (versions, now_ms, machine))


def keep_cookie(tx: Reader, machine: str, digest: bytes) -> None:
    """Give a machine's browser another cookie."""
    tx.execute("UPDATE machines SET digest = ? WHERE id = ?", (digest, machine))


def retire_unused(tx: Reader, machine: str, now_ms: int) -> None:
    """Put away a machine that has no key and never had a candidate: a provisioned one took its place."""
    tx.execute(
        "UPDATE machines SET retired_ms = ? WHERE id = ? AND public_key IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM candidate_passes WHERE machine = machines.id)"
        " AND NOT EXISTS (SELECT 1 FROM candidates WHERE machine = machines.id)",
        (now_ms, machine),
    )


def machine_of_pass(conn: Reader, candidate: str) -> str | None:
    """Return the machine whose browser is a candidate's now, or None."""
    row = conn.execute(
        "SELECT machine FROM candidate_passes WHERE candidate = ? AND pending = 0 AND ended_ms IS NULL"
        " ORDER BY created_ms DESC LIMIT 1",
        (candidate,),
    ).fetchone()
    return row[0] if row else None


def had_pass(conn: Reader, candidate: str, machine: str) -> bool:
    """Return whether a candidate ever sat at a machine."""
    found = conn.execute(
        "SELECT 1 FROM candidate_passes WHERE candidate = ? AND machine = ? LIMIT 1", (candidate, machine)
    )
    return found.fetchone() is not None


def session_of(conn: Reader, candidate: str) -> str | None:
    """Return a candidate's session, or None."""
    row = conn.execute("SELECT session FROM candidates WHERE id = ?", (candidate,)).fetchone()
    return row[0] if row else None


def active(conn: Reader, session: str) -> list[ActiveRow]:
    """Return the passages of a session that have begun and are not over."""
    rows = conn.execute(
        "SELECT id, stopped FROM candidates WHERE session = ? AND started_ms IS NOT NULL AND state <> 'ended'",
        (session,),
    )
    return [ActiveRow(*row) for row in rows]


def seb(conn: Reader, session: str) -> SebRow | None:
    """Return what a session asks of Safe Exam Browser, or None when nothing was settled."""
    row = conn.execute(
        "SELECT session, quit_password, file_password, salt, browser_keys FROM seb_settings WHERE session = ?",
        (session,),
    ).fetchone()
    if row is None:
        return None
    return SebRow(row[0], row[1], row[2], row[3], msgspec.json.decode(row[4], type=list[str]))


def keep_seb(tx: Reader, row: SebRow) -> None:
    """Keep what a session asks of Safe Exam Browser."""
    tx.execute(
        "INSERT INTO seb_settings (session, quit_password, file_password, salt, browser_keys) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (session) DO UPDATE SET browser_keys = excluded.browser_keys",
        (*row[:4], msgspec.json.encode(row.browser_keys).decode()),
    )


def add_nonce(tx: Reader, nonce: str, candidate: str, now_ms: int) -> None:
    """Add a nonce; the candidate's older unused ones can no longer be used."""
    tx.execute("DELETE FROM seb_nonces WHERE candidate = ? AND used_ms IS NULL", (candidate,))
    tx.execute(
        "INSERT INTO seb_nonces (nonce, candidate, made_ms) VALUES (?, ?, ?)", (nonce, candidate, now_ms)
    )


def use_nonce(tx: Reader, nonce: str, candidate: str, after_ms: int, now_ms: int) -> bool:
    """Use a nonce of this candidate made after an instant; return whether it was still good."""
    return (
        tx.execute(
            "UPDATE seb_nonces SET used_ms = ? WHERE nonce = ? AND candidate = ? AND used_ms IS NULL AND made_ms > ?",
            (now_ms, nonce, candidate, after_ms),
        ).rowcount
        == 1
    )


def waiver(conn: Reader, candidate: str) -> Waiver | None:
    """Return who let a candidate in without lock-down, or None."""
    row = conn.execute("SELECT by, reason FROM lockdown_waivers WHERE candidate = ?", (candidate,)).fetchone()
    return Waiver(*row) if row else None


def keep_waiver(tx: Reader, candidate: str, given: Waiver, now_ms: int) -> None:
    """Let a candidate in without lock-down."""
    tx.execute(
        "INSERT INTO lockdown_waivers (candidate, by, reason, at_ms) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (candidate) DO UPDATE SET by = excluded.by, reason = excluded.reason, at_ms = excluded.at_ms",
        (candidate, *given, now_ms),
    )


def count_refusal(tx: Reader, where: tuple[str, str, str], code: str, now_ms: int) -> bool:
    """Count something not believed, `where` being session, candidate and machine; return whether it is the first."""
    session, candidate, machine = where
    done = tx.execute(
        "UPDATE lockdown_refusals SET count = count + 1, last_ms = ? WHERE candidate = ? AND machine = ? AND code = ?",
        (now_ms, candidate, machine, code),
    )
    if done.rowcount:
        return False
    known = int(tx.execute("SELECT count(*) FROM lockdown_refusals").fetchone()[0])
    if known < MOST_REFUSALS:
        tx.execute(
            "INSERT INTO lockdown_refusals (session, candidate, machine, code, first_ms, last_ms)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (session, candidate, machine, code, now_ms, now_ms),
        )
    return True


def refusals(conn: Reader, session: str) -> list[RefusalRow]:
    """Return what was not believed in a session, the latest first."""
    rows = conn.execute(
        "SELECT session, candidate, machine, code, count, first_ms, last_ms FROM lockdown_refusals"
        " WHERE session = ? ORDER BY last_ms DESC, id DESC",
        (session,),
    )
    return [RefusalRow(*row) for row in rows]
