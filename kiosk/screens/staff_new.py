"""The creation form of a campaign, empty, filled in from another one, or with a course chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from kiosk.actions import campaigns as acts
from kiosk.actions.campaigns import of_staff
from kiosk.actions.courses import offered
from kiosk.campaign_rules import NewCampaign
from kiosk.errors import Forbidden, Refused
from kiosk.folding import folded
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.forms import go
from kiosk.screens.page import language, page
from kiosk.screens.staff_common import fields_of
from kiosk.screens.staff_documentation import CATEGORIES
from kiosk.screens.staff_views import course_view
from kiosk.store import courses, memberships, organisations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.web import Request, Response

    from exam.content import Course
    from kiosk.organisations import Settings
    from kiosk.people import Lang
    from kiosk.store.base import Reader
    from kiosk.store.campaigns import Campaign

_YES = "yes"


class Form(msgspec.Struct, frozen=True):
    """The creation form as it was filled in; `category` and `search` only choose which courses are shown."""

    name: str = ""
    owner: str = ""
    kind: str = "assessment"
    course: str = ""
    title: str = ""
    text: str = ""
    multiple: str = ""
    reset_allowed: str = ""
    external_label: str = ""
    external_type: str = ""
    category: str = ""
    search: str = ""

    def new(self) -> NewCampaign:
        """Return what it asks for; what only concerns the other kind of campaign is left out."""
        assessment = self.kind != "collection"
        return NewCampaign(
            name=self.name,
            course=self.course if assessment else "",
            title=self.title if assessment else "",
            text=self.text,
            kind=self.kind,
            owner=self.owner,
            multiple=self.multiple == _YES,
            external_label=self.external_label,
            external_type=self.external_type,
            reset_allowed=assessment and self.reset_allowed == _YES,
        )


@dataclass(frozen=True)
class MemberView:
    """Somebody who may own a campaign."""

    id: str
    name: str


@dataclass(frozen=True)
class Choices:
    """What a creation form offers: members, courses, and what the organisation allows."""

    members: list[MemberView]
    courses: list[Course]
    allowed: Settings


async def new(request: Request) -> Response:
    """Show the creation form."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    source = request.query.get("from", "")
    if not source:
        return await _form(request, Form(owner=person.id, course=request.query.get("course", "")[:100]), {})
    copied = await kiosk.db.read(lambda conn: of_staff(conn, source, person))
    if person.id != copied.owner and person.role != "principal":
        raise Forbidden("campaign.not_owner")
    words = kiosk.pages.words.text(language(request), "campaigns.settings.copy_of", {"name": copied.name})
    return await _form(request, _filled(copied, words), {})


def _filled(copied: Campaign, name: str) -> Form:
    return Form(
        name=name,
        owner=copied.owner,
        kind=copied.kind,
        course=copied.course,
        title=copied.title,
        text=copied.text,
        multiple=_YES if copied.multiple else "",
        reset_allowed=_YES if copied.reset_allowed else "",
        external_label=copied.external_label or "",
        external_type=copied.external_type or "",
    )


async def _form(request: Request, form: Form, errors: Mapping[str, str]) -> Response:
    lang = language(request)
    found = await _choices(request)
    shown = sorted(
        (course for course in found.courses if _matches(course, form, lang)),
        key=lambda course: (CATEGORIES.index(course.category), folded(course.name[lang])),
    )
    return page(
        request,
        "staff/campaign_new.html",
        status=Refused.status if errors else 200,
        space="campaigns",
        form=form,
        errors=errors,
        members=found.members,
        allowed={"multiple": found.allowed.multiple_assessment, "external": found.allowed.external_ids},
        courses=[course_view(course, lang) for course in shown],
        categories=[one for one in CATEGORIES if any(course.category == one for course in found.courses)],
    )


def _matches(course: Course, form: Form, lang: Lang) -> bool:
    """Say whether a course is shown; the one chosen always is, so that no filter loses it."""
    if course.id == form.course:
        return True
    words = folded(f"{course.name[lang]} {course.description[lang]}")
    return form.category in {"", course.category} and folded(form.search) in words


async def _choices(request: Request) -> Choices:
    kiosk, person = request.app[KIOSK], signed_in(request)
    organisation = person.organisation or ""

    def job(conn: Reader) -> Choices:
        known = organisations.by_id(conn, organisation)
        if known is None:
            raise Forbidden("role.wrong")
        made = courses.of_organisation(conn, organisation)
        return Choices(members_of(conn, organisation), offered(kiosk, made), known.settings)

    return await kiosk.db.read(job)


def members_of(conn: Reader, organisation: str) -> list[MemberView]:
    """Return who may own a campaign of an organisation."""
    return [
        MemberView(one.person, f"{one.first_name} {one.last_name}")
        for one in memberships.of_organisation(conn, organisation)
    ]


async def create(request: Request) -> Response:
    """Make a campaign, or show the form again with what was typed and why it was refused."""
    told = await fields_of(request, *Form.__struct_fields__, "act", "shown")
    act, shown = told.pop("act"), told.pop("shown")
    form = Form(**{name: value for name, value in told.items() if value})
    # Enter in the search searches; in any other field, it creates.
    if act == "filter" or (act == "enter" and shown != f"{form.category}/{form.search}"):
        return await _form(request, form, {})
    try:
        made = await acts.create(request.app[KIOSK], signed_in(request), form.new())
    except Refused as refusal:
        return await _form(request, form, beside(request, refusal))
    return go(f"/staff/campaigns/{made.id}?done=created")


def beside(request: Request, refusal: Refused) -> dict[str, str]:
    """Return the refusal's sentence under the name of its field."""
    words = request.app[KIOSK].pages.t(language(request), f"errors.{refusal.code}", **refusal.params)
    return {refusal.field or "name": words}
