"""Machines of the room and the passes of candidates, in SQL: only hashes of what browsers hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader


class Machine(msgspec.Struct, frozen=True):
    """One machine; `public_key` is its extension's, once provisioned, `versions` JSON of what its self-check said."""

    id: str
    label: str
    public_key: str | None
    versions: str
    created_ms: int
    seen_ms: int
    retired_ms: int | None


class Pass(msgspec.Struct, frozen=True):
    """What lets one browser be one candidate: `id` may be written in a log, `digest` and `tied` (its machine's) may not."""

    digest: bytes
    id: str
    candidate: str
    machine: str
    created_ms: int
    pending: bool = False
    tied: bytes = b""


_MACHINE = "SELECT id, label, public_key, versions, created_ms, seen_ms, retired_ms FROM machines"


def by_digest(conn: Reader, digest: bytes) -> Machine | None:
    """Return the machine whose cookie has this hash, or None."""
    row = conn.execute(_MACHINE + " WHERE digest = ? AND retired_ms IS NULL", (digest,)).fetchone()
    return Machine(*row) if row else None


def by_id(conn: Reader, machine: str) -> Machine | None:
    """Return a machine, or None."""
    row = conn.execute(_MACHINE + " WHERE id = ?", (machine,)).fetchone()
    return Machine(*row) if row else None


def listed(conn: Reader) -> list[Machine]:
    """Return the machines in use, by label."""
    return [Machine(*row) for row in conn.execute(_MACHINE + " WHERE retired_ms IS NULL ORDER BY label")]


def labels(conn: Reader) -> dict[str, str]:
    """Return the label of every machine by its id."""
    return dict(conn.execute("SELECT id, label FROM machines").fetchall())


def count(conn: Reader) -> int:
    """Return how many machines were ever seen."""
    return int(conn.execute("SELECT count(*) FROM machines").fetchone()[0])


def add(tx: Reader, machine: Machine, digest: bytes) -> None:
    """Add a machine."""
    tx.execute(
        "INSERT INTO machines (id, label, digest, public_key, versions, created_ms, seen_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            machine.id,
            machine.label,
            digest,
            machine.public_key,
            machine.versions,
            machine.created_ms,
            machine.seen_ms,
        ),
    )


def drop_unused(tx: Reader) -> int:
    """Forget the machines that never had a candidate nor a key, and return how many."""
    done = tx.execute(
        "DELETE FROM machines WHERE public_key IS NULL"
        " AND id NOT IN (SELECT machine FROM candidate_passes)"
        " AND id NOT IN (SELECT machine FROM leftovers)"
        " AND id NOT IN (SELECT machine FROM candidates WHERE machine IS NOT NULL)"
    )
    return done.rowcount


def keep_label(tx: Reader, machine: str, label: str) -> None:
    """Give a machine another label."""
    tx.execute("UPDATE machines SET label = ? WHERE id = ?", (label, machine))


_LET_IN = (
    "SELECT digest, id, candidate, machine, created_ms, pending,"
    " coalesce((SELECT m.digest FROM machines m WHERE m.id = candidate_passes.machine), x'') FROM candidate_passes"
)


def pass_by_digest(conn: Reader, digest: bytes) -> Pass | None:
    """Return the pass whose cookie has this hash while it is good, or None."""
    row = conn.execute(_LET_IN + " WHERE digest = ? AND ended_ms IS NULL", (digest,)).fetchone()
    return _pass(row) if row else None


def ended_pass(conn: Reader, digest: bytes) -> Pass | None:
    """Return a pass even when it is no longer good: what an old machine still shows to offer what it kept."""
    row = conn.execute(_LET_IN + " WHERE digest = ?", (digest,)).fetchone()
    return _pass(row) if row else None


def pending_pass(conn: Reader, candidate: str) -> Pass | None:
    """Return the latest pass that asks to take over a candidate's passage, or None."""
    row = conn.execute(
        _LET_IN
        + " WHERE candidate = ? AND pending = 1 AND ended_ms IS NULL ORDER BY created_ms DESC, id LIMIT 1",
        (candidate,),
    ).fetchone()
    return _pass(row) if row else None


def add_pass(tx: Reader, made: Pass) -> None:
    """Add a pass."""
    tx.execute(
        "INSERT INTO candidate_passes (digest, id, candidate, machine, created_ms, pending) VALUES (?, ?, ?, ?, ?, ?)",
        (made.digest, made.id, made.candidate, made.machine, made.created_ms, made.pending),
    )


def grant_pass(tx: Reader, made: Pass, now_ms: int) -> None:
    """Let a pending pass in, and end the candidate's others."""
    tx.execute("UPDATE candidate_passes SET pending = 0 WHERE digest = ?", (made.digest,))
    end_passes(tx, made.candidate, now_ms, made.digest)


def end_passes(tx: Reader, candidate: str, now_ms: int, keep: bytes = b"") -> None:
    """End a candidate's passes but the one to keep."""
    tx.execute(
        "UPDATE candidate_passes SET ended_ms = ? WHERE candidate = ? AND ended_ms IS NULL AND digest <> ?",
        (now_ms, candidate, keep),
    )


def end_pending(tx: Reader, candidate: str, now_ms: int) -> None:
    """End what asks to take over a candidate's passage."""
    tx.execute(
        "UPDATE candidate_passes SET ended_ms = ? WHERE candidate = ? AND pending = 1 AND ended_ms IS NULL",
        (now_ms, candidate),
    )


def _pass(row: tuple[object, ...]) -> Pass:
    values = dict(zip(Pass.__struct_fields__, row, strict=True))
    values["pending"] = bool(values["pending"])
    return msgspec.convert(values, Pass)
