"""Mail addresses shown by the starter bank are written as addresses are: small letters, no accent, invented hosts."""

from __future__ import annotations

import re

import msgspec

from exam.bank_check import check_seeds
from exam.present import present
from kiosk.bank_files import load_bank, starter_bank

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def test_every_mail_address_shown_is_plain_and_invented() -> None:
    bank = load_bank(starter_bank())
    odd = set()
    for item in bank.items:
        for seed in check_seeds(2):
            for lang in bank.languages:
                shown = msgspec.json.encode(present(bank, item, seed, lang)).decode()
                odd |= {(item, address) for address in ADDRESS.findall(shown) if not _plain(address)}
    assert odd == set()


def _plain(address: str) -> bool:
    return address.isascii() and address == address.lower() and address.endswith((".example", ".test"))
