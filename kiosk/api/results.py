"""Results of one sitting, as the API gives them to the pupil and, once shared, to staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam import scoring
from exam.framework import COMPETENCES
from kiosk.actions.reviews import stage_of
from kiosk.store.participations import Status

if TYPE_CHECKING:
    from exam.sitting import Sitting
    from kiosk.people import Lang
    from kiosk.store.participations import Participation


class CompetenceView(msgspec.Struct, frozen=True):
    """One competence of the course; `percent` is a whole percentage."""

    code: str
    name: str
    area: str
    validated: int
    targeted: int
    percent: int


class TopicView(msgspec.Struct, frozen=True):
    """One topic of the course: the highest validated level, 0 if none, out of `top`."""

    id: str
    name: str
    competence: str
    level: int
    top: int
    validated: int
    targeted: int


class StageView(msgspec.Struct, frozen=True):
    """The stage reached: `rank` stars out of `of`, its title and message for the reader."""

    rank: int
    of: int
    title: str
    message: str


class BadgeView(msgspec.Struct, frozen=True):
    """A thematic result, and whether it is obtained."""

    id: str
    title: str
    message: str
    obtained: bool


class Results(msgspec.Struct, frozen=True):
    """A finished sitting: mastery as a whole percentage, then competence by competence."""

    participation: str
    status: Status
    answered: int
    validated: int
    targeted: int
    mastery: int
    stage: StageView | None
    competences: list[CompetenceView]
    topics: list[TopicView]
    badges: list[BadgeView]
    ended_at: int | None
    shared_at: int | None


class ResultsReply(msgspec.Struct, frozen=True):
    """The results of one sitting."""

    results: Results


def results_view(row: Participation, sitting: Sitting, lang: Lang, *, staff: bool = False) -> Results:
    """Return the results in words of `lang`; stages speak to the pupil, or to staff."""
    total = scoring.mastery(sitting)
    return Results(
        participation=row.id,
        status=row.status,
        answered=sitting.answered,
        validated=total.validated,
        targeted=total.targeted,
        mastery=total.percent(),
        stage=_stage(sitting, lang, staff=staff),
        competences=_competences(sitting, lang),
        topics=_topics(sitting, lang),
        badges=_badges(sitting, lang),
        ended_at=row.ended_ms,
        shared_at=row.shared_ms,
    )


def _stage(sitting: Sitting, lang: Lang, *, staff: bool) -> StageView | None:
    place = stage_of(sitting)
    if place is None:
        return None
    stage = sitting.engine.definition.stages[scoring.stage_index(sitting)]
    title, message = (stage.staff_title, stage.staff_message) if staff else (stage.title, stage.message)
    return StageView(place[0], place[1] - 1, title[lang], message[lang])


def _competences(sitting: Sitting, lang: Lang) -> list[CompetenceView]:
    return [
        CompetenceView(
            code,
            COMPETENCES[code].name[lang],
            COMPETENCES[code].area,
            tally.validated,
            tally.targeted,
            tally.percent(),
        )
        for code, tally in scoring.by_competence(sitting).items()
    ]


def _topics(sitting: Sitting, lang: Lang) -> list[TopicView]:
    bank = sitting.engine.bank
    tops = {topic.id: topic.level for topic in sitting.engine.definition.topics}
    return [
        TopicView(
            topic.topic,
            bank.topics[topic.topic].name[lang],
            topic.competence,
            topic.level,
            tops[topic.topic],
            topic.tally.validated,
            topic.tally.targeted,
        )
        for topic in scoring.by_topic(sitting)
    ]


def _badges(sitting: Sitting, lang: Lang) -> list[BadgeView]:
    obtained = set(scoring.badges(sitting))
    return [
        BadgeView(badge.id, badge.title[lang], badge.message[lang], badge.id in obtained)
        for badge in sitting.engine.definition.badges
    ]
