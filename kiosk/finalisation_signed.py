"""Who signed a finalised session, as people read it: by a key of their own, or by hand on the printed report."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kiosk.store import people, signatures, supervisors

if TYPE_CHECKING:
    from kiosk.store.base import Reader
    from kiosk.store.sessions import Session


class Signed(NamedTuple):
    """One person in charge; `role` is principal or supervisor."""

    name: str
    role: str
    by_key: bool


def signed_of(conn: Reader, session: Session) -> list[Signed]:
    """Return who signed a finalised session and how, by name; empty before, and once its record is purged."""
    if session.status != "finalised":
        return []
    said = signatures.finalisation_of(conn, session.finalisation)
    if said is None:
        return []
    by_key = [(one.key, True) for one in said.signatures]
    return [
        Signed(_name(conn, key), key.partition(":")[0], own)
        for key, own in [*by_key, *((key, False) for key in said.on_paper)]
    ]


def _name(conn: Reader, key: str) -> str:
    """Return the name behind a key of the log, or the end of the key where there is none any more."""
    role, _, one = key.partition(":")
    if role == "principal":
        person = people.person_by_id(conn, one)
        name = f"{person.first_name} {person.last_name}".strip() if person is not None else ""
    else:
        supervisor = supervisors.by_id(conn, one)
        name = supervisor.name if supervisor is not None else ""
    return name or one[-4:]
