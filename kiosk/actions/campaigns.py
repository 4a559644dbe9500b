"""Acts on campaigns: make one, change its words, archive it, open it again, find it by its code."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec

from exam.courses import MADE, find_course
from kiosk.campaign_rules import NewCampaign, check_words, checked, visible
from kiosk.codes import new_code, read_code
from kiosk.errors import Conflict, Forbidden, Full, NotFound, Refused
from kiosk.store import campaigns as store
from kiosk.store import courses, memberships, organisations
from kiosk.store.campaigns import Campaign, Words
from sync.records import CampaignCreated

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.base import Reader
    from kiosk.store.memberships import Member
    from sync.db import Tx

__all__ = [
    "NewCampaign",
    "Words",
    "archive",
    "create",
    "existing",
    "of_staff",
    "update",
    "visible",
    "with_code",
]

_TRIES = 20


async def create(kiosk: Kiosk, person: Person, new: NewCampaign) -> Campaign:
    """Make a campaign with a code of its own, and sign that it was made; raises Refused naming the field."""
    organisation = person.organisation
    if not person.is_staff or organisation is None:
        raise Forbidden("role.wrong")
    campaign_id, now = secrets.token_hex(8), kiosk.clock.now_ms()

    def job(tx: Tx) -> Campaign:
        known = organisations.by_id(tx, organisation)
        if known is None:
            raise Forbidden("role.wrong")
        clean = checked(new, known.settings)
        _check_offered(kiosk, tx, organisation, clean.course)
        owner = _member(tx, organisation, clean.owner or person.id)
        made = _made(campaign_id, clean, owner, organisation)
        made = msgspec.structs.replace(made, bank=kiosk.banks.current.digest, created_ms=now)
        for _ in range(_TRIES):
            coded = msgspec.structs.replace(made, code=new_code())
            if store.add(tx, coded):
                kiosk.log.append_record(tx, "campaign.created", _record_of(coded), now)
                return coded
        raise Full("campaign.no_code")

    return await kiosk.db.write(job)


def _made(campaign: str, new: NewCampaign, owner: Member, organisation: str) -> Campaign:
    return Campaign(
        id=campaign,
        code="",
        name=new.name,
        course=new.course,
        bank="",
        title=new.title,
        text=new.text,
        owner=owner.person,
        created_ms=0,
        archived_ms=None,
        owner_first_name=owner.first_name,
        owner_last_name=owner.last_name,
        participants=0,
        shared=0,
        organisation=organisation,
        kind="collection" if new.kind == "collection" else "assessment",
        multiple=new.multiple,
        external_label=new.external_label or None,
        external_type="email" if new.external_type == "email" else "text" if new.external_label else None,
        reset_allowed=new.reset_allowed,
    )


def _check_offered(kiosk: Kiosk, conn: Reader, organisation: str, course: str) -> None:
    """Raise Refused unless the bank has this course, or the organisation made it and the bank can serve it."""
    if not course:
        return
    ours = course in kiosk.banks.current.courses or (
        course.startswith(MADE) and courses.one(conn, organisation, course) is not None
    )
    if not ours or find_course(kiosk.banks.current, course, kiosk.banks.made) is None:
        raise Refused("campaign.unknown_course", field="course")


def _member(conn: Reader, organisation: str, person: str) -> Member:
    found = memberships.one(conn, organisation, person)
    if found is None:
        raise Refused("campaign.owner_not_member", field="owner")
    return found


def _record_of(made: Campaign) -> CampaignCreated:
    return CampaignCreated(
        campaign=made.id,
        code=made.code,
        name=made.name,
        course=made.course,
        bank=made.bank,
        teacher=made.owner,
        kind=made.kind,
        organisation=made.organisation,
    )


async def update(kiosk: Kiosk, person: Person, campaign: str, words: Words) -> Campaign:
    """Change the words and the owner ("" leaves it) of an active campaign; its owner and the principal may."""
    clean = msgspec.structs.replace(
        words, name=visible(words.name), title=visible(words.title), text=visible(words.text)
    )

    def job(tx: Tx) -> Campaign:
        found = _editable(tx, person, campaign)
        if found.archived:
            raise Conflict("campaign.archived_edit")
        check_words(clean, collection=found.kind == "collection")
        owner = _member(tx, found.organisation, clean.owner).person if clean.owner else found.owner
        store.set_words(tx, campaign, msgspec.structs.replace(clean, owner=owner))
        return existing(tx, campaign)

    return await kiosk.db.write(job)


async def archive(kiosk: Kiosk, person: Person, campaign: str, *, archived: bool) -> Campaign:
    """Archive a campaign or open it again; its owner and the principal may."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> Campaign:
        found = _editable(tx, person, campaign)
        if found.archived != archived:
            store.set_archived(tx, campaign, now if archived else None)
        return existing(tx, campaign)

    return await kiosk.db.write(job)


def _editable(conn: Reader, person: Person, campaign: str) -> Campaign:
    found = of_staff(conn, campaign, person)
    if person.id != found.owner and person.role != "principal":
        raise Forbidden("campaign.not_owner")
    return found


def existing(conn: Reader, campaign: str) -> Campaign:
    """Return a campaign, or raise NotFound."""
    found = store.by_id(conn, campaign)
    if found is None:
        raise NotFound("campaign.unknown")
    return found


def of_staff(conn: Reader, campaign: str, person: Person) -> Campaign:
    """Return a campaign of the organisation this person acts for; another's does not exist: raises NotFound."""
    found = existing(conn, campaign)
    if not person.is_staff or found.organisation != person.organisation:
        raise NotFound("campaign.unknown")
    return found


def with_code(conn: Reader, code: str) -> Campaign:
    """Return the campaign of a code as a person typed it, archived or not, or raise NotFound."""
    found = store.by_code(conn, read_code(code))
    if found is None:
        raise NotFound("campaign.unknown_code", field="code")
    return found
