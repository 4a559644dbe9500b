"""Papers read back as a telephone and a person would: what their squares say, on how many pages, with names as they are."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
from certificate_people import NAMES, SCHOOL, published
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from exam_site import PLAN, exam_day
from finalisation_kit import answer_all, over
from hypothesis import given, settings
from hypothesis import strategies as st
from kiosk_site import FrozenClock
from square_reader import read_square, square_on
from supervise_kit import Phone

from exam.framework import AREAS, COMPETENCES
from kiosk.actions import finalisation
from kiosk.certificate_paper import certificate_sheets
from kiosk.finalisation_paper import report_sheet
from kiosk.finalisation_rules import Finalisation
from kiosk.lan.qr import qr_path
from kiosk.printing.typesetting import typeset
from kiosk.session_codes import head_words
from sync.certificates import check_certificate, from_text
from sync.keys import Signer

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.store.candidates import Candidate
    from kiosk.store.certificates import Result
    from kiosk.store.room_notes import Incident
    from kiosk.store.sessions import Session

AT = 1_795_700_000_000
OURS = {"Sec-Fetch-Site": "same-origin"}


def pages_of(pdf: bytes) -> list[str]:
    """Return the words of each page."""
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return [re.sub(r"\s+", " ", page) for page in text.split("\f") if page.strip()]


def dots(text: str, across: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return a square as dots, `across` of them for a module, its quiet zone included."""
    drawn = qr_path(text)
    found = np.zeros((drawn.size, drawn.size), bool)
    for column, row, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", drawn.path):
        found[int(row), int(column) : int(column) + int(length)] = True
    return np.repeat(np.repeat(found, across, 0), across, 1)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200), st.integers(3, 6))
@settings(max_examples=30)
def test_whatever_is_drawn_as_a_square_is_read_back_as_it_was(text: str, across: int) -> None:
    assert read_square(dots(text, across)) == text


async def test_each_certificate_is_one_page_whose_square_proves_what_it_says(tmp_path: Path) -> None:
    signer = Signer(Ed25519PrivateKey.generate())
    async with exam_day(tmp_path, opened=False) as day:
        for count in (1, 20, 41):
            people = published(count, signer)
            pdf = typeset("certificate", certificate_sheets(day.site.kiosk, people, SCHOOL), now_ms=AT)
            pages = pages_of(pdf)
            assert len(pages) == count
            for page, one in zip(pages, people, strict=True):
                check_page(page, one)
            for place in {count - 1, min(count, len(NAMES)) - 1}:
                check_square(square_on(pdf, place + 1), people[place], signer)


def check_page(page: str, one: Result) -> None:
    """Check the words of a certificate: below the first mesh with a name there is no competence."""
    # A name that goes on to a second line may lose its hyphen in what a reader is given.
    assert re.sub("[ -]", "", f"{one.first_name} {one.last_name.upper()}") in re.sub("[ -]", "", page)
    assert all(words in page for words in (one.certificate.code, f"{one.certificate.score} sur 895"))
    assert all(area.name["fr"] in page for area in AREAS.values()) is (one.certificate.mesh != 0)
    assert sum(each.name["fr"] in page for each in COMPETENCES.values()) in {0, len(COMPETENCES)}


def check_square(said: str, one: Result, signer: Signer) -> None:
    """Check that the square proves the certificate of this person."""
    found = check_certificate(from_text(said), signer.public)
    assert (found.claims.code, found.claims.score) == (one.certificate.code, one.certificate.score)
    assert found.sheet is not None
    assert (found.sheet.first_name, found.sheet.last_name) == (one.first_name, one.last_name)


class Report(NamedTuple):
    """What a report tells."""

    session: Session
    rows: list[Candidate]
    incidents: list[Incident]
    signed: list[Any]


async def test_the_report_has_everybody_and_a_square_that_names_the_head_of_the_log(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        await answer_all(ines, 3)
        await over(day)
        said = Finalisation({day.ids["ines"]: "technical"})
        session = await finalisation.finalise(day.site.kiosk, day.chief, day.session.id, said)
        row = await day.row("ines")
        people = [
            msgspec.structs.replace(row, id=f"{place:016x}", first_name=first, last_name=f"{last} {place}")
            for place, (first, last) in enumerate(NAMES * 7)
        ]
        for count, sheets in ((1, 1), (20, 2), (41, 3)):
            data = report_sheet(day.site.kiosk, Report(session, people[:count], [], []), [b"the last event"])
            pdf = typeset("session_report", data, now_ms=AT)
            pages = pages_of(pdf)
            assert len(pages) == sheets
            assert all(" ".join(pages).count(one.id) == 1 for one in people[:count])
            assert f"{count} candidat" in pages[0]
            label, number, head = square_on(pdf).split(":")
            assert (label, int(number)) == ("PREAU-SESSION", session.number)
            assert " · ".join(head_words(head.lower())) in pages[0]


async def test_the_square_of_a_printed_kit_lets_one_phone_in(tmp_path: Path) -> None:
    clock = FrozenClock()
    today = datetime.fromtimestamp(clock.now_ms() // 1000, UTC).date().isoformat()
    plan = msgspec.structs.replace(PLAN, date=today)
    async with exam_day(tmp_path, clock=clock, plan=plan) as day:
        sent = await day.site.diaz.ask(
            "POST", f"/staff/sessions/{day.session.id}/kit.pdf", data={}, headers=OURS
        )
        address, _, ticket = square_on(sent.data).partition("#")
        assert address.endswith("/supervise/join")
        phone = Phone(day, day.site.client(None), day.session.id)
        assert (await phone.ask(ticket)).status == 200
        other = Phone(day, day.site.client(None), day.session.id)
        assert (await other.ask(ticket)).status in {403, 404, 409, 410, 422}
