"""Who acts on a session: the principal of its organisation, or a supervisor who was let into it.

An actor is a key that can be revoked, never an address. What an act needs is decided on the session: for anyone else's it
does not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from kiosk.errors import Forbidden, NotFound
from kiosk.store import sessions as store

if TYPE_CHECKING:
    from kiosk.people import Person
    from kiosk.store.base import Reader
    from kiosk.store.sessions import Session


class Actor(NamedTuple):
    """One person in charge; `key` goes into the log, `proof` is what their own device signed (empty on the server's screens).

    `session` is the one a supervisor was let into; a principal has every session of `organisation`.
    """

    key: str
    kind: Literal["principal", "supervisor"]
    organisation: str
    session: str | None = None
    proof: str = ""


def principal(person: Person) -> Actor:
    """Return the actor a principal is; raises Forbidden for anyone else."""
    if person.role != "principal" or person.organisation is None:
        raise Forbidden("role.wrong")
    return Actor(f"principal:{person.id}", "principal", person.organisation)


def authorised(conn: Reader, actor: Actor, session: str) -> Session:
    """Return the session this actor is in charge of; raises NotFound for any other."""
    found = store.by_id(conn, session)
    if found is None or found.organisation != actor.organisation:
        raise NotFound("session.unknown")
    if actor.kind == "supervisor" and actor.session != session:
        raise NotFound("session.unknown")
    return found
