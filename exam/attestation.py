"""The 6e attestation: who it is for, which courses it rests on, and what earns it.

It is for pupils of a school that manages its pupils, in 6e by their MEF code. It rests on three courses sent by the
pupil: protection and safety, first steps, and the review of the year. What counts is the share of the three courses'
skills that were validated in the results sent, each skill once however many courses target it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exam.rounding import Tally

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

MEF_6E = "10010012110"
COURSES = ("protection-securite-6e", "initiation-6e", "bilan-6e")
"""The three courses, in the order a class takes them in the year."""
THRESHOLD = 50
"""Percent of the skills that earns it unless a school's settings say otherwise."""


class Sent(NamedTuple):
    """What one course brought: the ids of its targeted skills and of those validated when results were sent."""

    targeted: frozenset[str]
    validated: frozenset[str]


class Verdict(NamedTuple):
    """Where a pupil stands: the courses still to send, the tally over those sent, and whether it is earned."""

    missing: tuple[str, ...]
    tally: Tally
    earned: bool


def eligible(kind: str, mef: str | None) -> bool:
    """Say whether a pupil of this kind of organisation, with this MEF code, may earn it."""
    return kind == "school" and (mef or "").strip() == MEF_6E


def verdict(sent: Mapping[str, Sent], threshold: int = THRESHOLD) -> Verdict:
    """Return where a pupil stands, from what each course of `COURSES` brought; `threshold` in percent."""
    missing = tuple(course for course in COURSES if course not in sent)
    brought = [sent[course] for course in COURSES if course in sent]
    targeted = _union(one.targeted for one in brought)
    validated = _union(one.validated for one in brought) & targeted
    tally = Tally(len(validated), len(targeted))
    reached = bool(targeted) and 100 * tally.validated >= threshold * tally.targeted
    return Verdict(missing, tally, earned=reached and not missing)


def _union(sets: Iterable[Collection[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)
