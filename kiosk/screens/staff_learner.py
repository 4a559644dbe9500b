"""One pupil for the staff: who they are, how they sign in and what is done about it, and all they took part in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kiosk.actions import pupil_accounts as acts
from kiosk.actions import student_lists
from kiosk.actions.reconciling import organisation_of
from kiosk.errors import KioskError, NotFound
from kiosk.keys import KIOSK
from kiosk.lan.qr import qr_path
from kiosk.refusals import problem_of
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import language, page
from kiosk.screens.participations_list import participations_of
from kiosk.screens.pupil_rows import columns_of, pupil_view
from kiosk.screens.staff_common import base_address
from kiosk.screens.staff_profiles import brought_of
from kiosk.store import credentials, memberships, pupils

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp.web import Request, Response, StreamResponse

    from kiosk.actions.pupil_accounts import Handed
    from kiosk.organisations import Organisation
    from kiosk.pupil_list import Row
    from kiosk.screens.participations_list import ParticipationsList
    from kiosk.screens.pupil_rows import OwnColumn
    from kiosk.screens.staff_profiles import Brought
    from kiosk.store.base import Reader


class Learner(NamedTuple):
    """What the page reads in one snapshot."""

    here: Organisation
    row: Row
    columns: Sequence[OwnColumn]
    confirmed: bool
    staff: bool
    view: ParticipationsList
    brought: Brought


async def learner(request: Request) -> StreamResponse:
    """Show one pupil."""
    return await _page(request, done=request.query.get("done", ""))


async def _read(request: Request) -> Learner:
    here, wanted = acts.organisation_of(signed_in(request)), request.match_info["id"]
    home = request.app[KIOSK].config.home

    def job(conn: Reader) -> Learner:
        row = pupils.one(conn, here, wanted)
        if row is None:
            raise NotFound("learner.unknown")
        person, organisation = row.person, organisation_of(conn, here)
        return Learner(
            organisation,
            row,
            columns_of(home, organisation),
            person is not None and credentials.confirmed_email(conn, person) is not None,
            person is not None and bool(memberships.workplaces_of(conn, person)),
            participations_of(conn, wanted),
            brought_of(conn, wanted),
        )

    return await request.app[KIOSK].db.read(job)


async def _page(
    request: Request,
    *,
    handed: Handed | None = None,
    link: str = "",
    refusal: KioskError | None = None,
    done: str = "",
) -> Response:
    found = await _read(request)
    return page(
        request,
        "staff/learner.html",
        status=refusal.status if refusal else 200,
        space="pupils",
        organisation=found.here,
        higher=found.here.kind == "higher",
        pupil=pupil_view(found.row, found.columns),
        columns=found.columns,
        confirmed=found.confirmed,
        is_staff=found.staff,
        view=found.view,
        brought=found.brought,
        handed=handed,
        link=link,
        qr=qr_path(link) if link else None,
        address=base_address(request),
        done=done if done in {"confirmed", "number"} else "",
        problem=problem_of(request.app[KIOSK], language(request), refusal) if refusal else None,
    )


async def reset(request: Request) -> StreamResponse:
    """Reset the password and show the one for a single use, this once."""
    kiosk, wanted = request.app[KIOSK], request.match_info["id"]
    try:
        return await _page(request, handed=await acts.reset_one(kiosk, signed_in(request), wanted))
    except KioskError as refusal:
        return await _refused(request, refusal)


async def add_username(request: Request) -> StreamResponse:
    """Add a username to the account, and show it with its password for a single use if it needed one."""
    kiosk, wanted = request.app[KIOSK], request.match_info["id"]
    try:
        return await _page(request, handed=await acts.add_username(kiosk, signed_in(request), wanted))
    except KioskError as refusal:
        return await _refused(request, refusal)


async def hand_over(request: Request) -> StreamResponse:
    """Show a link that gives the account back, as a square to aim at, this once."""
    kiosk, wanted = request.app[KIOSK], request.match_info["id"]
    try:
        secret = await acts.hand_over(kiosk, signed_in(request), wanted)
    except KioskError as refusal:
        return await _refused(request, refusal)
    return await _page(request, link=f"{base_address(request)}/recover?c={secret}")


async def confirm_email(request: Request) -> StreamResponse:
    """Say that the address is this pupil's."""
    wanted = request.match_info["id"]
    try:
        await acts.confirm_email(request.app[KIOSK], signed_in(request), wanted)
    except KioskError as refusal:
        return await _refused(request, refusal)
    return go(f"/staff/pupils/{wanted}?done=confirmed")


async def set_number(request: Request) -> StreamResponse:
    """Correct the student number."""
    wanted, form = request.match_info["id"], await form_of(request)
    try:
        await student_lists.set_number(
            request.app[KIOSK], signed_in(request), wanted, form.get("student_number", "")[:300]
        )
    except KioskError as refusal:
        return await _refused(request, refusal)
    return go(f"/staff/pupils/{wanted}?done=number")


async def _refused(request: Request, refusal: KioskError) -> Response:
    """Show the pupil's page with what was refused; a pupil who does not exist is not found, whatever was asked."""
    return await _page(request, refusal=refusal)
