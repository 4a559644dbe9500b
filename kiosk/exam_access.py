"""Which machine asks, and which candidate it may be: two cookies, of which the database holds hashes only.

A candidate's pass is not a login: it opens one passage, on one machine, until the passage goes elsewhere. A pass that no
longer opens still names the passage, so that the page can be told where it stands with it and offer what it kept.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Literal

from kiosk.errors import Conflict, Forbidden, NotFound, NotSignedIn
from kiosk.keys import KIOSK
from kiosk.logins import digest_of
from kiosk.store import machines as store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp.web import Request, Response

    from kiosk.store.machines import Machine, Pass

Kind = Literal["candidate", "machine"]
PASS_S = 26 * 3600
MACHINE_S = 400 * 24 * 3600
REFRESH_MS = 30_000
REMEMBERED = 4000


def cookie_name(kind: Kind, *, secure: bool) -> str:
    """Return the cookie's name; over HTTPS the `__Host-` prefix ties it to this server."""
    return f"__Host-preau-{kind}" if secure else f"preau-{kind}"


def set_cookie(request: Request, response: Response, kind: Kind, secret: str) -> None:
    """Give the browser a secret; it outlives the browser's window, so that a crash changes nothing."""
    secure = request.app[KIOSK].secure
    response.set_cookie(
        cookie_name(kind, secure=secure),
        secret,
        max_age=PASS_S if kind == "candidate" else MACHINE_S,
        httponly=True,
        secure=secure,
        samesite="Strict",
    )


def secret_of(request: Request, kind: Kind) -> str | None:
    """Return the secret the browser shows, if any."""
    return request.cookies.get(cookie_name(kind, secure=request.app[KIOSK].secure))


class PassCache:
    """Passes seen lately; what is remembered is read again every half minute and forgotten when a passage moves."""

    def __init__(self, load: Callable[[bytes], Awaitable[Pass | None]]) -> None:
        self._load = load
        self._seen: OrderedDict[bytes, tuple[Pass, int]] = OrderedDict()

    async def find(self, secret: str, now_ms: int) -> Pass | None:
        """Return the pass of this secret while it is good, else None."""
        digest = digest_of(secret)
        known = self._seen.get(digest)
        if known is not None and now_ms < known[1]:
            return known[0]
        found = await self._load(digest)
        if found is None:
            self._seen.pop(digest, None)
            return None
        self._seen[digest] = (found, now_ms + REFRESH_MS)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return found

    def forget(self, candidate: str) -> None:
        """Forget every pass of a candidate."""
        for digest in [digest for digest, (known, _) in self._seen.items() if known.candidate == candidate]:
            del self._seen[digest]


async def pass_of(request: Request, candidate: str, *, pending: bool = False) -> Pass:
    """Return the pass by which this browser is this candidate.

    Raises NotSignedIn without any, or with one brought from another machine, NotFound for anyone else's passage, Conflict
    (fenced) when it went to another machine, Forbidden while a supervisor must still allow it to take a passage over (unless `pending` ones will do).
    """
    kiosk, secret = request.app[KIOSK], secret_of(request, "candidate")
    if secret is None:
        raise NotSignedIn("passage.check_in_first")
    found = await kiosk.passes.find(secret, kiosk.clock.now_ms())
    if found is None:
        old = await kiosk.db.read(lambda conn: store.ended_pass(conn, digest_of(secret)))
        if old is not None and old.candidate == candidate:
            raise Conflict("sitting.fenced")
        raise NotSignedIn("passage.check_in_first") if old is None else NotFound("passage.unknown")
    if found.candidate != candidate:
        raise NotFound("passage.unknown")
    if not await _is_at_its_machine(request, found, secret):
        raise NotSignedIn("passage.check_in_first")
    if found.pending and not pending:
        raise Forbidden("passage.pending")
    return found


async def _is_at_its_machine(request: Request, found: Pass, secret: str) -> bool:
    """Return whether the browser shows the secret of the pass's machine too, which may have been renewed since it was read."""
    kiosk, here = request.app[KIOSK], digest_of(secret_of(request, "machine") or "")
    if found.tied == here:
        return True
    kiosk.passes.forget(found.candidate)
    again = await kiosk.passes.find(secret, kiosk.clock.now_ms())
    return again is not None and again.tied == here


async def holds_pass(request: Request) -> bool:
    """Return whether this browser is some candidate's."""
    kiosk, secret = request.app[KIOSK], secret_of(request, "candidate")
    return secret is not None and await kiosk.passes.find(secret, kiosk.clock.now_ms()) is not None


async def any_pass(request: Request, candidate: str) -> Pass:
    """Return the pass of this browser for this candidate, good or ended; raises NotFound."""
    secret = secret_of(request, "candidate")
    found = None
    if secret is not None:
        digest = digest_of(secret)
        found = await request.app[KIOSK].db.read(lambda conn: store.ended_pass(conn, digest))
    if found is None or found.candidate != candidate:
        raise NotFound("passage.unknown")
    return found


async def machine_of(request: Request) -> Machine | None:
    """Return the machine this browser is known as, or None."""
    secret = secret_of(request, "machine")
    if secret is None:
        return None
    return await request.app[KIOSK].db.read(lambda conn: store.by_digest(conn, digest_of(secret)))
