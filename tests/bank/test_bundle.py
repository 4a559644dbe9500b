import json

import pytest
from bank_kit import SINGLE, bank_of, files, item

from exam.bank import parse_bank
from exam.bundle import BankError, dump_bundle, load_bundle


def test_a_bundle_reads_back_as_the_same_bank() -> None:
    bank = bank_of()
    again = load_bundle(dump_bundle(bank))
    assert again.digest == bank.digest
    assert again.content == bank.content
    assert dump_bundle(again) == dump_bundle(bank)


def test_the_digest_does_not_depend_on_the_order_of_files_or_keys() -> None:
    shuffled = dict(reversed(files().items()))
    shuffled["topics/sujet/un.toml"] = shuffled["topics/sujet/un.toml"].replace(
        b'{fr = "un", en = "one"}', b'{en = "one", fr = "un"}'
    )
    bank, _ = parse_bank(shuffled)
    assert bank is not None
    assert bank.digest == bank_of().digest


def test_one_letter_changes_the_digest() -> None:
    assert bank_of(un=item(SINGLE.replace("deux", "Deux"))).digest != bank_of().digest


def test_the_digest_of_a_known_bank_is_the_same_for_ever() -> None:
    assert bank_of().digest == "3ba799d7e8a75fceeecceb9c9b259fa279fb5c1406c4b5ef5f362daf62c115a7"


def refusal(data: bytes) -> str:
    with pytest.raises(BankError) as caught:
        load_bundle(data)
    return caught.value.code


def test_bytes_that_are_no_bundle_are_refused() -> None:
    data = dump_bundle(bank_of())
    assert refusal(b"") == "bank.malformed"
    assert refusal(b"[" * 100_000) == "bank.malformed"
    assert refusal(data[:-1]) == "bank.malformed"
    assert refusal(b"\xff" + data) == "bank.malformed"
    assert refusal(data.replace(b'"single_choice"', b'"essay"')) == "bank.malformed"
    assert refusal(data.replace(b"preau.bank/1", b"preau.bank/9")) == "bank.unknown_format"


def test_another_spelling_of_the_same_bank_is_refused() -> None:
    data = dump_bundle(bank_of())
    assert refusal(data + b"\n") == "bank.not_canonical"
    assert refusal(json.dumps(json.loads(data), sort_keys=True).encode()) == "bank.not_canonical"


def test_a_bundle_whose_parts_do_not_hold_together_is_refused() -> None:
    data = dump_bundle(bank_of())
    assert refusal(data.replace(b'"skill":"sujet-2"', b'"skill":"sujet-7"')) == "bank.unsound"


def test_a_bundle_with_an_unknown_field_is_refused() -> None:
    data = dump_bundle(bank_of())
    assert refusal(data.replace(b'{"archived":false', b'{"aa":1,"archived":false')) == "bank.malformed"
