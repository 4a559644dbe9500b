"""What sending leaves by itself: certifiability, and the 6e attestation with its document."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from kiosk_site import Site, open_site
from results_room import bank_of_6e, new_campaign, person, play, send
from toy_bank import toy_bank

from exam.attestation import COURSES, MEF_6E
from kiosk.actions import participations
from kiosk.actions.profiles import send_profile
from kiosk.daily import find_again
from kiosk.printing.typesetting import typeset
from kiosk.store import settled
from kiosk.store.settled import Restart

if TYPE_CHECKING:
    from pathlib import Path

FIVE = tuple(f"topic{n} {n}.1: 1*2 2*2" for n in range(1, 6))
"""Five competences, each with two skills of level 1 and 2 worth 4 points: 8 points each once validated, so level 1."""


async def learner(site: Site, first_name: str) -> tuple[int | None, int | None]:
    """Return whether a learner is certifiable, and when that was found."""
    row = await site.kiosk.db.read(
        lambda conn: conn.execute(
            "SELECT certifiable, certifiable_ms FROM learners WHERE first_name = ?", (first_name,)
        ).fetchone()
    )
    return row[0], row[1]


async def test_a_profile_is_found_certifiable_when_results_are_sent(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=toy_bank(*FIVE)) as site:
        assert await learner(site, "Léa") == (None, None)
        made = await new_campaign(site)
        await send(site, site.lea, made.code)
        await send(site, site.tom, made.code, right=False)
        assert await learner(site, "Léa") == (1, site.clock.wall)
        assert await learner(site, "Tom") == (0, site.clock.wall)


async def test_four_competences_are_not_enough(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=toy_bank(*FIVE[:4])) as site:
        made = await new_campaign(site)
        await send(site, site.lea, made.code)
        assert (await learner(site, "Léa"))[0] == 0


async def test_the_day_s_task_finds_what_was_answered_and_not_sent(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=toy_bank(*FIVE)) as site:
        made = await new_campaign(site)
        await play(site, site.lea, made.code)
        assert await learner(site, "Léa") == (None, None)
        site.clock.pass_s(24 * 3600)
        await find_again(site.kiosk, 0)
        assert await learner(site, "Léa") == (1, site.clock.wall)
        assert await learner(site, "Tom") == (None, None)


async def test_the_day_s_task_sees_a_start_from_nothing(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=toy_bank(*FIVE)) as site:
        made = await new_campaign(site)
        await send(site, site.lea, made.code)
        site.clock.pass_s(60)
        forgotten = Restart(["topic1-1", "topic1-2"], site.clock.wall, "1.1")
        await site.kiosk.db.write(lambda tx: settled.add_restart(tx, "id-lea", forgotten))
        site.clock.pass_s(60)
        await find_again(site.kiosk, 0)
        assert await learner(site, "Léa") == (0, site.clock.wall)


async def test_a_profile_sent_says_it_even_where_nothing_is_found_by_itself(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=toy_bank(*FIVE)) as site:
        await site.kiosk.db.write(
            lambda tx: tx.execute("""UPDATE organisations SET settings = '{"certifiability": false}'""")
        )
        await play(site, site.lea, (await new_campaign(site)).code)
        made = await new_campaign(site, kind="collection")
        joined = await participations.join(site.kiosk, person(site.lea), made.code)
        await send_profile(site.kiosk, person(site.lea), joined.participation.id)
        assert await learner(site, "Léa") == (1, site.clock.wall)


async def test_an_organisation_that_does_not_want_it_known_is_left_out(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=toy_bank(*FIVE)) as site:
        await site.kiosk.db.write(
            lambda tx: tx.execute("""UPDATE organisations SET settings = '{"certifiability": false}'""")
        )
        made = await new_campaign(site)
        await send(site, site.lea, made.code)
        await find_again(site.kiosk, 0)
        assert await learner(site, "Léa") == (None, None)


async def attestations(site: Site) -> list[tuple[int, int]]:
    return await site.kiosk.db.read(
        lambda conn: conn.execute("SELECT validated, targeted FROM attestations").fetchall()
    )


async def test_the_attestation_comes_with_the_third_course_and_counts_each_skill_once(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=bank_of_6e()) as site:
        await site.kiosk.db.write(lambda tx: tx.execute("UPDATE learners SET mef = ?", (MEF_6E,)))
        for course in COURSES:
            assert await attestations(site) == []
            await send(site, site.lea, (await new_campaign(site, course)).code)
        assert await attestations(site) == [(5, 5)]


async def test_a_class_told_by_a_later_import_is_granted_by_the_day_s_task(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=bank_of_6e()) as site:
        for course in COURSES:
            await send(site, site.lea, (await new_campaign(site, course)).code)
        await find_again(site.kiosk, 0)
        assert await attestations(site) == []
        await site.kiosk.db.write(lambda tx: tx.execute("UPDATE learners SET mef = ?", (MEF_6E,)))
        await find_again(site.kiosk, 0)
        assert await attestations(site) == [(5, 5)]


@pytest.mark.parametrize(("mef", "right"), [("10110001110", True), (MEF_6E, False)])
async def test_neither_another_class_nor_nothing_known_earns_it(
    tmp_path: Path,
    mef: str,
    right: bool,  # noqa: FBT001 - a table of cases
) -> None:
    async with open_site(tmp_path, bank=bank_of_6e()) as site:
        await site.kiosk.db.write(lambda tx: tx.execute("UPDATE learners SET mef = ?", (mef,)))
        for course in COURSES:
            await send(site, site.lea, (await new_campaign(site, course)).code, right=right)
        assert await attestations(site) == []


async def test_the_threshold_is_the_school_s_setting(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=bank_of_6e(), attestation_threshold=100) as site:
        await site.kiosk.db.write(lambda tx: tx.execute("UPDATE learners SET mef = ?", (MEF_6E,)))
        codes = [(await new_campaign(site, course)).code for course in COURSES]
        for code in codes:
            await send(site, site.tom, code, right=False)
            await send(site, site.lea, code)
        assert await attestations(site) == [(5, 5)]


SHEET = {
    "lang": "fr",
    "title": "Attestation de 6e",
    "school": "Collège des Tilleuls",
    "given_to": "Cette attestation est remise à",
    "says": "qui a mené et envoyé les trois parcours suivants :",
    "courses": ["Protection et sécurité 6e"],
    "signature": "Signature",
    "footer": "Établie avec Préau.",
    "pupils": [
        {"name": "Inès #panic() \\ ŠARŪNĖ", "born": "", "result": "34 sur 51", "day": "Le 20/11/2026"},
        {"name": "Noé BAKARY", "born": "", "result": "51 sur 51", "day": "Le 20/11/2026"},
    ],
}


def test_the_document_is_accessible_embeds_its_fonts_and_takes_a_name_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "attestation.pdf"
    path.write_bytes(typeset("attestation", SHEET, now_ms=1_790_000_000_000))
    text = run("pdftotext", "-layout", str(path), "-")
    assert "Inès #panic() \\ ŠARŪNĖ" in text
    assert "Collège des Tilleuls" in text
    facts = run("pdfinfo", str(path))
    assert "Tagged:          yes" in facts
    assert "Pages:           2" in facts
    assert "pdfuaid:part" in path.read_bytes().decode("latin-1")
    fonts = [line.split() for line in run("pdffonts", str(path)).splitlines()[2:]]
    assert fonts
    assert all("AtkinsonHyperlegibleNext" in line[0] and line[-5] == "yes" for line in fonts)


def test_the_same_data_gives_the_same_bytes() -> None:
    assert typeset("attestation", SHEET, now_ms=0) == typeset("attestation", SHEET, now_ms=0)


def run(*words: str) -> str:
    program = shutil.which(words[0])
    assert program is not None
    return subprocess.run(
        [program, *words[1:]], capture_output=True, check=True, text=True, timeout=60
    ).stdout
