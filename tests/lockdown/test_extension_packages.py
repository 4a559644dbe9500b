"""The extension's packages: one source, signed for Chromium by this server's own key, with no way to give a key by hand."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from kiosk.lockdown.crx import CrxError, extension_id, pack, parse, public_der
from kiosk.provision.package import GECKO_ID, VERSION, build_package, load_or_make_key, manifest, unpacked

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = "https://preau.local:8080"


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def names(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_package_read_again_is_what_was_signed(key: rsa.RSAPrivateKey) -> None:
    package = build_package(ORIGIN, key)
    found = parse(package.crx)
    assert found.id == package.id == extension_id(public_der(key.public_key()))
    assert len(found.id) == 32
    assert set(found.id) <= set("abcdefghijklmnop")
    assert "manifest.json" in names(found.archive)


@pytest.mark.parametrize("at", [5, 20, 700, -10])
def test_a_package_changed_anywhere_is_refused(key: rsa.RSAPrivateKey, at: int) -> None:
    data = bytearray(build_package(ORIGIN, key).crx)
    data[at] ^= 1
    with pytest.raises(CrxError):
        parse(bytes(data))


@pytest.mark.parametrize("data", [b"", b"Cr24", b"Cr24" + b"\xff" * 8, b"PK\x03\x04" + b"\0" * 30])
def test_what_is_no_package_is_refused(data: bytes) -> None:
    with pytest.raises(CrxError):
        parse(data)


def test_the_same_source_and_key_give_the_same_bytes(key: rsa.RSAPrivateKey) -> None:
    assert build_package(ORIGIN, key) == build_package(ORIGIN, key)
    assert pack(b"zip", key) != pack(b"zap", key)


def test_both_browsers_get_the_same_code_and_each_its_own_manifest(key: rsa.RSAPrivateKey) -> None:
    package = build_package(ORIGIN, key)
    chromium, firefox = names(parse(package.crx).archive), names(package.xpi)
    for_chromium, for_firefox = (json.loads(found.pop("manifest.json")) for found in (chromium, firefox))
    assert chromium == firefox
    assert for_chromium["background"]["service_worker"] == "worker.js"
    assert for_chromium["update_url"] == f"{ORIGIN}/extension/updates.xml"
    assert for_firefox["background"]["scripts"] == ["worker.js"]
    gecko = for_firefox["browser_specific_settings"]["gecko"]
    assert (gecko["id"], gecko["update_url"]) == (GECKO_ID, f"{ORIGIN}/extension/updates.json")
    for said in (for_chromium, for_firefox):
        assert said["content_scripts"][0]["matches"] == ["*://preau.local/exam*"]
        assert said["host_permissions"] == ["*://preau.local/*"]
        assert said["version"] == VERSION
        assert "management" in said["optional_permissions"]


def test_firefox_may_speak_to_a_server_without_encryption_and_to_no_other_in_clear(
    key: rsa.RSAPrivateKey,
) -> None:
    """Firefox makes every `ws:` of an extension `wss:` unless its manifest says otherwise."""
    plain, encrypted = (
        json.loads(names(build_package(origin, key).xpi)["manifest.json"])
        for origin in ("http://127.0.0.1:8080", ORIGIN)
    )
    assert plain["content_security_policy"] == {"extension_pages": "script-src 'self'"}
    assert "content_security_policy" not in encrypted


def test_the_package_takes_its_key_from_managed_policy_alone(key: rsa.RSAPrivateKey) -> None:
    package = build_package(ORIGIN, key)
    developer = unpacked(ORIGIN, key, {"key": "ab" * 32})
    assert b"ab" * 32 in developer["settings.js"]
    for found in (names(parse(package.crx).archive), names(package.xpi)):
        scripts = b"".join(data for name, data in found.items() if name.endswith(".js"))
        assert b"storage.managed" in found["settings.js"]
        for other in (b"storage.local", b"storage.sync", b"prompt(", b"onMessageExternal", b"eval("):
            assert other not in scripts
    schema = json.loads(names(package.xpi)["settings.json"])
    assert {"server", "machine", "label", "key"} <= set(schema["properties"])


def test_update_manifests_name_what_this_server_gives(key: rsa.RSAPrivateKey) -> None:
    package = build_package(ORIGIN, key)
    app = ET.fromstring(package.chromium_updates())[0]  # noqa: S314 - our own bytes
    assert app.get("appid") == package.id
    assert app[0].attrib == {"codebase": f"{ORIGIN}/extension/preau.crx", "version": VERSION}
    update = package.firefox_updates()["addons"][GECKO_ID]["updates"][0]
    assert update["update_hash"] == "sha256:" + sha256(package.xpi).hexdigest()


def test_the_signing_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = load_or_make_key(tmp_path)
    assert public_der(load_or_make_key(tmp_path).public_key()) == public_der(first.public_key())
    assert (tmp_path / "keys" / "extension.key").stat().st_mode & 0o777 == 0o600
    assert list((tmp_path / "keys").iterdir()) == [tmp_path / "keys" / "extension.key"]


def test_the_source_asks_for_no_power_it_does_not_need() -> None:
    said = manifest()
    assert set(said["permissions"]) == {"declarativeNetRequest", "storage"}
    assert said["incognito"] == "not_allowed"
