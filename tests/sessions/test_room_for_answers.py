"""Disk kept for answers, keys kept for a restart, bundles kept for a session: what the server needs to hold through a morning."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from exam_site import authority, bundle, exam_day

from exam.bundle import BankError
from kiosk import day_keys, disk_reserve
from kiosk.errors import Full
from kiosk.sealed_shelf import SealedShelf
from sync.bundle_file import BundleFileError
from sync.frames import FrameError
from sync.sealed import SealError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_reserve_is_taken_given_back_step_by_step_and_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = disk_reserve.take(tmp_path, 10)
    assert taken == disk_reserve.AT_LEAST
    assert disk_reserve.give_way(tmp_path) == taken
    full = shutil.disk_usage(tmp_path)._replace(free=1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    assert disk_reserve.give_way(tmp_path) == taken - disk_reserve.STEP
    disk_reserve.release(tmp_path)
    assert disk_reserve.give_way(tmp_path) == 0


def test_a_disk_without_room_for_everyone_refuses_to_open(tmp_path: Path) -> None:
    with pytest.raises(Full):
        disk_reserve.take(tmp_path, 10**9)


def test_a_day_key_opens_for_the_school_that_kept_it_and_is_gone_once_forgotten(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    day_keys.keep(tmp_path, "s1", "b-1", bytes(32))
    assert day_keys.read(tmp_path, "s1", "b-1") == bytes(32)
    with pytest.raises(SealError):
        day_keys.read(tmp_path, "s1", "b-2")
    day_keys.forget(tmp_path, "s1")
    assert day_keys.read(tmp_path, "s1", "b-1") is None


def test_a_shelf_keeps_what_its_signer_signed_and_nothing_else(tmp_path: Path) -> None:
    shelf = SealedShelf(tmp_path)
    made = bundle()
    shelf.add(made.data, authority().public)
    assert shelf.names() == [made.head.bundle]
    assert shelf.of(made.head.bundle).head == made.head
    with pytest.raises((FrameError, BundleFileError)):
        shelf.add(made.data[:-1], authority().public)
    for name in ("b-" + "0" * 32, "../site"):
        with pytest.raises(BankError):
            shelf.of(name)


async def test_a_window_that_was_left_is_in_the_chain_once(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        (ines,) = await day.begun("ines")
        for _ in range(3):
            assert (await ines.client.post(f"{ines.api}/window", {"number": 1})).status == 200
        lines = await day.site.kiosk.db.read(lambda conn: day.site.kiosk.log.events(conn, ines.id))
        assert b"".join(lines).count(b'"type":"left"') == 1
