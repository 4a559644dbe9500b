"""Learners in SQL: who an organisation teaches, with or without an account. Deleted ones do not exist here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader

_SELECT = (
    "SELECT l.id, l.organisation, l.first_name, l.last_name, l.created_ms, l.updated_ms, l.person,"
    " l.middle_name, l.third_name, l.preferred_last_name, l.sex, l.birth_date, l.birth_city,"
    " l.birth_city_code, l.birth_department, l.birth_country, l.ine, l.student_number, l.unique_key,"
    " l.division, l.class_group, l.mef, l.status, l.email, l.department, l.educational_team, l.diploma,"
    " l.study_scheme, l.extra, l.disabled_ms, l.certifiable, l.certifiable_ms FROM learners l"
)
"""Every statement that reads learners starts with these words, in the order of `Learner`'s fields."""


class Learner(msgspec.Struct, frozen=True):
    """One learner; `person` is their account, None until one is linked. Instants in milliseconds."""

    id: str
    organisation: str
    first_name: str
    last_name: str
    created_ms: int
    updated_ms: int
    person: str | None = None
    middle_name: str | None = None
    third_name: str | None = None
    preferred_last_name: str | None = None
    sex: str | None = None
    birth_date: str | None = None
    birth_city: str | None = None
    birth_city_code: str | None = None
    birth_department: str | None = None
    birth_country: str | None = None
    ine: str | None = None
    student_number: str | None = None
    unique_key: str | None = None
    division: str | None = None
    class_group: str | None = None
    mef: str | None = None
    status: str | None = None
    email: str | None = None
    department: str | None = None
    educational_team: str | None = None
    diploma: str | None = None
    study_scheme: str | None = None
    extra: str | None = None
    disabled_ms: int | None = None
    certifiable: int | None = None
    certifiable_ms: int | None = None


def of_row(row: tuple[Any, ...]) -> Learner:
    """Return a learner from the columns of a statement that reads them all."""
    return Learner(*row)


def by_id(conn: Reader, learner: str) -> Learner | None:
    """Return a learner, disabled or not, or None."""
    row = conn.execute(_SELECT + " WHERE l.id = ? AND l.deleted_ms IS NULL", (learner,)).fetchone()
    return of_row(row) if row else None


def of_person(conn: Reader, organisation: str, person: str) -> Learner | None:
    """Return who a person is among an organisation's learners, None when nobody or disabled."""
    row = conn.execute(
        _SELECT
        + " WHERE l.organisation = ? AND l.person = ? AND l.deleted_ms IS NULL AND l.disabled_ms IS NULL",
        (organisation, person),
    ).fetchone()
    return of_row(row) if row else None


def linked_to(conn: Reader, person: str) -> list[Learner]:
    """Return every learner this account is, one an organisation at most."""
    rows = conn.execute(
        _SELECT
        + " WHERE l.person = ? AND l.deleted_ms IS NULL AND l.disabled_ms IS NULL ORDER BY l.created_ms, l.id",
        (person,),
    )
    return [of_row(row) for row in rows]


def of_organisation(conn: Reader, organisation: str) -> list[Learner]:
    """Return an organisation's learners by name, disabled ones left out."""
    rows = conn.execute(
        _SELECT + " WHERE l.organisation = ? AND l.deleted_ms IS NULL AND l.disabled_ms IS NULL"
        " ORDER BY l.last_name, l.first_name, l.id",
        (organisation,),
    )
    return [of_row(row) for row in rows]


def divisions(conn: Reader) -> dict[str, str]:
    """Return the class of each account that has one, by the account's id."""
    rows = conn.execute(
        "SELECT person, division FROM learners WHERE person IS NOT NULL AND division IS NOT NULL"
        " AND deleted_ms IS NULL AND disabled_ms IS NULL ORDER BY created_ms, id"
    )
    return dict(rows.fetchall())


class Class(NamedTuple):
    """Where an account is a learner: the organisation's name and the class, "" when it has none."""

    organisation: str
    division: str


def classes_of(conn: Reader, person: str) -> list[Class]:
    """Return where an account is a learner, by name."""
    rows = conn.execute(
        "SELECT o.name, coalesce(l.division, '') FROM learners l JOIN organisations o ON o.id = l.organisation"
        " WHERE l.person = ? AND l.deleted_ms IS NULL AND l.disabled_ms IS NULL ORDER BY o.name",
        (person,),
    )
    return [Class(*row) for row in rows]


def add(tx: Reader, learner: Learner) -> bool:
    """Add a learner; return False when one of its numbers, or its account, is already another's."""
    values = msgspec.structs.astuple(learner)
    cursor = tx.execute(
        "INSERT INTO learners (id, organisation, first_name, last_name, created_ms, updated_ms, person, middle_name, third_name,"
        " preferred_last_name, sex, birth_date, birth_city, birth_city_code, birth_department, birth_country,"
        " ine, student_number, unique_key, division, class_group, mef, status, email, department,"
        " educational_team, diploma, study_scheme, extra, disabled_ms, certifiable, certifiable_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        values,
    )
    return cursor.rowcount == 1


def link(tx: Reader, learner: str, person: str | None, now_ms: int) -> None:
    """Link a learner to an account, or to none any more."""
    tx.execute("UPDATE learners SET person = ?, updated_ms = ? WHERE id = ?", (person, now_ms, learner))
