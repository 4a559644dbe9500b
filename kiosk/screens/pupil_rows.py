"""A pupil as lists and pages show them: dates as dates, ways to sign in as names of words, own columns in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from exam.certifiability import certifiability
from kiosk.import_files import own_format
from kiosk.imports.custom_format import BadFormat, onde
from kiosk.screens.staff_views import local_or_none
from kiosk.store.pupils import extra_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from kiosk.organisations import Organisation
    from kiosk.pupil_list import Row


@dataclass(frozen=True)
class OwnColumn:
    """A column of an organisation's own format that the list shows."""

    heading: str
    filterable: bool


def columns_of(home: Path, organisation: Organisation) -> Sequence[OwnColumn]:
    """Return the columns of its own that an organisation has its list show, none when its format is a national one."""
    if organisation.import_format != "custom":
        return ()
    try:
        form = own_format(home, organisation.id) or onde()
    except BadFormat:  # a spoilt file is said on the page of imports; the list goes on without its columns
        return ()
    return [
        OwnColumn(one.heading, one.filterable)
        for one in form.column
        if one.property is None and (one.displayed or one.filterable)
    ]


@dataclass(frozen=True)
class PupilView:
    """One line of the list."""

    id: str
    last_name: str
    first_name: str
    birth_date: date | None
    group: str | None
    student_number: str | None
    methods: tuple[str, ...]
    username: str | None
    email: str | None
    linked: bool
    participations: int
    last: datetime | None
    certifiability: str
    certified: datetime | None
    own: tuple[str, ...]


def pupil_view(row: Row, columns: Sequence[OwnColumn] = ()) -> PupilView:
    """Return a pupil as pages show them."""
    extra = extra_of(row.extra) if columns else {}
    ways = (("username", row.username), ("email", row.email), ("provider", row.provider))
    return PupilView(
        id=row.id,
        last_name=row.last_name,
        first_name=row.first_name,
        birth_date=date.fromisoformat(row.birth_date) if row.birth_date else None,
        group=row.group,
        student_number=row.student_number,
        methods=tuple(name for name, there in ways if there),
        username=row.username,
        email=row.email,
        linked=row.person is not None,
        participations=row.participations,
        last=local_or_none(row.last_ms),
        certifiability=certifiability(row.certifiable),
        certified=local_or_none(row.certifiable_ms),
        own=tuple(extra.get(one.heading, "") for one in columns),
    )
