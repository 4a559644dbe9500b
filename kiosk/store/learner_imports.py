"""Imports of pupils in SQL: their history, what a file would change, and the one statement per act that applies it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from kiosk.imports.plan import Known, Step
from kiosk.imports.reading import COLUMNS
from kiosk.imports.registry import Mode
from kiosk.imports.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.store.base import Reader
    from sync.db import Tx

State = Literal[
    "uploading",
    "uploaded",
    "upload_error",
    "validated",
    "validation_error",
    "imported",
    "import_error",
    "cancelled",
]
WORKING: frozenset[State] = frozenset({"uploading", "uploaded"})
_SELECT = (
    "SELECT i.id, i.organisation, i.format, i.mode, i.state, i.file_name, i.size, i.person, i.base, i.report,"
    " i.created_ms, i.updated_ms, coalesce(p.first_name, ''), coalesce(p.last_name, '')"
    " FROM learner_imports i LEFT JOIN people p ON p.id = i.person"
)
_report = msgspec.json.Decoder(Report)
_COLUMNS = ", ".join(COLUMNS)
_MARKS = ", ".join("?" * (len(COLUMNS) + 5))


class Import(msgspec.Struct, frozen=True):
    """One import; `base` says what the pupils were when its changes were worked out. Instants in milliseconds."""

    id: str
    organisation: str
    format: str
    mode: Mode
    state: State
    file_name: str
    size: int
    person: str | None
    base: str | None
    report: Report
    created_ms: int
    updated_ms: int
    first_name: str = ""
    last_name: str = ""


class Shown(msgspec.Struct, frozen=True):
    """One line of a preview."""

    action: str
    line: int | None
    first_name: str
    last_name: str
    division: str | None
    changes: tuple[str, ...]


def _import(row: tuple[Any, ...]) -> Import:
    before, report, after = row[:9], _report.decode(row[9]), row[10:]
    return Import(*(*before, report, *after))


def add(tx: Reader, one: Import) -> None:
    """Keep a new import."""
    tx.execute(
        "INSERT INTO learner_imports (id, organisation, format, mode, state, file_name, size, person, created_ms,"
        " updated_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            one.id,
            one.organisation,
            one.format,
            one.mode,
            one.state,
            one.file_name,
            one.size,
            one.person,
            one.created_ms,
            one.updated_ms,
        ),
    )


def by_id(conn: Reader, name: str) -> Import | None:
    """Return an import, or None."""
    row = conn.execute(_SELECT + " WHERE i.id = ?", (name,)).fetchone()
    return _import(row) if row else None


def of_organisation(conn: Reader, organisation: str, most: int = 50) -> list[Import]:
    """Return the imports of an organisation, the newest first."""
    rows = conn.execute(
        _SELECT + " WHERE i.organisation = ? ORDER BY i.created_ms DESC, i.id LIMIT ?", (organisation, most)
    )
    return [_import(row) for row in rows]


def in_state(conn: Reader, states: Sequence[State], organisation: str | None = None) -> list[Import]:
    """Return the imports in one of these states, of one organisation or of all."""
    marks = ", ".join("?" * len(states))
    rows = conn.execute(
        _SELECT + f" WHERE i.state IN ({marks}) AND (? IS NULL OR i.organisation = ?) ORDER BY i.created_ms",
        (*states, organisation, organisation),
    )
    return [_import(row) for row in rows]


def set_state(tx: Reader, name: str, state: State, now_ms: int, report: Report | None = None) -> None:
    """Keep where an import is, and what there is to tell of it."""
    tx.execute(
        "UPDATE learner_imports SET state = ?, updated_ms = ?, report = coalesce(?, report) WHERE id = ?",
        (state, now_ms, None if report is None else msgspec.json.encode(report).decode(), name),
    )


def set_file(tx: Reader, name: str, size: int, now_ms: int) -> None:
    """Keep the size of the file received."""
    tx.execute(
        "UPDATE learner_imports SET state = 'uploaded', size = ?, updated_ms = ? WHERE id = ?",
        (size, now_ms, name),
    )


def set_plan(tx: Reader, name: str, form: str, base: str) -> None:
    """Keep the format found and the state of the pupils the changes were worked out on."""
    tx.execute("UPDATE learner_imports SET format = ?, base = ? WHERE id = ?", (form, base, name))


def base_of(conn: Reader, organisation: str) -> str:
    """Return what says whether the pupils are still those a plan was made on: the last import and how many they are."""
    last, count, deleted = conn.execute(
        "SELECT (SELECT id FROM learner_imports WHERE organisation = ?1 AND state = 'imported'"
        "  ORDER BY updated_ms DESC, id LIMIT 1), count(*), count(deleted_ms) FROM learners WHERE organisation = ?1",
        (organisation,),
    ).fetchone()
    return f"{last or '-'}:{count}:{deleted}"


def known(conn: Reader, organisation: str, key: str, columns: Sequence[str]) -> list[Known]:
    """Return the pupils that have this key, deleted ones too: a key stays theirs."""
    _check(key, *columns)
    names = ", ".join(columns)
    rows = conn.execute(
        f"SELECT id, {key}, disabled_ms IS NOT NULL, deleted_ms IS NOT NULL, {names} FROM learners"  # noqa: S608 - checked columns
        f" WHERE organisation = ? AND {key} IS NOT NULL",
        (organisation,),
    )
    return [Known(row[0], row[1], row[4:], bool(row[2]), bool(row[3])) for row in rows]


def without_key(conn: Reader, organisation: str, key: str) -> int:
    """Return how many live pupils have no such key: imports leave them alone."""
    _check(key)
    row = conn.execute(
        f"SELECT count(*) FROM learners WHERE organisation = ? AND {key} IS NULL AND deleted_ms IS NULL"  # noqa: S608 - a checked column
        " AND disabled_ms IS NULL",
        (organisation,),
    ).fetchone()
    return int(row[0])


def stage(tx: Tx, name: str, steps: Sequence[Step]) -> None:
    """Keep a part of what an import would do."""
    tx.executemany(
        f"INSERT INTO learner_import_rows (import, learner, action, line, changes, {_COLUMNS}) VALUES ({_MARKS})",  # noqa: S608 - constant columns
        [
            (
                name,
                step.id,
                step.action,
                step.learner.line if step.learner else None,
                " ".join(step.changes),
                *(getattr(step.learner, column, None) for column in COLUMNS),
            )
            for step in steps
        ],
    )


def unstage(tx: Reader, name: str, most: int) -> int:
    """Forget up to `most` of an import's lines; return how many were left to forget."""
    return tx.execute(
        "DELETE FROM learner_import_rows WHERE import = ?1 AND learner IN"
        " (SELECT learner FROM learner_import_rows WHERE import = ?1 LIMIT ?2)",
        (name, most),
    ).rowcount


def leftovers(conn: Reader) -> list[str]:
    """Return the imports that ended and still have lines staged: a stop of the server came in between."""
    rows = conn.execute(
        "SELECT i.id FROM learner_imports i WHERE i.state NOT IN ('validated', 'uploading', 'uploaded')"
        " AND EXISTS (SELECT 1 FROM learner_import_rows r WHERE r.import = i.id)"
    )
    return [row[0] for row in rows]


def shown(conn: Reader, name: str, actions: Sequence[str], skip: int, most: int) -> list[Shown]:
    """Return a page of a preview by name; those absent from the file are named as they are known."""
    marks = ", ".join("?" * len(actions))
    rows = conn.execute(
        "SELECT r.action, r.line, coalesce(r.first_name, l.first_name), coalesce(r.last_name, l.last_name),"  # noqa: S608 - marks alone
        " coalesce(r.division, r.class_group, l.division, l.class_group), r.changes FROM learner_import_rows r"
        f" LEFT JOIN learners l ON l.id = r.learner WHERE r.import = ? AND r.action IN ({marks})"
        " ORDER BY 4, 3, r.learner LIMIT ? OFFSET ?",
        (name, *actions, most, skip),
    )
    return [Shown(*(*row[:5], tuple(row[5].split()))) for row in rows]


def apply(tx: Tx, one: Import, columns: Sequence[str], now_ms: int, by: str | None) -> None:
    """Do what was staged, a statement an act: nothing here runs once a pupil.

    Only columns that change for somebody are written again: the fewer, the shorter everybody waits.
    """
    _check(*columns)
    _insert(tx, one, now_ms)
    _update(tx, one, [column for column in columns if column in one.report.fields], now_ms)
    _return(tx, one, columns, now_ms)
    _absent(tx, one, now_ms, by)


def _update(tx: Reader, one: Import, columns: Sequence[str], now_ms: int) -> None:
    sets = "".join(f"{column} = r.{column}, " for column in columns)
    tx.execute(
        f"UPDATE learners SET {sets}disabled_ms = NULL, updated_ms = ?1 FROM learner_import_rows r"  # noqa: S608 - checked columns
        " WHERE r.import = ?2 AND r.learner = learners.id AND r.action IN ('change', 'enable')"
        " AND learners.organisation = ?3",
        (now_ms, one.id, one.organisation),
    )


def _return(tx: Reader, one: Import, columns: Sequence[str], now_ms: int) -> None:
    """Bring deleted pupils back; their account too, unless it is another pupil's by now."""
    sets = ", ".join(f"{column} = r.{column}" for column in columns)
    tx.execute(
        f"UPDATE learners SET {sets}, disabled_ms = NULL, deleted_ms = NULL, updated_ms = ?1,"  # noqa: S608 - checked columns
        " person = CASE WHEN NOT EXISTS (SELECT 1 FROM learners o WHERE o.organisation = ?3"
        "  AND o.person = learners.person AND o.deleted_ms IS NULL) THEN learners.person END"
        " FROM learner_import_rows r WHERE r.import = ?2 AND r.learner = learners.id AND r.action = 'return'"
        " AND learners.organisation = ?3",
        (now_ms, one.id, one.organisation),
    )


def _insert(tx: Reader, one: Import, now_ms: int) -> None:
    tx.execute(
        f"INSERT INTO learners (id, organisation, created_ms, updated_ms, {_COLUMNS})"  # noqa: S608 - constant columns
        f" SELECT learner, ?, ?, ?, {_COLUMNS} FROM learner_import_rows WHERE import = ? AND action = 'add'"
        " ORDER BY learner",
        (one.organisation, now_ms, now_ms, one.id),
    )


def _absent(tx: Reader, one: Import, now_ms: int, by: str | None) -> None:
    absent = "SELECT learner FROM learner_import_rows WHERE import = ? AND action = ?"
    tx.execute(
        f"UPDATE learners SET disabled_ms = ?, updated_ms = ? WHERE organisation = ? AND id IN ({absent})",  # noqa: S608 - a constant
        (now_ms, now_ms, one.organisation, one.id, "disable"),
    )
    tx.execute(
        "UPDATE participations SET deleted_ms = ?, deleted_by = ? WHERE deleted_ms IS NULL AND organisation = ?"  # noqa: S608 - a constant
        f" AND campaign IS NOT NULL AND learner IN ({absent})",
        (now_ms, by, one.organisation, one.id, "delete"),
    )
    tx.execute(
        f"UPDATE learners SET deleted_ms = ?, updated_ms = ? WHERE organisation = ? AND id IN ({absent})",  # noqa: S608 - a constant
        (now_ms, now_ms, one.organisation, one.id, "delete"),
    )


def link_accounts(tx: Reader, organisation: str, now_ms: int) -> int:
    """Give pupils without an account the one their INE already has elsewhere; return how many.

    Only when the birth date agrees, one account alone answers, it is tied to no other INE, and to no other pupil here.
    """
    return tx.execute(
        "UPDATE learners SET person = c.person, updated_ms = ?1 FROM ("
        # From the accounts known elsewhere to their pupils here: on most servers there is none.
        " SELECT h.id AS id, min(e.person) AS person FROM learners e CROSS JOIN learners h"
        " WHERE e.person IS NOT NULL AND e.organisation <> ?2 AND e.ine IS NOT NULL AND e.deleted_ms IS NULL"
        "  AND h.organisation = ?2 AND h.ine = e.ine AND h.birth_date = e.birth_date AND h.person IS NULL"
        "  AND h.deleted_ms IS NULL AND h.disabled_ms IS NULL"
        " GROUP BY h.id HAVING count(DISTINCT e.person) = 1) c"
        " WHERE learners.id = c.id"
        " AND NOT EXISTS (SELECT 1 FROM learners t WHERE t.organisation = ?2 AND t.person = c.person"
        "  AND t.deleted_ms IS NULL)"
        " AND NOT EXISTS (SELECT 1 FROM learners t WHERE t.person = c.person AND t.ine IS NOT NULL"
        "  AND t.ine <> learners.ine)",
        (now_ms, organisation),
    ).rowcount


def _check(*columns: str) -> None:
    """Raise ValueError unless every name is a column of a pupil: names never come from a request."""
    for column in columns:
        if column not in COLUMNS:
            raise ValueError(f"{column} is not a column of a pupil")
