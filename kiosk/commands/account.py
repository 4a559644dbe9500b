"""`preau account`: add people, list them, close an account, give a new one-time password."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from kiosk.actions import throttle
from kiosk.actions.accounts import NewPerson, checked_person, keep_account
from kiosk.cli import CommandError
from kiosk.clock import SystemClock
from kiosk.opening import open_database
from kiosk.organisations import SCHOOL
from kiosk.passwords import check_new_password, hash_password, one_time_password
from kiosk.people import LANGS, ROLES
from kiosk.store import learners, organisations, recoveries
from kiosk.store import people as store
from sync.identity import Identity

if TYPE_CHECKING:
    import argparse

    from kiosk.people import Person
    from sync.db import Database, Tx

HELP = "add and list accounts"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    add = acts.add_parser("add", help="add an account")
    add.add_argument("--username", required=True)
    add.add_argument("--role", required=True, choices=ROLES)
    add.add_argument("--first", required=True, help="first name")
    add.add_argument("--last", required=True, help="last name")
    add.add_argument("--division", help="class, for a pupil")
    add.add_argument("--organisation", default=SCHOOL, help="id of one of `preau organisation list` (school)")
    add.add_argument(
        "--terms-accepted",
        action="store_true",
        help="this member of the staff accepted the terms of use on paper",
    )
    add.add_argument("--lang", choices=LANGS, default="fr")
    add.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the password from standard input; otherwise a one-time password is made and printed",
    )
    reset = acts.add_parser("reset", help="give an account a new one-time password and end its logins")
    reset.add_argument("--username", required=True)
    disable = acts.add_parser("disable", help="close an account and end its logins")
    disable.add_argument("--username", required=True)
    enable = acts.add_parser("enable", help="open an account again")
    enable.add_argument("--username", required=True)
    listed = acts.add_parser("list", help="list accounts")
    for act in (add, reset, disable, enable, listed):
        act.add_argument("--json", action="store_true", help="say the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Do one act on the database; a server may be running on it."""
    Identity.load(args.home)
    db = open_database(args.home)
    try:
        done = {"add": _add, "reset": _reset, "disable": _close, "enable": _close, "list": _list}[args.act](
            db, args
        )
    finally:
        db.close_sync()
    if args.json:
        print(json.dumps(done, ensure_ascii=False))
    else:
        _say(args.act, done)
    return 0


def _row(person: Person, division: str | None) -> dict[str, Any]:
    return {
        "id": person.id,
        "username": person.username,
        "role": person.role,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "organisation": person.organisation,
        "division": division,
        "disabled": person.disabled,
    }


def _add(db: Database, args: argparse.Namespace) -> dict[str, Any]:
    given = sys.stdin.readline().rstrip("\r\n") if args.password_stdin else None
    new = NewPerson(
        args.username,
        args.first,
        args.last,
        args.role,
        args.division,
        args.lang,
        args.organisation,
        terms=args.terms_accepted,
    )
    if db.read_sync(lambda conn: organisations.by_id(conn, new.organisation)) is None:
        raise CommandError(f"no organisation is called {new.organisation}; see `preau organisation list`")
    person = checked_person(new, must_change=given is None)
    if given is not None:
        check_new_password(given, new.username)
    password = one_time_password() if given is None else given
    phc = hash_password(password)
    now = SystemClock().now_ms()
    if not db.write_sync(lambda tx: keep_account(tx, person, new, phc, now)):
        raise CommandError(f"the username {person.username} is taken; choose another")
    return {**_of(db, person), "one_time_password": password if given is None else None}


def _reset(db: Database, args: argparse.Namespace) -> dict[str, Any]:
    person = _found(db, args.username)
    password = one_time_password()
    phc = hash_password(password)
    db.write_sync(lambda tx: _renew(tx, person, phc))
    return {**_of(db, person), "one_time_password": password}


def _renew(tx: Tx, person: Person, phc: str) -> None:
    store.reset_password(tx, person.id, phc)
    recoveries.drop_of(tx, person.id)
    throttle.lift(tx, person)


def _close(db: Database, args: argparse.Namespace) -> dict[str, Any]:
    person = _found(db, args.username)
    disabled = args.act == "disable"
    db.write_sync(lambda tx: store.set_disabled(tx, person.id, disabled=disabled))
    return {**_of(db, person), "disabled": disabled}


def _list(db: Database, _: argparse.Namespace) -> dict[str, Any]:
    divisions = db.read_sync(learners.divisions)
    everyone = db.read_sync(store.all_people)
    return {"accounts": [_row(person, divisions.get(person.id)) for person in everyone]}


def _of(db: Database, person: Person) -> dict[str, Any]:
    return _row(person, db.read_sync(learners.divisions).get(person.id))


def _found(db: Database, username: str) -> Person:
    found = db.read_sync(lambda conn: store.person_by_username(conn, username.strip().lower()))
    if found is None:
        raise CommandError(f"no account is called {username}; see `preau account list`")
    return found[0]


def _say(act: str, done: dict[str, Any]) -> None:
    if act == "list":
        for row in done["accounts"]:
            closed = "  (closed)" if row["disabled"] else ""
            name = f"{row['first_name']} {row['last_name']}"
            print(f"{row['role']:<10} {row['username'] or '':<30} {name} {row['division'] or ''}{closed}")
        return
    print(f"{act}: {done['username']} ({done['role']})")
    if done.get("one_time_password"):
        print(f"One-time password, to be changed at the first sign-in: {done['one_time_password']}")
