"""The courses schools made, as central needs them: read from their record, proved by their own id, found for replay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam.content import TopLevel
from exam.courses import MADE, Definition, definition_of, made_course, made_id
from sync.central.store.courses import read_definitions
from sync.central.verdicts import UnreadableError
from sync.records import CourseCreated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exam.content import Course
    from sync.central.database import Database

MOST_TOPICS = 1000
_definition = msgspec.json.Decoder(Definition)


def read_made(body: bytes) -> Definition:
    """Return the definition in a record's body. Raises `UnreadableError` when its id is not that of its definition."""
    try:
        said = msgspec.json.decode(body, type=CourseCreated)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError("record.bad_body", str(error)) from error
    tops = [TopLevel(name, level) for name, level in said.topics[: MOST_TOPICS + 1]]
    found = definition_of(said.name, said.description, tops)
    if len(tops) > MOST_TOPICS or made_id(found) != said.course:
        raise UnreadableError("course.other_id", "the course is not named by the digest of its definition")
    return found


async def courses_for(
    database: Database, wanted: Iterable[str], here: Mapping[str, Course]
) -> dict[str, Course]:
    """Return the made courses known among those `wanted`: those `here`, arriving together, and those kept."""
    found = dict(here)
    missing = {name for name in wanted if name.startswith(MADE) and name not in found}
    if missing:
        async with database.read() as conn:
            kept = await read_definitions(conn, missing)
        found.update((course.id, course) for course in (made_course(_definition.decode(one)) for one in kept))
    return found
