"""Counting what a bank holds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from exam.certification_pool import certification_items, pool_parameters
from exam.framework import AREAS, COMPETENCES
from exam.needs import needs_of
from exam.start_parameters import MARK

if TYPE_CHECKING:
    from exam.bank import Bank


class CompetenceStats(msgspec.Struct, frozen=True):
    """What one competence has: topics, skills, active items, and skills by level from 1 to 8."""

    topics: int
    skills: int
    items: int
    levels: list[int]


class ParameterStats(msgspec.Struct, frozen=True):
    """Where the items' parameters lie, in thousandths of a logit; `mark` says whether answers ever confirmed them."""

    mark: str
    a: tuple[int, int]
    """Least and largest slope."""
    b_by_level: dict[str, tuple[int, int]]
    """Least and largest difficulty at each level that has items."""


class BankStats(msgspec.Struct, frozen=True):
    """What a bank has; `areas` and `competences` count those with at least one topic, `items` the active ones."""

    id: str
    version: str
    digest: str
    areas: int
    competences: int
    topics: int
    skills: int
    items: int
    archived: int
    practical: int
    simulators: int
    parametrised: int
    courses: int
    tutorials: int
    by_kind: dict[str, int]
    by_competence: dict[str, CompetenceStats]
    languages: list[str]
    certification: int
    """Active items asked in certifications only; they are also counted in `items`."""
    needs: dict[str, int]
    parameters: ParameterStats


def bank_stats(bank: Bank) -> BankStats:
    """Return the counts of a bank; *practical* items ask to do something: in a simulator, or with documents."""
    active = [item for item in bank.items.values() if not item.archived]
    by_competence = {code: _of_competence(bank, code) for code in COMPETENCES}
    used = [code for code, stats in by_competence.items() if stats.topics]
    kinds = sorted({item.kind for item in active})
    return BankStats(
        id=bank.id,
        version=bank.version,
        digest=bank.digest,
        areas=sum(1 for area in AREAS if any(COMPETENCES[code].area == area for code in used)),
        competences=len(used),
        topics=len(bank.topics),
        skills=len(bank.skills),
        items=len(active),
        archived=len(bank.items) - len(active),
        practical=sum(
            item.kind == "simulator" or any(not document.hidden for document in item.documents)
            for item in active
        ),
        simulators=sum(1 for item in active if item.kind == "simulator"),
        parametrised=sum(1 for item in active if item.parametrised),
        courses=len(bank.courses),
        tutorials=len(bank.tutorials),
        by_kind={kind: sum(1 for item in active if item.kind == kind) for kind in kinds},
        by_competence=by_competence,
        languages=list(bank.languages),
        certification=sum(item.certification for item in active),
        needs=dict(sorted(Counter(need for item in active for need in needs_of(item)).items())),
        parameters=_parameters(bank),
    )


def _parameters(bank: Bank) -> ParameterStats:
    pool = [
        item
        for rehearsal in (False, True)
        for item in pool_parameters(bank, certification_items(bank, rehearsal=rehearsal))
    ]
    slopes = [item.a // 1000 for item in pool]
    levels: dict[str, list[int]] = {}
    for item in pool:
        levels.setdefault(str(bank.skills[item.skill].level), []).append(item.b // 1000)
    ranges = {level: (min(found), max(found)) for level, found in sorted(levels.items())}
    return ParameterStats(MARK, (min(slopes, default=0), max(slopes, default=0)), ranges)


def _of_competence(bank: Bank, code: str) -> CompetenceStats:
    skills = [skill for skill in bank.skills.values() if skill.competence == code]
    own = {skill.id for skill in skills}
    return CompetenceStats(
        topics=sum(1 for topic in bank.topics.values() if topic.competence == code),
        skills=len(skills),
        items=sum(not item.archived and item.skill in own for item in bank.items.values()),
        levels=[sum(1 for skill in skills if skill.level == level) for level in range(1, 9)],
    )
