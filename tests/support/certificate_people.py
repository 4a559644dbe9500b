"""Results as the school keeps them once published, for as many people as wanted: long, accented and short names among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam.framework import COMPETENCES
from kiosk.store.certificates import Certificate, Result
from sync.canonical import canonical
from sync.certificates import Claims, sign_certificate
from sync.identities import Sheet, sheet_hash

if TYPE_CHECKING:
    from sync.keys import Signer

NAMES = (
    ("Marie-Anne-Éléonore", "de La Tour du Pin Chambly de La Charce"),
    ("Þórdís-Ağça", "Łukaszewicz-Øster"),
    ("Nguyễn Thị", "Đặng-Ñandú"),
    ("Zoé", "D’Hérouville-Saint-Clair"),
    ("Léo", "Ü"),
    ("Maximilien-Barthélemy-Alexandre-Anastase", "Wolfeschlegelsteinhausenbergerdorff"),
)
PLACE = "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"
SCHOOL = "Collège Antoine-de-Saint-Exupéry de la Communauté de communes du Haut-Jura"
PUBLISHED_MS = 1_795_700_000_000


def published(count: int, signer: Signer) -> list[Result]:
    """Return this many validated results, certificates signed, each of another score and mesh."""
    return [_result(place, signer) for place in range(count)]


def _result(place: int, signer: Signer) -> Result:
    first, last = NAMES[place % len(NAMES)]
    code, mesh, score = f"P-{place:08d}".replace("0", "A").replace("1", "B"), place % 8, 100 + 19 * place
    born_at = PLACE if place % 2 else "Lille"
    sheet = canonical(Sheet("2012-03-14", born_at, first, last, f"{place:032x}"))
    claims = Claims(code, score, 895, mesh, "2026-11-26", "2026-12-04", SCHOOL, "0990001N", sheet_hash(sheet))
    levels = [(name, (place + spot) % 8) for spot, name in enumerate(COMPETENCES)]
    said = Certificate(
        candidate=f"c{place}", session="s1", person=None, learner=None, status="validated", comment="",
        candidate_words="", organisation_words="", score=score, highest=895, mesh=mesh,
        levels=msgspec.json.encode(levels).decode(), code=code, token=sign_certificate(signer, claims),
        sheet=None, published_ms=PUBLISHED_MS, statement=1,
    )  # fmt: skip
    return Result(
        said,
        sheet.decode(),
        first,
        last,
        "2012-03-14",
        born_at,
        None,
        "3B",
        4127,
        "2026-11-26",
        "09:00",
        SCHOOL,
    )
