"""A place to import to, and imported files read again as a bank."""

from __future__ import annotations

from exam.bank import Bank, parse_bank
from exam.exchange.importing import Imported, import_file
from exam.exchange.topic_folder import Place

HEAD = b'id = "imported"\nversion = "1"\ntitle = {fr = "Reprise", en = "Import"}\nlanguages = ["fr", "en"]\n'
PLACE = Place("reprise", "1.1", 2)


def taken_in(data: bytes | str, name: str = "fichier.xml", lang: str = "") -> Imported:
    """Return what an import of this content gives."""
    return import_file(data.encode() if isinstance(data, str) else data, name, PLACE, lang=lang)


def bank_of(found: Imported) -> Bank:
    """Return the bank of imported files; fails when the bank refuses them."""
    bank, problems = parse_bank({"bank.toml": HEAD, **found.files})
    assert bank is not None, problems
    return bank


def refusal(found: Imported) -> tuple[str, str, str]:
    """Return the code, place and words of the only refusal of an import that took nothing."""
    assert not found.files
    (problem,) = found.problems
    return problem.code, problem.field, problem.message
