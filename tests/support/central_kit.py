"""A school as the central instance meets it: a key, a log of records, pupils who sat a course on a toy bank."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from toy_bank import COURSE, toy_bank

from exam.bundle import dump_bundle, load_bundle
from exam.campaign.engine import CampaignEngine
from exam.events import Opened
from exam.simulate import Pupil, simulate
from sync import frames
from sync.canonical import canonical
from sync.central.enrolment import proof_of
from sync.chain import first_prev, link
from sync.identity import site_id
from sync.keys import Signer
from sync.records import RECORDS, CampaignCreated, ParticipationShared, Record, RecordBody, first_record_prev

if TYPE_CHECKING:
    from exam.bank import Bank
    from exam.events import Event

UAI = "0751234J"
START = 1_790_000_000_000
NAMES = {kind.body: kind.name for kind in RECORDS.values()}


@cache
def a_bank() -> Bank:
    """Return the toy bank under its true digest."""
    return load_bundle(dump_bundle(toy_bank()))


@cache
def _engine() -> CampaignEngine:
    return CampaignEngine(a_bank(), COURSE)


@cache
def trail_of(participation: str) -> tuple[Event, ...]:
    """Everything that happened to one invented pupil."""
    return tuple(simulate(_engine(), participation, Pupil.drawn(participation.encode())))


def chained(participation: str, events: list[Event]) -> tuple[list[bytes], str]:
    """Return the links of a sitting and the hash of the last."""
    links, head = [], first_prev(participation)
    for seq, event in enumerate(events, start=1):
        data, head = link(participation, seq, head, START + seq, event)
        links.append(data)
    return links, head


def shared(participation: str, events: list[Event] | None = None) -> ParticipationShared:
    """Return a participation as its school shares it; `events` replaces what really happened."""
    told = list(trail_of(participation)) if events is None else events
    links, head = chained(participation, told)
    first = told[0]
    assert isinstance(first, Opened)
    raws = [msgspec.Raw(data) for data in links]
    return ParticipationShared(
        participation, first.campaign, first.course, first.bank, first.engine, "u-1", head, raws
    )


@dataclass
class Pupils:
    """A school's server, as far as what it signs goes."""

    name: str = "tilleuls"
    seq: int = 0

    def __post_init__(self) -> None:
        """Make the key from the name, so that the same school comes back."""
        secret = hashlib.sha256(self.name.encode()).digest()
        self.signer = Signer(Ed25519PrivateKey.from_private_bytes(secret))
        self.site = site_id(self.signer)
        self.prev = first_record_prev(self.site)

    def enrolment(self, code: str, **changes: str) -> dict[str, str]:
        """Return what this school sends to be taken in."""
        uai = changes.get("uai", UAI)
        key = self.signer.public_hex
        proof = self.signer.sign(frames.ENROLMENT + proof_of(code, key, uai)).hex()
        asked = {"code": code, "uai": uai, "name": "Collège", "public_key": key, "proof": proof}
        return {**asked, **changes}

    def record(self, body: RecordBody, **changes: object) -> bytes:
        """Return the next line of this school's log; `changes` are made before it is signed."""
        return self.signed(NAMES[type(body)], canonical(body), **changes)

    def signed(self, kind: str, body: bytes, **changes: object) -> bytes:
        """Return the next line, whatever its type and body."""
        self.seq += 1
        raw = msgspec.Raw(body)
        record = Record(START + self.seq, raw, self.signer.key_id, self.prev, self.seq, self.site, kind)
        said = canonical(msgspec.structs.replace(record, **changes))
        self.prev = hashlib.sha256(said).hexdigest()
        return frames.frame(self.signer, frames.RECORD, said)

    def participation(self, name: str, events: list[Event] | None = None, **changes: object) -> bytes:
        """Return the line of a shared participation."""
        return self.record(shared(name, events), **changes)

    def campaign(self, name: str = "c-1") -> bytes:
        """Return the line of a campaign made by a teacher."""
        return self.record(
            CampaignCreated(name, "ABCDEF123", f"Campagne {name}", COURSE, a_bank().digest, "u-7")
        )


def receipts_in(reply: dict[str, list[Any]]) -> list[dict[str, object]]:
    """Return what the receipts of a JSON reply say."""
    return [msgspec.json.decode(line.partition(" ")[2]) for line in reply["receipts"]]
