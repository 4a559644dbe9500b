"""Picking topics: by area and competence, each up to a level, with a search; it works without any script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.content import TopLevel
from exam.courses import definition_of
from exam.framework import AREAS, COMPETENCES
from kiosk.actions import courses as acts
from kiosk.actions.courses import definition_in, of_organisation
from kiosk.errors import Conflict, Refused
from kiosk.folding import folded
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import language, page
from kiosk.screens.staff_courses import course_file, problems_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.web import Request, Response

    from exam.bank import Bank
    from exam.content import Topic
    from exam.courses import Definition
    from kiosk.errors import KioskError
    from kiosk.people import Lang

_TOPIC_MOST = 60
_WORDS_MOST = 1000
_SEARCH_MOST = 100
_LEVEL = "level-"


@dataclass(frozen=True)
class TopicView:
    """A topic to pick; `chosen` is the highest level taken, None when it is not."""

    id: str
    name: str
    description: str
    levels: list[int]
    chosen: int | None


@dataclass(frozen=True)
class CompetenceView:
    """A competence with its topics that match; `chosen` counts those taken."""

    code: str
    name: str
    topics: list[TopicView]
    chosen: int
    open: bool


@dataclass(frozen=True)
class AreaView:
    """An area with its competences that have something to pick."""

    code: str
    name: str
    competences: list[CompetenceView]


@dataclass(frozen=True)
class Wish:
    """What the page is made for: levels taken by topic, words searched, the reader's language."""

    taken: Mapping[str, int]
    searched: str
    lang: Lang


async def pick(request: Request) -> Response:
    """Show the topics to pick, none taken, or those of another course of the school."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    source = request.query.get("from", "")
    if not source:
        return _page(request, definition_of("", "", []), "")
    made = await kiosk.db.read(lambda conn: of_organisation(conn, person, source))
    return _page(request, definition_in(made), "")


def _page(
    request: Request, definition: Definition, search: str, refusal: KioskError | None = None
) -> Response:
    taken = {top.id: top.level for top in definition.topics}
    wish = Wish(taken, folded(search), language(request))
    areas = _areas(request.app[KIOSK].banks.current, wish)
    shown = {topic.id for area in areas for one in area.competences for topic in one.topics}
    return page(
        request,
        "staff/course_pick.html",
        status=refusal.status if refusal else 200,
        space="campaigns",
        areas=areas,
        elsewhere=[top for top in definition.topics if top.id not in shown],
        form={"name": definition.name, "description": definition.description, "search": search},
        count=len(taken),
        problems=problems_of(request, refusal),
    )


def _areas(bank: Bank, wish: Wish) -> list[AreaView]:
    areas = []
    for area in AREAS.values():
        found = [_competence(bank, code, wish) for code, one in COMPETENCES.items() if one.area == area.code]
        kept = [one for one in found if one.topics]
        if kept:
            areas.append(AreaView(area.code, area.name[wish.lang], kept))
    return areas


def _competence(bank: Bank, code: str, wish: Wish) -> CompetenceView:
    mine = [topic for topic in bank.topics.values() if topic.competence == code]
    topics = [
        _topic(bank, topic, wish)
        for topic in sorted(mine, key=lambda topic: folded(topic.name[wish.lang]))
        if wish.searched in folded(f"{topic.name[wish.lang]} {topic.description[wish.lang]}")
    ]
    chosen = sum(topic.chosen is not None for topic in topics)
    is_open = bool(topics) and bool(chosen or wish.searched)
    return CompetenceView(code, COMPETENCES[code].name[wish.lang], topics, chosen, open=is_open)


def _topic(bank: Bank, topic: Topic, wish: Wish) -> TopicView:
    return TopicView(
        id=topic.id,
        name=topic.name[wish.lang],
        description=topic.description[wish.lang],
        levels=[bank.skills[skill].level for skill in topic.skills],
        chosen=wish.taken.get(topic.id),
    )


async def create(request: Request) -> Response:
    """Keep the course, give its file, or show the topics that match the words searched."""
    form = await form_of(request)
    definition = _definition_in(form)
    search, act = form.get("search", "")[:_SEARCH_MOST], form.get("act", "create")
    # Enter in the search searches; in any other field, it keeps the course.
    if act == "filter" or (act == "enter" and search != form.get("shown", "")):
        return _page(request, definition, search)
    if act == "file":
        return course_file(definition)
    try:
        await acts.create_course(request.app[KIOSK], signed_in(request), definition)
    except (Refused, Conflict) as refusal:
        return _page(request, definition, search, refusal)
    return go("/staff/courses?done=created")


def _definition_in(form: Mapping[str, str]) -> Definition:
    tops = [
        TopLevel(name.removeprefix(_LEVEL)[:_TOPIC_MOST], int(value))
        for name, value in form.items()
        if name.startswith(_LEVEL) and len(value) == 1 and value in "12345678"
    ]
    words = [form.get(name, "").strip()[:_WORDS_MOST] for name in ("name", "description")]
    return definition_of(words[0], words[1], tops)
