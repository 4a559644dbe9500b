"""Which events follow from an act on a certification sitting: the only place where its future is decided.

Every function reads a sitting, changes nothing of it, and returns the events to append, or raises an `ExamError` saying why
the act is refused. Replay calls the same functions with what the log says was done, and compares.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np

from exam.certification.events import (
    Abandoned,
    Alerted,
    Answered,
    Asked,
    Ended,
    Graded,
    Judged,
    Left,
    Opened,
    Ruled,
    Scored,
    Withdrawn,
)
from exam.certification.paper import Given
from exam.certification.results import ABANDONMENTS, JURY, result_of
from exam.certification.rules import ENGINE, LENGTH
from exam.certification.sitting import seed_of
from exam.decisions import MAX_KEY, MAX_SPENT_MS
from exam.errors import AlreadyFinished, BadAnswer, BadReport, ExamError, NotFinished, NotOpened, WrongNumber

if TYPE_CHECKING:
    from exam.certification.engine import CertificationEngine, Progress
    from exam.certification.events import EndReason, Event, Ruling
    from exam.certification.paper import Paper
    from exam.certification.results import Abandonment, Jury
    from exam.certification.scale import Scale
    from exam.certification.sitting import CertificationSitting
    from exam.events import Answer

BY_PEOPLE: tuple[EndReason, ...] = ("supervisor", "finalised", "expired")
"""Ends that someone, or the clock, decides; the others follow from the questions."""

RULINGS: tuple[Ruling, ...] = ("validated", "dismissed")

_REASON = re.compile(r"[A-Z][0-9]{1,2}")


class UnderAlert(ExamError):
    """The question is under alert: neither answered nor reported again until the supervisor rules."""

    code = "certification.under_alert"


class NoAlert(ExamError):
    """There is no alert to rule on."""

    code = "certification.no_alert"


class AlreadyScored(ExamError):
    """The result is fixed: nothing may be added before it."""

    code = "certification.already_scored"


def decide_open(  # noqa: PLR0913 - an opening has these parts
    engine: CertificationEngine,
    scale: Scale,
    participation: str,
    session: str,
    lang: str,
    *,
    adjusted: bool = False,
) -> list[Event]:
    """Return the opening and the first question, or the opening and the end when no item is allowed."""
    opened = Opened(
        participation,
        session,
        engine.tables.digest,
        engine.eligibility.digest,
        scale.version,
        ENGINE,
        engine.mode,
        adjusted,
    )
    at = engine.start(seed_of(engine, participation), adjusted=adjusted)
    return [opened, _following(engine, at, 1, lang)]


def decide_answer(  # noqa: PLR0913, PLR0917 - an answer has these parts, and callers give them in the API's order
    sitting: CertificationSitting,
    paper: Paper,
    number: int,
    key: str,
    answer: Answer | None,
    spent_ms: int,
    lang: str,
    *,
    left: bool = False,
) -> list[Event]:
    """Return the answer, its grade, and the next question (in `lang`) or the end.

    `answer` is None when the candidate passes; `spent_ms` is measured by the server; `left` is what the page says of its
    window. Raises `AlreadyFinished`, `WrongNumber`, `UnderAlert`, `BadAnswer`.
    """
    asked = _waiting(sitting, number)
    if not 0 < len(key) <= MAX_KEY:
        raise BadAnswer("answer.bad_key")
    if not 0 <= spent_ms <= MAX_SPENT_MS:
        raise BadAnswer("answer.bad_time")
    if answer is not None:
        paper.check(asked.item, answer)
    given = Given(asked.item, sitting.seed, asked.lang, answer, spent_ms, left or sitting.left)
    outcome = paper.grade(given)
    following = _following(sitting.engine, sitting.ahead(right=outcome == "ok"), number + 1, lang)
    return [Answered(number, key, answer, spent_ms, left), Graded(number, outcome), following]


def decide_left(sitting: CertificationSitting, number: int) -> list[Event]:
    """Return the leaving of the question's window; nothing when it is known already."""
    _waiting(sitting, number)
    return [] if sitting.left else [Left(number)]


def decide_alert(sitting: CertificationSitting, number: int) -> list[Event]:
    """Return the candidate's report of the waiting question; nothing when it is reported already."""
    if sitting.alert and number == sitting.number:
        return []
    _waiting(sitting, number)
    return [Alerted(number)]


def decide_rule(
    sitting: CertificationSitting, number: int, ruling: Ruling, reason: str, lang: str
) -> list[Event]:
    """Return the ruling; a validated alert is followed by another question of the same number, or by the end.

    `reason` is a code such as E1, required to validate and empty to dismiss. Raises `NoAlert`, `WrongNumber`, `BadReport`.
    """
    asked = sitting.current
    if asked is None or not sitting.alert:
        raise NoAlert
    if number != sitting.number:
        raise WrongNumber(detail=str(number))
    if ruling == "dismissed":
        if reason:
            raise BadReport
        return [Ruled(number, ruling, "")]
    if ruling not in RULINGS or not _REASON.fullmatch(reason):
        raise BadReport
    at = sitting.at.copy()
    sitting.engine.withdraw(at, sitting.engine.tables.index[asked.item])
    return [Ruled(number, ruling, reason), _following(sitting.engine, at, number, lang)]


def decide_withdraw(sitting: CertificationSitting, number: int) -> list[Event]:
    """Return that the candidate takes their report back; raises `NoAlert` once ruled, `WrongNumber`."""
    if sitting.current is None or not sitting.alert:
        raise NoAlert
    if number != sitting.number:
        raise WrongNumber(detail=str(number))
    return [Withdrawn(number)]


def decide_end(sitting: CertificationSitting, reason: EndReason) -> list[Event]:
    """Return the end that someone, or the clock, decided; raises `AlreadyFinished`, `BadReport` for another reason."""
    _open(sitting)
    if sitting.ended is not None:
        raise AlreadyFinished
    if reason not in BY_PEOPLE:
        raise BadReport
    return [Ended(reason)]


def decide_abandon(sitting: CertificationSitting, reason: Abandonment) -> list[Event]:
    """Return why the sitting is unfinished; raises `NotFinished` before its end, `AlreadyFinished` when it is complete."""
    _open(sitting)
    if sitting.ended is None:
        raise NotFinished
    if sitting.answered >= LENGTH or sitting.scored is not None:
        raise AlreadyFinished
    if reason not in ABANDONMENTS:
        raise BadReport
    return [Abandoned(reason)]


def decide_judge(sitting: CertificationSitting, decision: Jury) -> list[Event]:
    """Return what a jury decided, before the result is fixed; raises `NotFinished`, `AlreadyScored`, `BadReport`."""
    _open(sitting)
    if sitting.ended is None:
        raise NotFinished
    if sitting.scored is not None:
        raise AlreadyScored
    if decision not in JURY:
        raise BadReport
    return [Judged(decision)]


def decide_score(sitting: CertificationSitting) -> list[Event]:
    """Return the result; raises `NotFinished`, `AlreadyScored`, `NotScorable` when unfinished without a reason."""
    _open(sitting)
    if sitting.ended is None:
        raise NotFinished
    if sitting.scored is not None:
        raise AlreadyScored
    reason = sitting.abandonment or ("technical" if sitting.ended.reason == "exhausted" else None)
    found = result_of(sitting.engine, sitting.scale, sitting.at, reason, sitting.jury)
    levels = [(name, [*shares]) for name, shares in found.levels]
    return [
        Scored(
            found.status,
            found.comment,
            found.answers,
            found.degraded,
            found.score,
            found.low,
            found.high,
            found.ability,
            found.deviation,
            found.mesh,
            levels,
        )
    ]


def _open(sitting: CertificationSitting) -> None:
    if not sitting.participation:
        raise NotOpened


def _waiting(sitting: CertificationSitting, number: int) -> Asked:
    _open(sitting)
    if sitting.ended is not None or sitting.current is None:
        raise AlreadyFinished
    if number != sitting.number:
        raise WrongNumber(detail=str(number))
    if sitting.alert:
        raise UnderAlert
    return sitting.current


def _following(engine: CertificationEngine, at: Progress, number: int, lang: str) -> Asked | Ended:
    choice = engine.choose(at)
    if choice is None:
        return Ended("complete" if at.answered >= LENGTH else "exhausted")
    named = hashlib.blake2b(np.packbits(choice.allowed).tobytes(), digest_size=8).hexdigest()
    item = engine.tables.items[choice.item].id
    return Asked(number, item, choice.ability, choice.segment, choice.relaxed, named, lang)
