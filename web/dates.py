"""Dates, numbers and durations in words, by language, the same on every machine (no system locale)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from web.typography import MINUS, NARROW

if TYPE_CHECKING:
    from datetime import date, datetime

_DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


def number(value: int, lang: str) -> str:
    """Return the integer with its thousands separated and a true minus."""
    grouped = f"{abs(value):,}"
    if lang == "fr":
        grouped = grouped.replace(",", NARROW)
    return MINUS + grouped if value < 0 else grouped


def percent(value: int, lang: str) -> str:
    """Return an integer percentage: ``46 %`` in French, ``46%`` in English."""
    return f"{value}{NARROW}%" if lang == "fr" else f"{value}%"


def long_date(day: date, lang: str) -> Markup:
    """Return the day in full: ``jeudi 26 novembre 2026`` or ``Thursday 26 November 2026``."""
    words = f"{_ordinal(day.day, lang)} {_MONTHS[lang][day.month - 1]} {day.year}"
    return Markup(f"{_DAYS[lang][day.weekday()]} {words}")  # noqa: S704 - made of our own words


def day_date(day: date, lang: str) -> Markup:
    """Return the day without its year: ``mardi 17 novembre``."""
    words = f"{_ordinal(day.day, lang)} {_MONTHS[lang][day.month - 1]}"
    return Markup(f"{_DAYS[lang][day.weekday()]} {words}")  # noqa: S704 - made of our own words


def short_date(day: date, lang: str) -> str:
    """Return the day for a table, day first in both languages: ``26/11/2026``."""
    del lang
    return f"{day.day:02}/{day.month:02}/{day.year}"


def clock(moment: datetime, lang: str) -> str:
    """Return the hour: ``9 h``, ``14 h 07`` or ``2:07 pm``."""
    if lang == "fr":
        minutes = f"{NARROW}{moment.minute:02}" if moment.minute else ""
        return f"{moment.hour}{NARROW}h{minutes}"
    return f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02} {'am' if moment.hour < 12 else 'pm'}"


def duration(seconds: int, lang: str) -> str:
    """Return a duration of whole seconds: ``2 min 10 s``, ``1 h 05 min``."""
    gap = NARROW if lang == "fr" else " "
    hours, rest = divmod(max(0, seconds), 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours}{gap}h {minutes:02}{gap}min" if minutes else f"{hours}{gap}h"
    if minutes:
        return f"{minutes}{gap}min {left}{gap}s" if left else f"{minutes}{gap}min"
    return f"{left}{gap}s"


def _ordinal(day: int, lang: str) -> str:
    return "1<sup>er</sup>" if lang == "fr" and day == 1 else str(day)
