"""Erasing a person: what goes, what stays, who may, and that every chain still verifies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kiosk_site import open_site
from two_schools import BIRTH, INE, known, played

from kiosk.actions import erasing
from kiosk.actions.erasing import erase_learner
from kiosk.errors import Conflict, Forbidden, NotFound
from kiosk.store.holdings import HOLDINGS
from sync.export import export_log
from sync.identity import Identity
from sync.log_audit import check_log
from sync.verify import verify_file

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk_site import Site


def everything_in(folder: Path) -> bytes:
    """Return every byte of every file of a home."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def test_every_table_of_the_server_says_what_it_holds_of_people(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        rows = await site.kiosk.db.read(
            lambda conn: conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        )
    here = {row[0] for row in rows if not row[0].startswith("sqlite_")}
    assert here == {holding.table for holding in HOLDINGS}


async def test_nothing_that_names_the_person_is_left_in_any_file_and_the_log_still_holds(
    tmp_path: Path,
) -> None:
    async with open_site(tmp_path / "home") as site:
        learner = await known(site)
        await played(site)
        before = everything_in(site.home)
        assert all(
            word in before for word in (b"Moreau", INE.encode(), b"Montreuil-Bellay", b"lea@exemple.fr")
        )
        done = await erase_learner(site.kiosk, site.diaz.person, learner)  # type: ignore[arg-type] # signed in
        after = everything_in(site.home)
        for word in ("Moreau", "Léa", INE, BIRTH, "Montreuil-Bellay", "Ondine", "lea@exemple.fr"):
            assert word.encode() not in after, word
        assert done.rows["people"] == done.rows["learners"] == done.rows["pieces"] == 1
        assert (await site.lea.get("/api/v1/me")).status == 401
        await holds(site, tmp_path)


async def holds(site: Site, folder: Path) -> None:
    """Check the log where it lives and as a file."""
    identity = Identity.load(site.home)
    verdict = await site.kiosk.db.read(lambda conn: check_log(conn, identity.signer.public, identity.site))
    assert verdict.verdict == "verified", verdict.failures
    exported = folder / "log"
    await site.kiosk.db.read(lambda conn: export_log(conn, identity, exported, 1, force=True))
    assert verify_file(exported, identity.signer.public).verdict == "verified"


async def test_only_an_administrator_of_the_pupils_organisation_erases(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        learner = await known(site)
        for client in (site.lea, site.tom, site.roy):
            with pytest.raises(Forbidden):
                await erase_learner(site.kiosk, client.person, learner)  # type: ignore[arg-type] # signed in
        with pytest.raises(NotFound):
            await erase_learner(site.kiosk, site.other_principal.person, learner)  # type: ignore[arg-type] # signed in
        assert (await site.lea.get("/api/v1/me")).status == 200


async def test_the_last_administrator_is_not_erased(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        with pytest.raises(Conflict, match=r"privacy\.last_admin"):
            await erasing.erase_person(site.kiosk, "id-diaz")
        done = await erasing.erase_person(site.kiosk, "id-ines")
        assert done.rows["people"] == 1


async def test_an_erased_person_is_not_erased_twice(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        learner = await known(site)
        await erase_learner(site.kiosk, site.diaz.person, learner)  # type: ignore[arg-type] # signed in
        with pytest.raises(NotFound):
            await erase_learner(site.kiosk, site.diaz.person, learner)  # type: ignore[arg-type] # signed in
