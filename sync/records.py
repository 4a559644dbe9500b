"""What travels from a school to the central instance: each type of record, its fields, and a sample.

A new type is a Struct here, a row in `RECORDS`, and a projection at the central instance. Fields are only ever
added, with a default: a record signed years ago must still be read. Names of people are not in records.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec

from sync.chain import VERSION, link
from sync.session_records import SESSION_SAMPLES, SessionRecord


class SiteOpened(msgspec.Struct, frozen=True):
    """The first record of a school's server."""

    uai: str
    name: str
    public_key: str  # 64 hex digits
    engine: str = ""  # version of Préau that opened the log


class CampaignCreated(msgspec.Struct, frozen=True):
    """A teacher made a campaign. The title is the school's; the teacher is an id. A collection has no course."""

    campaign: str
    code: str
    name: str
    course: str
    bank: str  # digest of the bank
    teacher: str
    kind: str = "assessment"  # or "collection": profiles are sent, nothing is asked
    organisation: str = ""


class CourseCreated(msgspec.Struct, frozen=True):
    """A school made a course by picking topics. `course` is the digest of the rest, so the definition proves itself."""

    course: str
    name: str
    description: str
    topics: list[tuple[str, int]]  # id of a topic, highest level taken
    bank: str  # digest of the bank it was picked in
    organisation: str
    teacher: str  # id, never a name


class ParticipationShared(msgspec.Struct, frozen=True):
    """A pupil sent their results: the whole sitting, event by event, as it was signed.

    The sitting's id is the participation's. `head` is the hash of the last event.
    """

    participation: str
    campaign: str
    course: str
    bank: str
    engine: str
    pupil: str  # id, never a name
    head: str
    events: list[msgspec.Raw]
    attempt: int = 1


class ProfileShared(msgspec.Struct, frozen=True):
    """A pupil sent their profile: its score and the sixteen competences as they were at that instant."""

    participation: str
    campaign: str
    pupil: str  # id, never a name
    bank: str  # digest of the bank that gives skills their worth
    score: int
    certifiable: bool
    competences: list[tuple[str, int, int]]  # code, level, points
    attempt: int = 1


class LearnerImported(msgspec.Struct, frozen=True):
    """A list of pupils was imported: how many, never who."""

    organisation: str
    format: str
    mode: str
    added: int
    changed: int
    enabled: int
    disabled: int
    deleted: int
    kept: int
    skipped: int


class ProfileState(msgspec.Struct, frozen=True):
    """What a pupil has settled at this school changed: `piece` is the hash of the document that says it, kept beside."""

    person: str  # id, never a name
    piece: str
    organisation: str


class PersonErased(msgspec.Struct, frozen=True):
    """A person was erased: whoever keeps their pieces or identity sheets erases them too. Chains keep ids and hashes.

    `candidates` are those the person was in certification sessions.
    """

    person: str
    learners: list[str]
    candidates: list[str] = []


class HealthReport(msgspec.Struct, frozen=True):
    """How the server is doing, in figures only."""

    version: str
    pupils: int
    participations: int
    shared: int
    database_bytes: int
    free_bytes: int


RecordBody = (
    SiteOpened
    | CampaignCreated
    | CourseCreated
    | ParticipationShared
    | ProfileShared
    | LearnerImported
    | ProfileState
    | PersonErased
    | HealthReport
    | SessionRecord
)


@dataclass(frozen=True)
class RecordType:
    """How a type is named on the wire, read, and explained."""

    name: str
    body: type[RecordBody]
    summary: str
    sample: RecordBody


class Record(msgspec.Struct, frozen=True):
    """The signed envelope of a record; `body` is the raw JSON of its type's Struct."""

    at: int
    body: msgspec.Raw
    key: str
    prev: str
    seq: int
    site: str
    type: str
    v: int = VERSION


def first_record_prev(site: str) -> str:
    """Return what the first record of a school points to."""
    return hashlib.sha256(b"preau.site.v1:" + site.encode()).hexdigest()


class _SampleEvent(msgspec.Struct, frozen=True, tag="ended"):
    reason: str = "complete"


def _sample_participation() -> ParticipationShared:
    data, head = link("p-7f3a", 1, hashlib.sha256(b"preau.sitting.v1:p-7f3a").hexdigest(), 0, _SampleEvent())
    return ParticipationShared(
        "p-7f3a", "c-19", "rentree-5e", "0" * 64, "campaign/1", "u-42", head, [msgspec.Raw(data)]
    )


_TYPES = (
    RecordType(
        "site.opened",
        SiteOpened,
        "A school's server began its log.",
        SiteOpened("0751234J", "Collège des Tilleuls", "0" * 64),
    ),
    RecordType(
        "campaign.created",
        CampaignCreated,
        "A teacher made a campaign.",
        CampaignCreated("c-19", "ABCDEF123", "Rentrée 5B", "rentree-5e", "0" * 64, "u-7"),
    ),
    RecordType(
        "participation.shared",
        ParticipationShared,
        "A pupil sent their results, with every event of the sitting.",
        _sample_participation(),
    ),
    RecordType(
        "course.created",
        CourseCreated,
        "A school made a course by picking topics, with its whole definition.",
        CourseCreated("custom:" + "0" * 32, "Réviser", "", [("mots-de-passe", 3)], "0" * 64, "school", "u-7"),
    ),
    RecordType(
        "profile.shared",
        ProfileShared,
        "A pupil sent their profile: score, levels and points of the sixteen competences.",
        ProfileShared(
            "p-8c1d",
            "c-20",
            "u-42",
            "0" * 64,
            96,
            certifiable=False,
            competences=[("1.1", 1, 12), ("1.2", 0, 4)],
        ),
    ),
    RecordType(
        "learner.imported",
        LearnerImported,
        "A list of pupils was imported, in figures.",
        LearnerImported("school", "siecle", "update", 132, 540, 3, 118, 0, 12, 9),
    ),
    RecordType(
        "profile.state",
        ProfileState,
        "A pupil's profile changed; the document that says it is named by its hash.",
        ProfileState("u-42", "0" * 64, "school"),
    ),
    RecordType(
        "person.erased",
        PersonErased,
        "A person was erased; their pieces and identity sheets are to be erased wherever they are.",
        PersonErased("u-42", ["l-3"], ["c-1"]),
    ),
    RecordType(
        "health.report",
        HealthReport,
        "How the server is doing, in figures.",
        HealthReport("0.1.0", 300, 120, 118, 52_000_000, 9_000_000_000),
    ),
    *(RecordType(*row) for row in SESSION_SAMPLES),
)

RECORDS: dict[str, RecordType] = {kind.name: kind for kind in _TYPES}
"""Every type of record by its name on the wire."""
