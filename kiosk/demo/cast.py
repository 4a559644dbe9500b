"""Who is who in the demo. The passwords are public: they are printed, and the servers answer on loopback only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.people import Role

UAI = "0750001U"
SCHOOL = "Collège des Tilleuls (démonstration)"
CAMPAIGN_NAME = "5e B, rentrée (démonstration)"
CAMPAIGN_COURSE = "rentree-5e"
CAMPAIGN_TEXT = (
    "Bonjour à toutes et à tous.\n\n"
    "- Prenez votre temps : rien n'est chronométré, sauf quand c'est écrit.\n"
    "- Quand vous ne savez pas, **passez** : la question suivante s'adapte.\n"
)
LYCEE = "lycee"
LYCEE_UAI = "0750002V"
LYCEE_NAME = "Lycée des Marronniers (démonstration)"
"""A second organisation on the same server; the principal of the first leads it too, so that one sees the switch."""
DAY_CODE = "craie tableau marelle préau cantine cartable"
"""What opens the demo's sealed questions. A real day code is drawn by who builds the bank, and told on the day."""
OFFICER = "camille.roussel"
OFFICER_PASSWORD = "demo-officier-2026"  # noqa: S105 - public on purpose, see above


@dataclass(frozen=True)
class Member:
    """One account of the demo school."""

    role: Role
    username: str
    password: str
    first_name: str
    last_name: str
    division: str | None = None
    birth_date: str = ""
    """YYYY-MM-DD: how a candidate says who they are."""
    sex: str = ""


CAST: tuple[Member, ...] = (
    Member("principal", "marc.delaunay", "Demo-principal-2026", "Marc", "Delaunay"),
    Member("teacher", "claire.lemaire", "Demo-professeur-2026", "Claire", "Lemaire"),
    Member("pupil", "ines.benali1403", "Demo-ines-2026", "Inès", "Benali", "5e B", "2012-03-14", "F"),
    Member("pupil", "noe.bakary2111", "Demo-noe-2026", "Noé", "Bakary", "5e B", "2012-11-21", "M"),
    Member("pupil", "rose.clement3005", "Demo-rose-2026", "Rose", "Clément", "5e B", "2012-05-30", "F"),
    Member("pupil", "hugo.dasilva0907", "Demo-hugo-2026", "Hugo", "Da Silva", "5e C", "2012-07-09", "M"),
)
PRINCIPAL = CAST[0]
TEACHER = CAST[1]
