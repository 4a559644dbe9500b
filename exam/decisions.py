"""Which events follow from an act on a sitting: the only place where a sitting's future is decided.

Every function reads a sitting, changes nothing, and returns the events to append, or raises an `ExamError` saying why the
act is refused. Replay calls the same functions with what the log says was done, and compares.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exam.campaign.engine import ENGINE
from exam.errors import (
    AlreadyFinished,
    AlreadyShared,
    BadAnswer,
    BadReport,
    NotFinished,
    NotOpened,
    WrongNumber,
)
from exam.events import Answered, Asked, Carried, Ended, Graded, Held, Opened, Reported, Served
from exam.grading import check_answer, grade
from exam.scoring import shared_results
from exam.seed import sitting_seed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exam.bank import Bank
    from exam.campaign.engine import CampaignEngine, Choice
    from exam.events import Answer, Event, Known
    from exam.sitting import Sitting

MAX_KEY = 64
"""Longest idempotency key, in characters."""

MAX_SPENT_MS = 366 * 24 * 3600 * 1000
"""Longest time one question may be said to have taken: a year."""

_CATEGORY = re.compile(r"[a-z][a-z_]{0,39}")


def decide_open(
    engine: CampaignEngine, participation: str, campaign: str, prior: Iterable[Known], lang: str
) -> list[Event]:
    """Return the opening and the first question, or the opening and the end when nothing is left to ask."""
    known = sorted({skill: (skill, status, source) for skill, status, source in prior}.values())
    bank = engine.bank
    opened = Opened(participation, campaign, engine.course, bank.digest, ENGINE, known)
    seed = sitting_seed(participation, bank.digest)
    choice = engine.next(engine.start(known), seed, 1, last_timed=False)
    return [opened, _following(bank, choice, 1, lang)]


def decide_answer(  # noqa: PLR0913, PLR0917 - an answer has these parts, and callers give them in the API's order
    sitting: Sitting, number: int, key: str, answer: Answer | None, spent_ms: int, lang: str
) -> list[Event]:
    """Return the answer, its grade, and the next question (in `lang`) or the end.

    `answer` is None when the pupil passes; `spent_ms` is the time on the question, measured by the server. Raises
    `AlreadyFinished`, `WrongNumber`, `BadAnswer`.
    """
    asked = _waiting(sitting, number)
    if not 0 < len(key) <= MAX_KEY:
        raise BadAnswer("answer.bad_key")
    if not 0 <= spent_ms <= MAX_SPENT_MS:
        raise BadAnswer("answer.bad_time")
    engine, seed = sitting.engine, sitting.seed
    if answer is not None:
        check_answer(engine.bank, asked.item, seed, asked.lang, answer)
    outcome = grade(engine.bank, asked.item, seed, asked.lang, answer, spent_ms)
    knowledge = engine.learn(sitting.knowledge, asked.skill, solved=outcome == "ok")
    choice = engine.next(knowledge, seed, number + 1, last_timed=sitting.is_timed(asked))
    following = _following(engine.bank, choice, number + 1, lang)
    return [Answered(number, key, answer, spent_ms), Graded(number, outcome), following]


def decide_serve(sitting: Sitting, number: int) -> list[Event]:
    """Return the start of a timed question's time; nothing when it has no timer or its time runs already."""
    asked = _waiting(sitting, number)
    if number in sitting.served or not sitting.is_timed(asked):
        return []
    return [Served(number)]


def decide_carry(sitting: Sitting, known: Iterable[Known]) -> list[Event]:
    """Return results from elsewhere that settle something here; nothing when none does or the sitting is over."""
    _still_ours(sitting)
    if sitting.finished:
        return []
    skills = sitting.engine.map.skills
    useful = {
        skill: (skill, status, source)
        for skill, status, source in known
        if skill in skills and sitting.knowledge.status(skills[skill]) is None
    }
    return [Carried(sorted(useful.values()))] if useful else []


def decide_hold(sitting: Sitting, login: str) -> list[Event]:
    """Return the taking of the sitting by a page of this login; raises `AlreadyShared`."""
    _still_ours(sitting)
    return [Held(sitting.epoch + 1, login)]


def decide_report(sitting: Sitting, number: int, category: str) -> list[Event]:
    """Return the report of a problem with a question already asked; raises `WrongNumber`, `BadReport`."""
    _still_ours(sitting)
    if number not in sitting.asked:
        raise WrongNumber(detail=str(number))
    if not _CATEGORY.fullmatch(category):
        raise BadReport
    return [Reported(number, category)]


def decide_share(sitting: Sitting) -> list[Event]:
    """Return the results as the teacher receives them; raises `NotFinished`, `AlreadyShared`."""
    _still_ours(sitting)
    if not sitting.finished:
        raise NotFinished
    return [shared_results(sitting)]


def _still_ours(sitting: Sitting) -> None:
    if not sitting.participation:
        raise NotOpened
    if sitting.shared is not None:
        raise AlreadyShared


def _waiting(sitting: Sitting, number: int) -> Asked:
    _still_ours(sitting)
    if sitting.finished or sitting.current is None:
        raise AlreadyFinished
    if number != sitting.number:
        raise WrongNumber(detail=str(number))
    return sitting.current


def _following(bank: Bank, choice: Choice | None, number: int, lang: str) -> Asked | Ended:
    if choice is None:
        return Ended("complete")
    return Asked(number, choice.item, choice.skill, choice.level, _language(bank, lang))


def _language(bank: Bank, lang: str) -> str:
    """Fall back on the bank's reference language rather than refuse a pupil their question."""
    return lang if lang in bank.languages else bank.languages[0]
