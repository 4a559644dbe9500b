"""The extension's packages, made from its one source: signed for Chromium with this server's own key, a plain archive for Firefox.

The same source and key give the same bytes. The packages hold no key of any machine; those come by managed policy.
"""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from kiosk.lockdown.crx import extension_id, pack, public_der
from sync.keys import KeyFileError

if TYPE_CHECKING:
    from kiosk.config import Config

SOURCE = Path(__file__).parent.parent.parent / "web" / "extension"
KEY_FILE = "extension.key"
KEY_BITS = 3072
GECKO_ID = "preau@salle.local"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_GUPDATE = "http://www.google.com/update2/response"


def manifest() -> dict[str, Any]:
    """Return the extension's manifest as its source says it."""
    found: dict[str, Any] = json.loads((SOURCE / "manifest.json").read_text("utf-8"))
    return found


VERSION: str = manifest()["version"]


class Package(NamedTuple):
    """The extension, ready to be fetched from `origin`."""

    origin: str
    id: str
    version: str
    crx: bytes
    xpi: bytes

    def chromium_updates(self) -> bytes:
        """Return the update manifest of Chromium."""
        where = quoteattr(f"{self.origin}/extension/preau.crx")
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<gupdate xmlns="{_GUPDATE}" protocol="2.0"><app appid="{self.id}">'
            f'<updatecheck codebase={where} version="{self.version}"/></app></gupdate>\n'
        ).encode()

    def firefox_updates(self) -> dict[str, Any]:
        """Return the update manifest of Firefox."""
        digest = sha256(self.xpi).hexdigest()
        link = f"{self.origin}/extension/preau.xpi"
        update = {"version": self.version, "update_link": link, "update_hash": f"sha256:{digest}"}
        return {"addons": {GECKO_ID: {"updates": [update]}}}


def files(origin: str) -> dict[str, bytes]:
    """Return the extension's files by name, its manifest narrowed to the server at `origin` (empty: any)."""
    found = {path.name: path.read_bytes() for path in sorted(SOURCE.iterdir()) if path.is_file()}
    said = manifest()
    host = urlsplit(origin).hostname
    if host:
        # No port: Firefox takes none in a pattern; the worker compares the whole origin.
        said["content_scripts"][0]["matches"] = [f"*://{host}/exam*"]
        said["host_permissions"] = [f"*://{host}/*"]
    found["manifest.json"] = _json(said)
    return found


def archive(contents: dict[str, bytes]) -> bytes:
    """Return files as a zip whose bytes depend on nothing else."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(contents):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            made.writestr(info, contents[name])
    return out.getvalue()


def load_or_make_key(home: Path) -> rsa.RSAPrivateKey:
    """Return the key that signs the package, made the first time; raises KeyFileError when it is damaged."""
    path = home / "keys" / KEY_FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return _make_key(path)
    try:
        key = load_pem_private_key(data, None)
    except ValueError:
        raise KeyFileError(f"{path.name} is damaged") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeyFileError(f"{path.name} holds another kind of key than RSA")
    return key


def _make_key(path: Path) -> rsa.RSAPrivateKey:
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_suffix(f".{os.getpid()}.new")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # two who make one at once end with the same
    except FileExistsError:
        return load_or_make_key(path.parent.parent)
    finally:
        draft.unlink()
    return key


def load_package(config: Config) -> Package:
    """Return the packages of this server; a second of work the first time, for a thread."""
    origin = config.public_address.rstrip("/") or f"http://127.0.0.1:{config.port}"
    return _built(config.home, origin)


@lru_cache(maxsize=8)
def _built(home: Path, origin: str) -> Package:
    return build_package(origin, load_or_make_key(home))


def build_package(origin: str, key: rsa.RSAPrivateKey) -> Package:
    """Return the packages for a server, signed by a key."""
    contents = files(origin)
    chromium = {**contents, "manifest.json": _json(_chromium(json.loads(contents["manifest.json"])))}
    firefox = {**contents, "manifest.json": _json(_firefox(json.loads(contents["manifest.json"]), origin))}
    ours = extension_id(public_der(key.public_key()))
    updates = f"{origin}/extension/updates.xml"
    said = json.loads(chromium["manifest.json"])
    chromium["manifest.json"] = _json({**said, "update_url": updates})
    return Package(origin, ours, VERSION, pack(archive(chromium), key), archive(firefox))


def unpacked(origin: str, key: rsa.RSAPrivateKey, given: dict[str, Any] | None = None) -> dict[str, bytes]:
    """Return the extension for developers: loaded from a folder, same id as the package.

    `given` replaces the managed policy by these settings, in a file of its own that no package holds.
    """
    contents = files(origin)
    said = _chromium(json.loads(contents["manifest.json"]))
    said["key"] = base64.b64encode(public_der(key.public_key())).decode()
    contents["manifest.json"] = _json(said)
    if given is not None:
        fixed = json.dumps(given)
        contents["settings.js"] = (
            f"export const settings = async () => ({fixed});\nexport const onSettings = () => {{}};\n"
        ).encode()
    return contents


def _chromium(said: dict[str, Any]) -> dict[str, Any]:
    background = {name: value for name, value in said["background"].items() if name != "scripts"}
    kept = {name: value for name, value in said.items() if name != "browser_specific_settings"}
    return {**kept, "background": background}


def _firefox(said: dict[str, Any], origin: str) -> dict[str, Any]:
    background = {name: value for name, value in said["background"].items() if name != "service_worker"}
    kept = {name: value for name, value in said.items() if name != "minimum_chrome_version"}
    gecko = dict(said["browser_specific_settings"]["gecko"])
    if origin.startswith("https:"):  # Firefox asks nowhere else for updates
        gecko["update_url"] = f"{origin}/extension/updates.json"
    else:  # its own rule for extensions would turn every ws: into wss:, which a server without encryption does not speak
        kept["content_security_policy"] = {"extension_pages": "script-src 'self'"}
    return {**kept, "background": background, "browser_specific_settings": {"gecko": gecko}}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()
