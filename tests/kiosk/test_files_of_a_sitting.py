"""Documents a pupil downloads and files they hand back: theirs alone, bounded, and read by the server only."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from kiosk_site import Pupil, Site, open_site, the_starter_bank

from exam.events import Answered, Asked
from exam.grading import solve
from exam.seed import sitting_seed
from kiosk.sittings import read_events

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
async def starter(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path / "home", bank=the_starter_bank()) as opened:
        yield opened


async def reach(site: Site, wanted: str) -> Pupil:
    """Return a page that waits on a question with documents, or of kind hand_back."""
    for course in sorted(site.kiosk.banks.current.courses):
        pupil = await Pupil(site.lea, await site.joined(course=course)).take()
        while pupil.state["state"] == "question":
            question: dict[str, Any] = pupil.state["question"]
            if question["kind"] == wanted or (wanted == "documents" and question["documents"]):
                return pupil
            # Right then wrong by turns, to travel through easy and hard questions.
            await pupil.answer(None if pupil.state["number"] % 2 else await right_answer(site, pupil))
            if pupil.state["state"] == "question":
                await pupil.refresh()
    pytest.fail(f"no question with {wanted} was met")


async def right_answer(site: Site, pupil: Pupil) -> object:
    """Return the right answer to the waiting question, None (pass) for one that asks for a file."""
    bank = site.kiosk.banks.current
    lines = await site.kiosk.db.read(lambda conn: site.kiosk.log.events(conn, pupil.id))
    asked = [event for event in read_events(lines) if isinstance(event, Asked)][-1]
    if bank.items[asked.item].kind == "hand_back":
        return None
    return solve(bank, asked.item, sitting_seed(pupil.id, bank.digest), asked.lang)


async def test_a_document_is_downloaded_by_its_own_pupil_only(starter: Site) -> None:
    pupil = await reach(starter, "documents")
    name = pupil.state["question"]["documents"][0]["name"]
    path = f"{pupil.at}/questions/{pupil.state['number']}/documents/{name}"
    first = await starter.lea.get(path)
    assert first.status == 200
    assert first.headers["Content-Disposition"].startswith("attachment")
    assert (await starter.lea.get(path)).data == first.data
    assert (await starter.tom.get(path)).status == 404
    assert (await starter.roy.get(path)).status == 403
    assert (await starter.stranger.get(path)).status == 401


async def test_only_documents_of_questions_already_asked_exist(starter: Site) -> None:
    pupil = await reach(starter, "documents")
    number, name = pupil.state["number"], pupil.state["question"]["documents"][0]["name"]
    for path in (f"{number + 1}/documents/{name}", f"{number}/documents/other.ods", f"x/documents/{name}"):
        assert (await starter.lea.get(f"{pupil.at}/questions/{path}")).status == 404


async def test_the_answer_of_a_file_is_what_the_server_found_in_it(starter: Site) -> None:
    pupil = await reach(starter, "hand_back")
    number = pupil.state["number"]
    path = f"{pupil.at}/questions/{number}/hand-back"
    data, name = a_file_for(pupil)
    sent = await starter.lea.ask("POST", f"{path}?name={name}", data=data)
    assert sent.status == 200, sent.body
    forged = dict.fromkeys(sent.body["facts"], "yes")
    assert (await pupil.answer(forged)).code == "answer.unknown_upload"
    assert (await pupil.answer({"upload": "0" * 64})).code == "answer.unknown_upload"
    assert (await pupil.answer({"upload": sent.body["upload"]}, number=number)).status == 200
    lines = await starter.kiosk.db.read(lambda conn: starter.kiosk.log.events(conn, pupil.id))
    answers = [event for event in read_events(lines) if isinstance(event, Answered)]
    assert answers[-1].answer == sent.body["facts"]
    kept = starter.home / "uploads" / sent.body["upload"][:2] / sent.body["upload"]
    assert kept.read_bytes() == data


def a_file_for(pupil: Pupil) -> tuple[bytes, str]:
    ending = pupil.state["question"]["fields"]["accept"][0]
    if ending in {".csv", ".txt"}:
        return b"a;b\n1;2\n", f"rendu{ending}"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        kind = "spreadsheet" if ending == ".ods" else "text"
        packed.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        packed.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">'
            f"<office:body><office:{kind}/></office:body></office:document-content>",
        )
    return made.getvalue(), f"rendu{ending}"


async def test_a_file_that_is_too_large_unreadable_or_not_asked_for_is_refused(starter: Site) -> None:
    pupil = await reach(starter, "hand_back")
    path = f"{pupil.at}/questions/{pupil.state['number']}/hand-back"
    assert (
        await starter.lea.ask("POST", f"{path}?name=a.ods", data=io.BytesIO(b"x" * 2_100_000))
    ).status == 413
    unreadable = await starter.lea.ask("POST", f"{path}?name=a.ods", data=b"not a file")
    assert (unreadable.status, unreadable.code) == (422, "file.unreadable")
    assert (await starter.lea.ask("POST", path, data=b"x")).code == "upload.bad_name"
    assert (await starter.tom.ask("POST", f"{path}?name=a.ods", data=b"x")).status == 404
    other = f"{pupil.at}/questions/{pupil.state['number'] + 1}/hand-back?name=a.ods"
    assert (await starter.lea.ask("POST", other, data=b"x")).code == "sitting.wrong_number"
