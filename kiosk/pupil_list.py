"""What a list of pupils may be asked: filters, order, page. Read from an address, safe to show back, without I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

Method = Literal["username", "email", "provider", "none", "no_provider"]
METHODS: tuple[Method, ...] = get_args(Method)
Certifiable = Literal["certifiable", "not_certifiable", "not_communicated"]
CERTIFIABLE: tuple[Certifiable, ...] = get_args(Certifiable)
Sort = Literal["name", "group", "birth", "count", "last"]
SORTS: tuple[Sort, ...] = get_args(Sort)
SIZES = (10, 25, 50, 100)
USUAL_SIZE = 50
TEXT_MOST = 100
EXTRA_MOST = 20


class Asked(msgspec.Struct, frozen=True):
    """What is asked of the list. `extra` narrows the columns of an organisation's own format, by heading."""

    last_name: str = ""
    first_name: str = ""
    number: str = ""
    group: str = ""
    method: Method | None = None
    certifiable: Certifiable | None = None
    extra: tuple[tuple[str, str], ...] = ()
    sort: Sort = "name"
    down: bool = False
    page: int = 1
    size: int = USUAL_SIZE

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        texts = (self.last_name, self.first_name, self.number, self.group, self.method, self.certifiable)
        return any(texts) or any(value for _, value in self.extra)

    @property
    def searches(self) -> bool:
        """Whether texts are searched, without case nor accent."""
        return bool(self.last_name or self.first_name or self.number or any(v for _, v in self.extra))


def asked_of(query: Mapping[str, str], extra: tuple[str, ...] = ()) -> Asked:
    """Return what an address asks; what it cannot be is what is usual. `extra` are the headings that may be narrowed."""
    return Asked(
        last_name=_text(query, "last"),
        first_name=_text(query, "first"),
        number=_text(query, "number"),
        group=_text(query, "group"),
        method=next((one for one in METHODS if one == query.get("method")), None),
        certifiable=next((one for one in CERTIFIABLE if one == query.get("certifiable")), None),
        extra=tuple((heading, _text(query, f"x{place}")) for place, heading in enumerate(extra[:EXTRA_MOST])),
        sort=next((one for one in SORTS if one == query.get("sort")), "name"),
        down=query.get("down") == "1",
        page=_number(query.get("page", ""), 1, 100_000),
        size=next((size for size in SIZES if str(size) == query.get("size")), USUAL_SIZE),
    )


def _text(query: Mapping[str, str], name: str) -> str:
    return query.get(name, "").strip()[:TEXT_MOST]


def _number(text: str, otherwise: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        return otherwise
    return min(max(1, int(text)), most)


def fields_of(asked: Asked) -> dict[str, str]:
    """Return the address's words for what is asked, page left out: for links and hidden fields."""
    known = {
        "last": asked.last_name,
        "first": asked.first_name,
        "number": asked.number,
        "group": asked.group,
        "method": asked.method or "",
        "certifiable": asked.certifiable or "",
        **{f"x{place}": value for place, (_, value) in enumerate(asked.extra)},
        "sort": "" if asked.sort == "name" else asked.sort,
        "down": "1" if asked.down else "",
        "size": "" if asked.size == USUAL_SIZE else str(asked.size),
    }
    return {name: value for name, value in known.items() if value}


class Row(NamedTuple):
    """One pupil of the list; `extra` is JSON, instants are milliseconds."""

    id: str
    last_name: str
    first_name: str
    birth_date: str | None
    group: str | None
    student_number: str | None
    person: str | None
    username: str | None
    email: str | None
    provider: bool
    participations: int
    last_ms: int | None
    certifiable: bool | None
    certifiable_ms: int | None
    extra: str | None


class Page(NamedTuple):
    """One page of the list: its rows, how many match in all, and which page it is of how many."""

    rows: list[Row]
    total: int
    number: int
    pages: int
