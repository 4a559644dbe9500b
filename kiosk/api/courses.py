"""Courses as JSON: those of the bank and those the school made, with the way to make, read and withdraw one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from exam.content import TopLevel
from exam.courses import MADE, definition_of, made_course
from kiosk.actions import courses as acts
from kiosk.actions.courses import definition_in, of_organisation, offered
from kiosk.api.accounts import Empty
from kiosk.api.reply import body_of, reply
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.page import language
from kiosk.store import courses as store

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

    from exam.content import Course

_MOST_TOPICS = 1000


class CourseView(msgspec.Struct, frozen=True):
    """A course; `made_here` when the school picked its topics. Results are shown as stars when it has stages."""

    id: str
    name: str
    description: str
    category: str
    minutes: int
    topics: int
    levels: int
    stages: int
    badges: int
    made_here: bool


class CourseList(msgspec.Struct, frozen=True):
    """The courses a new campaign may follow."""

    courses: list[CourseView]


class CourseReply(msgspec.Struct, frozen=True):
    """One course."""

    course: CourseView


class PickedTopic(msgspec.Struct, frozen=True):
    """A topic, taken up to a level."""

    id: Annotated[str, msgspec.Meta(max_length=60)]
    level: int


class DefinitionBody(msgspec.Struct, frozen=True):
    """What makes a course: a name, a description, topics with their highest level."""

    name: Annotated[str, msgspec.Meta(max_length=2000)]
    topics: Annotated[list[PickedTopic], msgspec.Meta(max_length=_MOST_TOPICS)]
    description: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class DefinitionReply(msgspec.Struct, frozen=True):
    """The definition of a course the school made."""

    id: str
    name: str
    description: str
    topics: list[PickedTopic]


_body = msgspec.json.Decoder(DefinitionBody)


def view(course: Course, lang: str) -> CourseView:
    """Return a course in the reader's language."""
    return CourseView(
        id=course.id,
        name=course.name[lang],
        description=course.description[lang],
        category=course.category,
        minutes=course.minutes,
        topics=len(course.topics),
        levels=max((topic.level for topic in course.topics), default=0),
        stages=len(course.stages),
        badges=len(course.badges),
        made_here=course.id.startswith(MADE),
    )


async def listed(request: Request) -> StreamResponse:
    """List the courses of the bank, then those made here."""
    kiosk, person, lang = request.app[KIOSK], signed_in(request), language(request)
    made = await kiosk.db.read(lambda conn: store.of_organisation(conn, person.organisation or ""))
    return reply(CourseList([view(course, lang) for course in offered(kiosk, made)]))


async def create(request: Request) -> StreamResponse:
    """Make a course from topics."""
    body = await body_of(request, _body)
    tops = [TopLevel(one.id, one.level) for one in body.topics]
    wanted = definition_of(body.name, body.description, tops)
    made = await acts.create_course(request.app[KIOSK], signed_in(request), wanted)
    return reply(CourseReply(view(made, language(request))))


async def one(request: Request) -> StreamResponse:
    """Return the definition of a course made here."""
    kiosk, person, wanted = request.app[KIOSK], signed_in(request), request.match_info["course"]
    definition = definition_in(await kiosk.db.read(lambda conn: of_organisation(conn, person, wanted)))
    topics = [PickedTopic(top.id, top.level) for top in definition.topics]
    return reply(DefinitionReply(made_course(definition).id, definition.name, definition.description, topics))


async def withdraw(request: Request) -> StreamResponse:
    """Offer a course no more."""
    await acts.withdraw_course(request.app[KIOSK], signed_in(request), request.match_info["course"])
    return reply(Empty())
