"""A pupil's pages about what they did: the checkpoint every five questions, the end, sending with consent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam import scoring
from exam.framework import COMPETENCES
from exam.stages import reached
from kiosk.actions import reviews
from kiosk.actions.participations import NoConsent
from kiosk.actions.participations import share as share_results
from kiosk.errors import BadRequest
from kiosk.keys import KIOSK
from kiosk.live_news import tell
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.once_more import NOTHING_MORE, once_more
from kiosk.screens.own_course import own_course
from kiosk.screens.page import language, page
from kiosk.screens.pupil_views import teacher_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp.web import Request, StreamResponse

    from exam.sitting import Sitting
    from exam.stages import Step
    from kiosk.actions.reviews import Recap
    from kiosk.keys import Kiosk
    from kiosk.people import Lang

_LARGEST_NUMBER = 6


@dataclass(frozen=True)
class TutorialLink:
    """A tutorial to read after a question."""

    id: str
    title: str
    minutes: int


@dataclass(frozen=True)
class RecapView:
    """One answered question, in words; `shown` is what the pupil answered, "" when they passed."""

    number: int
    title: str
    outcome: str
    shown: str
    expected: str
    hint: str
    tutorials: list[TutorialLink]


@dataclass(frozen=True)
class Pane:
    """One stage over the end page; `threshold` is the percentage it starts at, None when it is not a percentage."""

    threshold: int | None
    reached: bool
    current: bool


@dataclass(frozen=True)
class CompetenceRow:
    """One line of the table of competences."""

    code: str
    name: str
    percent: int
    stars: int


@dataclass(frozen=True)
class Message:
    """A title and a sentence for the pupil: a stage reached, a badge obtained."""

    title: str
    message: str


@dataclass(frozen=True)
class ResultsView:
    """What the end page shows."""

    percent: int
    validated: int
    targeted: int
    stages: list[Pane]
    stage: Message | None
    stars: int
    star_total: int
    competences: list[CompetenceRow]
    badges: list[Message]


async def checkpoint(request: Request) -> StreamResponse:
    """Show the last answers with what was expected; `until` asks for an earlier checkpoint."""
    kiosk = request.app[KIOSK]
    row, _, title = await own_course(request)
    base = f"/participations/{row.id}"
    found = await reviews.checkpoint(kiosk, signed_in(request), row.id, _until(request))
    if not found.recaps:
        return go(base)
    return page(
        request,
        "pupil/checkpoint.html",
        title=title,
        recaps=[_recap(kiosk, recap) for recap in found.recaps],
        successes=sum(recap.outcome == "ok" for recap in found.recaps),
        percent=found.progress // 10,
        remaining=found.remaining if row.status == "started" else None,
        urls={
            "here": f"{base}/checkpoint?until={found.number}",
            "go_on": f"{base}/question",
            "leave": f"{base}/leave",
        },
    )


def _until(request: Request) -> int | None:
    text = request.query.get("until", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _LARGEST_NUMBER):
        raise BadRequest("request.wrong_shape", field="until")
    return max(1, int(text))


def _recap(kiosk: Kiosk, recap: Recap) -> RecapView:
    known = kiosk.banks.of(recap.bank).tutorials
    return RecapView(
        number=recap.number,
        title=recap.title,
        outcome=recap.outcome,
        shown=recap.shown or "",
        expected=recap.expected,
        hint=recap.hint,
        tutorials=[
            TutorialLink(name, known[name].title[recap.lang], known[name].minutes) for name in recap.tutorials
        ],
    )


async def end(request: Request) -> StreamResponse:
    """Show the results of a finished course, to send or already sent."""
    kiosk = request.app[KIOSK]
    own = await own_course(request)
    row, campaign, title = own
    if row.status == "started" or own.is_collection:
        return go(f"/participations/{row.id}")
    person = signed_in(request)
    found = await reviews.results(kiosk, person, row.id)
    more = await once_more(kiosk, person, own, found.sitting) if campaign else NOTHING_MORE
    return page(
        request,
        "pupil/end.html",
        title=title,
        teacher=teacher_of(campaign) if campaign else "",
        practice=row.competence,
        trial=row.trial,
        deleted=row.deleted,
        archived=campaign is not None and campaign.archived,
        current=row.current,
        more=more,
        shared=row.status == "shared",
        results=results_view(found.sitting, language(request)),
        urls={
            "share": f"/participations/{row.id}/share",
            "again": f"/participations/{row.id}/again",
            "retry": f"/participations/{row.id}/retry",
            "review": f"/participations/{row.id}/checkpoint",
            "news": f"/live/participations/{row.id}",
        },
    )


async def share(request: Request) -> StreamResponse:
    """Send the results, which the pupil has just consented to."""
    row, _, _ = await own_course(request)
    if (await form_of(request)).get("consent") != "yes":
        raise NoConsent
    if row.status != "shared":
        kiosk, person = request.app[KIOSK], signed_in(request)
        await share_results(kiosk, person, row.id)
        await tell(kiosk, row.id)
    return go(f"/participations/{row.id}/end")


def results_view(sitting: Sitting, lang: Lang) -> ResultsView:
    """Return the results of a finished sitting in words of `lang`."""
    engine = sitting.engine
    course = engine.definition
    steps = scoring.stage_ladder(engine)
    total = scoring.mastery(sitting)
    rank = reached(steps, total)
    stage = course.stages[steps[rank].place] if steps else None
    obtained = scoring.badges(sitting)
    return ResultsView(
        percent=total.percent(),
        validated=total.validated,
        targeted=total.targeted,
        stages=_panes(steps, rank),
        stage=Message(stage.title[lang], stage.message[lang]) if stage else None,
        stars=rank,
        star_total=max(0, len(steps) - 1),
        competences=[
            CompetenceRow(code, COMPETENCES[code].name[lang], tally.percent(), reached(steps, tally))
            for code, tally in scoring.by_competence(sitting).items()
        ],
        badges=[
            Message(badge.title[lang], badge.message[lang]) for badge in course.badges if badge.id in obtained
        ],
    )


def _panes(steps: Sequence[Step], rank: int) -> list[Pane]:
    return [
        Pane(None if step.first_skill else step.threshold, place < rank, place == rank)
        for place, step in enumerate(steps)
    ]
