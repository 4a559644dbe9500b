"""The tutorials a person keeps or found useful, and whether they have read the rules of the game, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.store.base import Reader


def saved(conn: Reader, person: str) -> list[str]:
    """Return the ids of the tutorials a person keeps, the latest first."""
    rows = conn.execute(
        "SELECT tutorial FROM saved_tutorials WHERE person = ? ORDER BY saved_ms DESC, tutorial", (person,)
    )
    return [row[0] for row in rows]


def useful(conn: Reader, person: str) -> set[str]:
    """Return the ids of the tutorials a person found useful."""
    rows = conn.execute("SELECT tutorial FROM useful_tutorials WHERE person = ?", (person,))
    return {row[0] for row in rows}


def set_saved(tx: Reader, person: str, tutorial: str, at_ms: int | None) -> None:
    """Keep a tutorial, or keep it no more."""
    tx.execute("DELETE FROM saved_tutorials WHERE person = ? AND tutorial = ?", (person, tutorial))
    if at_ms is not None:
        tx.execute("INSERT INTO saved_tutorials VALUES (?, ?, ?)", (person, tutorial, at_ms))


def set_useful(tx: Reader, person: str, tutorial: str, at_ms: int | None) -> None:
    """Note that a tutorial was useful, or take it back."""
    tx.execute("DELETE FROM useful_tutorials WHERE person = ? AND tutorial = ?", (person, tutorial))
    if at_ms is not None:
        tx.execute("INSERT INTO useful_tutorials VALUES (?, ?, ?)", (person, tutorial, at_ms))


def has_read_rules(conn: Reader, person: str) -> bool:
    """Return whether a person has seen the rules of the game."""
    return conn.execute("SELECT 1 FROM rules_read WHERE person = ?", (person,)).fetchone() is not None


def read_rules(tx: Reader, person: str, at_ms: int) -> None:
    """Note that a person has seen the rules of the game."""
    tx.execute("INSERT INTO rules_read VALUES (?, ?) ON CONFLICT (person) DO NOTHING", (person, at_ms))
