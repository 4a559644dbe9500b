"""What the exports of a campaign read, and how they write what is common to both kinds: people, dates, missing values.

Headings are a format schools know, not a text of ours: they stay French and in their order whatever the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import tzinfo

    from exam.content import Course
    from exam.stages import Step
    from kiosk.organisations import OrganisationKind
    from kiosk.store.following import Taking
    from web.downloads import Cell

LANG = "fr"
MISSING = "NA"
_extra = msgspec.json.Decoder(dict[str, str])


@dataclass(frozen=True)
class SkillColumn:
    """A column of one skill: its heading, the place of its topic in the masks, and its level's bit."""

    name: str
    topic: int
    bit: int


@dataclass(frozen=True)
class Scope:
    """All an export of a campaign reads. `competences` are the codes the course targets, in order.

    `masks` are by participation and only read for `skills`, the columns of an organisation that shows them.
    """

    organisation: str
    kind: OrganisationKind
    imports: bool
    campaign: str
    code: str
    name: str
    external_label: str | None
    course: Course
    steps: Sequence[Step]
    competences: Sequence[str]
    takings: Sequence[Taking]
    made_at: datetime
    skills: Sequence[SkillColumn] = ()
    masks: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    zone: tzinfo | None = None
    """Where the school's clock is; None is this machine's zone."""


def extra_columns(scope: Scope) -> list[str]:
    """Return the headings an organisation's own lists brought, in the order they are first met."""
    found: dict[str, None] = {}
    for one in scope.takings:
        found.update(dict.fromkeys(extras_of(one)))
    return list(found)


def extras_of(taking: Taking) -> dict[str, str]:
    """Return the columns an organisation's own list gave this learner."""
    return _extra.decode(taking.extra) if taking.extra else {}


def list_columns(scope: Scope) -> list[str]:
    """Return the headings that the organisation's imported lists bring; none without import."""
    known = {"school": ["Classe"], "higher": ["Groupe", "Numéro Étudiant"], "open": []}
    return known[scope.kind] if scope.imports else []


def list_cells(scope: Scope, taking: Taking) -> list[Cell]:
    """Return what stands under `list_columns` for one learner."""
    known = {"school": [taking.division], "higher": [taking.group, taking.student_number], "open": []}
    return [value or MISSING for value in known[scope.kind]] if scope.imports else []


def campaign_cells(scope: Scope) -> list[Cell]:
    """Return what every line begins with."""
    return [scope.organisation, scope.campaign, scope.code, scope.name]


def values(found: Mapping[str, str], columns: Sequence[str]) -> Iterator[Cell]:
    """Yield a value a column, or the sign that there is none."""
    for column in columns:
        yield found.get(column) or MISSING


def yes(value: bool) -> str:  # noqa: FBT001 - one truth to put into words
    """Return a truth in words."""
    return "Oui" if value else "Non"


def moment(scope: Scope, at_ms: int) -> str:
    """Return an instant on the school's clock."""
    return f"{datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(scope.zone):%d/%m/%Y %H:%M}"


def share(value: int, whole: int) -> Decimal:
    """Return a share of `whole` (100 or 1000) as a decimal of 0 to 1, without trailing zeros."""
    return plain(Decimal(value) / Decimal(whole))


def plain(value: Decimal) -> Decimal:
    """Return a decimal without trailing zeros nor exponent."""
    trimmed = value.normalize()
    return trimmed.quantize(Decimal(1)) if trimmed == trimmed.to_integral() else trimmed


def file_name(scope: Scope) -> str:
    """Return `Resultats-<name>-<id>-<date and time>.csv`."""
    made = scope.made_at.astimezone(scope.zone)
    return f"Resultats-{scope.name[:60]}-{scope.campaign}-{made:%Y-%m-%d-%H%M}.csv"
