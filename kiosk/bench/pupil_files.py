"""Files of invented pupils, as large as asked, for the bench and the tests: drawn from a number, never from a person.

Names carry what real ones carry (accents, apostrophes, hyphens, spaces); every file is valid, so that a test spoils
exactly what it is about.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_FIRST = (
    "Éloïse",
    "Anaïs",
    "Jean-Noël",
    "Zoé",
    "Inès",
    "Noé",
    "Maëlle",
    "Lou-Ann",
    "Gaëtan",
    "Aïcha",
    "Thaïs",
    "D'Arcy",
    "Élia",
)
_LAST = (
    "Lefèvre",
    "N'Diaye",
    "O'Brien",
    "de La Tour",
    "Dupont-Nuñez",
    "Çetin",
    "Müller",
    "L'Hermitte",
    "Gœtz",
    "Prévôt",
)
_CITIES = ("Saint-Étienne", "L'Haÿ-les-Roses", "Bourg-en-Bresse", "Œuilly", "Châlons")
_DIPLOMAS = ("Licence", "Master", "BUT GEII", "Diplome d'ingenieur")


@dataclass(frozen=True)
class Invented:
    """One invented pupil, the same for the same number."""

    number: int
    year: int = 0

    @property
    def first(self) -> str:
        """A first name that Latin-9 can write."""
        return _FIRST[self.number * 7 % len(_FIRST)]

    @property
    def last(self) -> str:
        """A last name made different by a number in letters."""
        tail = "".join(chr(97 + int(digit)) for digit in str(self.number))
        return f"{_LAST[self.number % len(_LAST)]}-{tail.capitalize()}"

    @property
    def ine(self) -> str:
        """A national number of the oldest shape, its letter right."""
        return f"{self.number:010d}{_LETTERS[self.number % len(_LETTERS)]}"

    @property
    def born(self) -> str:
        """A day of birth as French files write it."""
        return f"{self.number % 28 + 1:02d}/{self.number % 12 + 1:02d}/{2008 + self.number % 6}"

    @property
    def city(self) -> str:
        """Where they were born."""
        return _CITIES[self.number % len(_CITIES)]

    @property
    def division(self) -> str:
        """Their class; another one each school year."""
        return f"{6 - (self.number + self.year) % 4}E{self.number // 4 % 9 + 1}"

    @property
    def student_number(self) -> str:
        """A number of a university."""
        return f"U{self.number:08d}"


def siecle_xml(pupils: Iterable[Invented], uai: str, encoding: str = "ISO-8859-15") -> Iterator[bytes]:
    """Yield a SIECLE file, pupils first and their structures after, as the real ones are laid out."""
    everyone = list(pupils)
    yield (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<BEE_ELEVES VERSION="2.1">\n<PARAMETRES>\n<UAJ>{uai}</UAJ>\n'
        "<ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE>\n</PARAMETRES>\n<DONNEES>\n<ELEVES>\n"
    ).encode(encoding)
    for one in everyone:
        yield _siecle_pupil(one).encode(encoding, "xmlcharrefreplace")
    yield b"</ELEVES>\n<STRUCTURES>\n"
    for one in everyone:
        yield _siecle_structures(one).encode(encoding)
    yield b"</STRUCTURES>\n</DONNEES>\n</BEE_ELEVES>\n"


def _siecle_pupil(one: Invented) -> str:
    return (
        f'<ELEVE ELEVE_ID="{one.number}" ELENOET="{one.number % 10000}">\n<ID_NATIONAL>{one.ine}</ID_NATIONAL>\n'
        f"<NOM_DE_FAMILLE>{escape(one.last)}</NOM_DE_FAMILLE>\n<NOM_USAGE>{escape(one.last.upper())}</NOM_USAGE>\n"
        f"<PRENOM>{escape(one.first)}</PRENOM>\n<PRENOM2>Rémi</PRENOM2>\n<DATE_NAISS>{one.born}</DATE_NAISS>\n"
        f"<CODE_SEXE>{one.number % 2 + 1}</CODE_SEXE>\n<CODE_PAYS>100</CODE_PAYS>\n"
        "<CODE_DEPARTEMENT_NAISS>042</CODE_DEPARTEMENT_NAISS>\n"
        "<CODE_COMMUNE_INSEE_NAISS>42218</CODE_COMMUNE_INSEE_NAISS>\n"
        f"<VILLE_NAISS>{escape(one.city)}</VILLE_NAISS>\n<CODE_MEF>10010012110</CODE_MEF>\n"
        "<CODE_STATUT>ST</CODE_STATUT>\n<CODE_REGIME>2</CODE_REGIME>\n<DATE_ENTREE>01/09/2026</DATE_ENTREE>\n"
        "<DATE_SORTIE/>\n<MEL></MEL>\n</ELEVE>\n"
    )


def _siecle_structures(one: Invented) -> str:
    return (
        f'<STRUCTURES_ELEVE ELEVE_ID="{one.number}">\n<STRUCTURE>\n<CODE_STRUCTURE>{one.division}</CODE_STRUCTURE>\n'
        "<TYPE_STRUCTURE>D</TYPE_STRUCTURE>\n</STRUCTURE>\n<STRUCTURE>\n<CODE_STRUCTURE>LATIN1</CODE_STRUCTURE>\n"
        "<TYPE_STRUCTURE>G</TYPE_STRUCTURE>\n</STRUCTURE>\n</STRUCTURES_ELEVE>\n"
    )


def zipped(data: bytes, name: str = "ElevesSansAdresses.xml") -> bytes:
    """Return a zip that holds this one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


FREGATA = (
    "Identifiant unique*;Premier prénom*;Deuxième prénom;Troisième prénom;Nom de famille*;Nom d'usage;Code sexe*;"
    "Date de naissance (jj/mm/aaaa)*;Code commune naissance**;Libellé commune naissance**;"
    "Code département naissance*;Code pays naissance*;Statut*;Code MEF*;Division*"
)
SUP = (
    "Premier prénom;Deuxième prénom;Troisième prénom;Nom de famille;Nom d'usage;Date de naissance (jj/mm/aaaa);Email;"
    "Numéro étudiant;Composante;Équipe pédagogique;Groupe;Diplôme;Régime"
)
ONDE = "nom;prénom;identifiant;classe;date de naissance"


def fregata_csv(pupils: Iterable[Invented], encoding: str = "utf-8-sig") -> bytes:
    """Return a Fregata file."""
    rows = [
        f"{p.ine};{p.first};;;{p.last};;{'Féminin' if p.number % 2 else 'Masculin'};{p.born};42218;;42;99100;ST;"
        f"10010012110;{p.division}"
        for p in pupils
    ]
    return _csv(FREGATA, rows, encoding)


def sup_csv(pupils: Iterable[Invented], encoding: str = "utf-8-sig") -> bytes:
    """Return a file of students."""
    rows = [
        f"{p.first};;;{p.last};;{p.born};etu{p.number}@univ.example;{p.student_number};Sciences;;G{p.number % 12};"
        f"{_DIPLOMAS[p.number % 2]};Formation initiale"
        for p in pupils
    ]
    return _csv(SUP, rows, encoding)


def onde_csv(pupils: Iterable[Invented], encoding: str = "utf-8-sig") -> bytes:
    """Return a file in the sample of configured formats."""
    rows = [f"{p.last};{p.first};ID-{p.number};{p.division};{p.born}" for p in pupils]
    return _csv(ONDE, rows, encoding)


def _csv(headings: str, rows: list[str], encoding: str) -> bytes:
    return ("\r\n".join([headings, *rows]) + "\r\n").encode(encoding, "replace")
