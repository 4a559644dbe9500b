"""Results come back: pulled by the daemon or carried as a file, they become CSV, certificates on paper and on the pupil's page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import cbor2
import msgspec
import pytest
from aiohttp import FormData
from evening_room import beside
from exam_site import PLAN, exam_day
from finalisation_kit import answer_all, answer_right, over
from jury_kit import hand_in

from kiosk.actions import finalisation, statements
from kiosk.certificate_paper import certificate_sheets, square_of
from kiosk.cli import main
from kiosk.errors import Refused
from kiosk.finalisation_rules import Finalisation
from kiosk.store import certificates as store
from sync.central.publication import Ordered
from sync.certificates import CertificateError, check_certificate, decode45, from_text, to_text
from sync.identities import Sheet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from evening_room import Both
    from kiosk_site import Client

    from sync.db import Tx

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    """Inès answered all right, Tom all wrong, Zoé never came; all of it is at the central instance."""
    async with exam_day(tmp_path / "school") as day:
        ines, tom = await day.begun("ines", "tom")
        await answer_right(ines)
        await answer_all(tom)
        await over(day)
        await finalisation.finalise(day.site.kiosk, day.chief, day.session.id, Finalisation())
        async with beside(day, tmp_path / "central") as found:
            yield found


async def text_of(client: Client, path: str) -> str:
    reply = await client.get(path)
    assert reply.status == 200, (path, reply.status)
    return reply.data.decode("utf-8-sig")


async def test_the_daemon_hands_identities_in_and_brings_results_back(both: Both) -> None:
    await both.sync()
    day = both.day
    assert await day.site.kiosk.db.read(lambda conn: store.of_session(conn, day.session.id)) == []
    await both.act("publish")
    day.site.clock.pass_s(120)
    both.central.clock.now = day.site.clock.now_ms()
    await both.sync()
    found = await day.site.kiosk.db.read(lambda conn: store.of_session(conn, day.session.id))
    assert {one.last_name: one.certificate.status for one in found} == {
        "Benali": "validated",
        "Nguyen": found[1].certificate.status,
    }
    again = await statements.take_in(day.site.kiosk)
    assert again == 0


async def test_the_csv_of_a_session_has_its_name_its_columns_and_its_values(both: Both) -> None:
    await both.sync()
    await both.act("cancel", "tom", "Mauvaise salle")
    await both.act("organisation_words", "tom", "Voir le jury")
    await both.act("publish")
    assert (
        await statements.apply(both.day.site.kiosk, [*(await both.as_file()).splitlines(keepends=True)]) == 1
    )
    path = f"/staff/sessions/{both.day.session.id}/results.csv"
    reply = await both.day.site.diaz.get(path)
    number = both.day.session.number
    assert f'filename="20261126_0900_resultats_session_{number}.csv"' in reply.headers["Content-Disposition"]
    assert reply.data.startswith(b"\xef\xbb\xbf")
    lines = reply.data.decode("utf-8-sig").splitlines()
    competences = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "3.3", "3.4"]
    competences += ["4.1", "4.2", "4.3", "5.1", "5.2"]
    assert [cell.strip('"') for cell in lines[0].split(";")] == [
        *("Numéro de certification", "Prénom", "Nom", "Date de naissance", "Lieu de naissance"),
        *("Identifiant Externe", "Type de certification", "Statut", "Résultat", *competences),
        *("Commentaire jury", "Session", "Centre de certification", "Date de passage de la certification"),
    ]
    ines, tom = ([cell.strip('"') for cell in line.split(";")] for line in lines[1:])
    assert (ines[1], ines[2], ines[3], ines[7]) == ("Inès", "Benali", "14/03/2012", "Validée")
    assert int(ines[8]) > 0
    assert all(0 <= int(level) <= 7 for level in ines[9:25])
    assert (tom[7], tom[8], set(tom[9:25])) == ("Annulée", "-", {"-"})
    assert tom[25:] == ["Voir le jury", str(number), PLAN.site, "26/11/2026"]


async def published(both: Both) -> None:
    """Publish, and carry the result by file."""
    await hand_in(both.central, both.day)
    await both.act("publish")
    count = await statements.import_file(both.day.site.kiosk, both.day.chief, await both.as_file())
    assert count >= 1


async def test_the_square_on_paper_proves_who_it_is_about(both: Both) -> None:
    await published(both)
    day, key = both.day, both.central.instance.signer.public
    (ines, *_) = await day.site.kiosk.db.read(lambda conn: store.of_session(conn, day.session.id))
    text = square_of(ines)
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    found = check_certificate(from_text(text), key)
    assert found.sheet is not None
    assert (found.sheet.first_name, found.sheet.last_name) == ("Inès", "Benali")
    assert (found.claims.code, found.claims.score) == (ines.certificate.code, ines.certificate.score)
    tagged = cbor2.loads(from_text(text))
    protected, beside, payload, signature = tagged.value
    other = {"sheet": beside["sheet"].replace(b"Benali", b"Nguyen")}
    forged = cbor2.CBORTag(18, [protected, other, payload, signature])
    with pytest.raises(CertificateError, match="names beside"):
        check_certificate(cbor2.dumps(forged), key)
    with pytest.raises(CertificateError, match="not signed by this key"):
        check_certificate(from_text(text), day.site.kiosk.identity.signer.public)
    for cut in ("PREAU1:", text[:-1], text.replace("PREAU1", "PREAU2"), text[:30] + "~" + text[31:]):
        with pytest.raises(CertificateError):
            check_certificate(from_text(cut), key)
    assert to_text(decode45(text.removeprefix("PREAU1:"))) == text


async def test_certificates_are_printed_for_whoever_validated(both: Both) -> None:
    await hand_in(both.central, both.day)
    await both.act("cancel", "tom", "Essai")
    await published(both)
    reply = await both.day.site.diaz.get(f"/staff/sessions/{both.day.session.id}/certificates.pdf")
    assert (reply.status, reply.data[:5]) == (200, b"%PDF-")
    page = await text_of(both.day.site.diaz, "/staff/certifications")
    assert f"/staff/sessions/{both.day.session.id}/results.csv" in page
    assert "Publiée le" in page


async def test_a_file_of_another_authority_or_cut_changes_nothing(both: Both) -> None:
    await hand_in(both.central, both.day)
    await both.act("publish")
    data = await both.as_file()
    kiosk, chief = both.day.site.kiosk, both.day.chief
    changed = data.replace(b'"status":"validated"', b'"status":"cancelled"')
    for wrong, code in ((changed, "bad_signature"), (data[:-20], "malformed"), (b"rien\n", "malformed")):
        with pytest.raises(Refused) as refusal:
            await statements.import_file(kiosk, chief, wrong)
        assert refusal.value.code == f"statements.{code}"
    assert await kiosk.db.read(lambda conn: store.of_session(conn, both.day.session.id)) == []
    assert await statements.import_file(kiosk, chief, data) == 1
    assert await statements.import_file(kiosk, chief, data) == 0


async def test_the_principal_brings_a_file_through_the_page(both: Both) -> None:
    await hand_in(both.central, both.day)
    await both.act("publish")
    form = FormData()
    form.add_field("file", await both.as_file(), filename="statements.preau")
    sent = await both.day.site.diaz.ask("POST", "/staff/certifications/statements", data=form, headers=OURS)
    assert sent.headers.get("Location") == "/staff/certifications?imported=1"
    assert "1 envoi lu" in await text_of(both.day.site.diaz, "/staff/certifications?imported=1")


@pytest.mark.parametrize("who", ["lea", "roy", "other_principal", "stranger"])
async def test_nobody_else_sees_a_sessions_results(both: Both, who: str) -> None:
    await published(both)
    client, base = getattr(both.day.site, who), f"/staff/sessions/{both.day.session.id}"
    for path in (f"{base}/results.csv", f"{base}/certificates.pdf"):
        assert (await client.get(path)).status in {303, 403, 404}
    assert (await client.get(f"/certifications/{both.day.ids['ines']}.pdf")).status in {303, 401, 404}


async def test_a_result_withdrawn_disappears_and_a_session_given_back_is_finalised_again(both: Both) -> None:
    await published(both)
    await both.act("unpublish", text="Erreur")
    await both.act("unfinalise", text="À revoir")
    await statements.import_file(both.day.site.kiosk, both.day.chief, await both.as_file())
    kiosk, session = both.day.site.kiosk, both.day.session.id
    assert await kiosk.db.read(lambda conn: store.of_session(conn, session)) == []
    assert "À revoir" in await text_of(both.day.site.diaz, f"/staff/sessions/{session}/finalise")
    again = await finalisation.finalise(kiosk, both.day.chief, session, Finalisation(comment="Corrigé"))
    assert again.status == "finalised"
    await hand_in(both.central, both.day)
    await both.act("publish")
    await statements.import_file(kiosk, both.day.chief, await both.as_file())
    assert len(await kiosk.db.read(lambda conn: store.of_session(conn, session))) == 2


async def test_a_corrected_identity_comes_back_sealed_and_is_on_the_certificate(both: Both) -> None:
    await hand_in(both.central, both.day)
    instance = both.central.instance
    sheet = Sheet("2012-03-15", "Lille", "Inès", "Benali-Roux", "0" * 32)
    order = Ordered(both.site, both.day.session.id, "identity", "helene", both.day.ids["ines"])
    await instance.publication.correct(order, sheet, both.central.clock())
    await published(both)
    assert b"Benali" not in await both.as_file()
    csv = await text_of(both.day.site.diaz, f"/staff/sessions/{both.day.session.id}/results.csv")
    assert '"Benali-Roux";"15/03/2012";"Lille"' in csv
    (ines, *_) = await both.day.site.kiosk.db.read(lambda conn: store.of_session(conn, both.day.session.id))
    found = check_certificate(from_text(square_of(ines)), instance.signer.public)
    assert found.sheet is not None
    assert found.sheet.last_name == "Benali-Roux"


async def test_the_public_page_knows_a_published_code_and_nothing_else(both: Both) -> None:
    await hand_in(both.central, both.day)
    (ines,) = re.findall(r"P-[A-Z0-9]{8}", await code_of(both, "ines"))
    early = await both.central.post("/verify", code=ines)
    assert early.status == 404
    await published(both)
    shown = await both.central.post("/verify", code=ines.lower())
    assert shown.status == 200
    assert "Benali" in await shown.text()
    assert (await both.central.post("/verify", code="P-AAAAAAAA")).status == 404
    assert (await both.central.post("/verify", code="bonjour")).status == 422
    for _ in range(20):
        last = await both.central.post("/verify", code="P-AAAAAAAA")
    assert last.status == 429


async def code_of(both: Both, who: str) -> str:
    """Return the verification code of a candidate."""
    from sync.central.store import certifications  # noqa: PLC0415 - beside the other central store of this file

    async with both.central.instance.database.read() as conn:
        found = await certifications.by_candidate(conn, both.site, both.day.ids[who])
    assert found is not None
    return found.number


async def test_preau_verify_accepts_a_true_square_and_no_other(
    both: Both, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await published(both)
    (ines, *_) = await both.day.site.kiosk.db.read(lambda conn: store.of_session(conn, both.day.session.id))
    file, key = tmp_path / "square.txt", both.central.instance.signer.public_hex
    file.write_text(square_of(ines) + "\n", encoding="ascii")
    assert main(["verify", str(file), "--key", key, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["code"]) == ("verified", ines.certificate.code)
    assert told["holder"]["last_name"] == "Benali"
    assert main(["verify", str(file), "--key", both.day.site.kiosk.identity.signer.public_hex]) == 1
    assert "not signed by this key" in capsys.readouterr().out


async def test_a_pupil_finds_their_certificate_and_a_class_its_files(both: Both) -> None:
    await hand_in(both.central, both.day)
    kiosk, candidate = both.day.site.kiosk, both.day.ids["ines"]

    def link(tx: Tx) -> None:
        tx.execute("UPDATE candidates SET person = 'id-lea', division = '3B' WHERE id = ?", (candidate,))

    await kiosk.db.write(link)
    await published(both)
    page = await text_of(both.day.site.lea, "/certifications")
    assert "Validée" in page
    assert f"/certifications/{candidate}.pdf" in page
    own = await both.day.site.lea.get(f"/certifications/{candidate}.pdf")
    assert own.data[:5] == b"%PDF-"
    assert (await both.day.site.tom.get(f"/certifications/{candidate}.pdf")).status == 404
    reply = await both.day.site.diaz.get("/staff/certifications/results.csv?division=3B")
    assert re.search(r'filename="\d{8}_resultats_3B\.csv"', reply.headers["Content-Disposition"])
    heading, line = reply.data.decode("utf-8-sig").splitlines()
    assert "Type de certification" not in heading
    assert "Nombre de Pix" in heading
    assert "Benali" in line
    pdf = await both.day.site.diaz.get("/staff/certifications/certificates.pdf?division=3B")
    assert pdf.data[:5] == b"%PDF-"


async def test_a_certificate_of_the_lowest_mesh_shows_no_level_and_no_competence(both: Both) -> None:
    await published(both)
    (ines, *_) = await both.day.site.kiosk.db.read(lambda conn: store.of_session(conn, both.day.session.id))
    low = ines._replace(certificate=msgspec.structs.replace(ines.certificate, mesh=0, score=40))
    pages = certificate_sheets(both.day.site.kiosk, [low, ines], "Collège")["pages"]
    assert isinstance(pages, list)
    assert (pages[0]["level"], pages[0]["areas"]) == ("", [])
    assert pages[1]["level"] != ""
    assert len(pages[1]["areas"]) == 5
