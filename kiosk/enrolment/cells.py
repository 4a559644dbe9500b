"""One candidate as a line of a file or a form tells them: every field checked, every reason told.

A birth place is what proves a person later: in France an INSEE code, or a postcode and a town; elsewhere a town, under
the INSEE code 99 or the country's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kiosk.actions.candidates import Enrolment
from kiosk.enrolment.countries import ABROAD, FRANCE, country_of
from kiosk.imports.values import COUNTRY, INSEE, is_email, one_line

if TYPE_CHECKING:
    from kiosk.imports.csv_rows import Row

_POSTCODE = re.compile(r"[0-9]{5}", re.ASCII)
_PERCENT = re.compile(r"([0-9]{1,3})\s*%?", re.ASCII)
_FRACTION = re.compile(r"0?[.,]([0-9]{1,2})0*", re.ASCII)
FIELDS = (
    *("last_name", "first_name", "birth_date", "sex", "birth_city_code", "birth_postcode", "birth_city"),
    *("birth_country", "results_email", "email", "external_id", "extra_percent"),
)
"""Fields of a candidate in a file, in the order of the file of many sessions."""


class Place(NamedTuple):
    """Where somebody was born, as it is written."""

    country: str
    city: str | None
    code: str | None
    postcode: str | None


def enrolment_of(row: Row) -> Enrolment | None:
    """Return the candidate of a line, None when something is wrong with them: each thing wrong is told."""
    last, first = row.text("last_name", required=True), row.text("first_name", required=True)
    birth = row.date("birth_date", required=True)
    sex = row.one_of("sex", {"M": "M", "F": "F"}, required=True)
    place = _place(row)
    email, results = _email(row, "email"), _email(row, "results_email")
    external, extra, adjusted = row.text("external_id"), _extra(row), _adjusted(row)
    if last is None or first is None or birth is None or sex is None or place is None or extra is None:
        return None
    return Enrolment(
        first_name=one_line(first),
        last_name=one_line(last),
        birth_date=birth,
        sex=sex,
        email=email,
        results_email=results,
        external_id=external,
        extra_percent=extra,
        adjusted=adjusted,
        birth_country=place.country,
        birth_city=place.city,
        birth_city_code=place.code,
        birth_postcode=place.postcode,
    )


def percent_of(text: str) -> int | None:
    """Return extra time as a whole percentage: `33`, `33 %` or the fraction `0,33`; 0 for nothing, None for anything else."""
    text = text.strip()
    if not text:
        return 0
    fraction = _FRACTION.fullmatch(text)
    if fraction is not None:
        return int(fraction.group(1).ljust(2, "0")) or None
    found = _PERCENT.fullmatch(text)
    value = int(found.group(1)) if found else 0
    return value if 1 <= value <= 99 else None


def _extra(row: Row) -> int | None:
    value = percent_of(row.text("extra_percent") or "")
    if value is None:
        row.problem("extra_percent", "EXTRA_TIME")
    return value


def _adjusted(row: Row) -> bool:
    return row.one_of("adjusted", {"oui": "1", "OUI": "1", "Oui": "1"}) is not None


def _email(row: Row, name: str) -> str | None:
    value = row.text(name)
    if value is not None and not is_email(value):
        row.problem(name, "FIELD_EMAIL_FORMAT")
    return value


def _place(row: Row) -> Place | None:
    """Return the birth place, None when its fields do not agree."""
    written = row.text("birth_country", required=True)
    city, insee, post = (row.text(name) for name in ("birth_city", "birth_city_code", "birth_postcode"))
    if written is None:
        return None
    country = country_of(written)
    if country is None:
        row.problem("birth_country", "COUNTRY_UNKNOWN")
        return None
    rule = _in_france if country == FRANCE else _abroad
    sound = rule(row, city, insee, post)
    return Place(country, city, insee, post) if sound else None


def _in_france(row: Row, city: str | None, insee: str | None, post: str | None) -> bool:
    if insee is not None:
        if not INSEE.fullmatch(insee) or insee.startswith(ABROAD):
            row.problem("birth_city_code", "INSEE_CODE_INVALID")
            return False
        if post is not None:
            row.problem("birth_postcode", "PLACE_TWICE")
            return False
        return True
    if post is None or city is None:
        row.problem("birth_city_code", "PLACE_MISSING")
        return False
    if not _POSTCODE.fullmatch(post):
        row.problem("birth_postcode", "POSTCODE")
        return False
    return True


def _abroad(row: Row, city: str | None, insee: str | None, post: str | None) -> bool:
    if city is None:
        row.problem("birth_city", "CITY_ABROAD")
        return False
    if insee is not None and insee != ABROAD and not COUNTRY.fullmatch(insee):
        row.problem("birth_city_code", "INSEE_ABROAD")
        return False
    if post is not None:
        row.problem("birth_postcode", "POSTCODE_ABROAD")
        return False
    return True
