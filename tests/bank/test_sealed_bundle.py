"""The sealed bundle: read by those it is for, refused by part when anything changed, telling nothing at rest."""

from pathlib import Path

import msgspec
import pytest
from bank_kit import bank_of
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from sealed_kit import CHEAP, CODE, SECRET, certification_bank, sealed_bundle

from exam.bundle import BankError, load_bundle
from exam.certification_pool import certification_items, pool_parameters
from exam.feasibility import feasibility
from exam.open_part import open_part
from exam.sealed_part import tables_of
from kiosk.bank_building import Built, Order, Report, build
from kiosk.bank_files import load_bank
from kiosk.sealed_bank import SealedBank
from sync.box_keys import Box
from sync.bundle_file import BundleFileError, open_bytes
from sync.frames import BUNDLE, FrameError, frame
from sync.keys import Signer
from sync.sealed import SealError

SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(32)))
BOX = Box(X25519PrivateKey.from_private_bytes(bytes(range(32))))
STRANGER = Box(X25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


@pytest.fixture(scope="module")
def built() -> Built:
    return sealed_bundle(SIGNER, BOX)


def opened(data: bytes) -> SealedBank:
    return SealedBank.of(data, SIGNER.public)


def test_code_and_box_give_the_same_key_and_every_item_opens(built: Built) -> None:
    sealed = opened(built.data)
    key = sealed.key_by_box(BOX)
    assert sealed.key_by_code("elephant CACTUS-42, lune piano") == key
    found = {sealed.item(key, name).author: sealed.item(key, name).item for name in sealed.head.items}
    assert found.keys() == {item.id for item in certification_items(certification_bank())}
    tables, eligibility = tables_of(sealed.tables(key))
    assert [item.id for item in tables.items] == list(sealed.head.items)
    assert eligibility.values.shape[1] == len(found) == 64


def test_the_open_part_is_read_without_any_key_but_the_signers(built: Built, tmp_path: Path) -> None:
    path = tmp_path / "bank.preau"
    path.write_bytes(built.data)
    bank = load_bank(path, SIGNER.public)
    assert bank.digest == open_part(certification_bank()).digest == built.head.digest
    assert not any(item.certification for item in bank.items.values())


def test_nothing_of_the_sealed_part_is_readable_at_rest(built: Built) -> None:
    assert SECRET.encode() not in built.data
    for item in certification_items(certification_bank()):
        assert item.id.encode() not in built.data
    assert b"-scelle" not in built.data


def test_the_report_tells_counts_and_precision_to_anyone(built: Built) -> None:
    report = msgspec.json.decode(opened(built.data).parts["report"], type=Report)
    assert report == built.report
    assert report.sealed is not None
    assert (report.sealed.items, report.sealed.parameters, report.sealed.feasible) == (
        64,
        "uncalibrated",
        True,
    )
    assert report.sealed.precision.content_ok == 1000
    assert report.sealed.critical.lz_1 < report.sealed.critical.lz_5 < 0
    assert report.sealed.critical.cusum_1 > report.sealed.critical.cusum_5 > 0


def refusal(job: object) -> str:
    with pytest.raises(SealError) as caught:
        job()  # type: ignore[operator]  # a claim about what is raised
    return caught.value.code


def test_a_wrong_code_says_so(built: Built) -> None:
    assert refusal(lambda: opened(built.data).key_by_code("cactus lune piano")) == "wrong_code"


def test_another_school_is_told_it_is_not_for_them(built: Built) -> None:
    assert refusal(lambda: opened(built.data).key_by_box(STRANGER)) == "wrong_school"


def test_a_code_that_can_be_guessed_is_refused() -> None:
    order = Order("cactus", rough=True, costs=CHEAP)
    assert refusal(lambda: build(certification_bank(), SIGNER, order)) == "weak_code"


def test_a_sealed_part_that_nobody_could_open_is_refused() -> None:
    with pytest.raises(BankError, match="nobody could open it"):
        build(certification_bank(), SIGNER, Order(rough=True))


def test_a_bank_without_certification_items_has_nothing_sealed() -> None:
    made = build(bank_of(), SIGNER, Order())
    assert not made.head.items
    assert load_bundle(open_bytes(made.data, SIGNER.public)).digest == bank_of().digest


def test_a_pool_that_makes_no_certification_is_refused_by_competence() -> None:
    with pytest.raises(BankError, match=r"1\.1: 0 topics"):
        build(bank_of(), SIGNER, Order(CODE, rehearsal=True, rough=True))


def test_the_first_form_of_a_signed_bundle_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "first"
    path.write_bytes(frame(SIGNER, BUNDLE, msgspec.json.encode(bank_of().content, order="sorted")))
    assert load_bank(path, SIGNER.public).digest == bank_of().digest


@settings(max_examples=60)
@given(place=st.integers(min_value=0), mask=st.integers(1, 255))
def test_any_changed_byte_is_refused(built: Built, place: int, mask: int) -> None:
    data = bytearray(built.data)
    data[place % len(data)] ^= mask
    with pytest.raises((BundleFileError, FrameError)):
        opened(bytes(data))


@settings(max_examples=60)
@given(place=st.integers(min_value=0))
def test_any_cut_is_refused(built: Built, place: int) -> None:
    with pytest.raises((BundleFileError, FrameError)):
        opened(built.data[: place % len(built.data)])


def test_a_change_and_a_cut_name_the_part(built: Built) -> None:
    last = built.head.parts[-1].name
    with pytest.raises(BundleFileError) as cut:
        opened(built.data[:-1])
    assert (cut.value.code, cut.value.part) == ("cut", last)
    with pytest.raises(BundleFileError) as changed:
        opened(built.data[:-1] + bytes([built.data[-1] ^ 1]))
    assert (changed.value.code, changed.value.part) == ("changed", last)
    with pytest.raises(BundleFileError) as longer:
        opened(built.data + b" ")
    assert longer.value.part == "end"


def test_a_piece_moved_to_another_place_or_bundle_does_not_open(built: Built) -> None:
    sealed = opened(built.data)
    key = sealed.key_by_box(BOX)
    first, second, *_ = sealed.head.items
    swapped = SealedBank(sealed.head, {**sealed.parts, first: sealed.parts[second]})
    assert refusal(lambda: swapped.item(key, first)) == "changed"
    other = SealedBank(msgspec.structs.replace(sealed.head, bundle="b-other"), sealed.parts)
    assert refusal(lambda: other.item(key, first)) == "changed"


def test_feasibility_gives_a_test_that_meets_every_rule() -> None:
    pool = pool_parameters(certification_bank(), certification_items(certification_bank()))
    proof = feasibility(pool)
    by_id = {item.id: item for item in pool}
    assert proof.feasible
    assert len(proof.test) == 16
    for competence, names in proof.test.items():
        assert len({by_id[name].topic for name in names}) == 2
        assert {by_id[name].competence for name in names} == {competence}
