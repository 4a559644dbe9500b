"""An identity provider for tests: OpenID Connect and CAS over real HTTP, honest until told to lie.

`async with identity_provider() as provider` gives `provider.url`, whom it signs in (`provider.person`), and the lies: fields
of `provider.lies` replace claims of the ID token, `provider.signer` another key, `provider.cas_body` another reply.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlencode

from aiohttp.test_utils import TestServer
from aiohttp.web import Application, HTTPFound, Request, Response, json_response
from joserfc import jwt
from joserfc.jwk import RSAKey

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CLIENT, SECRET = "preau", "un secret & des signes"
PERSON = {"sub": "gar-42", "given_name": "Zoé", "family_name": "Lefèvre"}


@cache
def signing_key() -> RSAKey:
    """Return the provider's key, made once a run."""
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


@dataclass
class Provider:
    """The running provider."""

    now_s: int = field(default_factory=lambda: int(time.time()))
    person: dict[str, str] = field(default_factory=lambda: dict(PERSON))
    lies: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    signer: Any = None
    names_in_token: bool = True
    userinfo: dict[str, str] | None = None
    cas_body: str | None = None
    url: str = ""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sign with the provider's own key."""
        self.key = signing_key()
        self.signer = self.key

    async def discovery(self, _: Request) -> Response:
        """Say who the provider is."""
        self.asked.append("discovery")
        return json_response(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "userinfo_endpoint": f"{self.url}/userinfo",
            }
        )

    async def authorize(self, request: Request) -> Response:
        """Sign the person in and send the browser back with a code."""
        asked = dict(request.query)
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        raise HTTPFound(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    async def token(self, request: Request) -> Response:
        """Exchange a code, once, for whoever holds the verifier and our secret."""
        form = await request.post()
        asked = self.codes.pop(str(form["code"]), None)
        if asked is None or not self._may(request, asked, str(form.get("code_verifier", ""))):
            return json_response({"error": "invalid_grant"}, status=400)
        names = self.person if self.names_in_token else {"sub": self.person["sub"]}
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": self.now_s,
            "exp": self.now_s + 300,
            "nonce": asked["nonce"],
            **names,
            **self.lies,
        }
        signed = jwt.encode({"alg": self.algorithm, "kid": "one"}, claims, self.signer, [self.algorithm])
        return json_response({"id_token": signed, "access_token": "of-the-person", "token_type": "Bearer"})

    def _may(self, request: Request, asked: dict[str, str], verifier: str) -> bool:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        said = base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        return challenge == asked["code_challenge"] and said == f"{CLIENT}:{quote(SECRET, safe='')}"

    async def jwks(self, _: Request) -> Response:
        """Give the public key."""
        return json_response({"keys": [self.key.as_dict(private=False)]})

    async def about(self, request: Request) -> Response:
        """Say who the bearer is."""
        if request.headers.get("Authorization") != "Bearer of-the-person":
            return Response(status=401)
        return json_response(self.userinfo or self.person)

    async def cas_login(self, request: Request) -> Response:
        """Sign the person in and send the browser back with a ticket."""
        service = request.query["service"]
        ticket = f"ST-{secrets.token_hex(8)}"
        self.tickets[ticket] = service
        joint = "&" if "?" in service else "?"
        raise HTTPFound(f"{service}{joint}{urlencode({'ticket': ticket})}")

    async def cas_validate(self, request: Request) -> Response:
        """Say whose ticket it is, once, for the service it was made for."""
        known = self.tickets.pop(request.query["ticket"], None)
        if self.cas_body is not None:
            return Response(text=self.cas_body, content_type="application/xml")
        success = known is not None and known == request.query["service"]
        inside = (
            f"<cas:authenticationSuccess><cas:user>zlefevre</cas:user><cas:attributes><cas:IDO>"
            f"{self.person['sub']}</cas:IDO><cas:PRE>{self.person['given_name']}</cas:PRE><cas:NOM>"
            f"{self.person['family_name']}</cas:NOM></cas:attributes></cas:authenticationSuccess>"
            if success
            else '<cas:authenticationFailure code="INVALID_TICKET">no</cas:authenticationFailure>'
        )
        body = f'<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">{inside}</cas:serviceResponse>'
        return Response(text=body, content_type="application/xml")


def query_of(address: str) -> dict[str, str]:
    """Return the words of an address."""
    return {name: values[0] for name, values in parse_qs(address.partition("?")[2]).items()}


@asynccontextmanager
async def identity_provider() -> AsyncIterator[Provider]:
    """Give a running provider, stopped at the end."""
    provider, app = Provider(), Application()
    app.router.add_get("/.well-known/openid-configuration", provider.discovery)
    app.router.add_get("/authorize", provider.authorize)
    app.router.add_post("/token", provider.token)
    app.router.add_get("/jwks", provider.jwks)
    app.router.add_get("/userinfo", provider.about)
    app.router.add_get("/cas/login", provider.cas_login)
    app.router.add_get("/cas/p3/serviceValidate", provider.cas_validate)
    server = TestServer(app)
    await server.start_server()
    provider.url = str(server.make_url("")).rstrip("/")
    try:
        yield provider
    finally:
        await server.close()
