"""The tables, their migrations, and who may open them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from central_room import Clock
from sqlalchemy import text

from sync.central import throttle
from sync.central.database import open_database
from sync.central.errors import Throttled, WrongSetting
from sync.central.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncConnection


def _differences(conn: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(conn), metadata))


async def test_the_migrations_build_exactly_the_tables(empty_database: str) -> None:
    opened = await open_database(empty_database)
    async with opened.read() as conn:
        assert await conn.run_sync(_differences) == []
    await opened.close()


async def test_two_workers_may_start_at_once_on_an_empty_database(empty_database: str) -> None:
    both = await asyncio.gather(open_database(empty_database), open_database(empty_database))
    for opened in both:
        await opened.close()


async def test_a_database_of_a_later_version_is_refused(empty_database: str) -> None:
    opened = await open_database(empty_database)
    await opened.write(lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    await opened.close()
    with pytest.raises(WrongSetting, match="another version"):
        await open_database(empty_database)


@pytest.mark.parametrize("wrong", ["", "central.db", "mysql://a/b", "http://a"])
async def test_an_address_of_another_sort_is_refused(wrong: str) -> None:
    with pytest.raises(WrongSetting):
        await open_database(wrong)


async def test_a_failed_write_leaves_nothing(empty_database: str) -> None:
    opened = await open_database(empty_database)

    async def fails(conn: AsyncConnection) -> None:
        await throttle.take(conn, throttle.ENROLMENT, "here", 0)
        raise KeyError

    with pytest.raises(KeyError):
        await opened.write(fails)
    async with opened.read() as conn:
        assert (await conn.execute(text("SELECT count(*) FROM attempts"))).scalar_one() == 0
    await opened.close()


async def test_tries_are_counted_in_a_window_that_ends(empty_database: str) -> None:
    opened, clock = await open_database(empty_database), Clock()

    async def one_more(place: str = "here") -> None:
        await opened.write(lambda conn: throttle.take(conn, throttle.ENROLMENT, place, clock()))

    for _ in range(throttle.ENROLMENT.times):
        await one_more()
    with pytest.raises(Throttled) as refusal:
        await one_more()
    await one_more("elsewhere")
    assert refusal.value.wait_s == throttle.ENROLMENT.window_ms // 1000 + 1
    clock.now += throttle.ENROLMENT.window_ms
    await one_more()
    await opened.close()


async def test_tries_all_at_once_are_counted_one_by_one(empty_database: str) -> None:
    opened = await open_database(empty_database)

    async def one_more() -> bool:
        try:
            await opened.write(lambda conn: throttle.take(conn, throttle.ENROLMENT, "here", 0))
        except Throttled:
            return False
        return True

    taken = await asyncio.gather(*[one_more() for _ in range(throttle.ENROLMENT.times * 3)])
    assert sum(taken) == throttle.ENROLMENT.times
    await opened.close()


@pytest.mark.parametrize(
    ("address", "place"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8::1:2", "2001:db8::/64"), ("nowhere", "nowhere"), ("", "")],
)
def test_an_ipv6_neighbourhood_counts_as_one_place(address: str, place: str) -> None:
    assert throttle.network_of(address) == place
