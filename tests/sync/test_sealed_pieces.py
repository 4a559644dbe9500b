"""Sealing pieces and locking a day key: what was sealed comes back, and nothing else does."""

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.box_keys import Box
from sync.sealed import (
    LARGEST,
    Costs,
    SealError,
    lock_for_school,
    lock_with_code,
    seal,
    sealed_name,
    spoken_code,
    unlock_for_school,
    unlock_with_code,
    unseal,
)

KEY, NONCE, SALT = bytes(range(32)), bytes(12), bytes(16)
CHEAP = Costs(memory=64, passes=1, lanes=1)
CODE = "cactus piano lune"
JSON = st.binary(max_size=3000).map(lambda data: b"{" + data + b"}")


@settings(max_examples=60)
@given(plain=JSON, name=st.text("abc", min_size=1))
def test_a_piece_comes_back_as_it_was(plain: bytes, name: str) -> None:
    sealed = seal(KEY, "b-1", name, NONCE, plain)
    assert unseal(KEY, "b-1", name, sealed) == plain
    assert (len(sealed) - 12 - 16) % 1024 == 0


@settings(max_examples=60)
@given(place=st.integers(0), mask=st.integers(1, 255))
def test_any_changed_byte_of_a_piece_is_refused(place: int, mask: int) -> None:
    sealed = bytearray(seal(KEY, "b-1", "q-1", NONCE, b"{}"))
    sealed[place % len(sealed)] ^= mask
    with pytest.raises(SealError) as caught:
        unseal(KEY, "b-1", "q-1", bytes(sealed))
    assert caught.value.code == "changed"


@pytest.mark.parametrize(
    ("key", "bundle", "name"), [(bytes(32), "b-1", "q-1"), (KEY, "b-2", "q-1"), (KEY, "b-1", "q-2")]
)
def test_a_piece_opens_in_its_own_place_only(key: bytes, bundle: str, name: str) -> None:
    with pytest.raises(SealError):
        unseal(key, bundle, name, seal(KEY, "b-1", "q-1", NONCE, b"{}"))


@settings(max_examples=40)
@given(cut=st.integers(0, 1051))
def test_a_piece_that_was_cut_is_refused(cut: int) -> None:
    with pytest.raises(SealError):
        unseal(KEY, "b-1", "q-1", seal(KEY, "b-1", "q-1", NONCE, b"{}")[:cut])


@pytest.mark.parametrize("said", [CODE, "CACTUS-PIANO-LUNE", " cactuspiano  lune ", "çactus piano lune"])
def test_a_code_is_heard_whatever_its_writing(said: str) -> None:
    locked = lock_with_code(KEY, "b-1", CODE, SALT, CHEAP)
    assert unlock_with_code(locked, "b-1", said, SALT, CHEAP) == KEY


def test_another_code_bundle_or_salt_says_wrong_code() -> None:
    locked = lock_with_code(KEY, "b-1", CODE, SALT, CHEAP)
    for bundle, said, salt in (
        ("b-1", "cactus piano", SALT),
        ("b-2", CODE, SALT),
        ("b-1", CODE, bytes([1] * 16)),
    ):
        with pytest.raises(SealError) as caught:
            unlock_with_code(locked, bundle, said, salt, CHEAP)
        assert caught.value.code == "wrong_code"


@pytest.mark.parametrize(
    "costs",
    [
        Costs(LARGEST.memory + 1, 1, 1),
        Costs(64, LARGEST.passes + 1, 1),
        Costs(1024, 1, LARGEST.lanes + 1),
        Costs(64, 0, 1),
        Costs(7, 1, 1),
        Costs(64, 1, 0),
    ],
)
def test_a_derivation_no_server_should_try_is_refused(costs: Costs) -> None:
    with pytest.raises(SealError) as caught:
        unlock_with_code(b"", "b-1", CODE, SALT, costs)
    assert caught.value.code == "bad_costs"


def test_a_box_opens_what_was_locked_for_it_in_that_bundle() -> None:
    mine, other = (Box(X25519PrivateKey.generate()) for _ in range(2))
    locked = lock_for_school(KEY, "b-1", mine.public)
    assert unlock_for_school(locked, "b-1", mine) == KEY
    for box, bundle in ((other, "b-1"), (mine, "b-2")):
        with pytest.raises(SealError) as caught:
            unlock_for_school(locked, bundle, box)
        assert caught.value.code == "wrong_school"


def test_names_of_sealed_items_say_nothing_without_the_key() -> None:
    assert sealed_name(KEY, "mots-de-passe-2-a") != sealed_name(bytes(32), "mots-de-passe-2-a")
    assert spoken_code("Éléphant 42 !") == "elephant42"
