"""A bank as one document of bytes, the form in which it travels.

`load_bundle(dump_bundle(bank))` has the same digest as `bank`. Bytes that are not the canonical spelling of a sound bank are
refused whole, so a bundle is known by the SHA-256 of its bytes.
"""

from __future__ import annotations

import msgspec

from exam.bank import Bank, assemble
from exam.bank_content import FORMAT, BankContent, canonical_bytes
from exam.bank_rules import cross_problems
from exam.errors import ExamError

MAX_BUNDLE = 64_000_000
_DECODER = msgspec.json.Decoder(BankContent)


class BankError(ExamError):
    """The bytes are not a bank we can use."""

    code = "bank.malformed"


def dump_bundle(bank: Bank) -> bytes:
    """Return the canonical bytes of a bank."""
    return canonical_bytes(bank.content)


def load_bundle(data: bytes) -> Bank:
    """Return the bank of a bundle; raises `BankError` saying what is wrong with it."""
    if len(data) > MAX_BUNDLE:
        raise BankError("bank.too_large", f"a bundle has at most {MAX_BUNDLE} bytes")
    try:
        content = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BankError("bank.malformed", str(error)[:300]) from error
    if content.format != FORMAT:
        raise BankError("bank.unknown_format", f"{content.format[:40]!r} is not {FORMAT}")
    if canonical_bytes(content) != data:
        raise BankError("bank.not_canonical", "the bytes are not the canonical spelling of this bank")
    problems = cross_problems(content)
    if problems:
        first = min(problems)
        raise BankError(
            "bank.unsound", f"{first.path} {first.field}: {first.message} ({len(problems)} problems)"
        )
    return assemble(content)
