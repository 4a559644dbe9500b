"""Papers of a room, read back as a person would: who is on them, on how many pages, and nothing cut or lost."""

from __future__ import annotations

import re
import subprocess

import msgspec
import pytest

from exam.session.incidents import CATEGORIES
from kiosk.printing.session_papers import Papers
from kiosk.printing.typesetting import typeset
from kiosk.store.candidates import Candidate
from kiosk.store.sessions import Session
from web.i18n import Words
from web.typography import typeset as typo

WORDS = Words.load(strict=True)
SESSION = Session(
    *(
        "s1",
        4127,
        "school",
        "Bâtiment B",
        "Salle 204",
        "2026-12-01",
        "09:00",
        "Sophie Arnaud, Marc Petit",
        "",
    ),
    *("KTRV42", "7hMx4R", None, "certification", "created"),
    gate=True,
    lockdown="none",
    allowance_min=105,
    created_by="x",
    created_ms=0,
)
LONG = "de La Tour du Pin Chambly de La Charce"


def say(key: str, **params: object) -> str:
    return typo(WORDS.text("fr", key, params), "fr")


def people(count: int) -> list[Candidate]:
    made = [
        Candidate(f"{n:04}", "s1", "Éloïse", f"Ñandú{n:02}", "2012-03-14", 0, division="3B")
        for n in range(count)
    ]
    if made:
        made[0] = msgspec.structs.replace(
            made[0], last_name=LONG, first_name="Marie-Anne-Éléonore", extra_percent=33
        )
    return made


def papers(count: int) -> Papers:
    return Papers("Collège des Tilleuls", SESSION, people(count), say)


def pages(template: str, data: dict[str, object]) -> list[str]:
    """Return the text of each page of a document, as a reader of screens would be given it."""
    pdf = typeset(template, data, now_ms=1_790_000_000_000)
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    return [re.sub(r"\s+", " ", page) for page in text.split("\f") if page.strip()]


@pytest.mark.parametrize(("count", "sheets"), [(0, 1), (1, 1), (20, 1), (21, 2), (41, 3)])
def test_twenty_candidates_a_sheet_each_numbered(count: int, sheets: int) -> None:
    found = pages("attendance", papers(count).attendance())
    assert [f"Page {n} / {sheets}" in page for n, page in enumerate(found, 1)] == [True] * sheets
    for page in found:
        assert all(
            words in page
            for words in ("4127", "Salle 204", "Bâtiment B", "Sophie Arnaud", "Signature", "mardi 1")
        )


def test_every_candidate_is_on_the_sheets_once_whole_and_with_their_class() -> None:
    text = " ".join(pages("attendance", papers(41).attendance()))
    for one in people(41)[1:]:
        assert text.count(one.last_name.upper()) == 1
    assert all(word.upper() in text for word in LONG.split())
    assert text.count("14/03/2012") == text.count("3B") == 41


def test_without_classes_the_sheet_has_local_identifiers() -> None:
    one = Candidate("c", "s1", "Léa", "Moreau", "2001-01-02", 0, external_id="ETU-77")
    [page] = pages("attendance", Papers("Université", SESSION, [one], say).attendance())
    assert "Identifiant" in page
    assert "ETU-77" in page


def test_a_sign_no_face_has_never_keeps_the_sheet_back() -> None:
    strange = Candidate("c", "s1", "小明 Ðặng", "Łukasz 😀", "2012-03-14", 0)
    [page] = pages("attendance", Papers("Collège", SESSION, [strange], say).attendance())
    assert "ŁUKASZ □ □□ Ðặng" in page


@pytest.mark.parametrize("count", [1, 20, 41])
def test_the_kit_is_one_page_with_the_codes_and_when_it_ends(count: int) -> None:
    [page] = pages("kit", papers(count).kit("https://192.168.1.20:8443/supervise/join#secret"))
    for words in ("Session 4127", "C-7hMx4R", "KTRV 42", "Salle 204", "10 h 45", "11 h 20"):
        assert words in page.replace("\u00a0", " ")
    assert "secret" not in page


def test_the_incident_form_lists_every_category() -> None:
    [page] = pages("incidents", papers(1).incidents())
    assert all(re.search(rf"\b{code}\b", page) for code in CATEGORIES)


def test_papers_are_tagged_for_those_who_do_not_see_them() -> None:
    pdf = typeset("attendance", papers(1).attendance(), now_ms=1_790_000_000_000)
    facts = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert re.search(r"Tagged:\s+yes", facts)
    assert re.search(r"Title:\s+Feuille d", facts)


def test_the_same_list_gives_the_same_bytes() -> None:
    made = [typeset("kit", papers(3).kit("https://h/"), now_ms=1_790_000_000_000) for _ in range(2)]
    assert made[0] == made[1]
