"""The framework every bank is written against: five areas, sixteen competences, levels 1 to 8.

The list follows the French reference framework of digital skills (CRCN). Codes are what banks, events and results hold;
names are for people. Levels go to 8 in a bank; a profile shows at most 7.
"""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = range(1, 9)
"""Difficulties a skill may have."""

MAX_REACHABLE_LEVEL = 7
"""Highest level a competence shows on a profile."""


@dataclass(frozen=True, slots=True)
class Area:
    """One of the five areas; `name` has one text per language."""

    code: str
    name: dict[str, str]


@dataclass(frozen=True, slots=True)
class Competence:
    """One of the sixteen competences; `area` is the code of its area."""

    code: str
    area: str
    name: dict[str, str]


_AREA_NAMES = (
    ("1", "Information et données", "Information and data"),
    ("2", "Communication et collaboration", "Communication and collaboration"),
    ("3", "Création de contenu", "Content creation"),
    ("4", "Protection et sécurité", "Protection and security"),
    ("5", "Environnement numérique", "Digital environment"),
)

_COMPETENCE_NAMES = (
    ("1.1", "Mener une recherche et une veille d’information", "Search for and monitor information"),
    ("1.2", "Gérer des données", "Manage data"),
    ("1.3", "Traiter des données", "Process data"),
    ("2.1", "Interagir", "Interact"),
    ("2.2", "Partager et publier", "Share and publish"),
    ("2.3", "Collaborer", "Collaborate"),
    ("2.4", "S’insérer dans le monde numérique", "Take part in the digital world"),
    ("3.1", "Développer des documents textuels", "Produce text documents"),
    ("3.2", "Développer des documents multimédia", "Produce multimedia documents"),
    ("3.3", "Adapter les documents à leur finalité", "Fit documents to their purpose"),
    ("3.4", "Programmer", "Program"),
    ("4.1", "Sécuriser l’environnement numérique", "Secure the digital environment"),
    ("4.2", "Protéger les données personnelles et la vie privée", "Protect personal data and privacy"),
    (
        "4.3",
        "Protéger la santé, le bien-être et l’environnement",
        "Protect health, well-being and the environment",
    ),
    ("5.1", "Résoudre des problèmes techniques", "Solve technical problems"),
    ("5.2", "Construire un environnement numérique", "Build a digital environment"),
)

AREAS: dict[str, Area] = {code: Area(code, {"fr": fr, "en": en}) for code, fr, en in _AREA_NAMES}
"""The five areas by code, in order."""

COMPETENCES: dict[str, Competence] = {
    code: Competence(code, code[0], {"fr": fr, "en": en}) for code, fr, en in _COMPETENCE_NAMES
}
"""The sixteen competences by code, in order."""
