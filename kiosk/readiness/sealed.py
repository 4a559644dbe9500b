"""The checks of the certification bank: it is here and whole, its day key opens it, and every sealed question can be shown.

Trying a key or the questions says nothing of them: only counts come out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exam.bundle import BankError, load_bundle
from exam.documents.make import make_document
from exam.documents.names import ending_of
from exam.documents.raster import ENDINGS, check_picture
from exam.errors import ExamError
from exam.present import present
from exam.sealed_part import OtherTablesError, SealedPartError, tables_of
from exam.seed import sitting_seed
from kiosk import day_keys
from kiosk.errors import Refused
from kiosk.readiness.notes import Note
from kiosk.rooms import check_engine
from kiosk.sealed_paper import SealedPaper
from sync.box_keys import box_path, load_box
from sync.bundle_file import OPEN, BundleFileError
from sync.frames import FrameError
from sync.keys import KeyFileError
from sync.sealed import SealError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.sealed_bank import SealedBank
    from kiosk.sealed_shelf import SealedShelf
    from kiosk.store.sessions import Session

_BROKEN = (BankError, FrameError, BundleFileError)
_SEED = "répétition"


class Tried(NamedTuple):
    """What looking at the bank gave; the day key when it was found, for the questions to be tried."""

    notes: list[Note]
    sealed: SealedBank | None = None
    day_key: bytes | None = None


def try_bank(
    home: Path,
    shelf: SealedShelf,
    session: Session,
    code: str | None,
    rehearses: Callable[[SealedBank], bool],
) -> Tried:
    """Look at the bundle a session will be led by, and try its day key: the code given, else this school's own lock."""
    names = shelf.names()
    name = session.bundle or (names[0] if names else "")
    if not name:
        return Tried([Note("bank", "none", "problem")])
    if session.bundle and session.bundle not in names:
        here = ", ".join(names) or "–"
        return Tried([Note("bank", "other", "problem", {"asked": session.bundle, "here": here})])
    try:
        sealed = shelf.of(name)
    except _BROKEN:
        return Tried([Note("bank", "broken", "problem", {"bundle": name})])
    head = sealed.head
    notes = [
        Note("bank", "good", params={"bank": head.bank, "version": head.version, "count": len(head.items)})
    ]
    if session.mode == "certification" and rehearses(sealed):
        notes.append(Note("bank", "rehearsal", "problem"))
    found, key = _try_key(home, sealed, session, code)
    if key is None:
        return Tried([*notes, found], sealed)
    wrong = _wrong_inside(sealed, key)
    return Tried([*notes, wrong], sealed) if wrong else Tried([*notes, found], sealed, key)


def _wrong_inside(sealed: SealedBank, key: bytes) -> Note | None:
    """Return what keeps the opened part from leading a session on this server, None when nothing does."""
    try:
        part = sealed.tables(key)
        check_engine(part)
        tables_of(part)
    except Refused as other:
        return Note("bank", "other_engine", "problem", {name: str(one) for name, one in other.params.items()})
    except OtherTablesError as other:
        return Note("bank", "other_tables", "problem", {"asked": other.built, "here": other.here})
    except SealError as problem:
        missing = problem.code == "missing"
        return Note("bank", "incomplete", "problem") if missing else Note("key", "changed", "problem")
    except SealedPartError:
        return Note("key", "changed", "problem")
    return None


def _try_key(home: Path, sealed: SealedBank, session: Session, code: str | None) -> tuple[Note, bytes | None]:
    if code:
        try:
            return Note("key", "code"), sealed.key_by_code(code)
        except SealError as problem:
            outcome = "no_code" if problem.code == "no_code" else "wrong_code"
            return Note("key", outcome, "problem"), None
    own = _own_key(home, sealed, session)
    if own is not None:
        return Note("key", "box"), own
    if sealed.head.code is None:
        return Note("key", "other_school", "problem"), None
    return Note("key", "to_try", "warning"), None


def _own_key(home: Path, sealed: SealedBank, session: Session) -> bytes | None:
    """Return the key kept for an open session, or the one locked for this school's box."""
    try:
        kept = day_keys.read(home, session.id, sealed.head.bundle)
        if kept is not None:
            return kept
        path = box_path(home)
        return sealed.key_by_box(load_box(path)) if path.exists() else None
    except (SealError, KeyFileError, OSError):
        return None


def try_questions(sealed: SealedBank, day_key: bytes) -> list[Note]:
    """Show every sealed question in every language and make each of its documents, as on the day; seconds of work."""
    paper = SealedPaper(sealed, day_key, load_bundle(sealed.parts[OPEN]))
    documents, broken = 0, 0
    for item in sealed.head.items:
        try:
            documents += _show(paper, item)
        except (ExamError, SealError, SealedPartError, ArithmeticError, LookupError, TypeError, ValueError):
            broken += 1
    counts: dict[str, str | int] = {"count": len(sealed.head.items), "documents": documents}
    if broken:
        return [Note("questions", "broken", "problem", {"count": broken, "total": len(sealed.head.items)})]
    return [Note("questions", "shown", params=counts)]


def _show(paper: SealedPaper, item: str) -> int:
    bank, made = paper.bank_of(item), 0
    seed = sitting_seed(_SEED, bank.digest)
    for lang in bank.languages:
        shown = present(bank, item, seed, lang)
        names = [one.name for one in shown.documents]
        for name in (*names, *([shown.picture.name] if shown.picture else [])):
            data = make_document(bank, item, seed, lang, name).data
            if ending_of(name) in ENDINGS:
                check_picture(name, data)
            made += bool(data)
    return made
