"""Records reach the central instance once, whatever happens on the way, and only signed receipts count."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import log_kit
import pytest
from aiohttp.web import Request, Response, StreamResponse
from central_double import Central, CutProxy, serve
from log_kit import School, open_school

from sync.daemon import NothingToRead, open_courier, run, run_once
from sync.enrolment import EnrolmentFile, NotEnrolled, save_enrolment
from sync.exchange import status
from sync.identity import now_ms
from sync.keys import load_or_make
from sync.notify import Notifier
from sync.transport import RECEIPTS_TYPE


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    with open_school(tmp_path / "school") as found:
        log_kit.fill(found)
        yield found


@pytest.fixture
async def central(tmp_path: Path) -> AsyncIterator[Central]:
    async with serve(load_or_make(tmp_path / "central.key")) as found:
        yield found


def enrol(school: School, central: Central, url: str = "") -> None:
    found = EnrolmentFile(url or central.url, school.identity.site, "")
    save_enrolment(school.home, found, central.signer.public)


async def test_every_record_is_sent_once_and_its_receipt_kept(school: School, central: Central) -> None:
    enrol(school, central)
    first, again = await run_once(school.home, now_ms), await run_once(school.home, now_ms)
    assert (first.sent, first.pending, first.state) == (4, 0, "ok")
    assert (again.sent, central.uploads, len(central.stored)) == (0, 1, 4)
    found = status(school.home)
    assert (found.receipts, found.waiting, found.state, found.enrolled) == (4, 0, "ok", True)
    assert found.last_contact_ms is not None


async def test_a_central_put_back_from_an_old_backup_is_given_everything_again_on_request(
    school: School, central: Central
) -> None:
    enrol(school, central)
    await run_once(school.home, now_ms)
    central.stored.clear()
    central.receipts.clear()
    assert (await run_once(school.home, now_ms)).sent == 0
    report = await run_once(school.home, now_ms, again=True)
    assert (report.sent, report.pending, len(central.stored)) == (4, 0, 4)
    assert status(school.home).receipts == 4


async def test_having_nothing_to_send_is_no_contact(tmp_path: Path, central: Central) -> None:
    with open_school(tmp_path / "quiet") as quiet:
        enrol(quiet, central)
        assert (await run_once(quiet.home, now_ms)).state == "ok"
        assert status(quiet.home).last_contact_ms is None
        assert central.uploads == 0


async def test_an_upload_cut_at_any_byte_is_completed_later(school: School, central: Central) -> None:
    cuts = random.Random(7)
    port = int(central.url.rpartition(":")[2])
    for _ in range(25):
        (school.home / "sync.db").unlink(missing_ok=True)
        async with CutProxy(port, cuts.randrange(1, 9_000)) as url:
            enrol(school, central, url)
            report = await run_once(school.home, now_ms)
            assert report.sent + report.pending == 4
        enrol(school, central)
        assert (await run_once(school.home, now_ms)).pending == 0
    assert len(central.stored) == len(central.receipts) == 4


async def test_a_central_down_for_long_loses_nothing(school: School, central: Central) -> None:
    enrol(school, central, "http://127.0.0.1:9")
    for number in range(5):
        report = await run_once(school.home, now_ms)
        assert (report.state, report.sent, report.pending) == ("unreachable", 0, 4 + number)
        school.answer("p-9", number + 1)
        school.share("p-9")
    enrol(school, central)
    assert (await run_once(school.home, now_ms)).sent == 9
    assert len(central.stored) == 9


async def portal(_: Request) -> StreamResponse:
    return Response(text="<html>Bienvenue sur le Wi-Fi</html>", content_type="text/html")


async def redirect(_: Request) -> StreamResponse:
    return Response(status=302, headers={"Location": "http://127.0.0.1:9/"})


async def broken(_: Request) -> StreamResponse:
    return Response(status=503, headers={"Retry-After": "30"})


async def forbidden(_: Request) -> StreamResponse:
    return Response(status=403, text='{"error": {"code": "school.revoked"}}')


async def silent(_: Request) -> StreamResponse:
    return Response(body=b"", content_type=RECEIPTS_TYPE)


async def nonsense(_: Request) -> StreamResponse:
    return Response(body=b"thank you\n", content_type=RECEIPTS_TYPE)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (portal, "bad_answer"),
        (redirect, "unreachable"),
        (broken, "unreachable"),
        (forbidden, "refused"),
        (silent, "bad_answer"),
        (nonsense, "bad_answer"),
    ],
)
async def test_whatever_is_not_a_receipt_leaves_all_pending(
    school: School, central: Central, answer: object, state: str
) -> None:
    enrol(school, central)
    central.misbehave = answer  # type: ignore[assignment]  # parametrize loses the handler's type
    report = await run_once(school.home, now_ms)
    assert (report.state, report.sent, report.pending) == (state, 0, 4)
    assert status(school.home).last_error
    central.misbehave = None
    assert (await run_once(school.home, now_ms)).sent == 4


async def test_receipts_by_another_key_are_not_believed(
    school: School, central: Central, tmp_path: Path
) -> None:
    enrol(school, central)
    central.signer = load_or_make(tmp_path / "impostor.key")
    report = await run_once(school.home, now_ms)
    assert (report.state, report.pending) == ("wrong_key", 4)


async def test_too_large_an_upload_is_sent_in_smaller_ones(school: School, central: Central) -> None:
    sizes: list[int] = []

    async def limited(request: Request) -> StreamResponse:
        body = await request.read()
        answer = central.answer(body)
        assert isinstance(answer.body, bytes)
        sizes.append(answer.body.count(b"\n"))
        return Response(status=413) if sizes[-1] > 1 else answer

    enrol(school, central)
    central.misbehave = limited
    report = await run_once(school.home, now_ms)
    assert (report.sent, report.pending, sizes) == (4, 0, [4, 2, 1, 1, 1, 1])


async def test_a_record_refused_by_name_is_set_aside_and_the_others_pass(
    school: School, central: Central
) -> None:
    async def choosy(request: Request) -> StreamResponse:
        answer = central.answer(await request.read())
        assert isinstance(answer.body, bytes)
        lines = answer.body.splitlines(keepends=True)
        lines[1] = b'refused {"code":"record.malformed","index":1,"message":"x"}\n'
        return Response(body=b"".join(lines), content_type=RECEIPTS_TYPE)

    enrol(school, central)
    central.misbehave = choosy
    report = await run_once(school.home, now_ms)
    assert (report.sent, report.refused, report.pending) == (3, 1, 1)
    assert status(school.home).refused == 1
    central.misbehave = None
    assert (await run_once(school.home, now_ms)).sent == 0
    assert (await run_once(school.home, lambda: now_ms() + 3_700_000)).sent == 1
    assert status(school.home).refused == 0


async def test_after_a_restored_backup_the_other_record_of_that_number_is_sent(
    school: School, central: Central, tmp_path: Path
) -> None:
    """Two branches under one number: each has its own hash, and each is offered."""
    enrol(school, central)
    await run_once(school.home, now_ms)
    with open_school(tmp_path / "restored") as other:
        log_kit.fill(other, sittings=1)
        enrol(other, central)
        (other.home / "sync.db").write_bytes((school.home / "sync.db").read_bytes())
        assert (await run_once(other.home, now_ms)).sent == 2


async def test_without_enrolment_or_database_the_reason_is_said(
    school: School, central: Central, tmp_path: Path
) -> None:
    with pytest.raises(NotEnrolled, match="preau enrol"):
        await run_once(school.home, now_ms)
    empty = tmp_path / "empty"
    save_enrolment(empty, EnrolmentFile(central.url, "s-1", ""), central.signer.public)
    with pytest.raises(NothingToRead, match="preau serve"):
        await run_once(empty, now_ms)


async def test_after_a_failure_the_next_try_waits_longer_each_time(school: School, central: Central) -> None:
    enrol(school, central, "http://127.0.0.1:9")
    waits = []
    async with open_courier(school.home, lambda: 0) as (courier, *_):
        for _round in range(12):
            await courier.carry_all()
            waits.append(courier.next_try)
    assert all(500 << n <= wait <= 1000 << n for n, wait in enumerate(waits[:8]))
    assert max(waits) <= 300_000


async def test_the_daemon_sends_what_the_kiosk_commits_while_it_runs(
    school: School, central: Central
) -> None:
    """It starts before the enrolment, waits for it, and follows the log."""
    stop = asyncio.Event()
    daemon = asyncio.create_task(run(school.home, now_ms, Notifier({}), stop))
    enrol(school, central)
    await central.holds(4)
    school.answer("p-live", 1)
    number = school.share("p-live")
    await central.holds(number)
    stop.set()
    await daemon
