"""Signing in at the school's identity provider: send a browser there, believe it when it comes back, know who it is.

A state serves once, within ten minutes, in the browser it was made for. Whom the provider names and nobody here knows is
a newcomer: they say once who they are, by signing in to the account they have or by being a pupil of the list.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from kiosk.actions import accounts
from kiosk.actions.entering import existing, open_login
from kiosk.actions.reconciling import (
    check_tries,
    checked,
    count_try,
    free_for_newcomer,
    organisation_of,
)
from kiosk.errors import Conflict, Forbidden, KioskError, NotFound
from kiosk.logins import digest_of, new_secret
from kiosk.organisations import SCHOOL
from kiosk.people import Display, Lang, Person
from kiosk.providers import cas, oidc
from kiosk.providers.visitor import refused
from kiosk.reconciling import Typed
from kiosk.store import people as people_store
from kiosk.store import reconciling as links
from kiosk.store import visits as store

if TYPE_CHECKING:
    from kiosk.config import Config
    from kiosk.keys import Kiosk
    from kiosk.logins import Login
    from kiosk.providers.visitor import Visitor
    from kiosk.store.visits import Newcomer, Visit
    from sync.db import Tx

VISIT_MS = 10 * 60_000
NEWCOMER_MS = 30 * 60_000


class Sent(NamedTuple):
    """Where to send a browser, and the secret it must bring back in its cookie."""

    address: str
    browser: str


class Arrived(NamedTuple):
    """Who came back: a login and its secret, or a newcomer's secret; and where they were heading."""

    login: Login | None
    secret: str
    following: str


def _oidc(config: Config) -> oidc.Client:
    return oidc.Client(
        issuer=config.oidc_issuer,
        client_id=config.oidc_client_id,
        secret=config.oidc_client_secret,
        scope=config.oidc_scope,
        redirect=_back(config, "oidc"),
        ca_file=config.provider_ca,
    )


def _cas(config: Config) -> cas.Client:
    names = cas.Attributes(
        config.cas_subject, config.cas_first_name, config.cas_last_name, config.cas_birth_date
    )
    return cas.Client(config.cas_url, _back(config, "cas"), names, config.provider_ca)


def _back(config: Config, provider: str) -> str:
    return f"{config.public_address.rstrip('/')}/sign-in/{provider}/back"


def check_provider(config: Config, provider: str) -> None:
    """Raise NotFound when this server does not offer this way to sign in."""
    if provider not in config.providers:
        raise NotFound("provider.unknown")


async def begin(kiosk: Kiosk, provider: str, following: str) -> Sent:
    """Return where to send the browser; raises NotFound, or Full when the provider does not answer."""
    check_provider(kiosk.config, provider)
    now = kiosk.clock.now_ms()
    visit = oidc.Visit(new_secret(), new_secret(), new_secret())
    if provider == "oidc":
        address = await oidc.address_for(_oidc(kiosk.config), visit)
    else:
        address = cas.address_for(_cas(kiosk.config), visit.state)
    browser = new_secret()
    kept = store.Visit(provider, digest_of(browser), visit.nonce, visit.verifier, following)
    await kiosk.db.write(lambda tx: store.keep_visit(tx, digest_of(visit.state), kept, now, now + VISIT_MS))
    return Sent(address, browser)


async def finish(kiosk: Kiosk, provider: str, state: str, browser: str, proof: str) -> Arrived:
    """Return who came back with a code or a ticket; raises Forbidden when anything does not hold."""
    check_provider(kiosk.config, provider)
    now = kiosk.clock.now_ms()
    visit = await kiosk.db.write(lambda tx: store.take_visit(tx, digest_of(state), now))
    if visit is None or visit.provider != provider or visit.browser != digest_of(browser) or not proof:
        raise refused()
    visitor = await _visitor(kiosk, visit, state, proof, now)
    secret = new_secret()

    def job(tx: Tx) -> Login | None:
        person = store.person_known_as(tx, visitor.provider, visitor.subject)
        if person is None:
            newcomer = store.Newcomer(visitor, visit.following)
            store.keep_newcomer(tx, digest_of(secret), newcomer, now, now + NEWCOMER_MS)
            return None
        return open_login(kiosk, tx, existing(tx, person), secret, now)

    login = await kiosk.db.write(job)
    if login is not None:
        kiosk.logins.keep(login, now)
    return Arrived(login, secret, visit.following)


async def _visitor(kiosk: Kiosk, visit: Visit, state: str, proof: str, now_ms: int) -> Visitor:
    if visit.provider == "oidc":
        drawn = oidc.Visit(state, visit.nonce, visit.verifier)
        return await oidc.visitor_of(_oidc(kiosk.config), drawn, proof, now_ms)
    return await cas.visitor_of(_cas(kiosk.config), state, proof)


async def newcomer_of(kiosk: Kiosk, secret: str) -> Newcomer:
    """Return the newcomer of this secret; raises Forbidden when there is none any more."""
    now = kiosk.clock.now_ms()
    found = await kiosk.db.read(lambda conn: store.newcomer(conn, digest_of(secret), now))
    if found is None:
        raise Forbidden("provider.unknown_person")
    return found


async def attach(
    kiosk: Kiosk, secret: str, username: str, password: str, address: str
) -> tuple[Login, str, str]:
    """Tie a newcomer to the account they have, by its password; return its login, secret, and where to go."""
    newcomer = await newcomer_of(kiosk, secret)
    login, cookie = await accounts.sign_in(kiosk, username, password, address)
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> bool:
        store.drop_newcomer(tx, digest_of(secret))
        return store.add_identity(tx, newcomer.visitor, login.person.id, now)

    if not await kiosk.db.write(job):
        await accounts.sign_out(kiosk, login)
        raise Conflict("provider.taken")
    return login, cookie, newcomer.following


async def join(kiosk: Kiosk, secret: str, typed: Typed, lang: Lang, address: str) -> tuple[Login, str, str]:
    """Make the account of a newcomer who is a pupil of the school's list; return login, secret, and where to go.

    The names are the provider's; what is typed is what it does not say. Raises as `registering.propose`.
    """
    newcomer = await newcomer_of(kiosk, secret)
    cookie, now = new_secret(), kiosk.clock.now_ms()
    v = newcomer.visitor

    def job(tx: Tx) -> Login | KioskError:
        check_tries(tx, now, address)
        here = organisation_of(tx, SCHOOL)
        said = checked(
            Typed(
                v.first_name or typed.first_name,
                v.last_name or typed.last_name,
                v.birth_date or typed.birth_date,
                typed.student_number,
            ),
            here,
        )
        try:
            learner = free_for_newcomer(tx, here, said) if here.manages_learners else None
        except (NotFound, Conflict) as refusal:
            count_try(tx, now, address)
            return refusal
        person = _person(said, lang)
        people_store.add_person(tx, person, None, now)
        if learner is not None and not links.link(tx, learner.id, person.id, now):
            raise Conflict("learner.has_account")
        if not store.add_identity(tx, v, person.id, now):
            raise Conflict("provider.taken")
        store.drop_newcomer(tx, digest_of(secret))
        return open_login(kiosk, tx, person, cookie, now)

    login = await kiosk.db.write(job)
    if isinstance(login, KioskError):
        raise login
    kiosk.logins.keep(login, now)
    return login, cookie, newcomer.following


def _person(typed: Typed, lang: Lang) -> Person:
    return Person(
        id=secrets.token_hex(8),
        username=None,
        email=None,
        first_name=typed.first_name,
        last_name=typed.last_name,
        role="pupil",
        organisation=None,
        lang=lang,
        display=Display(),
        must_change=False,
        disabled=False,
    )
