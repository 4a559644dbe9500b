"""Bringing pupils in: the file, what it would change, the confirmation, and what happened to every file before.

Every page works without script; with it, the page of a file being read follows it by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import BodyPartReader
from aiohttp.web import Response

from kiosk.actions import learner_imports as acts
from kiosk.body import FILE_S, in_time
from kiosk.errors import KioskError, NotFound, Refused
from kiosk.importing import IMPORTING
from kiosk.imports.registry import IMPORTS
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.forms import go
from kiosk.screens.import_views import GROUPS, ROWS_A_PAGE, import_view
from kiosk.screens.page import language, page
from kiosk.store import learner_imports as store
from web.downloads import CSV_TYPE, attachment, csv_lines

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import MultipartReader
    from aiohttp.web import Request


HOME = "/staff/pupils/import"
_FIELD = 200


async def upload_page(request: Request) -> Response:
    """Show the form that takes a file, and the history."""
    return await _upload(request, None)


async def _upload(request: Request, refusal: KioskError | None) -> Response:
    kiosk = request.app[KIOSK]
    organisation = await acts.organisation_of(kiosk, acts.principal_of(signed_in(request)))
    try:
        formats = acts.taken_formats(kiosk.config.home, organisation)
    except Refused as problem:
        formats, refusal = (), refusal or problem
    found, alone = await kiosk.db.read(
        lambda conn: (
            store.of_organisation(conn, organisation.id),
            store.without_key(conn, organisation.id, formats[0].key) if formats else 0,
        )
    )
    words = kiosk.pages.t(language(request), f"errors.{refusal.code}", **refusal.params) if refusal else None
    return page(
        request,
        "staff/imports.html",
        status=refusal.status if refusal and request.method == "POST" else 200,
        space="pupils",
        organisation=organisation,
        formats=formats,
        history=[import_view(one, 100) for one in found],
        alone=alone,
        error=words,
    )


async def upload(request: Request) -> Response:
    """Receive a file, begin to read it and show how far that is."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    organisation = await acts.organisation_of(kiosk, acts.principal_of(person))
    try:
        fields, part = await _until_file(request)
        one = await acts.begin(
            kiosk,
            organisation,
            person.id,
            form=fields.get("format", ""),
            mode=fields.get("mode", ""),
            name=part.filename or "",
        )
        path = await in_time(acts.receive(kiosk, one, _chunks(part)), FILE_S)
    except KioskError as refusal:
        return await _upload(request, refusal)
    request.app[IMPORTING].start(kiosk, one, path)
    return go(f"{HOME}/{one.id}")


async def _until_file(request: Request) -> tuple[dict[str, str], BodyPartReader]:
    """Return the fields before the file, and the file still to be read; raises Refused when there is none."""
    if request.content_type != "multipart/form-data" or request.content.at_eof():
        raise Refused("imports.no_file", field="file")
    fields: dict[str, str] = {}
    try:
        parts: MultipartReader = await request.multipart()
        while len(fields) < 10 and isinstance(part := await parts.next(), BodyPartReader):
            if part.name == "file":
                if not part.filename:
                    break
                return fields, part
            fields[part.name or ""] = (await part.read_chunk(_FIELD)).decode("utf-8", "replace")
    except ValueError:
        raise Refused("imports.no_file", field="file") from None
    raise Refused("imports.no_file", field="file")


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(256 * 1024):
        yield chunk


async def one_import(request: Request) -> Response:
    """Show one import: how far it is read, what it would change, its errors, or what it did."""
    kiosk, organisation = request.app[KIOSK], acts.principal_of(signed_in(request))
    group = request.query.get("show", "")
    group = group if group in GROUPS else ""
    number = request.query.get("page", "1")
    at = (
        min(int(number), 10_000)
        if number.isascii() and number.isdigit() and len(number) < 7 and number != "0"
        else 1
    )

    one = await kiosk.db.read(lambda conn: acts.existing(conn, organisation, request.match_info["id"]))
    rows = []
    if group and one.state == "validated":
        rows = await kiosk.db.read(
            lambda conn: store.shown(conn, one.id, GROUPS[group], (at - 1) * ROWS_A_PAGE, ROWS_A_PAGE)
        )
    view = import_view(one, request.app[IMPORTING].percent(one.id), kiosk.pages.words, language(request))
    return page(
        request,
        "staff/import.html",
        space="pupils",
        one=view,
        group=group,
        rows=rows,
        at=at,
        rows_a_page=ROWS_A_PAGE,
    )


async def confirm(request: Request) -> Response:
    """Do what was shown."""
    person = signed_in(request)
    done = await acts.confirm(
        request.app[KIOSK], acts.principal_of(person), request.match_info["id"], person.id
    )
    return go(f"{HOME}/{done.id}")


async def cancel(request: Request) -> Response:
    """Give up what was shown."""
    await acts.cancel(request.app[KIOSK], acts.principal_of(signed_in(request)), request.match_info["id"])
    return go(HOME)


async def template(request: Request) -> Response:
    """Download the headings of a format, ready to fill."""
    kiosk = request.app[KIOSK]
    organisation = await acts.organisation_of(kiosk, acts.principal_of(signed_in(request)))
    wanted = request.match_info["format"]
    taken = {one.name: one for one in acts.taken_formats(kiosk.config.home, organisation)}
    form = taken.get(wanted) or IMPORTS.get(wanted)
    if form is None or not form.headings:
        raise NotFound("page.unknown")
    headings = [column.heading for column in form.headings]
    return Response(
        body=b"".join(csv_lines(headings, [])),
        headers={"Content-Type": CSV_TYPE, "Content-Disposition": attachment("modele-import.csv")},
    )
