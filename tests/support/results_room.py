"""Whole participations on a running site, answered rightly or passed, sent or not: what results pages are tested on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from toy_bank import BADGES, toy_bank

from exam.attestation import COURSES
from exam.grading import solve
from kiosk.actions import campaigns, participations, sittings
from kiosk.actions.campaigns import NewCampaign

if TYPE_CHECKING:
    from kiosk_site import Client, Site

    from exam.bank import Bank
    from kiosk.people import Person
    from kiosk.store.campaigns import Campaign

LINES = ("mail 2.1: 1 2", "passwords 4.1: 1 2 3")
"""Two topics, five skills: few enough to work results out on paper."""


def small_bank() -> Bank:
    """Return a bank of `LINES`: its course has four stages and one badge, obtained with half of the skills."""
    return toy_bank(*LINES, badges=BADGES[:1])


def bank_of_6e() -> Bank:
    """Return a bank that has the three courses of the 6e attestation, each of every topic of `LINES`."""
    bank = small_bank()
    toy = bank.courses["toy"]
    return replace(bank, courses={name: msgspec.structs.replace(toy, id=name) for name in COURSES})


def person(client: Client) -> Person:
    """Return who uses this browser."""
    assert client.person is not None
    return client.person


async def new_campaign(site: Site, course: str = "toy", **fields: object) -> Campaign:
    """Return a campaign made by Alice Roy."""
    kind = fields.get("kind", "assessment")
    new = NewCampaign(name="Rentrée", course=course if kind == "assessment" else "", **fields)  # type: ignore[arg-type] # a test names only fields that exist
    return await campaigns.create(site.kiosk, person(site.roy), new)


async def play(site: Site, client: Client, code: str, *, right: bool = True, most: int = 200) -> str:
    """Join and answer up to `most` questions, rightly or by passing; return the participation."""
    pid = (await participations.join(site.kiosk, person(client), code)).participation.id
    await go_on(site, client, pid, right=right, most=most)
    return pid


async def go_on(site: Site, client: Client, pid: str, *, right: bool = True, most: int = 200) -> None:
    """Answer the questions of a participation that is open."""
    kiosk, pupil = site.kiosk, person(client)
    epoch = await sittings.hold(kiosk, pupil, pid, "login")
    for _ in range(most):
        where = await sittings.next_question(kiosk, pupil, pid, epoch, after_checkpoint=True)
        if where.asked is None:
            return
        asked = where.asked
        answer = solve(where.bank, asked.item, where.seed, asked.lang) if right else None
        given = sittings.Given(asked.number, f"key-{asked.number:013}", epoch, answer)
        await sittings.record_answer(kiosk, pupil, pid, given)


async def send(site: Site, client: Client, code: str, *, right: bool = True) -> str:
    """Join, answer everything and send the results; return the participation."""
    pid = await play(site, client, code, right=right)
    await participations.share(site.kiosk, person(client), pid)
    return pid
