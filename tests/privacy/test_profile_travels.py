"""A pupil changes school and the profile follows: two schools, a real central process, on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kiosk_site import Pupil
from postgres_server import Cluster
from processes import preau_json
from two_schools import BIRTH, INE, learner_of, number, played, two_schools

from exam.events import Opened
from kiosk.actions import erasing, profile_requests
from kiosk.errors import Conflict, Forbidden, NotFound
from kiosk.pasts import validated_of
from kiosk.sittings import read_events
from kiosk.store import pieces
from kiosk.store import profile_requests as store
from sync.identity import Identity
from sync.log_audit import check_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kiosk_site import Site
    from two_schools import Schools

    from kiosk.store.profile_requests import Request


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    running = Cluster()
    yield running
    running.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    made: Callable[[], str] = request.getfixturevalue("cluster").make_database
    return made()


async def test_results_of_the_old_school_are_not_asked_again_in_the_new_one(
    tmp_path: Path, database: str | None
) -> None:
    async with two_schools(tmp_path, database) as schools:
        await played(schools.old)
        before = await validated(schools.old)
        assert before
        learner = await asked(schools)
        await schools.carry()
        assert (await last(schools.new, learner)).state == "found"
        assert await validated(schools.new) == before
        pupil = await Pupil(schools.new.lea, await schools.new.joined()).take()
        assert pupil.state["state"] != "question"  # everything of this course was acquired over there
        opened = await first_event(schools.new, pupil.id)
        assert {skill for skill, status, _ in opened.prior if status == "validated"} == before
        await holds(schools.new)
        await schools.carry()
        listed = preau_json(schools.central_home, "central", "school", "list", *words(database))
        assert [row["failed"] for row in listed["schools"]] == [0, 0]


def words(database: str | None) -> list[str]:
    """Return the words of a command that name the central database."""
    return [] if database is None else ["--database", database]


async def asked(schools: Schools) -> str:
    """Have the principal of the new school ask for Léa's profile."""
    learner = await learner_of(schools.new.kiosk)
    await profile_requests.ask(schools.new.kiosk, schools.new.diaz.person, learner)  # type: ignore[arg-type] # signed in
    return learner


async def last(site: Site, learner: str) -> Request:
    """Return the last request for a learner."""
    found = await site.kiosk.db.read(lambda conn: store.last_of(conn, learner))
    assert found is not None
    return found


async def validated(site: Site) -> set[str]:
    """Return the skills Léa has validated, as this server knows it."""
    kiosk = site.kiosk
    return await kiosk.db.read(
        lambda conn: validated_of(conn, kiosk.banks, kiosk.log, "id-lea", site.clock.now_ms())
    )


async def first_event(site: Site, sitting: str) -> Opened:
    """Return how a sitting opened, as the log has it."""
    events = await site.kiosk.db.read(lambda conn: read_events(site.kiosk.log.events(conn, sitting)))
    assert isinstance(events[0], Opened)
    return events[0]


async def holds(site: Site) -> None:
    """Check the whole log."""
    identity = Identity.load(site.home)
    verdict = await site.kiosk.db.read(lambda conn: check_log(conn, identity.signer.public, identity.site))
    assert verdict.verdict == "verified", verdict.failures


async def test_a_request_waits_while_the_central_instance_is_away(tmp_path: Path) -> None:
    async with two_schools(tmp_path) as schools:
        await played(schools.old)
        await schools.carry()
        schools.central.stop()
        learner = await asked(schools)
        await schools.carry()
        assert (await last(schools.new, learner)).state == "queued"
        schools.central.start()
        await schools.carry()
        assert (await last(schools.new, learner)).state == "found"


async def test_a_pupil_nobody_knows_is_told_apart(tmp_path: Path) -> None:
    async with two_schools(tmp_path) as schools:
        await played(schools.old)
        await number(schools.new.kiosk, birth="2013-04-06")
        learner = await asked(schools)
        await schools.carry()
        assert (await last(schools.new, learner)).state == "none"
        assert await validated(schools.new) == set()


async def test_only_the_administrator_of_the_pupils_organisation_asks(tmp_path: Path) -> None:
    async with two_schools(tmp_path) as schools:
        new = schools.new
        learner = await learner_of(new.kiosk)
        for client in (new.lea, new.tom, new.roy):
            with pytest.raises(Forbidden):
                await profile_requests.ask(new.kiosk, client.person, learner)  # type: ignore[arg-type] # signed in
        with pytest.raises(NotFound):
            await profile_requests.ask(new.kiosk, new.other_principal.person, learner)  # type: ignore[arg-type] # signed in
        tom = await learner_of(new.kiosk, "id-tom")
        with pytest.raises(Conflict, match=r"profile\.no_number"):
            await profile_requests.ask(new.kiosk, new.diaz.person, tom)  # type: ignore[arg-type] # signed in
        await asked(schools)
        with pytest.raises(Conflict, match=r"profile\.asked_lately"):
            await asked(schools)


async def test_an_erasure_reaches_the_central_instance_and_what_was_signed_before_still_verifies(
    tmp_path: Path, database: str | None
) -> None:
    async with two_schools(tmp_path, database) as schools:
        await played(schools.old)
        await schools.carry()
        principal = schools.old.diaz.person
        assert principal is not None
        await erasing.erase_learner(schools.old.kiosk, principal, await learner_of(schools.old.kiosk))
        await schools.carry()
        learner = await asked(schools)
        await schools.carry()
        assert (await last(schools.new, learner)).state == "none"
        await holds(schools.old)


async def test_neither_name_nor_number_travels_in_clear_nor_rests_in_the_central_instance(
    tmp_path: Path,
) -> None:
    async with two_schools(tmp_path) as schools:
        await played(schools.old)
        learner = await asked(schools)
        await schools.carry()
        assert (await last(schools.new, learner)).state == "found"
        schools.central.stop()
        everything = b"".join(
            path.read_bytes() for path in sorted(schools.central_home.rglob("*")) if path.is_file()
        )
        assert not [word for word in (INE, BIRTH, "Moreau", "Léa") if word.encode() in everything]
        logs = await schools.old.kiosk.db.read(
            lambda conn: b"".join(row[0] for row in conn.execute("SELECT bytes FROM log_records"))
        )
        assert not [word for word in (INE, BIRTH, "Moreau", "Léa") if word.encode() in logs]


async def test_what_came_says_where_it_came_from(tmp_path: Path) -> None:
    async with two_schools(tmp_path) as schools:
        await played(schools.old)
        learner = await asked(schools)
        await schools.carry()
        carried = await schools.new.kiosk.db.read(lambda conn: pieces.carried_of_learner(conn, learner))
        assert [(one.school, one.uai, one.site) for one in carried] == [
            ("Collège des Tilleuls", "0750001U", schools.old.kiosk.identity.site)
        ]
