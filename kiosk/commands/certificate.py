"""A certificate checked on a terminal, without a network: the text of its square and the public key of who signed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sync.certificates import LONGEST, PREFIX, CertificateError, check_certificate, from_text

if TYPE_CHECKING:
    from pathlib import Path

    from sync.certificates import Certificate
    from sync.keys import PublicKey


def certificate_in(path: Path) -> str | None:
    """Return the text of a certificate's square when that is what the file holds, else None; raises OSError."""
    with path.open("rb") as file:
        start = file.read(2 * LONGEST + 1)
    return start.decode("ascii", "replace") if start.startswith(PREFIX.encode()) else None


def show_certificate(text: str, key: PublicKey, *, as_json: bool) -> int:
    """Say whether a certificate holds and for whom; return 0 when it does, else 1."""
    try:
        found = check_certificate(from_text(text), key)
    except CertificateError as error:
        told: dict[str, object] = {"verdict": "failed", "code": error.code, "message": str(error)}
        print(msgspec.json.encode(told).decode() if as_json else f"Failed: {error}.")
        return 1
    if as_json:
        print(msgspec.json.encode(_told(found)).decode())
    else:
        print("\n".join(_lines(found)))
    return 0


def _told(found: Certificate) -> dict[str, object]:
    return {"verdict": "verified", **found.claims._asdict(), "holder": found.sheet}


def _lines(found: Certificate) -> list[str]:
    claims, sheet = found.claims, found.sheet
    who = f"{sheet.first_name} {sheet.last_name}, born {sheet.birth_date}" if sheet else "nobody named"
    where = f"test of {claims.test_date} at {claims.centre} ({claims.uai})"
    return [
        f"Verified: {claims.code}, {who}.",
        f"{claims.score} out of {claims.highest}, {where}, granted {claims.delivered}.",
    ]
