"""The documentation of the staff: courses and their topics, words, a plan of the year, messages to copy, what to do when stuck."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from exam.framework import COMPETENCES
from kiosk.errors import NotFound
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.page import language, page
from kiosk.screens.staff_common import base_address
from kiosk.store import following as store
from web.typography import typeset

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

    from exam.bank import Bank
    from exam.content import Course, TopLevel
    from kiosk.people import Person
    from kiosk.store.following import Named

CATEGORIES = ("BACK_TO_SCHOOL", "COMPETENCES", "DISCIPLINE", "SUBJECT", "PREDEFINED", "CUSTOM", "OTHER")
"""The order courses are shown in: what a new school looks for comes first."""
WORDS = (
    "area",
    "competence",
    "topic",
    "skill",
    "level",
    "item",
    "course",
    "campaign",
    "stage",
    "badge",
    "tutorial",
)
MONTHS = ("september", "october", "january", "march", "june")
MESSAGES = ("families", "pupils", "reminder", "send")
TROUBLES = ("sign_in", "code", "join", "connection", "send", "slow", "answer", "support")
SHOWN_CAMPAIGNS = 200
"""Campaigns offered to fill a message: the latest ones."""


class CourseLine(NamedTuple):
    """A course in the list; `minutes` about how long it takes."""

    id: str
    name: str
    description: str
    minutes: int
    topics: int
    level: int


class TopicLine(NamedTuple):
    """A topic of a course, up to a level."""

    name: str
    description: str
    level: int


async def documentation(request: Request) -> Response:
    """Show the documentation, its messages filled with the campaign chosen."""
    kiosk, person, lang = request.app[KIOSK], signed_in(request), language(request)
    campaigns = await kiosk.db.read(
        lambda conn: store.named(conn, person.organisation or "", SHOWN_CAMPAIGNS)
    )
    wanted = request.query.get("campaign", "")
    chosen = next((one for one in campaigns if one.id == wanted), None)
    return page(
        request,
        "staff/documentation.html",
        space="documentation",
        categories=_categories(kiosk.banks.current, lang),
        words=WORDS,
        months=MONTHS,
        troubles=TROUBLES,
        messages=_messages(request, person, chosen),
        campaigns=campaigns,
        chosen=chosen.id if chosen else "",
    )


def _categories(bank: Bank, lang: str) -> list[tuple[str, list[CourseLine]]]:
    def rank(course: Course) -> tuple[int, str]:
        return CATEGORIES.index(course.category), course.name[lang]

    courses = sorted(bank.courses.values(), key=rank)
    return [
        (category, [_line(course, lang) for course in found])
        for category, found in groupby(courses, key=lambda course: course.category)
    ]


def _line(course: Course, lang: str) -> CourseLine:
    return CourseLine(
        course.id,
        course.name[lang],
        course.description[lang],
        course.minutes,
        len(course.topics),
        max((topic.level for topic in course.topics), default=0),
    )


def _messages(request: Request, person: Person, chosen: Named | None) -> list[tuple[str, str]]:
    """Return each model message under its key, as plain text ready to copy."""
    kiosk, lang = request.app[KIOSK], language(request)

    def say(key: str, **params: object) -> str:
        return typeset(kiosk.pages.words.text(lang, f"documentation.message.{key}", params), lang)

    filled = {
        "code": chosen.code if chosen else say("code_here"),
        "name": (chosen.title or chosen.name) if chosen else say("title_here"),
        "address": base_address(request),
        "sender": f"{person.first_name} {person.last_name}",
    }
    return [(name, say(f"{name}.text", **filled)) for name in MESSAGES]


async def course(request: Request) -> Response:
    """Show the topics of one course, per competence, with what each asks."""
    kiosk, lang = request.app[KIOSK], language(request)
    bank = kiosk.banks.current
    found = bank.courses.get(request.match_info["course"])
    if found is None:
        raise NotFound("page.unknown")

    def competence(top: TopLevel) -> str:
        return bank.topics[top.id].competence

    tops = sorted(found.topics, key=lambda top: (competence(top), bank.topics[top.id].name[lang]))
    groups = [
        (code, COMPETENCES[code].name[lang], [_topic(bank, top, lang) for top in some])
        for code, some in groupby(tops, key=competence)
    ]
    return page(
        request,
        "staff/documentation_course.html",
        space="documentation",
        course=_line(found, lang),
        groups=groups,
    )


def _topic(bank: Bank, top: TopLevel, lang: str) -> TopicLine:
    topic = bank.topics[top.id]
    return TopicLine(topic.name[lang], topic.description[lang], top.level)
