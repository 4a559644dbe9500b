"""Whether a session may be published without anybody, and if not why: every reason, in an order people read.

Pure: what a school said, what replay found and what a jury did, in; reasons as codes with what they are about, out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from exam.session.incidents import CATEGORIES
from sync.central.store.participations import VERIFIED, WAITING
from sync.finalisation_proofs import SUPERVISOR, signatories

if TYPE_CHECKING:
    from sync.central.jury import Standing
    from sync.central.store.certifications import Certification, FinalRow, IncidentRow, ManifestRow, RoomRow
    from sync.central.store.jury import ResultRow
    from sync.finalisation_proofs import Signatory
    from sync.session_records import EnrolledCandidate, FinalisedCandidate


class Reason(NamedTuple):
    """Why a person must look: a code, the candidate or incident concerned, whether it also forbids to publish."""

    code: str
    about: str = ""
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """All that is known of a session; `results` are those in force."""

    manifest: ManifestRow | None
    final: FinalRow | None
    room: RoomRow | None
    certifications: list[Certification]
    incidents: list[IncidentRow]
    standing: Standing
    results: dict[str, ResultRow] = field(default_factory=dict)

    @property
    def signatories(self) -> list[Signatory]:
        """Who the finalisation says signed it, and whether each did; its record alone says so."""
        return signatories(self.final.body) if self.final is not None else []

    @property
    def to_resolve(self) -> list[IncidentRow]:
        """The reports a jury must look at and has not."""
        return [
            one
            for one in self.incidents
            if not one.said.withdrawn
            and not one.said.automatic
            and one.incident not in self.standing.resolved
            and (one.said.category not in CATEGORIES or CATEGORIES[one.said.category].impactful)
        ]


def reasons(facts: SessionFacts) -> list[Reason]:
    """Return why a person must look before publication; none when the session is publishable without a human."""
    final = facts.final.said if facts.final is not None and facts.standing.finalised is not None else None
    if final is None:
        return [Reason("not_finalised", blocks=True)]
    found = _of_the_room(facts)
    found += _of_signatures(facts)
    if final.comment:
        found.append(Reason("comment"))
    if final.has_joining_issue:
        found.append(Reason("joining_issue"))
    found += [Reason("incident", one.incident) for one in facts.to_resolve]
    said = {one.candidate: one for one in final.candidates}
    arrived = {one.candidate: one for one in facts.certifications}
    enrolled = {one.candidate: one for one in facts.manifest.said.candidates} if facts.manifest else {}
    for candidate in sorted(said.keys() | arrived.keys()):
        found += _of_candidate(facts, said.get(candidate), arrived.get(candidate), enrolled.get(candidate))
    return found


def _of_signatures(facts: SessionFacts) -> list[Reason]:
    """Return the signatures that do not hold, and those of phones that were not in the room when it closed."""
    found = [Reason("bad_signature", one.key) for one in facts.signatories if one.fault]
    if facts.room is None or facts.room.code:
        return found
    known = facts.room.public_keys
    return found + [
        Reason("unknown_signer", one.key)
        for one in facts.signatories
        if not one.fault and one.kind == SUPERVISOR and known.get(one.key) != one.public_key
    ]


def _of_the_room(facts: SessionFacts) -> list[Reason]:
    found = []
    if facts.manifest is None:
        found.append(Reason("no_manifest"))
    elif facts.manifest.said.rehearsal:
        found.append(Reason("rehearsal", blocks=True))
    if facts.room is None:
        found.append(Reason("no_room_chain"))
    elif facts.room.code:
        found.append(Reason("room_chain", facts.room.code))
    elif facts.final is not None and facts.final.said.head != facts.room.head:
        found.append(Reason("other_room_head"))
    return found


def _of_candidate(
    facts: SessionFacts,
    said: FinalisedCandidate | None,
    known: Certification | None,
    enrolled: EnrolledCandidate | None,
) -> list[Reason]:
    """Return what is wrong with one candidate: a hole, another chain, a verdict, other settings, no result."""
    if known is None:
        absent = said is None or not said.head
        return [] if absent or said is None else [Reason("no_chain", said.candidate, blocks=True)]
    about = known.candidate
    if said is None:
        return [Reason("not_in_finalisation", about, blocks=True)]
    found = []
    if said.head != known.head:
        found.append(Reason("other_head", about))
    if known.began and not _as_enrolled(facts, known, enrolled):
        found.append(Reason("other_settings", about))
    if known.verdict == WAITING:
        found.append(Reason("waiting", about, blocks=True))
    elif known.verdict != VERIFIED:
        found.append(Reason("failed", about))
    result = facts.results.get(about)
    if known.began and result is None:
        found.append(Reason("no_result", about, blocks=True))
    elif result is not None and result.status == "error":
        found.append(Reason("error", about, blocks=True))
    return found


def _as_enrolled(facts: SessionFacts, known: Certification, enrolled: EnrolledCandidate | None) -> bool:
    """Return whether time and items were those the session opened with."""
    if facts.manifest is None:
        return True
    if enrolled is None:
        return False
    found = (known.allowance_ms, known.extra_percent, bool(known.adjusted))
    return found == (facts.manifest.said.allowance_ms, enrolled.extra_percent, enrolled.adjusted)
