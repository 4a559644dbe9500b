"""The end page says "on both servers" once the central instance's receipt is here, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_browser import axe_violations, open_course

from sync.db import Database
from sync.outbox import OUTBOX_MIGRATIONS

if TYPE_CHECKING:
    from page_browser import NewPupil
    from page_site import Site

    from kiosk.people import Person

pytestmark = pytest.mark.journey


def _receive(site: Site, record: int) -> None:
    """Keep a receipt as the sync daemon does, in its own database."""
    assert site.kiosk is not None
    outbox = Database.open(site.kiosk.config.sync_database, [OUTBOX_MIGRATIONS])
    try:
        outbox.write_sync(
            lambda tx: tx.execute(
                "INSERT INTO receipts (hash, seq, state, at, line) VALUES ('00', ?, 'stored', 0, x'')",
                (record,),
            )
        )
    finally:
        outbox.close_sync()


def test_the_chip_waits_for_the_receipt_of_the_central_instance(
    site: Site, teacher: Person, new_pupil: NewPupil
) -> None:
    page = new_pupil().new_page()
    open_course(site, page, site.campaign(teacher, "single-choice"))
    page.click("#pass")
    page.wait_for_url("**/end")
    page.click("aside button.do")
    page.wait_for_selector("aside .say.ok")
    assert page.inner_text("#saved") == "Sur le serveur"
    assert site.kiosk is not None
    _receive(site, site.kiosk.log.records)
    page.wait_for_function("() => document.getElementById('saved').innerText === 'Sur les deux serveurs'")
    assert axe_violations(page) == []
