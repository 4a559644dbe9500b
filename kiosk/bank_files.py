"""Reading a bank from disk: a folder of files as its authors write it, or a bundle.

What is served is the open part: certification items of a folder stay with its authors, those of a bundle stay sealed.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from exam.bank import parse_bank
from exam.bank_reading import MAX_FILE, MAX_FILES
from exam.bundle import MAX_BUNDLE, BankError, load_bundle
from exam.open_part import open_part
from sync.bundle_file import BundleFileError, open_bytes
from sync.frames import FrameError

if TYPE_CHECKING:
    from exam.bank import Bank
    from sync.keys import PublicKey


def starter_bank() -> Path:
    """Return the folder of the bank shipped with the program."""
    return Path(str(files("exam"))) / "banks" / "starter"


def read_bank_folder(path: Path) -> dict[str, bytes]:
    """Return the files of a bank by their path in it; hidden files are left out, large ones cut where refusal begins.

    Raises `OSError` when the folder cannot be read.
    """
    if not path.is_dir():
        raise NotADirectoryError(f"{path} is not a folder")
    found: dict[str, bytes] = {}
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path)
        if any(part.startswith(".") for part in name.parts) or not file.is_file():
            continue
        with file.open("rb") as stream:
            found[name.as_posix()] = stream.read(MAX_FILE + 1)
        if len(found) > MAX_FILES:
            break
    return found


def load_bank(path: Path, key: PublicKey | None = None) -> Bank:
    """Return the open part of a folder or of a bundle file; raises `BankError` or `OSError`.

    With a `key`, the file must be a bundle signed by it; without, a signed one is refused as it cannot be checked.
    """
    return open_part(load_whole(path)) if path.is_dir() else _load_file(path, key)


def load_whole(path: Path) -> Bank:
    """Return everything an authors' folder holds, certification items too: for checking and building, never to serve."""
    bank, problems = parse_bank(read_bank_folder(path))
    if bank is None:
        first = problems[0]
        where = f"{first.path} {first.field}".strip()
        raise BankError("bank.unsound", f"{where}: {first.message} ({len(problems)} problems)")
    return bank


def read_bundle_file(path: Path) -> bytes:
    """Return the bytes of a bundle file, one more than the most allowed at most."""
    with path.open("rb") as stream:
        return stream.read(MAX_BUNDLE + 1)


def _load_file(path: Path, key: PublicKey | None) -> Bank:
    data = read_bundle_file(path)
    if len(data) > MAX_BUNDLE:
        raise BankError("bank.too_large", f"a bundle has at most {MAX_BUNDLE} bytes")
    if key is not None:
        try:
            return load_bundle(open_bytes(data, key))
        except (FrameError, BundleFileError) as error:
            raise BankError(f"bank.{error.code}", str(error)) from error
    if not data.startswith(b"{"):
        raise BankError("bank.unchecked", "this is no unsigned bundle: give the public key of who signed it")
    return load_bundle(data)
