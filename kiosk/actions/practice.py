"""Free practice of a competence: begin or go on, improve, start again from nothing."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from exam.courses import practice_course, practice_id
from exam.framework import COMPETENCES, MAX_REACHABLE_LEVEL
from exam.practice import Practice, Standing, practice_of
from exam.priors import dates_from
from exam.profile import CompetenceScore, Profile, profile
from kiosk.actions.openings import Start, open_sitting
from kiosk.errors import Conflict, NotFound
from kiosk.pasts import history_in, history_of
from kiosk.store import attempts, settled
from kiosk.store import participations as store

if TYPE_CHECKING:
    from exam.bank import Bank
    from exam.events import Known
    from kiosk.keys import Kiosk
    from kiosk.pasts import History
    from kiosk.people import Person
    from kiosk.store.attempts import PracticeRow
    from kiosk.store.participations import Participation
    from sync.db import Tx


class CompetencePractice(NamedTuple):
    """One competence of a person: its score, what is open to them, and the practice begun, if any."""

    score: CompetenceScore
    practice: Practice
    row: PracticeRow | None
    available: bool
    """Whether the bank can ask anything of it."""


class Practices(NamedTuple):
    """The sixteen competences of a person and the profile they make."""

    profile: Profile
    competences: tuple[CompetencePractice, ...]


async def practices(kiosk: Kiosk, person: Person) -> Practices:
    """Return where a person stands in the sixteen competences, read beside the writer."""
    now = kiosk.clock.now_ms()
    past, rows = await kiosk.db.read(
        lambda conn: (
            history_of(conn, kiosk.banks, kiosk.log, person.id),
            attempts.practices(conn, person.id),
        )
    )
    return standings(kiosk.banks.current, past, rows, now)


def standings(bank: Bank, past: History, rows: dict[str, PracticeRow], now_ms: int) -> Practices:
    """Return where somebody with this history and these practices stands at an instant."""
    found = profile(bank, past.validated(now_ms))
    dates = dates_from(past.pasts, past.resets)
    skills = {
        code: [skill for skill in bank.skills.values() if skill.competence == code] for code in COMPETENCES
    }
    asked = {skill.competence for skill in bank.skills.values() if bank.items_of_skill.get(skill.id)}
    competences = []
    for score in found.competences:
        code = score.competence
        row = rows.get(code)
        ids = {skill.id for skill in skills[code]}
        standing = Standing(
            running=row is not None and row.ended_ms is None,
            ended_at=row.ended_ms if row is not None else None,
            reset_at=max((one.at for one in past.resets if ids & set(one.skills)), default=None),
            last_change=max((at for skill, at in dates.items() if skill in ids), default=None),
            level=score.level,
        )
        open_to = practice_of(standing, now_ms)
        competences.append(CompetencePractice(score, open_to, row, code in asked))
    return Practices(found, tuple(competences))


async def begin(kiosk: Kiosk, person: Person, competence: str) -> Participation:
    """Begin a practice of a competence, or go on with the one begun; raises Conflict once it is completed."""

    def job(tx: Tx) -> Participation:
        now = kiosk.clock.now_ms()
        one, past = _standing(kiosk, tx, person, competence)
        if one.row is not None and one.row.ended_ms is None:
            running = store.by_id(tx, one.row.id)
            if running is not None:
                return running
        if one.practice.status == "completed":
            raise Conflict("practice.completed")
        return _open(kiosk, tx, person, competence, past.known(now))

    return await kiosk.db.write(job)


async def improve(kiosk: Kiosk, person: Person, competence: str) -> Participation:
    """Ask again what was failed in a completed competence, four days after its last change; raises Conflict."""

    def job(tx: Tx) -> Participation:
        now = kiosk.clock.now_ms()
        one, past = _standing(kiosk, tx, person, competence)
        if one.practice.status != "completed":
            raise Conflict("practice.not_completed")
        if one.score.level >= MAX_REACHABLE_LEVEL:
            raise Conflict("practice.highest")
        if one.practice.improve_in:
            raise Conflict("practice.too_early", params={"count": one.practice.improve_in})
        known = past.known(now)
        engine = kiosk.banks.engine(kiosk.banks.current.digest, practice_id(competence))
        if engine.next(engine.start(known), b"", 1, last_timed=False) is None:
            raise Conflict("practice.nothing_left")
        return _open(kiosk, tx, person, competence, known)

    return await kiosk.db.write(job)


async def start_again(kiosk: Kiosk, person: Person, competence: str) -> None:
    """Forget what is known of a competence, seven days after its last change; raises Conflict."""

    def job(tx: Tx) -> None:
        now = kiosk.clock.now_ms()
        one, _ = _standing(kiosk, tx, person, competence)
        if one.practice.reset_in is None:
            raise Conflict("practice.nothing_to_forget")
        if one.practice.reset_in:
            raise Conflict("practice.too_early", params={"count": one.practice.reset_in})
        bank = kiosk.banks.current
        ids = [skill.id for skill in bank.skills.values() if skill.competence == competence]
        settled.add_restart(tx, person.id, settled.Restart(ids, now, competence))
        if one.row is not None:
            attempts.supersede(tx, one.row.id)

    await kiosk.db.write(job)


def _standing(kiosk: Kiosk, tx: Tx, person: Person, competence: str) -> tuple[CompetencePractice, History]:
    past = history_in(kiosk, tx, person.id)
    found = standings(kiosk.banks.current, past, attempts.practices(tx, person.id), kiosk.clock.now_ms())
    one = next((one for one in found.competences if one.score.competence == competence), None)
    if one is None or practice_course(kiosk.banks.current, competence) is None:
        raise NotFound("practice.unknown")
    return one, past


def _open(kiosk: Kiosk, tx: Tx, person: Person, competence: str, prior: list[Known]) -> Participation:
    bank = kiosk.banks.current
    engine = kiosk.banks.engine(bank.digest, practice_id(competence))
    before = attempts.practices(tx, person.id).get(competence)
    if before is not None:
        attempts.supersede(tx, before.id)
    opening = store.Opening(
        participation=secrets.token_hex(8),
        campaign=None,
        pupil=person.id,
        targeted=0,
        at_ms=kiosk.clock.now_ms(),
        organisation=None,
        learner=None,
        attempt=attempts.last_practice_attempt(tx, person.id, competence) + 1,
        competence=competence,
    )
    return open_sitting(kiosk, tx, engine, opening, Start(prior, person.lang))
