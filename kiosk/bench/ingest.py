"""`preau bench ingest`: sittings taken in, checked and replayed per second by the real central instance.

A throwaway school signs whole sittings; they are sent over HTTP to a central process as the daemon sends them, and the
time of the server's own processor is what a core is counted by.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

from exam.campaign.engines import Engines
from exam.simulate import Pupil, simulate
from kiosk.bank_files import load_bank, starter_bank
from kiosk.bench.answers import child, cpu_s, free_port, reach
from kiosk.bench.replay import COURSE
from kiosk.bench.room import SCHOOL, UAI
from kiosk.homes import make_home
from kiosk.opening import open_log
from sync.chain import head_of
from sync.enrol import enrol
from sync.identity import Identity, init_home
from sync.records import ParticipationShared
from sync.transport import CONTENT_TYPE, RECEIPTS_TYPE
from sync.zstd import compress

if TYPE_CHECKING:
    from exam.bank import Bank
    from sync.db import Tx
    from sync.log import Log

PREAU = str(Path(sys.executable).with_name("preau"))
BATCH = 200
LINES = "SELECT sig, bytes FROM log_records ORDER BY seq"


def run_ingest(sittings: int) -> dict[str, float | int]:
    """Send that many sittings to a central instance; return the figures of `preau bench ingest --json`."""
    with tempfile.TemporaryDirectory(prefix="preau-bench-") as folder:
        school, central = Path(folder) / "school", Path(folder) / "central"
        code = _prepare(school, central)
        port = free_port()
        with child(PREAU, "--home", str(central), "central", "serve", "--port", str(port)) as process:
            url = f"http://127.0.0.1:{port}"
            asyncio.run(_enrol(school, url, port, code))
            bodies = _bodies(school, sittings)
            before, began = cpu_s(process.pid), time.perf_counter()
            receipts = asyncio.run(_send(url, bodies))
            took, cpu = time.perf_counter() - began, cpu_s(process.pid) - before
        verified = _json(central, "central", "school", "list")["schools"][0].get("verified")
    return {
        "sittings": sittings,
        "receipts": receipts,
        "verified": verified if verified is not None else -1,
        "seconds": round(took, 2),
        "sittings_per_second": round(sittings / took, 1),
        "sittings_per_core_second": round(sittings / cpu, 1) if cpu else 0.0,
    }


async def _enrol(school: Path, url: str, port: int, code: str) -> None:
    (await reach(port)).close()
    await enrol(school, url, code, UAI, SCHOOL)


def _json(home: Path, *words: str, stdin: str = "") -> Any:  # noqa: ANN401 - what JSON holds
    done = subprocess.run(  # noqa: S603 - our own command
        [PREAU, "--home", str(home), *words, "--json"],
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def _prepare(school: Path, central: Path) -> str:
    make_home(school)
    init_home(school, UAI, SCHOOL)
    _json(
        central, "central", "init", "--officer", "mesure", "--password-stdin", stdin="Mesure-de-l-octet-8\n"
    )
    _json(central, "central", "bank", "add", str(starter_bank()))
    return str(_json(central, "central", "school", "add", "--uai", UAI, "--name", SCHOOL)["code"])


def _bodies(home: Path, sittings: int) -> list[bytes]:
    """Sign the sittings in a school's own log and return the uploads, compressed as the daemon does."""
    bank = load_bank(starter_bank())
    db, log = open_log(home, Identity.load(home))
    try:
        for start in range(0, sittings, BATCH):
            numbers = range(start, min(sittings, start + BATCH))
            db.write_sync(partial(_share_all, bank, log, numbers))
        rows = db.read_sync(lambda conn: conn.execute(LINES).fetchall())
    finally:
        db.close_sync()
    lines = [sig.hex().encode() + b" " + data + b"\n" for sig, data in rows]
    return [compress(b"".join(lines[at : at + BATCH])) for at in range(0, len(lines), BATCH)]


ENGINES = Engines()


def _share_all(bank: Bank, log: Log, numbers: range, tx: Tx) -> None:
    for number in numbers:
        _share(bank, log, tx, number)


def _share(bank: Bank, log: Log, tx: Tx, number: int) -> None:
    participation = f"{number:016x}"
    engine = ENGINES.engine_for(bank, COURSE)
    now = time.time_ns() // 1_000_000
    for event in simulate(engine, participation, Pupil.drawn(b"bench" + number.to_bytes(8, "big"))):
        log.append_event(tx, participation, event, now)
    lines = log.events_in(tx, participation)
    body = ParticipationShared(
        participation=participation,
        campaign="simulated",
        course=COURSE,
        bank=bank.digest,
        engine="campaign/1",
        pupil=participation,
        head=head_of(lines),
        events=[msgspec.Raw(line) for line in lines],
    )
    log.append_record(tx, "participation.shared", body, now)


async def _send(url: str, bodies: list[bytes]) -> int:
    headers = {"Content-Type": CONTENT_TYPE, "Content-Encoding": "zstd", "Accept": RECEIPTS_TYPE}
    receipts = 0
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=600)) as http:
        for body in bodies:
            async with http.post(f"{url}/api/v1/records", data=body, headers=headers) as reply:
                reply.raise_for_status()
                receipts += len((await reply.read()).splitlines())
    return receipts
