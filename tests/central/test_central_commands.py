"""`preau central` as a person or a script runs it."""

from __future__ import annotations

import argparse
import io
import json
import socket
from typing import TYPE_CHECKING

import pytest
from central_kit import UAI, Pupils, a_bank

from exam.bundle import dump_bundle
from sync.central import cli
from sync.central.passwords import check_password, hash_password
from sync.frames import BUNDLE, frame
from sync.keys import save_public

if TYPE_CHECKING:
    from pathlib import Path


def run(home: Path, *words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.register(parser)
    args = parser.parse_args(words)
    args.home = home
    return cli.run(args)


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(tmp_path, "init", "--name", "Académie d'essai") == 0
    capsys.readouterr()
    return tmp_path


def found(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    said: dict[str, object] = json.loads(capsys.readouterr().out)
    return said


def test_init_makes_a_key_others_cannot_read_and_keeps_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = home / "keys" / "central.key"
    before = key.read_bytes()
    assert key.stat().st_mode & 0o077 == 0
    assert run(home, "init") == 0
    assert key.read_bytes() == before
    assert "Académie d'essai" in (home / "central.toml").read_text()
    capsys.readouterr()


def test_init_prints_an_officers_password_once(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "init", "--officer", "helene", "--json") == 0
    password = str(found(capsys)["password"])
    assert len(password) == 19
    assert password.encode() not in b"".join(path.read_bytes() for path in home.glob("central.db*"))


def test_a_password_given_on_standard_input_is_not_said_again(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("un-long-mot-de-passe\n"))
    assert run(home, "init", "--officer", "helene", "--password-stdin") == 0
    assert "un-long" not in capsys.readouterr().out


def test_a_short_password_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("court\n"))
    assert run(home, "init", "--officer", "helene", "--password-stdin") == 1
    assert "10 to 200" in capsys.readouterr().err


def test_school_add_prints_a_code_and_list_knows_no_school_yet(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(home, "school", "add", "--uai", UAI, "--name", "Collège", "--json") == 0
    said = found(capsys)
    assert (said["uai"], len(str(said["code"]))) == (UAI, 19)
    assert run(home, "school", "list", "--json") == 0
    assert found(capsys) == {"schools": []}


def test_a_mistyped_school_number_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "school", "add", "--uai", "0750001A", "--name", "Collège") == 1
    assert "check the digits" in capsys.readouterr().err


def test_revoking_a_school_nobody_knows_says_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "school", "revoke", "s-0000000000000000", "--json") == 1
    assert found(capsys)["revoked"] is False


def test_a_bank_is_added_from_its_bundle_once(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = home / "bank.preau"
    bundle.write_bytes(dump_bundle(a_bank()))
    for added in (True, False):
        assert run(home, "bank", "add", str(bundle), "--json") == 0
        said = found(capsys)
        assert (said["digest"], said["added"]) == (a_bank().digest, added)


def test_a_signed_bundle_is_taken_when_its_key_is_the_one_expected(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    author, other = Pupils("author").signer, Pupils("other").signer
    bundle, key = home / "bank.preau", home / "author.pub"
    bundle.write_bytes(frame(author, BUNDLE, dump_bundle(a_bank())))
    for public, status in ((author.public, 0), (other.public, 1)):
        save_public(key, public)
        assert run(home, "bank", "add", str(bundle), "--public-key", str(key)) == status
    assert run(home, "bank", "add", str(bundle)) == 0
    assert "cannot be used" not in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff"])
def test_what_is_not_a_bank_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    bundle = home / "bank.preau"
    if content is not None:
        bundle.write_bytes(content)
    assert run(home, "bank", "add", str(bundle)) == 1
    assert "preau central:" in capsys.readouterr().err


def test_an_empty_folder_is_a_bank_with_problems(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "bank").mkdir()
    assert run(home, "bank", "add", str(home / "bank")) == 1
    assert "problems" in capsys.readouterr().err


def test_verify_again_with_nothing_to_judge_is_well(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "verify", "--again", "--json") == 0
    assert found(capsys) == {"judged": 0, "verified": 0, "failed": 0}


def test_a_folder_that_is_no_home_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "nowhere", "school", "list") == 1
    assert "preau central init" in capsys.readouterr().err


def test_a_port_already_taken_is_said_clearly(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run(home, "serve", "--port", str(taken.getsockname()[1])) == 1
    assert "already taken" in capsys.readouterr().err


def test_a_port_in_the_environment_that_is_none_is_named(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREAU_CENTRAL_PORT", "eighty")
    assert run(home, "serve") == 1
    assert "PREAU_CENTRAL_PORT" in capsys.readouterr().err


def test_plain_http_beyond_this_machine_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "serve", "--host", "0.0.0.0", "--port", "1") == 1  # noqa: S104 - the refusal is the claim
    assert "--tls-cert" in capsys.readouterr().err


def test_a_database_that_cannot_be_reached_does_not_say_its_address(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "postgresql://someone:a-secret@127.0.0.1:1/none"
    assert run(home, "school", "list", "--database", address) == 1
    said = capsys.readouterr()
    assert "a-secret" not in said.err + said.out


def test_a_password_is_hashed_under_a_fresh_salt_and_nobody_never_fits() -> None:
    phc = hash_password("un-long-mot-de-passe")
    assert phc != hash_password("un-long-mot-de-passe")
    assert check_password("un-long-mot-de-passe", phc)
    assert not check_password("un-long-mot-de-passe", None)
