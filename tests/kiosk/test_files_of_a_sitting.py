"""Documents a pupil downloads and files they hand back: theirs alone, bounded, and read by the server only."""

from __future__ import annotations

import asyncio
import hashlib
import io
from typing import TYPE_CHECKING

import pytest
from kiosk_site import Pupil, Site, open_site
from page_bank import write_page_bank

from exam.events import Answered
from kiosk.actions import uploads
from kiosk.api import reply
from kiosk.bank_files import load_bank
from kiosk.sittings import read_events
from kiosk.store.uploads import bytes_used

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[Site]:
    """Open a kiosk on the bank that has each kind of question alone in a course."""
    bank = load_bank(write_page_bank(tmp_path / "bank"))
    async with open_site(tmp_path / "home", bank=bank) as opened:
        yield opened


async def reach(site: Site, course: str) -> Pupil:
    """Return a page that waits on the only question of a course."""
    return await Pupil(site.lea, await site.joined(course=course)).take()


async def test_a_document_is_downloaded_by_its_own_pupil_only(school: Site) -> None:
    pupil = await reach(school, "short-text")
    name = pupil.state["question"]["documents"][0]["name"]
    path = f"{pupil.at}/questions/{pupil.state['number']}/documents/{name}"
    first = await school.lea.get(path)
    assert first.status == 200
    assert first.headers["Content-Disposition"].startswith("attachment")
    assert (await school.lea.get(path)).data == first.data
    assert (await school.tom.get(path)).status == 404
    assert (await school.roy.get(path)).status == 404
    assert (await school.stranger.get(path)).status == 401


async def test_only_documents_of_questions_already_asked_exist(school: Site) -> None:
    pupil = await reach(school, "short-text")
    number, name = pupil.state["number"], pupil.state["question"]["documents"][0]["name"]
    for path in (f"{number + 1}/documents/{name}", f"{number}/documents/other.ods", f"x/documents/{name}"):
        assert (await school.lea.get(f"{pupil.at}/questions/{path}")).status == 404


async def test_the_answer_of_a_file_is_what_the_server_found_in_it(school: Site) -> None:
    pupil = await reach(school, "hand-back")
    number = pupil.state["number"]
    path = f"{pupil.at}/questions/{number}/hand-back"
    data, name = b"a;b\n1;2\n", "rendu.txt"
    sent = await school.lea.ask("POST", f"{path}?name={name}", data=data)
    assert sent.status == 200, sent.body
    assert list(sent.body) == ["upload"], "what the checks found would grade the file before it is handed in"
    assert (await pupil.answer({"0": "yes"})).code == "answer.unknown_upload"
    assert (await pupil.answer({"upload": "0" * 64})).code == "answer.unknown_upload"
    assert (await pupil.answer({"upload": sent.body["upload"]}, number=number)).status == 200
    lines = await school.kiosk.db.read(lambda conn: school.kiosk.log.events(conn, pupil.id))
    answers = [event for event in read_events(lines) if isinstance(event, Answered)]
    assert answers[-1].answer == {"0": "no"}
    kept = school.home / "uploads" / sent.body["upload"][:2] / sent.body["upload"]
    assert kept.read_bytes() == data


async def test_a_file_that_is_too_large_unreadable_or_not_asked_for_is_refused(school: Site) -> None:
    pupil = await reach(school, "hand-back")
    path = f"{pupil.at}/questions/{pupil.state['number']}/hand-back"
    assert (
        await school.lea.ask("POST", f"{path}?name=a.odt", data=io.BytesIO(b"x" * 2_100_000))
    ).status == 413
    unreadable = await school.lea.ask("POST", f"{path}?name=a.odt", data=b"not a file")
    assert (unreadable.status, unreadable.code) == (422, "file.unreadable")
    assert (await school.lea.ask("POST", path, data=b"x")).code == "upload.bad_name"
    assert (await school.tom.ask("POST", f"{path}?name=a.odt", data=b"x")).status == 404
    other = f"{pupil.at}/questions/{pupil.state['number'] + 1}/hand-back?name=a.odt"
    assert (await school.lea.ask("POST", other, data=b"x")).code == "sitting.wrong_number"


async def stalled() -> AsyncIterator[bytes]:
    """Yield the beginning of a file, and nothing more for as long as anybody waits."""
    yield b"a;b"
    await asyncio.Event().wait()


async def test_a_file_that_does_not_arrive_is_not_waited_for(
    school: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    pupil = await reach(school, "hand-back")
    monkeypatch.setattr(reply, "FILE_S", 0.05)
    path = f"{pupil.at}/questions/{pupil.state['number']}/hand-back?name=a.txt"
    late = await school.lea.ask("POST", path, data=stalled())
    assert (late.status, late.code) == (408, "request.too_slow")


async def test_files_sent_together_do_not_take_more_room_than_there_is(
    school: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    pupil = await reach(school, "hand-back")
    path = f"{pupil.at}/questions/{pupil.state['number']}/hand-back?name=a.txt"
    files = [b"%09d\n" % place * 100 for place in range(12)]
    monkeypatch.setattr(uploads, "BYTES_A_SITTING", 3 * len(files[0]))
    sent = await asyncio.gather(*(school.lea.ask("POST", path, data=data) for data in files))
    assert sorted(found.status for found in sent) == [200] * 3 + [503] * 9
    kept = next(data for data, found in zip(files, sent, strict=True) if found.status == 200)
    assert (await school.lea.ask("POST", path, data=kept)).status == 200, "it takes no room a second time"


async def test_a_file_that_cannot_be_written_takes_no_room(school: Site) -> None:
    pupil = await reach(school, "hand-back")
    path = f"{pupil.at}/questions/{pupil.state['number']}/hand-back?name=a.txt"
    data = b"a;b\n1;2\n"
    obstacle = school.home / "uploads" / hashlib.sha256(data).hexdigest()[:2]
    obstacle.write_bytes(b"not a folder")
    refused = await school.lea.ask("POST", path, data=data)
    assert (refused.status, refused.code) == (503, "server.not_saved")
    assert await school.kiosk.db.read(bytes_used) == 0
    obstacle.unlink()
    assert (await school.lea.ask("POST", path, data=data)).status == 200
