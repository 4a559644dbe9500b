"""Signing the end of a session in tests: a principal's browser with a key of its own, and phones that sign the chain."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync.finalisation_proofs import PRINCIPAL_DOMAIN

if TYPE_CHECKING:
    from exam_site import Day
    from kiosk_site import Client, Reply
    from supervise_kit import Phone


class Browser:
    """A principal's browser that signs as `staff_finalise.js` does."""

    def __init__(self, day: Day, client: Client | None = None) -> None:
        self.day, self.client = day, client or day.site.diaz
        self.key = Ed25519PrivateKey.generate()
        self.said: dict[str, Any] = {"reasons": {day.ids["ines"]: "technical"}, "comment": "Tout va bien"}

    @property
    def public(self) -> str:
        """The raw public key, in hex."""
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    @property
    def api(self) -> str:
        """Where the finalisation is asked for."""
        return f"/api/v1/sessions/{self.day.session.id}/finalisation"

    async def ask(self, **changed: object) -> Reply:
        """Ask what is to be signed."""
        body = {**self.said, "algorithm": "ed25519", "public_key": self.public, **changed}
        return await self.client.post(f"{self.api}/statement", body)

    def sign(self, asked: Reply, domain: bytes = PRINCIPAL_DOMAIN) -> str:
        """Sign what was said to be signed."""
        return self.key.sign(domain + str(asked.body["statement"]).encode()).hex()

    async def finalise(self, signature: str, **changed: object) -> Reply:
        """Hand the signature in."""
        return await self.client.post(self.api, {**self.said, "signature": signature, **changed})

    async def both(self) -> Reply:
        """Ask, sign and hand in."""
        asked = await self.ask()
        assert asked.status == 200, asked.body
        return await self.finalise(self.sign(asked))


async def head_of(day: Day) -> str:
    """Return the hash of the last event of the session's chain."""
    lines = await day.site.kiosk.db.read(lambda conn: day.site.kiosk.log.events(conn, day.session.id))
    return hashlib.sha256(lines[-1]).hexdigest()


async def countersign(phone: Phone, head: str) -> Reply:
    """Sign the report with a phone."""
    return await phone.tell(
        f"/api/v1/sessions/{phone.session}/signature", msgspec.json.encode({"head": head})
    )
