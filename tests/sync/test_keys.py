"""Keys are made once, kept private, and told apart by ear."""

from pathlib import Path

import pytest

from sync.identity import HomeError, Identity, init_home
from sync.keys import (
    KeyFileError,
    fingerprint_words,
    load,
    load_or_make,
    load_public,
    public_from_hex,
    save_public,
)
from sync.uai import BadUai, check_uai
from sync.words import WORDS


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "school.key"
    made, again = load_or_make(path), load_or_make(path)
    assert made.public == again.public
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_signature_holds_for_its_bytes_and_key_alone(tmp_path: Path) -> None:
    one, other = load_or_make(tmp_path / "a.key"), load_or_make(tmp_path / "b.key")
    signature = one.sign(b"said")
    assert one.public.verify(signature, b"said")
    assert not one.public.verify(signature, b"Said")
    assert not other.public.verify(signature, b"said")


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "school.key"
    load_or_make(path)
    path.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load(path)


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"]
)
def test_a_damaged_key_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "school.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match=r"school\.key is damaged"):
        load(path)


def test_a_public_key_survives_its_file(tmp_path: Path) -> None:
    key = load_or_make(tmp_path / "a.key").public
    save_public(tmp_path / "a.pub", key)
    assert load_public(tmp_path / "a.pub") == key


@pytest.mark.parametrize("text", ["", "zz", "00" * 31, "00" * 33])
def test_a_malformed_public_key_is_refused(text: str) -> None:
    with pytest.raises(KeyFileError):
        public_from_hex(text)


def test_words_are_256_short_distinct_and_plain() -> None:
    assert len(WORDS) == len(set(WORDS)) == 256
    assert all(word.isascii() and word.isalpha() and word.islower() and len(word) <= 9 for word in WORDS)


def test_two_keys_have_different_words(tmp_path: Path) -> None:
    words = [fingerprint_words(load_or_make(tmp_path / name).public.raw) for name in ("a", "b")]
    assert words[0] != words[1]
    assert len(words[0]) == 6


def test_a_home_keeps_its_identity(tmp_path: Path) -> None:
    made = init_home(tmp_path / "home", "0751234j", "  Collège   des Tilleuls ")
    found = Identity.load(tmp_path / "home")
    assert (found.site, found.uai, found.name) == (made.site, "0751234J", "Collège des Tilleuls")
    assert found.site == f"s-{found.signer.key_id}"


def test_a_home_of_another_school_is_not_taken_over(tmp_path: Path) -> None:
    init_home(tmp_path, "0751234J", "Tilleuls")
    with pytest.raises(HomeError, match="already belongs to Tilleuls"):
        init_home(tmp_path, "0951099D", "Marronniers")


def test_a_key_that_does_not_go_with_the_home_is_noticed(tmp_path: Path) -> None:
    init_home(tmp_path, "0751234J", "Tilleuls")
    (tmp_path / "keys" / "school.key").unlink()
    load_or_make(tmp_path / "keys" / "school.key")
    with pytest.raises(HomeError, match="do not belong together"):
        Identity.load(tmp_path)


@pytest.mark.parametrize("uai", ["0951099D", "0751234J", "0010856A"])
def test_a_right_uai_is_accepted(uai: str) -> None:
    assert check_uai(uai.lower()) == uai


@pytest.mark.parametrize("uai", ["", "0751234", "0751234K", "0751243J", "075123JJ"])
def test_a_uai_with_a_slip_is_refused(uai: str) -> None:
    with pytest.raises(BadUai):
        check_uai(uai)
