"""One shell script that puts a machine's files in place, and one that takes them away: nothing else is needed on the machine.

What it does is written down as it does it: each folder made, each file put, each file that stood there before and is kept aside.
Undoing reads that list backwards. `PREFIX` puts everything under another root, for images of disks and for tests.
"""

from __future__ import annotations

import base64
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.provision.files import File, Target

STATE = "/var/lib/preau-provision"

_UNDO = """\
#!/bin/sh
# Takes away what install.sh put on this machine, and puts back what stood there before.
set -eu
PREFIX="${PREFIX:-}"
STATE="$PREFIX@STATE@"
if [ -z "$PREFIX" ] && [ "$(id -u)" != 0 ]; then echo "run this as administrator (sudo)" >&2; exit 1; fi
if [ ! -f "$STATE/list" ]; then echo "nothing to undo"; exit 0; fi
list="$(cat "$STATE/list")"
rm -f "$STATE/list" "$STATE/undo.sh"
printf '%s\\n' "$list" | sed '1!G;h;$!d' | while read -r kind path; do
  case "$kind" in
    file) rm -f "$PREFIX$path" ;;
    kept) mv -f "$PREFIX$path.preau-before" "$PREFIX$path" ;;
    folder) rmdir "$PREFIX$path" 2>/dev/null || : ;;
  esac
done
if [ -z "$PREFIX" ] && command -v update-ca-certificates >/dev/null 2>&1; then update-ca-certificates --fresh >/dev/null || :; fi
echo "this machine is as it was before Preau"
"""

_HEAD = """\
#!/bin/sh
# Prepares machine @LABEL@ for exams on @ORIGIN@. It holds the machine's key: keep it as you keep keys.
# sh install.sh         puts everything in place (again: replaces it)
# sh install.sh --undo  takes it away
set -eu
umask 022
PREFIX="${PREFIX:-}"
STATE="$PREFIX@STATE@"
USER_OF_EXAM="@USER@"
if [ -z "$PREFIX" ] && [ "$(id -u)" != 0 ]; then echo "run this as administrator (sudo)" >&2; exit 1; fi
if [ -f "$STATE/undo.sh" ]; then sh "$STATE/undo.sh" >/dev/null; fi
if [ "${1:-}" = "--undo" ]; then echo "this machine is as it was before Preau"; exit 0; fi

made=""
folder() {
  [ -d "$PREFIX$1" ] && return 0
  case "$1" in ?*/*) folder "${1%/*}" ;; esac
  [ -d "$PREFIX$1" ] && return 0
  mkdir "$PREFIX$1"
  if [ -f "$STATE/list" ]; then echo "folder $1" >>"$STATE/list"; else made="$made$1
"; fi
}
put() { # path mode secret, the bytes on standard input
  folder "${1%/*}"
  base64 -d >"$PREFIX$1.preau-new"
  chmod "$2" "$PREFIX$1.preau-new"
  if [ "$3" = yes ] && [ -z "$PREFIX" ]; then
    if id "$USER_OF_EXAM" >/dev/null 2>&1; then chgrp "$(id -gn "$USER_OF_EXAM")" "$PREFIX$1.preau-new"
    else echo "no account $USER_OF_EXAM yet: make it, then run this again" >&2; fi
  fi
  if [ -e "$PREFIX$1" ]; then
    mv "$PREFIX$1" "$PREFIX$1.preau-before"
    echo "kept $1" >>"$STATE/list"
  fi
  mv "$PREFIX$1.preau-new" "$PREFIX$1"
  echo "file $1" >>"$STATE/list"
}
folder "@STATE@"
printf '%s' "$made" | while read -r one; do echo "folder $one"; done >"$STATE/list"
base64 -d >"$STATE/undo.sh" <<'PREAU'
"""

_TAIL = """\
if [ -z "$PREFIX" ] && command -v update-ca-certificates >/dev/null 2>&1; then update-ca-certificates >/dev/null; fi
echo "machine @LABEL@ is ready: restart its browser, then open @ORIGIN@/exam/check"
"""


def undo_script() -> str:
    """Return the script that takes everything away."""
    return _UNDO.replace("@STATE@", STATE)


def install_script(target: Target, files: Iterable[File]) -> str:
    """Return the script that puts these files in place."""
    parts = [_filled(_HEAD, target), _encoded(undo_script().encode())]
    for file in files:
        secret = "yes" if file.secret else "no"
        parts += [f"put {file.path} {file.mode:o} {secret} <<'PREAU'\n", _encoded(file.data)]
    return "".join([*parts, _filled(_TAIL, target)])


def _filled(text: str, target: Target) -> str:
    """Return a piece of script with what was checked to be plain letters, digits and address signs."""
    for name, value in (
        ("@LABEL@", target.machine.label),
        ("@ORIGIN@", target.origin),
        ("@USER@", target.user),
        ("@STATE@", STATE),
    ):
        text = text.replace(name, value)
    return text


def _encoded(data: bytes) -> str:
    lines = textwrap.wrap(base64.b64encode(data).decode(), 76)
    return "".join(f"{line}\n" for line in [*lines, "PREAU"])
