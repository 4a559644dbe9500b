"""Courses a school makes by picking topics: offered to its campaigns, never changed, signed with their definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam.content import TopLevel
from exam.course_file import Defect, defects_of, read_course
from exam.courses import Definition, definition_bytes, definition_of, made_course, missing_topics
from kiosk.campaign_rules import visible
from kiosk.errors import Conflict, Forbidden, NotFound, Refused
from kiosk.store import courses as store
from kiosk.store.courses import MadeCourse
from sync.records import CourseCreated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exam.content import Course
    from kiosk.banks import Banks
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.base import Reader
    from sync.db import Tx

_definition = msgspec.json.Decoder(Definition)


class BadCourse(Refused):
    """A course with defects: the first gives the refusal its code, all are listed."""

    def __init__(self, defects: list[Defect]) -> None:
        first = defects[0]
        super().__init__(first.code, field=first.field, params={"about": first.about})
        self.defects = defects


def definition_in(made: MadeCourse) -> Definition:
    """Return the definition of a course as it was made."""
    return _definition.decode(made.definition)


def load_made(conn: Reader, banks: Banks) -> None:
    """Make every course ever made here known to the banks, so that any sitting can be led and read."""
    for told in store.definitions(conn):
        banks.learn(made_course(_definition.decode(told)))


async def create_course(kiosk: Kiosk, person: Person, definition: Definition) -> Course:
    """Offer a course to the organisation and sign its definition.

    Raises BadCourse, Conflict (the same course is offered already), Forbidden (not of the staff).
    """
    organisation = person.organisation
    if not person.is_staff or organisation is None:
        raise Forbidden("role.wrong")
    clean = definition_of(visible(definition.name), visible(definition.description), definition.topics)
    bank = kiosk.banks.current
    defects = defects_of(bank, clean)
    if defects:
        raise BadCourse(defects)
    course, now = made_course(clean), kiosk.clock.now_ms()
    told = definition_bytes(clean).decode()

    def job(tx: Tx) -> None:
        made = MadeCourse(organisation, course.id, clean.name, told, person.id, now)
        if not store.add(tx, made):
            raise Conflict("course.already_there", field="name")
        body = CourseCreated(
            course=course.id,
            name=clean.name,
            description=clean.description,
            topics=[(top.id, top.level) for top in clean.topics],
            bank=bank.digest,
            organisation=organisation,
            teacher=person.id,
        )
        kiosk.log.append_record(tx, "course.created", body, now)

    await kiosk.db.write(job)
    kiosk.banks.learn(course)
    return course


async def upload_course(kiosk: Kiosk, person: Person, data: bytes) -> Course:
    """Offer the course of a file; raises BadCourse with every defect of the file."""
    definition, defects = read_course(kiosk.banks.current, data)
    if definition is None:
        raise BadCourse(defects)
    return await create_course(kiosk, person, definition)


async def withdraw_course(kiosk: Kiosk, person: Person, course: str) -> None:
    """Offer a course no more; who made it and the principal may. Campaigns that use it go on."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        made = of_organisation(tx, person, course)
        if person.id != made.owner and person.role != "principal":
            raise Forbidden("course.not_owner")
        store.withdraw(tx, made.organisation, course, now)

    await kiosk.db.write(job)


def of_organisation(conn: Reader, person: Person, course: str) -> MadeCourse:
    """Return a course of the organisation this person acts for; another's does not exist: raises NotFound."""
    found = store.one(conn, person.organisation, course) if person.organisation is not None else None
    if found is None or not person.is_staff:
        raise NotFound("course.unknown")
    return found


def offered(kiosk: Kiosk, made: Iterable[MadeCourse]) -> list[Course]:
    """Return what a new campaign may follow: the courses of the bank, then those made here that the bank can serve."""
    bank = kiosk.banks.current
    courses = [made_course(definition_in(one)) for one in made]
    return [*bank.courses.values(), *(one for one in courses if not missing_topics(bank, one.topics))]


def picked(rows: Iterable[tuple[str, int]]) -> list[TopLevel]:
    """Return topics with their levels, as a form or the API gives them."""
    return [TopLevel(name, level) for name, level in rows]
