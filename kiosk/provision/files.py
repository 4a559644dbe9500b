"""Every file a machine of the room gets, by the path it stands at, and what it may be read by."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from kiosk.provision import policies

if TYPE_CHECKING:
    from kiosk.actions.room_machines import Prepared

CHROMIUM = "/etc/chromium/policies/managed"
FIREFOX = ("/etc/firefox/policies", "/etc/firefox-esr/policies")
AUTHORITY = "/usr/local/share/ca-certificates/preau.crt"
LAUNCHER = "/usr/local/bin/preau-kiosk"
AUTOSTART = "/etc/xdg/autostart/preau-kiosk.desktop"
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,255}")
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")


class BadTarget(ValueError):  # noqa: N818 - named for what is wrong
    """The address of the server or the name of the account cannot be written into files."""


class Target(NamedTuple):
    """What the files of one machine say: its key, the server's origin, the extension's id, who sits there.

    `authority` is the server's own certificate of authority, DER and PEM, None without encryption.
    """

    machine: Prepared
    origin: str
    extension: str
    user: str
    authority: tuple[bytes, bytes] | None


class File(NamedTuple):
    """One file: its absolute path, bytes, and mode; `secret` ones are for the candidates' account alone."""

    path: str
    data: bytes
    mode: int = 0o644
    secret: bool = False


def files_of(target: Target) -> list[File]:
    """Return what a machine gets, in order of path; raises BadTarget."""
    if not _ORIGIN.fullmatch(target.origin) or not urlsplit(target.origin).hostname:
        raise BadTarget(f"{target.origin!r} is not the address of a server, such as https://preau.local:8080")
    if not _USER.fullmatch(target.user):
        raise BadTarget(f"{target.user!r} is not the name of an account")
    der, pem = target.authority or (None, None)
    origin, machine = target.origin, target.machine
    firefox = policies.firefox(origin, machine, AUTHORITY if pem else None)
    found = [
        File(f"{CHROMIUM}/preau-rules.json", _json(policies.chromium_rules(origin, der))),
        File(
            f"{CHROMIUM}/preau-extension.json", _json(policies.chromium_extension(origin, target.extension))
        ),
        File(
            f"{CHROMIUM}/preau-machine.json",
            _json(policies.chromium_settings(origin, target.extension, machine)),
            0o640,
            secret=True,
        ),
        *(File(f"{folder}/policies.json", _json(firefox), 0o640, secret=True) for folder in FIREFOX),
        File(LAUNCHER, _launcher(target).encode(), 0o755),
        File(AUTOSTART, _autostart(target).encode()),
        File("/etc/preau/machine", f"{machine.label}\n{origin}\n".encode()),
    ]
    if pem is not None:
        found.append(File(AUTHORITY, pem))
    return sorted(found)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def _launcher(target: Target) -> str:
    return f"""#!/bin/sh
# Opens the exam full screen for the account {target.user}, and again whenever the browser ends. Any other account: nothing.
[ "$(id -un)" = "{target.user}" ] || exit 0
page="{target.origin}/exam"
profile="${{XDG_DATA_HOME:-$HOME/.local/share}}/preau-kiosk"
while :; do
  if command -v chromium >/dev/null 2>&1; then
    chromium --kiosk --no-first-run --noerrdialogs --disable-session-crashed-bubble --user-data-dir="$profile" "$page"
  elif command -v firefox-esr >/dev/null 2>&1; then
    firefox-esr --kiosk --no-remote "$page"
  else
    exit 1
  fi
  sleep 1
done
"""


def _autostart(target: Target) -> str:
    return f"""[Desktop Entry]
Type=Application
Name=Préau
Comment=Salle d'examen, poste {target.machine.label}
Exec={LAUNCHER}
NoDisplay=true
X-GNOME-Autostart-enabled=true
"""
