"""Browser logins: a random secret in a cookie, its hash in the database, the person in memory.

The secret never rests anywhere but in the browser; what the database holds cannot be used to sign in. Looking a
login up costs one hash and one dictionary access; what is in memory is read again every minute, so that an
account disabled from the command line is out within a minute.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from typing import TYPE_CHECKING

import msgspec

from kiosk.errors import Forbidden
from kiosk.people import Person, Workplace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SECURE_COOKIE = "__Host-preau"
LOOPBACK_COOKIE = "preau"
REFRESH_MS = 60_000
REMEMBERED = 5000


class Login(msgspec.Struct, frozen=True):
    """One browser signed in: `id` may be written in a log, `digest` (SHA-256 of the secret) may not.

    The person acts for one organisation in this browser; `workplaces` are all those they may act for.
    """

    id: str
    digest: bytes
    person: Person
    expires_ms: int
    workplaces: tuple[Workplace, ...] = ()

    @property
    def organisation(self) -> str | None:
        """The organisation this browser acts for."""
        return self.person.organisation

    @property
    def workplace(self) -> Workplace | None:
        """The same, with its name."""
        return next((place for place in self.workplaces if place.id == self.organisation), None)

    def check_password(self) -> None:
        """Raise Forbidden while this person holds a one-time password: nothing else comes before changing it."""
        if self.person.must_change:
            raise Forbidden("password.must_change")

    def check_terms(self) -> None:
        """Raise Forbidden while this member of the staff has not accepted the terms of use."""
        place = self.workplace
        if place is not None and not place.terms:
            raise Forbidden("terms.needed")


def cookie_name(*, secure: bool) -> str:
    """Return the cookie's name; over HTTPS the `__Host-` prefix ties it to this server and path."""
    return SECURE_COOKIE if secure else LOOPBACK_COOKIE


def new_secret() -> str:
    """Return a fresh 256-bit secret, as the cookie carries it."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> bytes:
    """Return what the database keeps of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


def form_token(login: Login) -> str:
    """Return the token a form carries to prove that the page came from here, for browsers that say nothing else."""
    return hashlib.blake2b(b"preau.form.v1", key=login.digest, digest_size=16).hexdigest()


def is_form_token(login: Login, token: str) -> bool:
    """Say whether `token` is this login's, in constant time."""
    return hmac.compare_digest(form_token(login).encode(), token.encode("utf-8", "surrogateescape"))


class LoginCache:
    """Logins seen lately, by hash of their secret; `load` reads one from the database, None when there is none."""

    def __init__(self, load: Callable[[bytes], Awaitable[Login | None]]) -> None:
        self._load = load
        self._seen: OrderedDict[bytes, tuple[Login, int]] = OrderedDict()
        self._changes = 0

    async def find(self, secret: str, now_ms: int) -> Login | None:
        """Return the login of this secret if it is valid at `now_ms` (wall clock), else None."""
        return await self.by_digest(digest_of(secret), now_ms)

    async def by_digest(self, digest: bytes, now_ms: int) -> Login | None:
        """Return the login whose secret has this SHA-256 if it is still valid, for what stays open after a request."""
        known = self._seen.get(digest)
        if known is not None and now_ms < known[1]:
            login = known[0]
        else:
            changes, found = self._changes, await self._load(digest)
            if found is None:
                self._seen.pop(digest, None)
                return None
            login = found
            if changes == self._changes:  # else what was read may be what has just been forgotten
                self.keep(login, now_ms)
        if login.expires_ms <= now_ms or login.person.disabled:
            self._seen.pop(digest, None)
            return None
        return login

    def keep(self, login: Login, now_ms: int) -> None:
        """Remember a login for a minute; those whose minute is over are forgotten, and the oldest when there are too many."""
        self._seen[login.digest] = (login, now_ms + REFRESH_MS)
        self._seen.move_to_end(login.digest)
        while len(self._seen) > REMEMBERED or next(iter(self._seen.values()))[1] <= now_ms:
            self._seen.popitem(last=False)

    def forget(self, digest: bytes) -> None:
        """Forget one login."""
        self._changes += 1
        self._seen.pop(digest, None)

    def forget_all(self) -> None:
        """Forget every login: what they say of an organisation has changed."""
        self._changes += 1
        self._seen.clear()

    def forget_person(self, person: str) -> None:
        """Forget every login of a person, so that a change to the account is seen at the next request."""
        self._changes += 1
        for digest in [d for d, (login, _) in self._seen.items() if login.person.id == person]:
            del self._seen[digest]
