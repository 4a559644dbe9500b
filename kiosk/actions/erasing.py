"""Erasing a person: names, numbers, addresses, words, files and pieces go; ids and hashes in the signed log stay.

What the log holds of a sitting is what the pupil answered, under an id that says nothing any more. The log itself goes as a
whole, when its time of keeping is over (sync.purge).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from kiosk.actions import throttle
from kiosk.errors import Conflict, Forbidden, NotFound
from kiosk.store import memberships, people, privacy
from sync.records import PersonErased

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.base import Reader
    from kiosk.store.privacy import Subject
    from sync.db import Tx


class Erased(NamedTuple):
    """What an erasure did: rows touched by table, and files deleted."""

    subject: str
    rows: dict[str, int]
    files: int


async def erase_learner(kiosk: Kiosk, person: Person, learner: str) -> Erased:
    """Erase a pupil of one's organisation, with their account. Only an administrator may.

    Raises Forbidden, NotFound, Conflict: also a pupil of another organisation, a member of the staff, enrolled in a session
    that is not finalised.
    """
    if person.role != "principal" or person.organisation is None:
        raise Forbidden("role.wrong")
    organisation = person.organisation

    def find(tx: Tx) -> Subject:
        subject = of_learner(tx, organisation, learner)
        if any(one != organisation for one in subject.organisations):
            raise Conflict("privacy.elsewhere")
        if subject.person and memberships.workplaces_of(tx, subject.person):
            raise Conflict("privacy.is_staff")
        return subject

    return await _erase(kiosk, find, person.id)


async def erase_person(kiosk: Kiosk, person: str) -> Erased:
    """Erase an account and every learner it is, from a terminal of the server. Raises NotFound, Conflict."""

    def find(tx: Tx) -> Subject:
        subject = privacy.subject_of_person(tx, person) or privacy.subject_of_learner(tx, person)
        if subject is None:
            raise NotFound("privacy.unknown")
        if privacy.alone_in_charge(tx, subject.person):
            raise Conflict("privacy.last_admin")
        return subject

    return await _erase(kiosk, find, None)


async def erase_left(kiosk: Kiosk, learner: str) -> Erased:
    """Erase a pupil who left the lists long ago, for the day's task. Raises NotFound, Conflict.

    With the account, unless it is still a pupil's or a member's somewhere: then this organisation's row alone goes.
    """

    def find(tx: Tx) -> Subject:
        subject = privacy.subject_of_learner(tx, learner)
        if subject is None:
            raise NotFound("learner.unknown")
        return (
            subject._replace(person="", learners=(learner,)) if privacy.still_here(tx, subject) else subject
        )

    return await _erase(kiosk, find, None)


def of_learner(tx: Reader, organisation: str, learner: str) -> Subject:
    """Return the person a learner of an organisation is. Raises NotFound."""
    known = privacy.is_learner_of(tx, organisation, learner)
    subject = privacy.subject_of_learner(tx, learner) if known else None
    if subject is None:
        raise NotFound("learner.unknown")
    return subject


def held_by(tx: Reader, organisation: str, learner: str) -> Subject:
    """Return a learner as this organisation alone knows them when others know them too. Raises NotFound.

    What a pupil did at another organisation, or as a member of a staff, is for that one or for the person to hand over.
    """
    subject = of_learner(tx, organisation, learner)
    if subject.learners == (learner,) and not memberships.workplaces_of(tx, subject.person):
        return subject
    return subject._replace(person="", learners=(learner,), mails=())


async def _erase(kiosk: Kiosk, find: Callable[[Tx], Subject], by: str | None) -> Erased:
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> tuple[Erased, list[str]]:
        subject = find(tx)
        if privacy.open_sessions(tx, subject):
            raise Conflict("privacy.in_session")
        files = [digest for digest, _ in privacy.files_of(tx, subject)]
        account = people.person_by_id(tx, subject.person) if subject.person else None
        if account is not None:
            throttle.lift(tx, account)  # counts of tries under hashes of the names
        for participation in privacy.sittings_of(tx, subject):
            kiosk.sittings.forget(participation)  # what is in memory holds the name
        privacy.overwrite_what_goes(tx, wanted=True)
        rows = privacy.erase(tx, subject, now)
        privacy.overwrite_what_goes(tx, wanted=False)
        said = PersonErased(subject.id, list(subject.learners), privacy.candidates_of(tx, subject))
        record = kiosk.log.append_record(tx, "person.erased", said, now)
        privacy.note_erasure(tx, subject.id, by, now, record)
        return Erased(subject.id, rows, 0), [one for one in files if not privacy.still_named(tx, one)]

    done, files = await kiosk.db.write(job)
    kiosk.logins.forget_person(done.subject)
    removed = await asyncio.to_thread(remove_files, kiosk.config.uploads, files)
    await asyncio.to_thread(privacy.empty_journal, kiosk.config.database)
    return done._replace(files=removed)


def remove_files(folder: Path, digests: Iterable[str]) -> int:
    """Delete files by hash; return how many were there."""
    removed = 0
    for digest in digests:
        path = folder / digest[:2] / digest
        if path.exists():
            path.unlink()
            removed += 1
    return removed
