"""Who this server is, for anyone in the room; and for the principal, what has left for the central instance."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp.web import Response

from kiosk.errors import NotFound
from kiosk.keys import KIOSK
from kiosk.lan import ca
from kiosk.lan.addresses import lan_addresses
from kiosk.lan.words import certificate_hex, certificate_words
from kiosk.screens.page import page
from kiosk.screens.staff_exchange import exchange
from kiosk.store import people
from sync.keys import fingerprint_words
from web.downloads import attachment

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from aiohttp.web import Request

    from kiosk.keys import Kiosk

CERTIFICATE_TYPE = "application/x-x509-ca-cert"


@dataclass(frozen=True)
class Authority:
    """The local certificate authority, as people compare it."""

    words: list[str]
    sha256: str


@dataclass(frozen=True)
class IdentityView:
    """The server's key in words, its addresses, its certificate."""

    key_id: str
    words: list[str]
    uai: str
    addresses: list[str]
    certificate_end: datetime | None
    authority: Authority | None


def _identity(kiosk: Kiosk) -> IdentityView:
    """Read the identity; touches files, so it runs in a thread."""
    home, key = kiosk.config.home, kiosk.identity.signer.public
    return IdentityView(
        key_id=key.key_id,
        words=fingerprint_words(key.raw),
        uai=kiosk.identity.uai,
        addresses=_addresses(kiosk),
        certificate_end=ca.leaf_end(home) if kiosk.secure else None,
        authority=_authority(home) if kiosk.secure else None,
    )


def _addresses(kiosk: Kiosk) -> list[str]:
    port = kiosk.config.port
    if not kiosk.secure:
        return [f"http://127.0.0.1:{port}"]
    hosts = [str(address) for address in lan_addresses()]
    return [f"https://{host}:{port}" for host in [*hosts, f"{ca.host_label(kiosk.identity.name)}.local"]]


def _authority(home: Path) -> Authority | None:
    der = ca.authority_der(home)
    return Authority(certificate_words(der), certificate_hex(der)) if der else None


async def public(request: Request) -> Response:
    """Show which server this is and how a browser learns to recognise it."""
    identity = await asyncio.to_thread(_identity, request.app[KIOSK])
    return page(request, "staff/server_public.html", identity=identity)


async def authority(request: Request) -> Response:
    """Give the authority's certificate; NotFound when the server speaks without encryption."""
    kiosk = request.app[KIOSK]
    der = await asyncio.to_thread(ca.authority_der, kiosk.config.home) if kiosk.secure else None
    if der is None:
        raise NotFound("page.unknown")
    name = attachment(f"preau-{kiosk.identity.uai}.crt")
    return Response(body=der, headers={"Content-Type": CERTIFICATE_TYPE, "Content-Disposition": name})


async def settings(request: Request) -> Response:
    """Show the principal the server's identity, what waits for the central instance, and who has an account."""
    kiosk = request.app[KIOSK]
    everyone = await kiosk.db.read(people.all_people)
    roles = Counter(person.role for person in everyone if not person.disabled)
    return page(
        request,
        "staff/server.html",
        space="server",
        identity=await asyncio.to_thread(_identity, kiosk),
        exchange=await exchange(kiosk),
        people={
            "pupils": roles["pupil"],
            "teachers": roles["teacher"],
            "principals": roles["principal"],
            "disabled": sum(person.disabled for person in everyone),
        },
        bank={"version": kiosk.banks.current.version},
    )
