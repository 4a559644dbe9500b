"""What a server is given when its settings name a folder, a bundle, who may sign it, and what it must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from bank_kit import bank_of
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sealed_kit import CHEAP, CODE, certification_bank, sealed_bundle

from exam.bundle import BankError, dump_bundle
from kiosk.bank_building import Order, build
from kiosk.banks import Banks
from kiosk.checks import Subject, check_bank
from kiosk.config import Config, load_config
from kiosk.served_bank import served_bank
from sync.box_keys import Box
from sync.bundle_file import Head, read_bundle, write_bundle
from sync.keys import KeyFileError, Signer, save_public

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIGNER, OTHER = (Signer(Ed25519PrivateKey.from_private_bytes(bytes([one]) * 32)) for one in (0, 7))
BOX = Box(X25519PrivateKey.from_private_bytes(bytes(range(32))))


def key(signer: Signer) -> str:
    return signer.public.raw.hex()


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "bank.preau"
    path.write_bytes(sealed_bundle(SIGNER, BOX).data)
    return path


def refused(config: Config) -> str:
    with pytest.raises(BankError) as caught:
        served_bank(config)
    return caught.value.code


def test_a_bundle_by_one_of_the_signers_is_served_and_its_sealed_part_kept_closed(bundle: Path) -> None:
    served = served_bank(Config(bundle.parent, bank=str(bundle), bank_signers=(key(OTHER), key(SIGNER))))
    assert not any(item.certification for item in served.bank.items.values())
    banks = Banks(bundle.parent / "banks", served.bank, served.sealed)
    assert banks.sealed is not None
    day_key = banks.sealed.key_by_code(CODE)
    assert day_key == banks.sealed.key_by_box(BOX)
    assert len(banks.sealed.tables(day_key).rows) == len(banks.sealed.head.items) == 64


def test_a_signer_may_be_named_by_a_file_and_is_refused_by_name_when_it_is_no_key(bundle: Path) -> None:
    save_public(bundle.with_name("signer.pub"), SIGNER.public)
    named = Config(bundle.parent, bank=str(bundle), bank_signers=(str(bundle.with_name("signer.pub")),))
    assert served_bank(named).sealed is not None
    with pytest.raises(KeyFileError, match="bank_signers"):
        served_bank(Config(bundle.parent, bank=str(bundle), bank_signers=("nobody.pub",)))


def test_what_is_wrong_with_a_bundle_is_named(bundle: Path) -> None:
    home, name = bundle.parent, str(bundle)
    right = (key(SIGNER),)
    assert refused(Config(home, bank=name)) == "bank.unchecked"
    assert refused(Config(home, bank=name, bank_signers=(key(OTHER),))) == "bank.wrong_signer"
    assert refused(Config(home, bank=name, bank_signers=right, bank_version="9.9")) == "bank.wrong_version"
    assert refused(Config(home, bank=name, bank_signers=right, bank_digest="0" * 64)) == "bank.wrong_digest"
    data = bundle.read_bytes()
    bundle.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert refused(Config(home, bank=name, bank_signers=right)) == "bank.changed"
    bundle.write_bytes(data[:-1])
    assert refused(Config(home, bank=name, bank_signers=right)) == "bank.cut"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda head: msgspec.structs.replace(head, version="9.9"), "bank.wrong_version"),
        (lambda head: msgspec.structs.replace(head, digest="0" * 64), "bank.wrong_digest"),
        (lambda head: msgspec.structs.replace(head, bank="another"), "bank.wrong_id"),
    ],
)
def test_a_head_that_does_not_tell_the_truth_of_its_open_part_is_refused(
    bundle: Path, change: Callable[[Head], Head], code: str
) -> None:
    head, parts = read_bundle(bundle.read_bytes(), SIGNER.public)
    bundle.write_bytes(write_bundle(SIGNER, change(head), parts))
    assert refused(Config(bundle.parent, bank=str(bundle), bank_signers=(key(SIGNER),))) == code


def test_an_unsigned_bundle_is_served_unless_someone_must_have_signed_it(tmp_path: Path) -> None:
    path = tmp_path / "bank.json"
    path.write_bytes(dump_bundle(bank_of()))
    served = served_bank(Config(tmp_path, bank=str(path), bank_digest=bank_of().digest))
    assert (served.bank.digest, served.sealed) == (bank_of().digest, None)
    assert refused(Config(tmp_path, bank=str(path), bank_signers=(key(SIGNER),))) == "bank.wrong_signer"


def test_the_settings_are_read_from_the_home_s_file(bundle: Path) -> None:
    (bundle.parent / "config.toml").write_text(
        f'bank = "{bundle}"\nbank_signers = ["{key(SIGNER)}"]\nbank_version = "9.9"\n', encoding="utf-8"
    )
    assert refused(load_config(bundle.parent, {})) == "bank.wrong_version"
    told = check_bank(Subject(bundle.parent, 0))
    assert [(one.name, one.level) for one in told] == [("bank", "problem")]
    assert "bank.wrong_version" in told[0].message


def test_the_doctor_says_which_bank_is_served_and_what_is_sealed(bundle: Path) -> None:
    assert [one.name for one in check_bank(Subject(bundle.parent, 0))] == ["bank", "sealed"]
    (bundle.parent / "config.toml").write_text(
        f'bank = "{bundle}"\nbank_signers = ["{key(SIGNER)}"]\n', encoding="utf-8"
    )
    bank, sealed = check_bank(Subject(bundle.parent, 0))
    assert (bank.level, sealed.level) == ("ok", "ok")
    assert "digest" in bank.message
    assert "64 sealed items" in sealed.message
    assert "a day code" in sealed.message


def test_a_bundle_built_with_every_candidate_simulated_opens_and_tells_its_precision(tmp_path: Path) -> None:
    made = build(certification_bank(), SIGNER, Order(CODE, costs=CHEAP))
    path = tmp_path / "bank.preau"
    path.write_bytes(made.data)
    assert made.report.sealed is not None
    seen = made.report.sealed.precision
    assert (seen.candidates, seen.content_ok) == (10_000, 1000)
    assert made.report.sealed.target_exposure == 1000  # four items a competence can hide none
    served = served_bank(Config(tmp_path, bank=str(path), bank_signers=(key(SIGNER),)))
    assert served.sealed is not None
    key_of_day = served.sealed.key_by_code(CODE)
    assert len([served.sealed.item(key_of_day, name) for name in served.sealed.head.items]) == 64
