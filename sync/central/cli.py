"""`preau central`: what a person runs on the machine of the central instance.

Each command says what it did in a sentence, or as one JSON object with `--json`, and exits 0 when all is well, 1 when
something stood in the way. Secrets are printed once, to whoever asked for them, and kept nowhere.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.exc import SQLAlchemyError

from sync.central import commands, sealed_commands
from sync.central.config import DATABASE_VARIABLE, DEFAULT_NAME, PORT, PORT_VARIABLE, load_config, make_home
from sync.central.errors import WrongSetting
from sync.central.serve import serve
from sync.central.store.tokens import SCOPES
from sync.keys import KeyFileError
from sync.uai import BadUai

if TYPE_CHECKING:
    import argparse
    from collections.abc import Coroutine

    from sync.central.commands import Result
    from sync.central.config import Config


HELP = "run and manage a central instance"


class Group(Protocol):
    """Where the parsers of several commands go."""

    def add_parser(self, name: str, **words: Any) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse's own
        """Return a new command's parser."""
        ...


def register(parser: argparse.ArgumentParser) -> None:
    """Add the commands of the central instance to `parser`."""
    groups = parser.add_subparsers(dest="central_command", required=True, metavar="COMMAND")
    _register_init(groups)
    _register_serve(groups)
    _register_school(groups)
    _register_statements(groups)
    _register_token(groups)
    again = _leaf(groups, "verify", "judge again participations that wait or failed")
    again.add_argument("--again", action="store_true", required=True, help="say that it is meant")
    again.set_defaults(central=lambda config, _: commands.verify_again(config))
    bank = groups.add_parser(
        "bank", help="make a bank known, so that participations taken on it can be replayed"
    )
    actions = bank.add_subparsers(dest="bank_command", required=True, metavar="ACTION")
    add = _leaf(actions, "add", "add a bank from its folder or its bundle")
    add.add_argument("source", type=Path, metavar="FILE_OR_FOLDER")
    add.add_argument("--public-key", type=Path, metavar="FILE", help="key the bundle must be signed by")
    add.add_argument(
        "--day-code-stdin", action="store_true", help="read the day code of its certification part, one line"
    )
    add.set_defaults(central=_add_bank)


def _add_bank(config: Config, args: argparse.Namespace) -> Coroutine[object, object, Result]:
    if not args.day_code_stdin:
        return commands.add_bank(config, args.source, args.public_key)
    code = sys.stdin.readline().rstrip("\r\n")
    return sealed_commands.add_sealed(config, args.source, args.public_key, code)


def _register_statements(group: Group) -> None:
    parser = _leaf(group, "statements", "write what was said to a school as a file, for a USB key")
    parser.add_argument("site", help="the school's id, as `school list` gives it")
    parser.add_argument("out", type=Path, help="the file to write")
    parser.set_defaults(
        central=lambda config, args: sealed_commands.write_statements(config, args.site, args.out)
    )


def _register_token(group: Group) -> None:
    parser = group.add_parser("token", help="let a national system ask for certifications")
    actions = parser.add_subparsers(dest="token_command", required=True, metavar="ACTION")
    add = _leaf(actions, "add", "make a token, shown once")
    add.add_argument("--name", required=True, help="whose it is")
    add.add_argument("--scope", required=True, choices=SCOPES, help="what it may ask")
    add.set_defaults(central=lambda config, args: sealed_commands.add_token(config, args.name, args.scope))
    listed = _leaf(actions, "list", "list the tokens")
    listed.set_defaults(central=lambda config, _: sealed_commands.list_tokens(config))
    revoke = _leaf(actions, "revoke", "refuse a token from now on")
    revoke.add_argument("id", help="as the list gives it")
    revoke.set_defaults(central=lambda config, args: sealed_commands.revoke_token(config, args.id))


def _leaf(group: Group, name: str, summary: str, *, script: bool = True) -> argparse.ArgumentParser:
    """Return the parser of one command, with what every command takes."""
    parser = group.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
    parser.add_argument(
        "--database", help=f"address of the database ({DATABASE_VARIABLE}; SQLite in the home)"
    )
    if script:
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return parser


def _register_init(group: Group) -> None:
    parser = _leaf(group, "init", "make the home, the key and the database; add an officer")
    parser.add_argument("--name", default=DEFAULT_NAME, help="name shown on the pages")
    parser.add_argument("--officer", metavar="USERNAME", help="an officer to add, or to give a new password")
    parser.add_argument("--password-stdin", action="store_true", help="read the officer's password, one line")
    parser.set_defaults(
        central=lambda config, args: commands.init(config, args.officer, _password(args)), makes_home=True
    )


def _register_serve(group: Group) -> None:
    parser = _leaf(group, "serve", "run the central instance", script=False)
    parser.add_argument("--port", type=int, help=f"port to listen on ({PORT_VARIABLE}, {PORT})")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--tls-cert", type=Path, help="certificate, for HTTPS")
    parser.add_argument("--tls-key", type=Path, help="its key")
    parser.add_argument("--behind-proxy", action="store_true", help="a proxy on the way speaks HTTPS for us")
    parser.set_defaults(central=None)


def _register_school(group: Group) -> None:
    parser = group.add_parser("school", help="add, list or revoke a school")
    actions = parser.add_subparsers(dest="school_command", required=True, metavar="ACTION")
    add = _leaf(actions, "add", "make a single-use code for a school, good for 7 days")
    add.add_argument("--uai", required=True, help="the school's number: seven digits and a letter")
    add.add_argument("--name", required=True, help="the school's name")
    add.set_defaults(central=lambda config, args: commands.add_school(config, args.uai, args.name))
    listed = _leaf(actions, "list", "list the schools, those in need first")
    listed.set_defaults(central=lambda config, _: commands.list_schools(config))
    revoke = _leaf(actions, "revoke", "refuse everything a school's key signs from now on")
    revoke.add_argument("site", help="the school's id, as `school list` gives it")
    revoke.set_defaults(central=lambda config, args: commands.revoke_school(config, args.site))


def run(args: argparse.Namespace) -> int:
    """Run the command in `args`, with its `home`, and return the exit status."""
    try:
        if getattr(args, "makes_home", False):
            make_home(args.home, args.name)
        config = load_config(args.home, args.database or os.environ.get(DATABASE_VARIABLE))
        if args.central is None:
            return serve(config, args, args.port or _port())
        return _say(asyncio.run(_result(args, config)), as_json=args.json)
    except (WrongSetting, KeyFileError, BadUai) as error:
        print(f"preau central: {error}", file=sys.stderr)
    except (SQLAlchemyError, OSError) as error:
        # The driver's words may quote the address of the database, and with it a password: only its kind is said.
        print(f"preau central: the database cannot be used ({type(error).__name__})", file=sys.stderr)
    return 1


def _port() -> int:
    given = os.environ.get(PORT_VARIABLE, str(PORT))
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise WrongSetting("port", f"{PORT_VARIABLE} is not a port: {given}")
    return int(given)


def _result(args: argparse.Namespace, config: Config) -> Coroutine[object, object, Result]:
    made: Coroutine[object, object, Result] = args.central(config, args)
    return made


def _say(result: Result, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(result.data, ensure_ascii=False))
    else:
        print("\n".join(result.lines))
    return 0 if result.well else 1


def _password(args: argparse.Namespace) -> str | None:
    return sys.stdin.readline().rstrip("\r\n") if args.password_stdin else None
