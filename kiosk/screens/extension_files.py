"""The extension as browsers fetch it from this server: its package for Chromium, its archive for Firefox, and what is newest.

Browsers of prepared machines come by themselves, with no login; what they get is the same for all and holds no key.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
from aiohttp.web import Response

from kiosk.keys import KIOSK
from kiosk.provision.package import Package, load_package

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

CRX_TYPE, XPI_TYPE = "application/x-chrome-extension", "application/x-xpinstall"
_FRESH = {"Cache-Control": "no-cache"}


async def _package(request: Request) -> Package:
    return await asyncio.to_thread(load_package, request.app[KIOSK].config)


async def chromium_updates(request: Request) -> StreamResponse:
    """Say which version is the newest, as Chromium asks."""
    package = await _package(request)
    return Response(body=package.chromium_updates(), content_type="application/xml", headers=_FRESH)


async def firefox_updates(request: Request) -> StreamResponse:
    """Say which version is the newest, as Firefox asks."""
    package = await _package(request)
    body = msgspec.json.encode(package.firefox_updates())
    return Response(body=body, content_type="application/json", headers=_FRESH)


async def crx(request: Request) -> StreamResponse:
    """Give the package for Chromium, signed with this server's own key."""
    package = await _package(request)
    return Response(body=package.crx, headers={**_FRESH, "Content-Type": CRX_TYPE})


async def xpi(request: Request) -> StreamResponse:
    """Give the archive for Firefox."""
    package = await _package(request)
    return Response(body=package.xpi, headers={**_FRESH, "Content-Type": XPI_TYPE})
