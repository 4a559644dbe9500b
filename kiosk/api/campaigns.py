"""Campaigns as JSON: to pupils by their code, to staff in full; courses and lessons of the bank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from kiosk.actions import campaigns
from kiosk.actions.removals import delete_campaigns, remove_participation
from kiosk.api.reply import body_of, reply
from kiosk.errors import BadRequest, NotFound
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.page import language
from kiosk.store import campaigns as store
from kiosk.store import participations as participation_store
from kiosk.titles import campaign_title, course_of
from web.markdown import markdown

if TYPE_CHECKING:
    import sqlite3

    from aiohttp.web import Request, StreamResponse

    from kiosk.keys import Kiosk
    from kiosk.store.campaigns import Campaign


Line = Annotated[str, msgspec.Meta(max_length=2000)]
Text = Annotated[str, msgspec.Meta(max_length=20_000)]
Id = Annotated[str, msgspec.Meta(max_length=100)]


class JoinBody(msgspec.Struct, frozen=True):
    """A campaign's code, as typed, and the identifier it asks for, if it does."""

    code: Annotated[str, msgspec.Meta(max_length=40)]
    external_id: Line | None = None


class NewCampaignBody(msgspec.Struct, frozen=True):
    """What making a campaign asks for; `text` is Markdown, `owner` is oneself when empty."""

    name: Line
    course: Id = ""
    title: Line = ""
    text: Text = ""
    kind: Annotated[str, msgspec.Meta(max_length=20)] = "assessment"
    owner: Id = ""
    multiple: bool = False
    external_label: Line = ""
    external_type: Annotated[str, msgspec.Meta(max_length=20)] = ""
    reset_allowed: bool = False


class WordsBody(msgspec.Struct, frozen=True):
    """What may change of a campaign; an empty `owner` leaves it."""

    name: Line
    title: Line = ""
    text: Text = ""
    owner: Id = ""


class DeletionBody(msgspec.Struct, frozen=True):
    """Campaigns to delete for good; `sure` says that whoever asks knows it."""

    campaigns: Annotated[list[Id], msgspec.Meta(max_length=200)]
    sure: bool = False


class DeletedReply(msgspec.Struct, frozen=True):
    """How many were deleted."""

    deleted: int


class CourseShort(msgspec.Struct, frozen=True):
    """A course in one line: estimated minutes, topics, and the levels they are taken up to."""

    id: str
    name: str
    minutes: int
    topics: int
    levels: int


class CampaignView(msgspec.Struct, frozen=True):
    """A campaign, to staff; instants are milliseconds since 1970."""

    id: str
    code: str
    name: str
    title: str
    text: str
    course: CourseShort | None
    owner: str
    owner_name: str
    created_at: int
    archived: bool
    participants: int
    shared: int
    kind: Literal["assessment", "collection"]
    multiple: bool
    reset_allowed: bool
    external_label: str | None
    external_type: Literal["text", "email"] | None


class CampaignReply(msgspec.Struct, frozen=True):
    """One campaign."""

    campaign: CampaignView


class CampaignList(msgspec.Struct, frozen=True):
    """Campaigns, newest first."""

    campaigns: list[CampaignView]


class LandingView(msgspec.Struct, frozen=True):
    """A campaign, to someone holding its code; `participation` is theirs, null before they join."""

    id: str
    code: str
    title: str
    text_html: str
    course: CourseShort | None
    teacher: str
    archived: bool
    participation: str | None
    kind: Literal["assessment", "collection"]
    external_label: str | None
    external_type: Literal["text", "email"] | None


class LandingReply(msgspec.Struct, frozen=True):
    """What a code opens."""

    campaign: LandingView


class TutorialView(msgspec.Struct, frozen=True):
    """A short lesson."""

    id: str
    title: str
    minutes: int
    html: str


class TutorialReply(msgspec.Struct, frozen=True):
    """One lesson."""

    tutorial: TutorialView


_new = msgspec.json.Decoder(NewCampaignBody)
_words = msgspec.json.Decoder(WordsBody)
_deletion = msgspec.json.Decoder(DeletionBody)


def course_short(kiosk: Kiosk, campaign: Campaign, lang: str) -> CourseShort | None:
    """Return the course of a campaign in one line, None when it collects profiles."""
    course = course_of(kiosk, campaign)
    if course is None:
        return None
    top = max((topic.level for topic in course.topics), default=0)
    return CourseShort(course.id, course.name[lang], course.minutes, len(course.topics), top)


def view(kiosk: Kiosk, campaign: Campaign, lang: str) -> CampaignView:
    """Return a campaign as staff see it."""
    c = campaign
    return CampaignView(
        id=c.id,
        code=c.code,
        name=c.name,
        title=c.title,
        text=c.text,
        course=course_short(kiosk, c, lang),
        owner=c.owner,
        owner_name=f"{c.owner_first_name} {c.owner_last_name}",
        created_at=c.created_ms,
        archived=c.archived,
        participants=c.participants,
        shared=c.shared,
        kind=c.kind,
        multiple=c.multiple,
        reset_allowed=c.reset_allowed,
        external_label=c.external_label,
        external_type=c.external_type,
    )


async def by_code(request: Request) -> StreamResponse:
    """Return what a code opens."""
    kiosk, person, lang = request.app[KIOSK], signed_in(request), language(request)
    code = request.match_info["code"]

    def job(conn: sqlite3.Connection) -> tuple[Campaign, str | None]:
        found = campaigns.with_code(conn, code)
        mine = participation_store.of_pupil_in(conn, person.id, found.id)
        return found, mine.id if mine else None

    found, mine = await kiosk.db.read(job)
    landing = LandingView(
        id=found.id,
        code=found.code,
        title=campaign_title(kiosk, found, lang),
        text_html=str(markdown(found.text, lang)),
        course=course_short(kiosk, found, lang),
        teacher=f"{found.owner_first_name} {found.owner_last_name}",
        archived=found.archived,
        participation=mine,
        kind=found.kind,
        external_label=found.external_label,
        external_type=found.external_type,
    )
    return reply(LandingReply(landing))


async def create(request: Request) -> StreamResponse:
    """Make a campaign."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    body = await body_of(request, _new)
    new = campaigns.NewCampaign(**msgspec.structs.asdict(body))
    made = await campaigns.create(kiosk, person, new)
    return reply(CampaignReply(view(kiosk, made, language(request))))


async def listed(request: Request) -> StreamResponse:
    """List campaigns: one's own or all, active or archived."""
    kiosk, person, lang = request.app[KIOSK], signed_in(request), language(request)
    wanted = request.query.get("filter", "mine")
    archived = request.query.get("archived", "0")
    if wanted not in {"mine", "all"}:
        raise BadRequest("request.wrong_shape", field="filter")
    if archived not in {"0", "1", "true", "false"}:
        raise BadRequest("request.wrong_shape", field="archived")
    owner = person.id if wanted == "mine" else None
    rows = await kiosk.db.read(
        lambda conn: store.listed(conn, person.organisation, owner=owner, archived=archived in {"1", "true"})
    )
    return reply(CampaignList([view(kiosk, row, lang) for row in rows]))


async def one(request: Request) -> StreamResponse:
    """Show a campaign."""
    kiosk, person, wanted = request.app[KIOSK], signed_in(request), request.match_info["id"]
    found = await kiosk.db.read(lambda conn: campaigns.of_staff(conn, wanted, person))
    return reply(CampaignReply(view(kiosk, found, language(request))))


async def update(request: Request) -> StreamResponse:
    """Change the name, title, text and owner of a campaign."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    body = await body_of(request, _words)
    words = campaigns.Words(**msgspec.structs.asdict(body))
    found = await campaigns.update(kiosk, person, request.match_info["id"], words)
    return reply(CampaignReply(view(kiosk, found, language(request))))


async def delete(request: Request) -> StreamResponse:
    """Delete campaigns for good."""
    body = await body_of(request, _deletion)
    count = await delete_campaigns(request.app[KIOSK], signed_in(request), body.campaigns, sure=body.sure)
    return reply(DeletedReply(count))


async def delete_participation(request: Request) -> StreamResponse:
    """Delete a participation, and every other of that learner in the campaign."""
    count = await remove_participation(request.app[KIOSK], signed_in(request), request.match_info["pid"])
    return reply(DeletedReply(count))


async def archive(request: Request) -> StreamResponse:
    """Archive a campaign."""
    return await _archive(request, archived=True)


async def unarchive(request: Request) -> StreamResponse:
    """Open an archived campaign again."""
    return await _archive(request, archived=False)


async def _archive(request: Request, *, archived: bool) -> StreamResponse:
    kiosk, person = request.app[KIOSK], signed_in(request)
    found = await campaigns.archive(kiosk, person, request.match_info["id"], archived=archived)
    return reply(CampaignReply(view(kiosk, found, language(request))))


async def tutorial(request: Request) -> StreamResponse:
    """Show a lesson of the bank."""
    lang = language(request)
    lesson = request.app[KIOSK].banks.current.tutorials.get(request.match_info["id"])
    if lesson is None:
        raise NotFound("tutorial.unknown")
    html = str(markdown(lesson.text[lang], lang))
    return reply(TutorialReply(TutorialView(lesson.id, lesson.title[lang], lesson.minutes, html)))
