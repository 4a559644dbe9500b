"""OpenID Connect, authorisation code with PKCE: where to send a browser, and who comes back with a code.

Nothing of a token is believed before its signature, issuer, audience, expiry and nonce hold; only asymmetric
algorithms are accepted, so that nobody who knows our client secret may sign in our provider's name.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kiosk.providers.outbound import asker, is_private
from kiosk.providers.visitor import refused, visitor

if TYPE_CHECKING:
    from kiosk.providers.outbound import Asker
    from kiosk.providers.visitor import Visitor

Shape = TypeVar("Shape")

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_S = 120
"""How far the clocks of the two servers may be apart."""


class Discovery(msgspec.Struct, frozen=True):
    """What the provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""


class Tokens(msgspec.Struct, frozen=True):
    """What a code is exchanged for."""

    id_token: str
    access_token: str = ""


class Claims(msgspec.Struct, frozen=True):
    """What a verified token, or the provider's page about a person, says of them."""

    sub: str
    given_name: str = ""
    family_name: str = ""
    birthdate: str = ""


@dataclass(frozen=True)
class Client:
    """How this server is known to its provider."""

    issuer: str
    client_id: str
    secret: str
    scope: str
    redirect: str
    ca_file: str

    @property
    def provider(self) -> str:
        """The name of the provider in the table of identities."""
        return f"oidc {self.issuer}"


@dataclass(frozen=True)
class Visit:
    """What was drawn when the browser was sent away, to be found again when it comes back."""

    state: str
    nonce: str
    verifier: str


def challenge_of(verifier: str) -> str:
    """Return the PKCE challenge (S256) of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


async def address_for(client: Client, visit: Visit) -> str:
    """Return where to send the browser."""
    async with asker(client.ca_file) as asks:
        found = await _discover(asks, client.issuer)
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect,
        "scope": client.scope,
        "state": visit.state,
        "nonce": visit.nonce,
        "code_challenge": challenge_of(visit.verifier),
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in found.authorization_endpoint else "?"
    return f"{found.authorization_endpoint}{joint}{urlencode(query)}"


async def visitor_of(client: Client, visit: Visit, code: str, now_ms: int) -> Visitor:
    """Return who brought this code; raises Forbidden when anything about it does not hold, Full when nobody answers."""
    async with asker(client.ca_file) as asks:
        found = await _discover(asks, client.issuer)
        tokens = await _redeem(asks, client, found, visit, code)
        keys = _keys(await asks.get(found.jwks_uri))
        claims = verified(tokens.id_token, keys, client, visit.nonce, now_ms)
        if found.userinfo_endpoint and tokens.access_token and not (claims.given_name and claims.family_name):
            about = _decoded(await asks.get(found.userinfo_endpoint, token=tokens.access_token), Claims)
            if about.sub != claims.sub:
                raise refused()
            claims = about
    return visitor(client.provider, claims.sub, claims.given_name, claims.family_name, claims.birthdate)


async def _discover(asks: Asker, issuer: str) -> Discovery:
    body = await asks.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    found = _decoded(body, Discovery)
    if found.issuer != issuer or not is_private(found.authorization_endpoint):
        raise refused()
    return found


async def _redeem(asks: Asker, client: Client, found: Discovery, visit: Visit, code: str) -> Tokens:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect,
        "client_id": client.client_id,
        "code_verifier": visit.verifier,
    }
    return _decoded(await asks.post(found.token_endpoint, form, _secret(client)), Tokens)


def _secret(client: Client) -> str:
    """Return the header that proves who we are, "" when the provider gave us no secret (RFC 6749 2.3.1)."""
    if not client.secret:
        return ""
    pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _keys(body: bytes) -> KeySet:
    try:
        return KeySet.import_key_set(msgspec.json.decode(body))
    except (JoseError, msgspec.DecodeError, ValueError, KeyError, TypeError):
        raise refused() from None


def verified(id_token: str, keys: KeySet, client: Client, nonce: str, now_ms: int) -> Claims:
    """Return what an ID token says once all of it holds; raises Forbidden."""
    now = now_ms // 1000
    rules = jwt.JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY_S,
        iss={"essential": True, "value": client.issuer},
        aud={"essential": True, "value": client.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        token = jwt.decode(id_token, keys, algorithms=ALGORITHMS)
        rules.validate(token.claims)
        _check_party(token.claims, client.client_id)
        return msgspec.convert(token.claims, Claims)
    except (JoseError, msgspec.ValidationError, ValueError, TypeError, KeyError):
        raise refused() from None


def _check_party(claims: dict[str, Any], client_id: str) -> None:
    """Refuse a token made for several audiences, or by us for another (OpenID Connect Core 3.1.3.7)."""
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) != 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise ValueError("made for another party")


def _decoded(body: bytes, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise refused() from None
