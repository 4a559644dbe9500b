"""What pupils read instead of the staff's name for a campaign: its title, its course's name, or what it collects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.framework import COMPETENCES

if TYPE_CHECKING:
    from exam.content import Course
    from kiosk.keys import Kiosk
    from kiosk.people import Lang
    from kiosk.store.campaigns import Campaign


def course_of(kiosk: Kiosk, campaign: Campaign) -> Course | None:
    """Return the course of a campaign, None when it collects profiles."""
    return kiosk.banks.course(campaign.bank, campaign.course) if campaign.course else None


def campaign_title(kiosk: Kiosk, campaign: Campaign, lang: Lang) -> str:
    """Return the title of a campaign as pupils read it; never the staff's name for it."""
    course = course_of(kiosk, campaign)
    if course is None:
        return kiosk.pages.words.text(lang, "practice.collection.title")
    return campaign.title or course.name[lang]


def practice_title(competence: str, lang: Lang) -> str:
    """Return the title of the free practice of a competence: its code and its name."""
    known = COMPETENCES.get(competence)
    return f"{competence} {known.name[lang]}" if known else competence
