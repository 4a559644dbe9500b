"""Planning a certification session: create it, change it, take it back, as long as nobody has joined it. The principal alone."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec

from kiosk.actors import authorised, principal
from kiosk.campaign_rules import visible
from kiosk.errors import Conflict, Refused
from kiosk.session_codes import new_access_code, new_password, sound_date, sound_time
from kiosk.store import candidates
from kiosk.store import sessions as store
from kiosk.store.sessions import Lockdown, Mode, Session

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from sync.db import Tx

SHORT, LONG = 255, 2000
MOST_MINUTES = 24 * 60


class Plan(msgspec.Struct, frozen=True):
    """What is settled of a session before its day."""

    site: str
    room: str
    date: str
    time: str
    examiners: str
    description: str = ""
    bundle: str | None = None
    mode: Mode = "certification"
    gate: bool = True
    lockdown: Lockdown = "none"
    allowance_min: int = 105


def checked(plan: Plan) -> Plan:
    """Return the plan with its texts trimmed and freed of what nobody sees; raises Refused naming the field that is missing or malformed."""
    texts = {name: visible(getattr(plan, name)) for name in ("site", "room", "examiners", "description")}
    for name, text in texts.items():
        if not text and name != "description":
            raise Refused("session.required", field=name)
        if len(text) > (LONG if name == "description" else SHORT):
            raise Refused("session.too_long", field=name)
    if not sound_date(plan.date):
        raise Refused("session.bad_date", field="date")
    if not sound_time(plan.time):
        raise Refused("session.bad_time_of_day", field="time")
    if not 1 <= plan.allowance_min <= MOST_MINUTES:
        raise Refused("session.bad_allowance", field="allowance_min")
    return msgspec.structs.replace(plan, **texts)


async def create(kiosk: Kiosk, person: Person, plan: Plan) -> Session:
    """Return the new session, with its number and codes."""
    plan = checked(plan)
    organisation = principal(person).organisation
    now = kiosk.clock.now_ms()
    return await kiosk.db.write(lambda tx: create_in(tx, organisation, person.id, plan, now))


def create_in(tx: Tx, organisation: str, by: str, plan: Plan, now_ms: int) -> Session:
    """Add a session from a checked plan, inside a job: for imports of many."""
    made = Session(
        id=secrets.token_hex(8),
        number=store.next_number(tx),
        organisation=organisation,
        code=new_access_code(),
        password=new_password(),
        status="created",
        created_by=by,
        created_ms=now_ms,
        **msgspec.structs.asdict(plan),
    )
    store.add(tx, made)
    return made


async def change(kiosk: Kiosk, person: Person, session: str, plan: Plan) -> Session:
    """Return the session as changed; raises Conflict once it has opened."""
    plan, actor = checked(plan), principal(person)

    def job(tx: Tx) -> Session:
        found = authorised(tx, actor, session)
        if found.status != "created":
            raise Conflict("session.already_open")
        changed = msgspec.structs.replace(found, **msgspec.structs.asdict(plan))
        store.change(tx, changed)
        return changed

    return await kiosk.db.write(job)


async def remove(kiosk: Kiosk, person: Person, session: str) -> None:
    """Take a session back; raises Conflict once it has opened or a candidate has joined."""
    actor = principal(person)

    def job(tx: Tx) -> None:
        found = authorised(tx, actor, session)
        joined = any(one.checked_in_ms is not None for one in candidates.of_session(tx, session))
        if found.status != "created" or joined:
            raise Conflict("session.already_open")
        store.remove(tx, session)

    await kiosk.db.write(job)


async def listed(kiosk: Kiosk, person: Person) -> list[Session]:
    """Return the sessions of the principal's organisation, the latest day first."""
    organisation = principal(person).organisation
    return await kiosk.db.read(lambda conn: store.listed(conn, organisation))
