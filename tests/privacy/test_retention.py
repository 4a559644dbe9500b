"""What is kept and for how long: said beforehand, purged on the day, and every chain still verifies from its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk_site import FrozenClock, open_site
from two_schools import learner_of, number, played, two_schools

from kiosk.actions import retention
from kiosk.actions.profiles import send_profile
from kiosk.pasts import validated_of
from sync.export import export_log
from sync.identity import Identity
from sync.log_audit import check_log
from sync.verify import verify_file

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk_site import Site

    from kiosk.actions.retention import Line
    from sync.verdict import Verdict

YEAR_S = 366 * 86_400


async def audit(site: Site) -> Verdict:
    """Check the log where it lives."""
    identity = Identity.load(site.home)
    return await site.kiosk.db.read(lambda conn: check_log(conn, identity.signer.public, identity.site))


async def line(site: Site, kind: str) -> Line:
    """Return one line of the report."""
    kiosk, now = site.kiosk, site.clock.now_ms()
    lines = await kiosk.db.read(lambda conn: retention.report(conn, kiosk.config, now))
    return next(one for one in lines if one.kind == kind)


async def known(site: Site) -> set[str]:
    """Return what Léa has validated."""
    kiosk, now = site.kiosk, site.clock.now_ms()
    return await kiosk.db.read(lambda conn: validated_of(conn, kiosk.banks, kiosk.log, "id-lea", now))


async def test_answers_past_their_time_go_and_what_was_learnt_and_the_chain_stay(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with open_site(home, keep_participations_months=12) as site:
        old = await played(site)
        validated = await known(site)
        site.clock.pass_s(YEAR_S)
        await site.gather_cast()
        await site.joined(site.tom)
        assert (await line(site, "participations"))[4:6] == (2, 1)
        assert (await retention.apply(site.kiosk))["participations"] == 1
        assert await known(site) == validated
        assert await site.kiosk.db.read(lambda conn: site.kiosk.log.events(conn, old.id)) == []
        verdict = await audit(site)
        assert (verdict.verdict, verdict.purged, verdict.sittings) == ("verified", 1, 1), verdict.failures
        exported, identity = tmp_path / "log", Identity.load(home)
        await site.kiosk.db.read(lambda conn: export_log(conn, identity, exported, 1))
        assert verify_file(exported, identity.signer.public).purged == 1
        assert (await retention.apply(site.kiosk))["participations"] == 0
        clock = site.clock
    async with open_site(home, clock=clock) as again:
        assert not (await again.kiosk.db.read(again.kiosk.log.check_tail)).failures
        await played(again)
        assert (await audit(again)).verdict == "verified"


async def test_the_very_end_of_the_log_waits_until_something_follows(tmp_path: Path) -> None:
    async with open_site(tmp_path, keep_participations_months=12) as site:
        await played(site)
        site.clock.pass_s(YEAR_S)
        assert (await retention.apply(site.kiosk))["participations"] == 0
        assert (await audit(site)).purged == 0
        await site.gather_cast()
        await site.joined(site.tom)
        assert (await retention.apply(site.kiosk))["participations"] == 1
        assert ((await audit(site)).verdict, (await audit(site)).purged) == ("verified", 1)


async def test_a_profile_sent_long_ago_goes_with_its_record(tmp_path: Path) -> None:
    async with open_site(tmp_path, keep_participations_months=12) as site:
        sent = await site.joined(site.tom, kind="collection", course="")
        assert site.tom.person is not None
        await send_profile(site.kiosk, site.tom.person, sent)
        site.clock.pass_s(YEAR_S)
        await site.gather_cast()
        await site.joined(site.lea)
        assert (await retention.apply(site.kiosk))["participations"] == 1
        left = await site.kiosk.db.read(
            lambda conn: conn.execute("SELECT type FROM log_records WHERE type = 'profile.shared'").fetchall()
        )
        assert left == []
        assert (await audit(site)).verdict == "verified"
        assert (await retention.apply(site.kiosk))["participations"] == 0


async def test_a_sitting_taken_away_without_a_tombstone_or_put_in_place_of_another_is_named(
    tmp_path: Path,
) -> None:
    async with open_site(tmp_path, keep_participations_months=12) as site:
        await played(site)
        site.clock.pass_s(YEAR_S)
        await site.gather_cast()
        other = await site.joined(site.tom)
        await retention.apply(site.kiosk)
        await site.kiosk.db.write(
            lambda tx: tx.execute("DELETE FROM log_events WHERE sitting = ?", (other,)).rowcount
        )
        assert {one.code for one in (await audit(site)).failures} == {"missing"}
        await site.kiosk.db.write(lambda tx: tx.execute("DELETE FROM log_tombstones").rowcount)
        assert len((await audit(site)).failures) > 2


async def test_nothing_is_purged_unless_the_settings_say_so(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        await played(site)
        site.clock.pass_s(10 * YEAR_S)
        done = await retention.apply(site.kiosk)
        assert not any(done[kind] for kind in ("participations", "disabled", "uploads", "refusals"))


async def test_a_pupil_who_left_long_ago_is_erased_and_one_who_left_lately_is_not(tmp_path: Path) -> None:
    async with open_site(tmp_path, keep_disabled_months=12, clock=FrozenClock()) as site:
        await number(site.kiosk)
        now = site.clock.now_ms()
        await site.kiosk.db.write(
            lambda tx: (
                tx.execute("UPDATE learners SET disabled_ms = ? WHERE person = 'id-lea'", (now,)).rowcount
            )
        )
        assert (await retention.apply(site.kiosk))["disabled"] == 0
        site.clock.pass_s(YEAR_S)
        assert (await retention.apply(site.kiosk))["disabled"] == 1
        left = await site.kiosk.db.read(
            lambda conn: conn.execute(
                "SELECT first_name, ine FROM learners WHERE person = 'id-lea'"
            ).fetchone()
        )
        assert left == ("", None)


async def test_a_record_the_central_instance_has_not_acknowledged_is_not_purged(tmp_path: Path) -> None:
    async with two_schools(tmp_path, keep_participations_months=12) as schools:
        await played(schools.old)
        schools.old.clock.pass_s(YEAR_S)
        await schools.old.gather_cast()
        await schools.old.joined(schools.old.tom)
        assert (await retention.apply(schools.old.kiosk))["participations"] == 0
        await schools.carry()
        assert (await retention.apply(schools.old.kiosk))["participations"] == 1
        assert (await audit(schools.old)).verdict == "verified"
        assert await learner_of(schools.old.kiosk)
