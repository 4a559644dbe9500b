"""The two exports: exactly the headings schools know, what stands under them, and a spreadsheet that opens them right."""

from __future__ import annotations

import csv
import subprocess
from typing import TYPE_CHECKING
from zipfile import ZipFile

import msgspec
import pytest
from kiosk_site import Site, open_site
from results_kit import csv_bytes, scope, table, taking
from results_room import new_campaign, person, play, send, small_bank

from exam.events import Shared
from exam.framework import COMPETENCES
from kiosk.actions import participations
from kiosk.campaign_results import ProfileSent
from kiosk.exports import CHUNK, csv_chunks
from kiosk.exports.campaign_profiles import columns as profile_columns
from kiosk.exports.campaign_results import columns
from kiosk.exports.scope import SkillColumn
from web.downloads import csv_cell

if TYPE_CHECKING:
    from pathlib import Path

SENT = Shared(5, 11, 1, [("1.1", 1, 4), ("4.1", 4, 7)], ["b"])
PROFILE = ProfileSent(42, certifiable=True, competences=[(code, 1, 8) for code in COMPETENCES])


def test_the_headings_of_a_collection_are_the_known_ones_in_order() -> None:
    found = profile_columns(scope(external_label="Numéro de carte"))
    assert found[:13] == [
        "Nom de l'organisation",
        "ID Campagne",
        "Code",
        "Nom de la campagne",
        "Nom du Participant",
        "Prénom du Participant",
        "Classe",
        "Numéro de carte",
        "Envoi (O/N)",
        "Date de l'envoi",
        "Nombre de pix total",
        "Certifiable (O/N)",
        "Nombre de compétences certifiables",
    ]
    assert found[13:15] == [
        "Niveau pour la compétence Mener une recherche et une veille d’information",
        "Nombre de pix pour la compétence Mener une recherche et une veille d’information",
    ]
    assert len(found) == 13 + 2 * 16


def test_what_an_organisation_is_decides_the_columns_of_its_lists() -> None:
    assert columns(scope())[7] == "Classe"
    assert columns(scope(kind="higher"))[7:9] == ["Groupe", "Numéro Étudiant"]
    for alone in (scope(kind="open"), scope(imports=False)):
        assert columns(alone)[7] == "% de progression"


def test_imported_columns_come_before_the_class_and_the_external_id_after() -> None:
    extra = msgspec.json.encode({"Cycle": "3"}).decode()
    found = scope(
        taking(extra=extra, division="CM2 A"), taking(id="p2", external_id="a@b.fr"), external_label="E-mail"
    )
    headings, first, second = table("campaign_results", found)
    assert headings[7:11] == ["Cycle", "Classe", "E-mail", "% de progression"]
    assert first[7:10] == ["3", "CM2 A", "NA"]
    assert second[7:10] == ["NA", "NA", "a@b.fr"]


def test_skills_have_a_column_each_where_the_organisation_shows_them() -> None:
    skills = [SkillColumn("Trier", 0, 0b01), SkillColumn("Filtrer", 0, 0b10), SkillColumn("Coder", 1, 0b01)]
    found = scope(taking(SENT), taking(id="p2"), skills=skills, masks={"p1": [(0b01, 0b11), (0, 0)]})
    headings, sent, waiting = table("campaign_results", found)
    assert headings[-3:] == ["Trier", "Filtrer", "Coder"]
    assert sent[-3:] == ["OK", "KO", "Non testé"]
    assert waiting[-3:] == ["NA", "NA", "NA"]


def test_every_sending_has_a_line_and_what_was_not_sent_is_missing_from_its_date_on() -> None:
    again = taking(PROFILE, id="p2", attempt=2)
    rows = table("campaign_profiles", scope(taking(), again))
    assert rows[1][7:] == ["Non", *["NA"] * (len(rows[0]) - 8)]
    assert rows[2][7:14] == ["Oui", "20/11/2025 12:00", "42", "Oui", "16", "1", "8"]


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+33", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_no_name_becomes_a_formula(name: str) -> None:
    cell = table("campaign_results", scope(taking(last_name=name)))[1][5]
    assert cell == f"'{name}"
    assert csv_cell(name).startswith("\"'")


def test_a_file_leaves_in_chunks_that_add_up_to_it() -> None:
    found = scope(*(taking(SENT, id=f"p{n}", who=f"l{n}") for n in range(3 * CHUNK)))
    chunks, _ = csv_chunks("campaign_results", found)
    pieces = list(chunks)
    assert len(pieces) == 4
    assert b"".join(pieces).count(b"\r\n") == 3 * CHUNK + 1
    assert pieces[0].startswith(b"\xef\xbb\xbf")


async def test_the_file_of_a_running_school_has_a_line_for_each_participation(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=small_bank()) as site:
        await show_skills(site)
        made = await new_campaign(site)
        await send(site, site.lea, made.code)
        await play(site, site.tom, made.code, right=False, most=1)
        reply = await site.ines.get(f"/staff/campaigns/{made.id}/results.csv")
        assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert made.id in reply.headers["Content-Disposition"]
        rows = list(csv.DictReader(reply.data.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [row["Nom du Participant"] for row in rows] == ["Moreau", "Nguyen"]
    assert [row["Partage (O/N)"] for row in rows] == ["Oui", "Non"]
    assert rows[0]["Classe"] == "5B"
    assert rows[0]["half obtenu (O/N)"] == "Oui"
    assert [rows[0][f"mail-{level}"] for level in (1, 2)] == ["OK", "OK"]


async def test_a_reader_who_leaves_in_the_middle_troubles_nobody(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=small_bank()) as site:
        made = await new_campaign(site)
        await send(site, site.lea, made.code)
        path = f"/staff/campaigns/{made.id}/results.csv"
        for _ in range(3):
            reply = await site.roy.session.get(site.roy.base + path)
            reply.close()
        assert (await site.roy.get(path)).status == 200
        head = await site.roy.ask("HEAD", path)
        assert (head.status, head.data) == (200, b"")
        assert (await site.roy.get(path)).data.startswith(b"\xef\xbb\xbf")


async def test_a_collection_is_exported_under_its_own_headings(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=small_bank()) as site:
        made = await new_campaign(site, kind="collection")
        await participations.join(site.kiosk, person(site.lea), made.code)
        reply = await site.roy.get(f"/staff/campaigns/{made.id}/results.csv")
        rows = list(csv.reader(reply.data.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0][7:9] == ["Envoi (O/N)", "Date de l'envoi"]
    assert rows[1][4:9] == ["Moreau", "Léa", "5B", "Non", "NA"]


async def show_skills(site: Site) -> None:
    await site.kiosk.db.write(
        lambda tx: tx.execute("""UPDATE organisations SET settings = '{"show_skills": true}'""")
    )


FRENCH_CSV = "Text - txt - csv (StarCalc):59,34,76,1,,1036,false,true"
"""Semicolons, quotes, UTF-8, from the first line, French, numbers and dates recognised: what a school's LibreOffice offers."""


def converted(folder: Path, data: bytes) -> tuple[list[list[str]], str]:
    """Return the cells LibreOffice sees in a CSV file, and the workbook it makes of it."""
    (folder / "export.csv").write_bytes(data)
    common = [
        "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
    ]
    for words in (
        [f"--infilter={FRENCH_CSV}", "--convert-to", "ods", "export.csv"],
        ["--convert-to", f"csv:{FRENCH_CSV}", "--outdir", "back", "export.ods"],
    ):
        subprocess.run([*common, *words], cwd=folder, check=True, capture_output=True, timeout=200)
    text = (folder / "back" / "export.csv").read_text("utf-8-sig")
    with ZipFile(folder / "export.ods") as workbook:
        content = workbook.read("content.xml").decode()
    return list(csv.reader(text.splitlines(), delimiter=";")), content


@pytest.mark.journey
def test_libreoffice_opens_both_files_with_their_accents_columns_and_dates(tmp_path: Path) -> None:
    for kind, sent in (("campaign_results", SENT), ("campaign_profiles", PROFILE)):
        folder = tmp_path / kind
        folder.mkdir()
        found = scope(
            taking(sent, last_name="ÉLIF-NUÑEZ", first_name="Zoë; « ok »", division="5e B"),
            taking(id="p2", last_name="=1+1"),
        )
        ours = table(kind, found)
        theirs, workbook = converted(folder, csv_bytes(kind, found))
        assert [len(row) for row in theirs] == [len(row) for row in ours]
        assert theirs[0] == ours[0]
        assert "ÉLIF-NUÑEZ" in theirs[1]
        assert "Zoë; « ok »" in theirs[1]
        assert 'office:date-value="2025-11-20T12:00:00"' in workbook
        assert any(cell.endswith("=1+1") for cell in theirs[2])
