"""`preau provision`: files that browsers understand, a script that puts them in place and takes every trace away."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.actions.room_machines import Prepared
from kiosk.cli import main
from kiosk.homes import make_home
from kiosk.lan.ca import ensure_certificate
from kiosk.opening import open_database
from kiosk.provision.files import BadTarget, File, Target, files_of
from kiosk.provision.package import GECKO_ID
from kiosk.provision.scripts import install_script
from kiosk.store import lockdown as store
from sync.identity import init_home

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = "https://preau.local:8080"
MACHINE = Prepared("ab" * 8, "P07", "cd" * 32)
TARGET = Target(MACHINE, ORIGIN, "a" * 32, "examen", (b"DER", b"-----BEGIN CERTIFICATE-----\n"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    init_home(made, "0750001U", "Collège des Tilleuls")
    make_home(made)
    ensure_certificate(made, ["preau"], [], datetime.now(UTC))
    (made / "config.toml").write_text(f'public_address = "{ORIGIN}"\n', "utf-8")
    return made


def policy(name: str, target: Target = TARGET) -> dict[str, Any]:
    """Return one policy file as a browser reads it."""
    [found] = [file.data for file in files_of(target) if file.path.endswith(name)]
    read: dict[str, Any] = json.loads(found)
    return read


def tree(root: Path) -> dict[str, bytes | None]:
    """Return every path under a folder, with the bytes of files."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in root.rglob("*")
    }


def run(script: Path, root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["/bin/sh", script, *arguments],
        env={"PREFIX": str(root), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_chromium_opens_this_server_alone_with_our_extension_and_no_other() -> None:
    rules, extension = policy("preau-rules.json"), policy("preau-extension.json")
    assert rules["URLBlocklist"][0] == "*"
    assert {"chrome://*", "chrome-untrusted://*", "file://*"} <= set(rules["URLBlocklist"])
    assert rules["URLAllowlist"] == ["preau.local:8080"]
    assert (rules["DeveloperToolsAvailability"], rules["RemoteDebuggingAllowed"]) == (2, False)
    assert (rules["IncognitoModeAvailability"], rules["BrowserGuestModeEnabled"]) == (1, False)
    assert rules["CACertificates"] == ["REVS"]
    assert extension["ExtensionInstallForcelist"] == [f"{'a' * 32};{ORIGIN}/extension/updates.xml"]
    assert extension["ExtensionInstallBlocklist"] == ["*"]


def test_firefox_gets_the_same_from_its_one_policy() -> None:
    found = policy("firefox-esr/policies/policies.json")["policies"]
    ours = found["ExtensionSettings"][GECKO_ID]
    assert ours["install_url"] == f"{ORIGIN}/extension/preau.xpi"
    assert ours["installation_mode"] == "force_installed"
    assert found["ExtensionSettings"]["*"] == {"installation_mode": "blocked"}
    # With a port in its pattern, Firefox would open nothing at all.
    assert found["WebsiteFilter"] == {"Block": ["<all_urls>"], "Exceptions": ["https://preau.local/*"]}
    assert found["DisableDeveloperTools"] is True


def test_the_key_stands_in_files_of_the_candidates_account_alone() -> None:
    holders = [file for file in files_of(TARGET) if MACHINE.key.encode() in file.data]
    assert len(holders) == 3
    assert all(file.secret and file.mode == 0o640 for file in holders)
    told = policy("preau-machine.json")["3rdparty"]["extensions"]["a" * 32]
    assert told == {"server": ORIGIN, "machine": MACHINE.id, "label": "P07", "key": MACHINE.key}


def test_without_encryption_there_is_no_authority_to_install() -> None:
    plain = TARGET._replace(origin="http://127.0.0.1:8080", authority=None)
    assert "CACertificates" not in policy("preau-rules.json", plain)
    assert not any("ca-certificates" in file.path for file in files_of(plain))


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": 'https://x";rm'},
        {"origin": "ftp://x"},
        {"origin": "https://"},
        {"user": "a b"},
        {"user": "$(id)"},
    ],
)
def test_nothing_that_a_shell_would_read_gets_into_the_files(changed: dict[str, str]) -> None:
    with pytest.raises(BadTarget):
        files_of(TARGET._replace(**changed))  # type: ignore[arg-type] # texts alone


def test_installed_and_undone_a_machine_is_as_it_was(tmp_path: Path) -> None:
    root, script = tmp_path / "root", tmp_path / "install.sh"
    (root / "etc/chromium").mkdir(parents=True)
    script.write_text(install_script(TARGET, files_of(TARGET)), "utf-8")
    before = tree(root)
    assert "P07 is ready" in run(script, root)
    after = tree(root)
    for file in files_of(TARGET):
        assert after[file.path.lstrip("/")] == file.data
        assert (root / file.path.lstrip("/")).stat().st_mode & 0o777 == file.mode
    run(script, root)
    assert tree(root) == after
    run(root / "var/lib/preau-provision/undo.sh", root)
    assert tree(root) == before


def test_what_stood_there_before_is_kept_and_put_back(tmp_path: Path) -> None:
    root, script = tmp_path / "root", tmp_path / "install.sh"
    theirs = root / "etc/firefox/policies/policies.json"
    theirs.parent.mkdir(parents=True)
    theirs.write_text('{"policies": {}}', "utf-8")
    before = tree(root)
    script.write_text(install_script(TARGET, files_of(TARGET)), "utf-8")
    run(script, root)
    assert b"preau@" in theirs.read_bytes()
    run(script, root)
    assert "as it was" in run(script, root, "--undo")
    assert tree(root) == before


def test_undoing_twice_or_never_installed_does_nothing(tmp_path: Path) -> None:
    root, script = tmp_path / "root", tmp_path / "install.sh"
    root.mkdir()
    script.write_text(install_script(TARGET, [File("/etc/preau/machine", b"P07\n")]), "utf-8")
    run(script, root)
    run(script, root, "--undo")
    run(script, root, "--undo")
    assert tree(root) == {}


def test_the_command_registers_the_key_and_writes_private_folders(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert (
        main(
            [
                "--home",
                str(home),
                "provision",
                "--machine",
                "p07",
                "--machine",
                "P08",
                "--out",
                str(out),
                "--json",
            ]
        )
        == 0
    )
    said = json.loads(capsys.readouterr().out)
    assert [one["label"] for one in said["machines"]] == ["P07", "P08"]
    folder = out / "preau-P07"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "install.sh").stat().st_mode & 0o777 == 0o700
    told = json.loads((folder / "files/etc/chromium/policies/managed/preau-machine.json").read_text("utf-8"))
    [settings] = told["3rdparty"]["extensions"].values()
    db = open_database(home)
    try:
        known = db.read_sync(lambda conn: store.public_key(conn, said["machines"][0]["id"]))
    finally:
        db.close_sync()
    assert known is not None
    assert known != settings["key"]
    root = tmp_path / "root"
    root.mkdir()
    run(folder / "install.sh", root)
    run(folder / "undo.sh", root)
    assert tree(root) == {}


def test_a_retired_machine_has_no_key_any_more(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--home", str(home), "provision", "--machine", "P07", "--out", str(tmp_path / "out"), "--json"])
    machine = json.loads(capsys.readouterr().out)["machines"][0]["id"]
    assert main(["--home", str(home), "provision", "--retire", "P07"]) == 0
    db = open_database(home)
    try:
        assert db.read_sync(lambda conn: store.public_key(conn, machine)) is None
    finally:
        db.close_sync()
    assert main(["--home", str(home), "provision", "--retire", "P07"]) == 1


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--machine", "P07"], 2),
        (["--out", "x"], 2),
        (["--machine", "P 07", "--out", "x"], 1),
        (["--machine", "$(id)", "--out", "x"], 1),
    ],
)
def test_wrong_use_says_what_is_missing(  # noqa: PLR0917 - two of a table of cases, and what a command needs
    home: Path,
    words: list[str],
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["--home", str(home), "provision", *words]) == status
    assert capsys.readouterr().err.startswith("preau provision: ")
    assert not (tmp_path / "x").exists()


def test_the_certificate_machines_must_trust_is_among_their_files(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["--home", str(home), "provision", "--machine", "P07", "--out", str(out)]) == 0
    installed = out / "preau-P07/files/usr/local/share/ca-certificates/preau.crt"
    assert installed.read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")
    shutil.rmtree(home / "tls")
    assert main(["--home", str(home), "provision", "--machine", "P08", "--out", str(out)]) == 1


def test_machines_must_know_the_server_by_one_address(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "config.toml").write_text("", "utf-8")
    assert main(["--home", str(home), "provision", "--machine", "P07", "--out", str(tmp_path / "out")]) == 1
    assert "public_address" in capsys.readouterr().err
