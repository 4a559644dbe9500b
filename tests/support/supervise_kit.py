"""A supervisor's phone in tests: a browser with a key of its own that signs as `supervise_key.js` does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.actions import supervisor_tickets, supervisors
from kiosk.store import supervisors as store
from kiosk.supervisor_keys import Claim, statement
from sync.room_proofs import DOMAIN

if TYPE_CHECKING:
    from exam_site import Day
    from kiosk_site import Client, Reply

    from kiosk.store.supervisors import Supervisor


@dataclass
class Phone:
    """One phone: its browser, its key, and the session it asked to come into."""

    day: Day
    client: Client
    session: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    id: str = ""
    nonce: str = ""

    @property
    def public(self) -> str:
        """The raw public key, in hex."""
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    @property
    def number(self) -> str:
        """The six digits on its screen, worked out from its own key."""
        digest = hashlib.sha256(f"preau.number.v1\n{self.public}\n{self.nonce}".encode()).digest()
        return f"{int.from_bytes(digest[:4]) % 1_000_000:06}"

    async def ask(self, ticket: str) -> Reply:
        """Ask to come in with a ticket."""
        body = {"ticket": ticket, "algorithm": "ed25519", "public_key": self.public}
        asked = await self.client.post("/api/v1/supervise/keys", body)
        if asked.status == 200:
            self.id, self.nonce = asked.body["supervisor"], asked.body["nonce"]
        return asked

    async def claim(self) -> Claim:
        """Ask the server for what the next act must repeat."""
        fresh = await self.client.get("/api/v1/supervise/nonce")
        assert fresh.status == 200, fresh.body
        return Claim(fresh.body["counter"] + 1, fresh.body["nonce"], "")

    def headers(
        self, path: str, body: bytes, claim: Claim, key: Ed25519PrivateKey | None = None
    ) -> dict[str, str]:
        """Return what a signed request carries."""
        said = statement(self.session, path, claim, body)
        signature = (key or self.key).sign(DOMAIN + said).hex()
        return {
            "X-Preau-Counter": str(claim.counter),
            "X-Preau-Nonce": claim.nonce,
            "X-Preau-Signature": signature,
            "Content-Type": "application/json",
        }

    async def send(self, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        """Send bytes as they were signed."""
        return await self.client.ask("POST", path, data=body, headers=headers)

    async def tell(self, path: str, body: bytes) -> Reply:
        """Sign a request and send it."""
        return await self.send(path, body, self.headers(path, body, await self.claim()))

    @property
    def acts(self) -> str:
        """Where its acts go."""
        return f"/api/v1/sessions/{self.session}/acts"

    async def row(self) -> Supervisor:
        """Return what the server knows of it."""
        found = await self.day.site.kiosk.db.read(lambda conn: store.by_id(conn, self.id))
        assert found is not None
        return found


async def ticket(day: Day) -> str:
    """Return a ticket just shown on the principal's screen."""
    return (await supervisor_tickets.show_ticket(day.site.kiosk, day.principal, day.session.id)).secret


async def phone_in(day: Day) -> Phone:
    """Return a phone that the principal has let in."""
    phone = Phone(day, day.site.client(None), day.session.id)
    asked = await phone.ask(await ticket(day))
    assert asked.status == 200, asked.body
    await supervisors.let_in(day.site.kiosk, day.principal, day.session.id, phone.id, phone.number)
    return phone
