"""The list of an organisation's pupils in SQL: filtered, sorted and cut there, so that thousands cost one page.

Names are searched and sorted without case nor accent, which SQL cannot do: then only names are read for all, and the
rest, counts included, for the page alone. Participations that count are those of campaigns, not on trial, not deleted, superseded only when sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.folding import folded
from kiosk.pupil_list import Page, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.pupil_list import Asked, Certifiable, Method, Sort
    from kiosk.store.base import Reader

_COUNTED = " x.campaign IS NOT NULL AND x.trial = 0 AND x.deleted_ms IS NULL AND (x.current = 1 OR x.status = 'shared')"
_SOME = " FROM participations x WHERE x.learner = l.id AND" + _COUNTED
_FROM = (
    " FROM learners l LEFT JOIN people p ON p.id = l.person WHERE l.organisation = ?1 AND l.deleted_ms IS NULL"  # noqa: S608 - constant words
    " AND l.disabled_ms IS NULL AND l.erased_ms IS NULL"
    # Whoever no list names is there for their participations: without any left, they are no longer.
    " AND (l.ine IS NOT NULL OR l.student_number IS NOT NULL OR l.unique_key IS NOT NULL"
    " OR (SELECT o.kind FROM organisations o WHERE o.id = ?1) = 'school'"
    " OR EXISTS (SELECT 1" + _SOME + "))"
)
_GROUP = "coalesce(l.division, l.class_group)"
_KNOWN = "EXISTS (SELECT 1 FROM identities i WHERE i.person = p.id)"
_COUNT = "(SELECT count(*)" + _SOME + ")"
_LAST = "(SELECT max(x.started_ms)" + _SOME + ")"
_ROW = (
    "SELECT l.id, l.last_name, l.first_name, l.birth_date, coalesce(l.division, l.class_group), l.student_number,"
    f" l.person, p.username, p.email, {_KNOWN}, {_COUNT}, {_LAST}, l.certifiable, l.certifiable_ms, l.extra"
)
_BY: dict[Sort, str] = {
    "name": "l.last_name",
    "group": _GROUP,
    "birth": "l.birth_date",
    "count": _COUNT,
    "last": _LAST,
}
_METHOD: dict[Method, str] = {
    "username": " AND p.username IS NOT NULL",
    "email": " AND p.email IS NOT NULL",
    "provider": f" AND {_KNOWN}",
    "none": " AND l.person IS NULL",
    "no_provider": f" AND NOT {_KNOWN}",
}
_CERTIFIABLE: dict[Certifiable, str] = {
    "certifiable": " AND l.certifiable = 1",
    "not_certifiable": " AND l.certifiable = 0",
    "not_communicated": " AND l.certifiable IS NULL",
}


def listed(conn: Reader, organisation: str, asked: Asked) -> Page:
    """Return the page asked for, or the last there is when there are fewer."""
    if asked.searches or asked.sort == "name":
        return _by_names(conn, organisation, asked)
    where, params = _where(organisation, asked)
    total = conn.execute("SELECT count(*)" + where, params).fetchone()[0]
    pages = max(1, -(-total // asked.size))
    number = min(asked.page, pages)
    rows = conn.execute(
        _ROW + where + _order(asked) + " LIMIT ?3 OFFSET ?4", (*params, asked.size, (number - 1) * asked.size)
    )
    return Page([_row(row) for row in rows], total, number, pages)


def _where(organisation: str, asked: Asked) -> tuple[str, tuple[str, str]]:
    """Return the constant pieces that narrow the list, and the values of ?1 and ?2."""
    where = _FROM + f" AND (?2 = '' OR {_GROUP} = ?2)"
    where += _METHOD[asked.method] if asked.method else ""
    where += _CERTIFIABLE[asked.certifiable] if asked.certifiable else ""
    return where, (organisation, asked.group)


def _order(asked: Asked) -> str:
    way = " DESC" if asked.down else ""
    return f" ORDER BY {_BY[asked.sort]}{way}, l.last_name COLLATE NOCASE, l.first_name COLLATE NOCASE, l.id"


def _by_names(conn: Reader, organisation: str, asked: Asked) -> Page:
    where, params = _where(organisation, asked)
    found = conn.execute(
        "SELECT l.id, l.last_name, coalesce(l.preferred_last_name, ''), l.first_name, coalesce(l.student_number, ''),"
        " l.extra" + where + _order(asked),
        params,
    )
    matching = [row for row in found if not asked.searches or _matches(row, asked)]
    if asked.sort == "name":
        matching.sort(key=lambda row: (folded(row[1]), folded(row[3]), row[0]), reverse=asked.down)
    ids = [row[0] for row in matching]
    pages = max(1, -(-len(ids) // asked.size))
    number = min(asked.page, pages)
    shown = ids[(number - 1) * asked.size : number * asked.size]
    return Page(_by_ids(conn, organisation, shown), len(ids), number, pages)


def _matches(row: tuple[Any, ...], asked: Asked) -> bool:
    _, last, preferred, first, number, extra = row
    wanted = folded(asked.last_name)
    return (
        (wanted in folded(last) or wanted in folded(preferred))
        and folded(asked.first_name) in folded(first)
        and folded(asked.number) in folded(number)
        and _has_extra(extra, asked)
    )


def _has_extra(extra: str | None, asked: Asked) -> bool:
    wanted = [(heading, folded(value)) for heading, value in asked.extra if value]
    if not wanted:
        return True
    held = extra_of(extra)
    return all(value in folded(held.get(heading, "")) for heading, value in wanted)


def extra_of(extra: str | None) -> dict[str, str]:
    """Return the values of an organisation's own columns by heading."""
    return msgspec.json.decode(extra, type=dict[str, str]) if extra else {}


def _by_ids(conn: Reader, organisation: str, ids: Sequence[str]) -> list[Row]:
    if not ids:
        return []
    marks = ", ".join("?" * len(ids))
    rows = conn.execute(_ROW + _FROM + f" AND l.id IN ({marks})", (organisation, *ids))
    known = {row[0]: _row(row) for row in rows}
    return [known[one] for one in ids if one in known]


def one(conn: Reader, organisation: str, learner: str) -> Row | None:
    """Return one pupil as the list shows them, None when they are not in it."""
    found = _by_ids(conn, organisation, [learner])
    return found[0] if found else None


def _row(row: tuple[Any, ...]) -> Row:
    found = Row(*row)
    return found._replace(
        provider=bool(found.provider),
        certifiable=None if found.certifiable is None else bool(found.certifiable),
    )


def groups(conn: Reader, organisation: str) -> list[str]:
    """Return the classes, or the groups, of an organisation."""
    rows = conn.execute(
        "SELECT DISTINCT coalesce(l.division, l.class_group)"
        + _FROM
        + f" AND {_GROUP} IS NOT NULL ORDER BY 1",
        (organisation,),
    )
    return [row[0] for row in rows]


def total(conn: Reader, organisation: str) -> int:
    """Return how many pupils an organisation has."""
    return int(conn.execute("SELECT count(*)" + _FROM, (organisation,)).fetchone()[0])
