"""Every figure on the documents of a certification day, against what the log alone gives.

What a candidate is worth is worked out here from the chain and the bank: neither the central instance nor the school is asked.
"""

from __future__ import annotations

import csv
import io
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from day_people import BORN
from day_sizes import AWAY, GIVEN_UP, INES, LATE, WITH_EXTRA, ZOE
from exam_site import authority, bundle
from sealed_kit import CODE
from square_reader import square_on

from exam.certification.engine import CertificationEngine
from exam.certification.results import result_of
from exam.certification.scale import SCALE
from exam.certification.sitting import fold
from exam.framework import COMPETENCES
from exam.sealed_part import read_part, tables_of
from exam.session.attempt import OF_CERTIFICATION
from kiosk.session_codes import head_words
from sync.bundle_file import read_bundle
from sync.central.certify import middle
from sync.certificates import check_certificate, from_text
from sync.keys import load_public
from sync.sealed import unlock_with_code, unseal
from sync.session_records import SessionFinalised, SessionManifest

if TYPE_CHECKING:
    from day_log import Log
    from day_room import Day

BIRTH = "/".join(BORN)
STATUS = {"validated": "Validée", "rejected": "Non obtenue", "cancelled": "Annulée"}
LEVELS = (
    "",
    "Novice 1",
    "Novice 2",
    "Indépendant 3",
    "Indépendant 4",
    "Avancé 5",
    "Avancé 6",
    "Expert 7",
    "Expert 8",
)
A_PAGE = 20


@dataclass
class Papers:
    """The documents of the evening as files, and what the public page said of some."""

    codes: dict[str, str]
    attendance: bytes
    report: bytes
    certificates: bytes
    results: list[dict[str, str]]
    verified: dict[str, str]


class Worth(NamedTuple):
    """What a candidate's chain is worth."""

    status: str
    score: int
    mesh: int
    levels: dict[str, int]


def rows_of(data: bytes) -> list[dict[str, str]]:
    """Return the lines of a CSV of ours by their headings."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def pages_of(pdf: bytes) -> list[str]:
    """Return the words of each page of a PDF, as they are laid out."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return [page for page in done.stdout.decode().split("\f") if page.strip()]


def close(text: str) -> str:
    """Return a text without spaces and hyphens, where lines are broken."""
    return re.sub(r"[\s-]", "", text)


def engine_of_the_day() -> CertificationEngine:
    """Return what the day's bank leads sittings with."""
    head, parts = read_bundle(bundle().data, authority().public)
    lock = head.code
    assert lock is not None
    salt, locked = bytes.fromhex(lock.salt), bytes.fromhex(lock.locked)
    key = unlock_with_code(locked, head.bundle, CODE, salt, lock.costs)
    part = read_part(unseal(key, head.bundle, "tables", parts["tables"]))
    return CertificationEngine(*tables_of(part), part.mode)


def worths(day: Day, log: Log) -> dict[str, Worth]:
    """Return what everybody who came is worth; for the one who gave up the jury ruled a technical problem."""
    engine, found = engine_of_the_day(), {}
    for name, candidate in day.ids.items():
        if name == AWAY:
            continue
        events = [one for one in log.events(candidate) if isinstance(one, OF_CERTIFICATION)]
        sitting = fold(engine, SCALE, events)
        result = result_of(engine, SCALE, sitting.at, "technical" if name == GIVEN_UP else None)
        mesh = -1 if result.ability is None else SCALE.mesh(result.ability)
        levels = {code: middle(shares) for code, shares in result.levels}
        found[name] = Worth(result.status, result.score, mesh, levels)
    return found


def first_name(name: str, corrected: str) -> str:
    """Return the first name in force: the jury corrected one."""
    return corrected if name == ZOE else "Camille"


def check_papers(day: Day, log: Log, papers: Papers, corrected: str, words: str) -> None:
    """Check every document against the log."""
    manifest = msgspec.json.decode(log.record("session.manifest"), type=SessionManifest)
    assert (manifest.number, manifest.session) == (day.session.number, day.session.id)
    assert {one.candidate for one in manifest.candidates} == set(day.ids.values())
    extra = {one.candidate for one in manifest.candidates if one.extra_percent == 33}
    assert extra == {day.ids[WITH_EXTRA]}
    worth = worths(day, log)
    check_attendance(day, papers, manifest)
    check_report(day, log, papers)
    check_results(papers, worth, manifest, corrected, words)
    check_certificates(day, papers, worth, manifest, corrected)
    check_public_page(papers, worth, corrected)


def check_attendance(day: Day, papers: Papers, manifest: SessionManifest) -> None:
    """Check that the sheet has everybody once, on as few pages as there must be, under the session's own facts."""
    pages = pages_of(papers.attendance)
    count = -(-len(manifest.candidates) // A_PAGE)
    assert [
        f"Page {place} / {count}" in page.replace("\u00a0", " ") for place, page in enumerate(pages, 1)
    ] == [True] * count
    for page in pages:
        assert all(said in page for said in (str(manifest.number), manifest.site, manifest.room))
    whole = "".join(pages)
    assert whole.count(BIRTH) == len(day.ids)
    for name in day.ids:
        assert all(word.upper() in whole for word in name.split()), name


def check_report(day: Day, log: Log, papers: Papers) -> None:
    """Check the report against the signed finalisation and the chains: state, answers and reason of each, and the head."""
    final = msgspec.json.decode(log.record("session.finalised"), type=SessionFinalised)
    head = log.head(day.session.id)
    assert final.head == head
    pages = pages_of(papers.report)
    whole = " ".join(pages)
    assert " · ".join(head_words(head)) in whole
    assert square_on(papers.report) == f"PREAU-SESSION:{day.session.number}:{head.upper()}"
    assert close(final.comment) in close(whole)
    assert final.has_incident
    states = {"finished": "Terminé", "unfinished": "Non terminé", "absent": "Absent"}
    for one in final.candidates:
        assert one.head == (log.head(one.candidate) if log.lines[one.candidate] else "")
        (line,) = re.findall(rf"^(.*?)\s+(\d+|-)\s+{one.candidate}\s*$", whole, re.MULTILINE)
        assert line[1] == ("-" if one.state == "absent" else str(one.answered)), one
        assert f" {states[one.state]}" in line[0], line
        assert BIRTH in line[0]


def check_results(
    papers: Papers, worth: dict[str, Worth], manifest: SessionManifest, corrected: str, words: str
) -> None:
    """Check every cell of the results."""
    assert {row["Nom"] for row in papers.results} == set(worth)
    for row in papers.results:
        name = row["Nom"]
        one = worth[name]
        score = {"validated": str(one.score), "rejected": "0", "cancelled": "-"}[one.status]
        levels = {
            code: str(one.levels[code]) if one.status == "validated" and code in one.levels else "-"
            for code in COMPETENCES
        }
        assert row == {
            "Numéro de certification": papers.codes[name],
            "Prénom": first_name(name, corrected),
            "Nom": name,
            "Date de naissance": BIRTH,
            "Lieu de naissance": "",
            "Identifiant Externe": "",
            "Type de certification": "Certification de compétences numériques",
            "Statut": STATUS[one.status],
            "Résultat": score,
            **levels,
            "Commentaire jury": words if name == LATE else "",
            "Session": str(manifest.number),
            "Centre de certification": manifest.site,
            "Date de passage de la certification": "/".join(reversed(manifest.date.split("-"))),
        }


def check_certificates(
    day: Day, papers: Papers, worth: dict[str, Worth], manifest: SessionManifest, corrected: str
) -> None:
    """Check that whoever is validated, and nobody else, has one page whose words and signed square are the log's."""
    key = load_public(day.town.school_home / "keys" / "central.pub")
    granted = {papers.codes[name]: name for name, one in worth.items() if one.status == "validated"}
    pages = pages_of(papers.certificates)
    assert len(pages) == len(granted)
    for place, page in enumerate(pages, 1):
        (code,) = re.findall(r"P-[A-Z0-9]{8}", page)
        name = granted.pop(code)
        one = worth[name]
        first = first_name(name, corrected)
        found = check_certificate(from_text(square_on(papers.certificates, place)), key)
        claims, sheet = found.claims, found.sheet
        assert sheet is not None
        assert (sheet.first_name, sheet.last_name) == (first, name)
        assert (claims.code, claims.score, claims.mesh) == (code, one.score, one.mesh)
        assert (claims.test_date, claims.highest) == (manifest.date, SCALE.highest)
        assert f"{one.score} sur {SCALE.highest}" in re.sub(r"\s+", " ", page)
        assert close(name.upper()) in close(words_of(papers.certificates, place))
        assert LEVELS[one.mesh] in page


def words_of(pdf: bytes, page: int) -> str:
    """Return the words of one page in the order in which they are read."""
    asked = ["pdftotext", "-f", str(page), "-l", str(page), "-", "-"]
    return subprocess.run(asked, input=pdf, capture_output=True, check=True).stdout.decode()


def check_public_page(papers: Papers, worth: dict[str, Worth], corrected: str) -> None:
    """Check what anybody is told of a code."""
    for name, said in papers.verified.items():
        one = worth[name]
        wanted = (
            papers.codes[name],
            f"{first_name(name, corrected)} {name}",
            f"{one.score} / {SCALE.highest}",
        )
        assert all(word in said for word in wanted), said
    assert set(papers.verified) == {INES, ZOE}
