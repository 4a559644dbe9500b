"""What a pupil is shown of their own answers: the checkpoint every five questions, and the results at the end.

Read from the committed log in a reading thread, so that no review ever delays an answer being saved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exam import grading, scoring
from exam.events import Answered
from exam.present import present
from exam.stages import reached
from kiosk.actions.participations import own_participation
from kiosk.errors import Conflict
from kiosk.sittings import fold_events, read_events

if TYPE_CHECKING:
    import sqlite3

    from exam.events import Answer, Event, Outcome
    from exam.sitting import Sitting
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.participations import Participation

RECAPS = 5


class Recap(NamedTuple):
    """One answered question, in words."""

    number: int
    title: str
    outcome: Outcome
    shown: str | None
    expected: str
    hint: str
    tutorials: tuple[str, ...]
    bank: str
    lang: str


class Checkpoint(NamedTuple):
    """The last answered questions, and how far the sitting is; `progress` per mille, `remaining` in questions."""

    number: int
    recaps: list[Recap]
    progress: int
    remaining: tuple[int, int]


class Results(NamedTuple):
    """A finished sitting beside its participation."""

    participation: Participation
    sitting: Sitting


async def checkpoint(kiosk: Kiosk, person: Person, participation: str, until: int | None) -> Checkpoint:
    """Return up to five answered questions ending with number `until`, or with the last answered."""

    def job(conn: sqlite3.Connection) -> Checkpoint:
        own_participation(conn, participation, person)
        events = read_events(kiosk.log.events(conn, participation))
        sitting = fold_events(kiosk.banks, events)
        last = sitting.answered if until is None else min(until, sitting.answered)
        first = max(1, last - (last - 1) % RECAPS) if last else 1
        recaps = [_recap(sitting, events, number) for number in range(first, last + 1)]
        return Checkpoint(last, recaps, scoring.progress(sitting), scoring.remaining(sitting))

    return await kiosk.db.read(job)


def _recap(sitting: Sitting, events: list[Event], number: int) -> Recap:
    bank, asked = sitting.engine.bank, sitting.asked[number]
    skill = bank.skills[asked.skill]
    lang = asked.lang
    answer = _answer_to(events, number)
    shown = None if answer is None else grading.shown(bank, asked.item, sitting.seed, lang, answer)
    return Recap(
        number=number,
        title=present(bank, asked.item, sitting.seed, lang).title,
        outcome=sitting.outcomes[number],
        shown=shown,
        expected=grading.expected(bank, asked.item, sitting.seed, lang),
        hint=skill.hint[lang],
        tutorials=skill.tutorials,
        bank=bank.digest,
        lang=lang,
    )


def _answer_to(events: list[Event], number: int) -> Answer | None:
    return next((e.answer for e in events if isinstance(e, Answered) and e.number == number), None)


async def results(kiosk: Kiosk, person: Person, participation: str) -> Results:
    """Return one's own finished sitting; raises Conflict while questions are left."""

    def job(conn: sqlite3.Connection) -> Results:
        row = own_participation(conn, participation, person)
        sitting = sitting_of(kiosk, conn, participation)
        if not sitting.finished:
            raise Conflict("sitting.not_finished")
        return Results(row, sitting)

    return await kiosk.db.read(job)


def sitting_of(kiosk: Kiosk, conn: sqlite3.Connection, participation: str) -> Sitting:
    """Return a sitting folded from the committed log."""
    return fold_events(kiosk.banks, read_events(kiosk.log.events(conn, participation)))


def stage_of(sitting: Sitting) -> tuple[int, int] | None:
    """Return the rank of the stage reached, from 0, and how many stages there are; None without stages."""
    steps = scoring.stage_ladder(sitting.engine)
    return (reached(steps, scoring.mastery(sitting)), len(steps)) if steps else None
