"""The courses a school makes: their list, the file to download and to send in, and their withdrawal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp.web import FileField, Response

from exam.course_file import MAX_FILE, Defect, write_course
from exam.courses import missing_topics
from kiosk.actions import courses as acts
from kiosk.actions.courses import BadCourse, definition_in, of_organisation
from kiosk.body import in_time
from kiosk.errors import Conflict, Refused
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.forms import go
from kiosk.screens.page import language, page
from kiosk.screens.staff_views import local
from kiosk.store import courses as store

if TYPE_CHECKING:
    from datetime import datetime

    from aiohttp.web import Request

    from exam.bank import Bank
    from exam.courses import Definition
    from kiosk.errors import KioskError
    from kiosk.store.courses import MadeCourse


@dataclass(frozen=True)
class MadeView:
    """A course made here; `missing` are its topics that the bank in use does not have."""

    id: str
    name: str
    topics: int
    owner_name: str
    created: datetime
    campaigns: int
    missing: list[str]
    mine: bool


async def listing(request: Request) -> Response:
    """Show the courses of the organisation."""
    return await _listing(request)


async def _listing(request: Request, refusal: KioskError | None = None) -> Response:
    kiosk, person = request.app[KIOSK], signed_in(request)
    made = await kiosk.db.read(lambda conn: store.of_organisation(conn, person.organisation or ""))
    done = request.query.get("done", "")
    return page(
        request,
        "staff/courses.html",
        status=refusal.status if refusal else 200,
        space="campaigns",
        courses=[_view(kiosk.banks.current, one, person.id) for one in made],
        done=done if done in {"created", "withdrawn"} else "",
        problems=problems_of(request, refusal),
    )


def _view(bank: Bank, made: MadeCourse, person: str) -> MadeView:
    definition = definition_in(made)
    return MadeView(
        id=made.id,
        name=made.name,
        topics=len(definition.topics),
        owner_name=f"{made.owner_first_name} {made.owner_last_name}",
        created=local(made.created_ms),
        campaigns=made.campaigns,
        missing=missing_topics(bank, definition.topics),
        mine=made.owner == person,
    )


def problems_of(request: Request, refusal: KioskError | None) -> list[str]:
    """Return every defect of a course in words, or the one refusal."""
    if refusal is None:
        return []
    pages, lang = request.app[KIOSK].pages, language(request)
    defects = refusal.defects if isinstance(refusal, BadCourse) else [Defect(refusal.code, "")]
    return [pages.t(lang, f"errors.{one.code}", about=one.about) for one in defects]


async def file(request: Request) -> Response:
    """Give the file of a course made here."""
    kiosk, person, wanted = request.app[KIOSK], signed_in(request), request.match_info["course"]
    made = await kiosk.db.read(lambda conn: of_organisation(conn, person, wanted))
    return course_file(definition_in(made))


def course_file(definition: Definition) -> Response:
    """Return the file of a course, to be kept."""
    return Response(
        body=write_course(definition),
        content_type="application/json",
        charset="utf-8",
        headers={"Content-Disposition": 'attachment; filename="selection-sujets.json"'},
    )


async def upload(request: Request) -> Response:
    """Keep the course of a file, or say everything that is wrong with it."""
    sent = (await in_time(request.post())).get("file")
    if not isinstance(sent, FileField):
        return await _listing(request, Refused("course.file_required", field="file"))
    try:
        await acts.upload_course(request.app[KIOSK], signed_in(request), sent.file.read(MAX_FILE + 1))
    except (Refused, Conflict) as refusal:
        return await _listing(request, refusal)
    return go("/staff/courses?done=created")


async def withdraw(request: Request) -> Response:
    """Offer a course no more."""
    await acts.withdraw_course(request.app[KIOSK], signed_in(request), request.match_info["course"])
    return go("/staff/courses?done=withdrawn")
