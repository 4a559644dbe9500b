"""A certification day that went up to a central instance: the school's real log, handed in as the daemon would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central_kit import Pupils
from exam_site import authority, bundle
from sealed_kit import CODE

from sync import frames, letters
from sync.box_keys import load_or_make_box
from sync.canonical import canonical
from sync.central.certification_banks import row_of
from sync.central.publication import Ordered
from sync.central.store import certifications as store
from sync.central.store import jury, sealed_banks
from sync.identities import SEALED, SHEET, Details, Letter, SheetLine
from sync.log_store import each_record
from sync.profile_exchange import packed

if TYPE_CHECKING:
    from central_room import Central
    from exam_site import Day

    from sync.central.store.certifications import Certification


async def enrol(central: Central, day: Day) -> str:
    """Make the day's school known; return its id."""
    identity = day.site.kiosk.identity
    school = Pupils()
    school.signer, school.site = identity.signer, identity.site
    await central.enrol(school)
    return identity.site


async def add_sealed_bank(central: Central) -> None:
    """Make the day's bank known with its certification part."""
    row = row_of(bundle().data, authority().public, CODE, central.instance.box, central.clock())
    await central.instance.database.write(lambda conn: sealed_banks.add(conn, row))
    await central.instance.certify.run(central.clock())


async def lines_of(day: Day) -> list[bytes]:
    """Return every record of the school's log, as it travels."""
    found = await day.site.kiosk.db.read(lambda conn: list(each_record(conn, 0)))
    return [one.frame.line() for one in found]


async def hand_in(central: Central, day: Day) -> None:
    """Send all records, then the identity sheets."""
    reply = await central.send(*await lines_of(day))
    assert reply["refused"] == [], reply["refused"]
    lines = await sheets_of(central, day)
    if lines:
        sent = await central.client.post("/api/v1/identities", data=b"".join(lines))
        assert sent.status == 200
        assert b"refused" not in await sent.read()


async def sheets_of(central: Central, day: Day) -> list[bytes]:
    """Return the identity sheets of the day as lines."""
    rows = await day.site.kiosk.db.read(
        lambda conn: conn.execute("SELECT candidate, session, hash, sheet FROM identity_sheets").fetchall()
    )
    identity, home = day.site.kiosk.identity, day.site.home
    lines = []
    for candidate, session, hashed, sheet in rows:
        plain = canonical(Letter(Details(ine="1234567890A"), sheet))
        sealed = letters.seal_letter(central.instance.box.public, SEALED + identity.site.encode(), plain)
        box = load_or_make_box(home).public.hex()
        line = SheetLine(central.clock(), box, candidate, hashed, packed(sealed), session, identity.site)
        lines.append(frames.frame(identity.signer, SHEET, canonical(line)))
    return lines


async def certification(central: Central, day: Day, name: str) -> Certification:
    """Return what central keeps of a candidate."""
    async with central.instance.database.read() as conn:
        found = await store.by_candidate(conn, day.site.kiosk.identity.site, day.ids[name])
    assert found is not None
    return found


async def taken_in(central: Central, day: Day) -> str:
    """Make school and bank known and hand everything in; return the school's id."""
    site = await enrol(central, day)
    await add_sealed_bank(central)
    central.clock.now = day.site.clock.now_ms()
    await hand_in(central, day)
    return site


def order(site: str, day: Day, act: str, who: str = "", *, text: str = "", about: str = "") -> Ordered:
    """Return an act of an officer's on a session, or on one of its candidates."""
    return Ordered(
        site, day.session.id, act, "helene", candidate=day.ids[who] if who else "", about=about, text=text
    )


async def do(central: Central, ordered: Ordered) -> None:
    """Let the officer do it."""
    await central.instance.publication.do(ordered, central.clock())


async def results(central: Central, site: str, day: Day, who: str) -> list[tuple[str, str, str]]:
    """Return every result of a candidate as status, comment and author."""
    async with central.instance.database.read() as conn:
        rows = await jury.results_of(conn, site, day.session.id)
    return [(row.status, row.comment, row.officer) for row in rows[day.ids[who]]]
