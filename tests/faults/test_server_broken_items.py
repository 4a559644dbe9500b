"""Questions of the sealed bank that cannot be shown: found before the day, and replaced on the day."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest
from exam_site import Day, authority, exam_day, led_again
from sealed_kit import CHEAP, CODE, certification_bank

from exam.documents.specs import DocumentSpec
from exam.items import Item, Picture
from exam.questions import Question
from kiosk import bank_building
from kiosk.actions import opening, supervision
from kiosk.bank_building import Built, Order, build
from kiosk.errors import Refused
from kiosk.readiness.look import Place, known_of, look
from kiosk.readiness.notes import Note, is_go

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exam.bank import Bank
    from exam.content import Text

NAME = "plan.png"
CUT = b64encode(b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x0dIHDR").decode()
"""The beginning of a picture: what a copy that was interrupted leaves."""


def both(words: str) -> Text:
    return {"fr": words, "en": words}


def pictured(item: Item, documents: tuple[DocumentSpec, ...]) -> Item:
    """Return the item with a picture among these documents."""
    return msgspec.structs.replace(item, documents=documents, picture=Picture(NAME, both("Un plan")))


def with_pictures(documents: tuple[DocumentSpec, ...], most: int = 1000) -> Built:
    """Return a bundle whose sealed items, so many at most, show a picture among these documents."""
    bank = certification_bank()
    named = sorted(name for name in bank.items if "-scelle" in name)[:most]
    items = {**bank.items, **{name: pictured(bank.items[name], documents) for name in named}}
    return build(_bank(bank, items), authority(), Order(CODE, (), rough=True, costs=CHEAP))


def _bank(bank: Bank, items: dict[str, Item]) -> Bank:
    return replace(
        bank, items=items, questions={name: Question(one, bank.languages) for name, one in items.items()}
    )


async def gone_through(day: Day) -> list[Note]:
    """Return the go / no-go list with every question tried."""
    kiosk = day.site.kiosk
    place = Place(kiosk.config.home, kiosk.rooms.shelf, kiosk.clock.now_ms(), secure=False)
    known = await kiosk.db.read(lambda conn: known_of(conn, place, day.session))
    return look(known, place, CODE, questions=True)


@pytest.mark.parametrize(
    "documents", [(), (DocumentSpec(both(NAME), raster=CUT),), (DocumentSpec(both(NAME), raster="?"),)]
)
async def test_a_picture_that_is_missing_or_cut_is_found_before_the_day(
    tmp_path: Path, documents: tuple[DocumentSpec, ...]
) -> None:
    async with exam_day(tmp_path, made=with_pictures(documents, 3), opened=False) as day:
        notes = await gone_through(day)
        (told,) = [one for one in notes if one.check == "questions"]
        assert (told.outcome, told.params["count"]) == ("broken", 3)
        assert not is_go(notes)


async def test_a_question_missing_from_the_bank_is_found_before_the_day_and_the_bank_does_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[str] = []

    class Lossy(bank_building._Sealing):
        """A builder that loses one item, as a disk that was full would."""

        def __init__(self, *given: object) -> None:
            super().__init__(*given)  # type: ignore[arg-type] # the same arguments, passed on
            lost.append(self.names[0])
            del self.parts[self.names[0]]

    with monkeypatch.context() as patch:
        patch.setattr(bank_building, "_Sealing", Lossy)
        made = build(certification_bank(), authority(), Order(CODE, (), rough=True, costs=CHEAP))
    assert lost[0] not in [part.name for part in made.head.parts]
    async with exam_day(tmp_path, made=made, opened=False) as day:
        notes = await gone_through(day)
        assert ("bank", "incomplete", "problem") in [(one.check, one.outcome, one.level) for one in notes]
        with pytest.raises(Refused, match=r"session\.seal_missing"):
            await opening.open_session(day.site.kiosk, day.principal, day.session.id, CODE)


async def test_a_picture_that_fails_on_the_day_is_reported_and_another_question_takes_its_number(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with exam_day(tmp_path, made=with_pictures(())) as day:
        (ines,) = await day.begun("ines")
        assert (await ines.answer()).status == 200
        assert ines.state["question"]["picture"]["name"] == NAME
        shown, number, left = ines.state["question"], ines.state["number"], ines.left
        picture = await ines.client.get(f"{ines.api}/questions/{number}/documents/{NAME}")
        assert picture.status == 404
        assert (await ines.report()).body["room"] == "alert"
        day.site.clock.pass_s(300)
        ruled = await supervision.rule(
            day.site.kiosk, day.supervisor(), day.session.id, ines.id, number, "validated", "E1"
        )
        assert [one.code for one in ruled] == [""]
        after = await ines.refresh()
        assert (after["number"], ines.left) == (number, left)
        assert ines.state["question"] != shown
        while ines.state["state"] == "question":
            assert (await ines.answer()).status == 200
        found = await led_again(day, "ines")
        assert (found.identical, found.code) == (True, "")
    record_property(
        "figure",
        f"a question whose picture fails: replaced as number {number}, 300 s of waiting given back, passage verified",
    )
