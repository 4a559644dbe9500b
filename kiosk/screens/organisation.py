"""The organisation: its name, what it allows itself, its logo. Read by its staff, changed by its administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import BodyPartReader
from aiohttp.web import Response

from kiosk.actions import organisation as acts
from kiosk.body import FILE_S, in_time
from kiosk.errors import BadRequest, KioskError, NotFound, Refused, TooLarge
from kiosk.keys import KIOSK
from kiosk.logo import SIDE_MOST, WEIGHT_MOST, picture_of
from kiosk.organisations import KINDS, Settings
from kiosk.refusals import problem_of
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import language, page
from kiosk.store import organisations

if TYPE_CHECKING:
    from aiohttp.web import Request

    from kiosk.organisations import Organisation, OrganisationKind

PAGE = "/staff/organisation"
SETTINGS = Settings.__struct_fields__


async def show(request: Request) -> Response:
    """Show the organisation, as a form to its administrators."""
    found = await own_organisation(request)
    return _page(request, found, {"name": found.name, "kind": found.kind}, None)


async def own_organisation(request: Request) -> Organisation:
    """Return the organisation this person acts for; raises NotFound."""
    person = signed_in(request)
    return await request.app[KIOSK].db.read(lambda conn: acts.own(conn, person))


def _page(
    request: Request, found: Organisation, form: dict[str, str], refusal: KioskError | None
) -> Response:
    return page(
        request,
        "staff/organisation.html",
        status=refusal.status if refusal else 200,
        space="organisation",
        organisation=found,
        settings=[(name, getattr(found.settings, name)) for name in SETTINGS],
        kinds=KINDS,
        form=form,
        limits={"weight": WEIGHT_MOST // 1024, "side": SIDE_MOST},
        problem=problem_of(request.app[KIOSK], language(request), refusal) if refusal else None,
        done=request.query.get("done", ""),
    )


async def change(request: Request) -> Response:
    """Change the organisation, or show what was typed with why it was refused."""
    form = await form_of(request)
    kept = {"name": form.get("name", "")[:300], "kind": form.get("kind", "")[:20]}
    settings = Settings(**{name: name in form for name in SETTINGS})
    try:
        changes = acts.Changes(kept["name"], _kind(kept["kind"]), settings)
        await acts.change(request.app[KIOSK], signed_in(request), changes)
    except Refused as refusal:
        return _page(request, await own_organisation(request), kept, refusal)
    return go(f"{PAGE}?done=saved")


def _kind(text: str) -> OrganisationKind:
    kind = next((known for known in KINDS if known == text), None)
    if kind is None:
        raise Refused("organisation.bad_kind", field="kind")
    return kind


async def set_logo(request: Request) -> Response:
    """Keep the image sent as the logo, or say why it is not taken."""
    try:
        data = await in_time(_file_of(request), FILE_S)
        await acts.set_logo(request.app[KIOSK], signed_in(request), data)
    except (Refused, TooLarge) as refusal:
        found = await own_organisation(request)
        return _page(request, found, {"name": found.name, "kind": found.kind}, refusal)
    return go(f"{PAGE}?done=logo")


async def _file_of(request: Request) -> bytes:
    """Return the bytes of the field `logo`, a little over the limit at most."""
    if request.content_type != "multipart/form-data":
        raise BadRequest("request.malformed")
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "logo":
                return await _bounded(part)
    except ValueError:
        raise BadRequest("request.malformed") from None
    return b""


async def _bounded(part: BodyPartReader) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk():
        data += chunk
        if len(data) > WEIGHT_MOST:
            raise TooLarge("organisation.logo_heavy", field="logo", params={"limit": WEIGHT_MOST // 1024})
    return bytes(data)


async def drop_logo(request: Request) -> Response:
    """Take the logo off."""
    await acts.set_logo(request.app[KIOSK], signed_in(request), None)
    return go(f"{PAGE}?done=logo_removed")


async def logo(request: Request) -> Response:
    """Give the logo of the organisation of the address to anyone signed in; raises NotFound."""
    wanted = request.match_info["id"]
    data = await request.app[KIOSK].db.read(lambda conn: organisations.logo(conn, wanted))
    picture = picture_of(data) if data else None
    if data is None or picture is None:
        raise NotFound("page.unknown")
    return Response(body=data, content_type=picture.media_type)
