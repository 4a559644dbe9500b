"""Asking the identity provider: over TLS unless it is on this machine, within a time, a size, and no redirection."""

from __future__ import annotations

import ssl
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from kiosk.providers.visitor import refused, unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

TIMEOUT_S = 10
BODY_MOST = 256 * 1024


def is_private(url: str) -> bool:
    """Say whether what is sent to this address stays unread on the way: HTTPS, or HTTP to this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and _is_here(parts.hostname or "")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Asker:
    """One conversation with a provider."""

    def __init__(self, session: ClientSession) -> None:
        """Keep the session it speaks over."""
        self._session = session

    async def get(self, url: str, *, params: Mapping[str, str] | None = None, token: str = "") -> bytes:
        """Return the body at an address; raises Full when it cannot be had, Forbidden when it is refused."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return await self._ask("GET", url, params=params, headers=headers)

    async def post(self, url: str, form: Mapping[str, str], authorization: str) -> bytes:
        """Post a form, with an Authorization header unless it is empty, and return the body."""
        headers = {"Authorization": authorization} if authorization else {}
        return await self._ask("POST", url, data=form, headers=headers)

    async def _ask(self, method: str, url: str, **options: object) -> bytes:
        if not is_private(url):
            raise refused()
        try:
            async with self._session.request(method, url, allow_redirects=False, **options) as reply:  # type: ignore[arg-type] # the options of the two callers above
                body = bytearray()
                async for part in reply.content.iter_chunked(16 * 1024):
                    body += part
                    if len(body) > BODY_MOST:
                        raise refused()
                if reply.status >= 500:
                    raise unreachable()
                if reply.status != 200:
                    raise refused()
                return bytes(body)
        except (ClientError, TimeoutError, OSError, ValueError):
            raise unreachable() from None


@asynccontextmanager
async def asker(ca_file: str) -> AsyncIterator[Asker]:
    """Give a conversation that trusts `ca_file`, or this machine's authorities when it is empty."""
    context = ssl.create_default_context(cafile=ca_file or None)
    timeout = ClientTimeout(total=TIMEOUT_S)
    async with ClientSession(
        connector=TCPConnector(ssl=context), timeout=timeout, trust_env=False
    ) as session:
        yield Asker(session)
