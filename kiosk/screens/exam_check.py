"""The check of a machine before the day: what it is called, whether its extension proves itself, and what to do if not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kiosk.actions import check_in
from kiosk.exam_access import machine_of, set_cookie
from kiosk.guarding import GUARD
from kiosk.keys import KIOSK
from kiosk.lockdown.statement import OLDEST
from kiosk.origin import address_of
from kiosk.provision.package import VERSION
from kiosk.screens.page import page

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse


async def check(request: Request) -> StreamResponse:
    """Show what this server knows of this machine; the page looks again by itself."""
    kiosk, machine, fresh = request.app[KIOSK], await machine_of(request), ""
    if machine is None:
        machine, fresh = await check_in.know_machine(kiosk, address_of(request))
    response = page(
        request,
        "exam/check.html",
        machine=machine,
        proven=request.app[GUARD].machines[machine.id] > 0,
        newest=VERSION,
        oldest=".".join(map(str, OLDEST)),
        secure=kiosk.secure,
        versions=sorted(msgspec.json.decode(machine.versions, type=dict[str, str]).items()),
    )
    if fresh:
        set_cookie(request, response, "machine", fresh)
    return response
