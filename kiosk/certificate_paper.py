"""The data of certificates on paper: who, what was reached, and the signed square that proves both without a network."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from exam.framework import AREAS, COMPETENCES
from kiosk.exports.certifications import french_day, identity, levels_of
from kiosk.finalisation_paper import svg_of
from sync.certificates import to_text, with_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.keys import Kiosk
    from kiosk.store.certificates import Result

LANG = "fr"


def square_of(one: Result) -> str:
    """Return the text of a certificate's square; raises ValueError for a result without a certificate."""
    if one.certificate.token is None or one.sheet is None:
        raise ValueError("this result gives no certificate")
    return to_text(with_sheet(one.certificate.token, one.sheet))


def certificate_sheets(kiosk: Kiosk, results: Sequence[Result], school: str) -> dict[str, object]:
    """Return the data of the document, one page a certificate, in French: it goes with its holder anywhere."""

    def say(key: str, **params: object) -> str:
        return kiosk.pages.t(LANG, f"certificates.paper.{key}", **params)

    return {
        "lang": LANG,
        "title": say("title"),
        "school": school,
        "given_to": say("given_to"),
        "score_title": say("score"),
        "level_title": say("level"),
        "detail_title": say("detail"),
        "code_title": say("code"),
        "how": say("how"),
        "qr_alt": say("qr_alt"),
        "footer": say("footer"),
        "pages": [_page(kiosk, one) for one in results],
    }


def _page(kiosk: Kiosk, one: Result) -> dict[str, object]:
    def say(key: str, **params: object) -> str:
        return kiosk.pages.t(LANG, key, **params)

    first, last, born, place = identity(one)
    mesh = one.certificate.mesh or 0
    born_words = (
        say("certificates.paper.born_at", day=french_day(born), place=place)
        if place
        else say("certificates.paper.born", day=french_day(born))
    )
    granted = datetime.fromtimestamp(one.certificate.published_ms // 1000, UTC).astimezone()
    return {
        "name": f"{first} {last.upper()}",
        "born": born_words,
        "test": say("certificates.paper.test", day=french_day(one.date)),
        "delivered": say("certificates.paper.delivered", day=f"{granted:%d/%m/%Y}"),
        "centre": one.site,
        "score": str(one.certificate.score or 0),
        "out_of": say("certificates.paper.out_of", highest=one.certificate.highest),
        # Below the first mesh that has a name, neither a level nor a competence is shown.
        "level": say(f"certificates.mesh.{mesh}") if mesh > 0 else "",
        "level_words": say(f"certificates.mesh_words.{mesh}") if mesh > 0 else "",
        "areas": _areas(one) if mesh > 0 else [],
        "code": one.certificate.code,
        "qr": svg_of(square_of(one)),
    }


def _areas(one: Result) -> list[dict[str, object]]:
    levels = dict(levels_of(one))
    return [
        {
            "name": area.name[LANG],
            "rows": [
                [competence.name[LANG], str(levels.get(code, 0))]
                for code, competence in COMPETENCES.items()
                if competence.area == area.code
            ],
        }
        for area in AREAS.values()
    ]
