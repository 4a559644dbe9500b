"""What travels of a certification session: its opening, its candidates' chains, its supervisors' acts, its end.

They are types of `sync.records` like the others: fields are only ever added, with a default, and names are not in them.
"""

from __future__ import annotations

import msgspec


class EnrolledCandidate(msgspec.Struct, frozen=True):
    """One candidate of a session, as ids and settings."""

    candidate: str
    learner: str
    extra_percent: int
    adjusted: bool


class KnownMachine(msgspec.Struct, frozen=True):
    """One machine of the room; `key` is its extension's, empty when it has none."""

    machine: str
    label: str
    key: str


class SessionManifest(msgspec.Struct, frozen=True):
    """A certification session opened: by which bank and engine, for whom, on which machines.

    A candidate of the manifest whose chain never comes is a named hole. Its chain is that of the sitting `session`.
    """

    session: str
    number: int
    date: str  # YYYY-MM-DD, the school's day
    time: str  # HH:MM
    site: str
    room: str
    bundle: str
    bank: str
    tables: str
    thresholds: str
    scale: str
    engine: str
    mode: str
    rehearsal: bool
    allowance_ms: int
    lockdown: str
    candidates: list[EnrolledCandidate]
    machines: list[KnownMachine]


class CertificationSealed(msgspec.Struct, frozen=True):
    """A candidate's passage, event by event, as it was signed; sent at its end, again when finalisation lengthened it.

    The sitting's id is the candidate's. A later record holds all the events of an earlier one; `final` says that the
    session was finalised.
    """

    candidate: str
    session: str
    head: str
    events: list[msgspec.Raw]
    final: bool = False


class SupervisorActs(msgspec.Struct, frozen=True):
    """The session's own chain: its opening, every act of a person in charge, its closing."""

    session: str
    head: str
    events: list[msgspec.Raw]


class IncidentReported(msgspec.Struct, frozen=True):
    """Something a supervisor noted; `category` is a code, `text` their words, `withdrawn` when it was taken back."""

    incident: str
    session: str
    candidate: str
    category: str
    number: int
    text: str
    by: str
    automatic: bool
    withdrawn: bool = False


class FinalisedCandidate(msgspec.Struct, frozen=True):
    """Where one candidate stands at finalisation; `head` is the last event of the chain, empty for who never came.

    `identity` is the salted hash of the sheet that says who it is (`sync.identities`), empty for who never began.
    """

    candidate: str
    state: str
    answered: int
    ended: str
    abandonment: str
    head: str
    identity: str = ""


class ActsHead(msgspec.Struct, frozen=True):
    """How many acts one person in charge did, and the hash of the event that tells the last of them."""

    by: str
    acts: int
    head: str


class KeySignature(msgspec.Struct, frozen=True):
    """Who signed (`key`, as the log names them), with which public key, what was said, and the signature; bytes in hex.

    A `principal` signed the whole record but its signatures, a `supervisor` the head of the session's chain
    (`sync.finalisation_proofs`).
    """

    key: str
    kind: str
    signature: str
    algorithm: str = ""
    public_key: str = ""
    said: str = ""


class SessionFinalised(msgspec.Struct, frozen=True):
    """The principal finalised a session: what stands for each candidate, and who signed. A correction is a new record.

    `on_paper` names those in charge who signed with no key: their hand on the printed report is their signature.
    """

    session: str
    head: str
    candidates: list[FinalisedCandidate]
    incidents: list[str]
    comment: str
    has_incident: bool
    has_joining_issue: bool
    by: str
    signatures: list[KeySignature] = []
    acts: list[ActsHead] = []
    on_paper: list[str] = []


SessionRecord = SessionManifest | CertificationSealed | SupervisorActs | IncidentReported | SessionFinalised

_HASH = "0" * 64

SESSION_SAMPLES: tuple[tuple[str, type[SessionRecord], str, SessionRecord], ...] = (
    (
        "session.manifest",
        SessionManifest,
        "A certification session opened.",
        SessionManifest(
            session="x-1",
            number=4127,
            date="2026-11-26",
            time="09:00",
            site="Collège des Tilleuls",
            room="204",
            bundle="b-0",
            bank=_HASH,
            tables=_HASH,
            thresholds=_HASH,
            scale="scale/1",
            engine="certification/1",
            mode="precise",
            rehearsal=False,
            allowance_ms=6_300_000,
            lockdown="extension",
            candidates=[EnrolledCandidate("c-1", "l-1", 33, adjusted=False)],
            machines=[KnownMachine("m-7", "P07", "")],
        ),
    ),
    (
        "certification.sealed",
        CertificationSealed,
        "A candidate's certification, with every event of the passage.",
        CertificationSealed("p-7f3a", "x-1", _HASH, []),
    ),
    (
        "supervisor.acts",
        SupervisorActs,
        "What those in charge of a session did.",
        SupervisorActs("x-1", _HASH, []),
    ),
    (
        "incident.reported",
        IncidentReported,
        "An incident of a session.",
        IncidentReported("i-1", "x-1", "c-1", "C7", 0, "Souris changée", "k-1", automatic=False),
    ),
    (
        "session.finalised",
        SessionFinalised,
        "A session was finalised.",
        SessionFinalised(
            session="x-1",
            head=_HASH,
            candidates=[FinalisedCandidate("c-1", "ended", 32, "complete", "", _HASH)],
            incidents=["i-1"],
            comment="",
            has_incident=False,
            has_joining_issue=False,
            by="id-diaz",
            signatures=[KeySignature("supervisor:k-1", "supervisor", "00", "ed25519", "00", "{}")],
            on_paper=["principal:id-diaz"],
        ),
    ),
)
"""Name, Struct, summary and sample of each."""
