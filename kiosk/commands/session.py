"""`preau session`: plan, open, lead and close a certification session from a terminal, with no page at hand.

A running server holds the home: these commands are for before it starts and after it stopped. What supervisors do while it
runs is done on its pages.
"""

from __future__ import annotations

import asyncio
import csv
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.actions import candidates, opening, planning
from kiosk.actions.candidates import Enrolment
from kiosk.actions.planning import Plan
from kiosk.actors import principal
from kiosk.app import open_kiosk
from kiosk.bank_files import read_bundle_file
from kiosk.cli import CommandError, WrongUse
from kiosk.clock import SystemClock
from kiosk.commands.session_files import (
    import_sessions,
    register_files,
    replace_list,
    take_results,
    write_papers,
)
from kiosk.config import load_config
from kiosk.errors import KioskError
from kiosk.homes import held
from kiosk.logs import set_up_logs
from kiosk.opening import open_database
from kiosk.organisations import SCHOOL
from kiosk.room_keeper import reopen
from kiosk.sealed_shelf import SealedShelf
from kiosk.store import candidates as candidate_store
from kiosk.store import memberships, people
from kiosk.store import sessions as store
from sync.bundle_file import BundleFileError
from sync.frames import FrameError
from sync.identity import Identity
from sync.keys import load_public, public_from_hex

if TYPE_CHECKING:
    import argparse
    import sqlite3

    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.sessions import Session
    from sync.keys import PublicKey

HELP = "plan, open and close certification sessions"
COLUMNS = ("last_name", "first_name", "birth_date")


def register(parser: argparse.ArgumentParser) -> None:
    """Add the acts and their arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    bank = acts.add_parser("bank", help="keep a sealed bundle on this server, for sessions to come")
    bank.add_argument("file", type=Path, help="bundle made by `preau bank build`")
    bank.add_argument(
        "--public-key",
        required=True,
        metavar="KEY",
        help="key of who signed it: a file, or the digits `preau bank build` says",
    )
    create = acts.add_parser("create", help="plan a session")
    _register_create(create)
    enrol = acts.add_parser(
        "enrol", help="add candidates from a CSV: " + ";".join(COLUMNS) + ";extra_percent"
    )
    enrol.add_argument("number", type=int)
    enrol.add_argument("file", type=Path)
    for name, words in (
        ("open", "open a session: unseal its bank, reserve the disk, sign its manifest"),
        ("close", "close a session: end what is open, forget the day key"),
        ("show", "say where a session and its candidates stand"),
        ("remove", "take back a session nobody has joined"),
    ):
        act = acts.add_parser(name, help=words)
        act.add_argument("number", type=int, help="the session's number")
        if name == "open":
            act.add_argument(
                "--day-code-stdin", action="store_true", help="read the spoken day code from standard input"
            )
    files = register_files(acts)
    listed = acts.add_parser("list", help="list sessions, the latest day first")
    for act in (
        bank,
        create,
        enrol,
        listed,
        *files,
        *(acts.choices[name] for name in ("open", "close", "show", "remove")),
    ):
        act.add_argument("--json", action="store_true", help="say the result as one JSON object")
        if act not in {bank, listed, acts.choices["show"], acts.choices["results"]}:
            act.add_argument(
                "--principal", default="", help="username of the principal (default: the only one)"
            )


def _register_create(parser: argparse.ArgumentParser) -> None:
    for name, words in (
        ("--site", "name of the place"),
        ("--room", "room"),
        ("--date", "day, YYYY-MM-DD"),
        ("--time", "hour, HH:MM"),
        ("--examiners", "supervisors, as printed"),
    ):
        parser.add_argument(name, required=True, help=words)
    parser.add_argument("--description", default="", help="observations")
    parser.add_argument("--bundle", help="sealed bundle to use (default: the latest kept)")
    parser.add_argument("--rehearsal", action="store_true", help="a rehearsal: results are worth nothing")
    parser.add_argument(
        "--no-gate", action="store_true", help="let in candidates whose profile is not certifiable"
    )
    parser.add_argument("--lockdown", choices=("none", "recommended", "extension", "seb"), default="none")
    parser.add_argument("--minutes", type=int, default=105, help="time for everyone (default: 105)")


def run(args: argparse.Namespace) -> int:
    """Do one act."""
    set_up_logs()
    Identity.load(args.home)
    if args.act in {"list", "show"}:
        done = _read(args)
    elif args.act == "bank":
        done = _bank(args)
    else:
        with held(args.home):
            done = asyncio.run(_act(args))
    if args.json:
        print(json.dumps(done, ensure_ascii=False))
    else:
        _say(done)
    return 0


def _bank(args: argparse.Namespace) -> dict[str, Any]:
    shelf = SealedShelf(load_config(args.home).banks)
    try:
        sealed = shelf.add(read_bundle_file(args.file), _public(args.public_key))
    except (FrameError, BundleFileError) as problem:
        raise CommandError(f"{args.file}: {problem}") from None
    head = sealed.head
    return {"bundle": head.bundle, "bank": head.bank, "version": head.version, "items": len(head.items)}


def _public(given: str) -> PublicKey:
    """Return a public key from its hexadecimal digits, or from the file that holds it."""
    return public_from_hex(given) if re.fullmatch("[0-9a-f]{64}", given) else load_public(Path(given))


def _read(args: argparse.Namespace) -> dict[str, Any]:
    db = open_database(args.home)
    try:
        if args.act == "list":
            found = db.read_sync(lambda conn: store.listed(conn, SCHOOL))
            return {"sessions": [_row(one) for one in found]}
        one = db.read_sync(lambda conn: store.by_number(conn, args.number))
        if one is None:
            raise CommandError(f"no session has the number {args.number}; see `preau session list`")
        rows = db.read_sync(lambda conn: candidate_store.of_session(conn, one.id))
        return {**_row(one), "candidates": [_candidate(row) for row in rows]}
    finally:
        db.close_sync()


async def _act(args: argparse.Namespace) -> dict[str, Any]:
    async with open_kiosk(load_config(args.home), SystemClock(), secure=False) as kiosk:
        try:
            if args.act == "results":
                return await take_results(kiosk, args.file)
            chief = await _chief(kiosk, args.principal)
            if args.act == "create":
                return _row(await planning.create(kiosk, chief, _plan(args)))
            if args.act == "import":
                return await import_sessions(kiosk, chief, args.file, confirmed=args.confirm)
            found = await kiosk.db.read(lambda conn: store.by_number(conn, args.number))
            if found is None:
                raise CommandError(f"no session has the number {args.number}; see `preau session list`")
            return await _on(kiosk, chief, found, args)
        except KioskError as refusal:
            words = kiosk.pages.t("en", f"errors.{refusal.code}", **refusal.params)
            raise CommandError(words + (f" ({refusal.field})" if refusal.field else "")) from None


async def _on(kiosk: Kiosk, chief: Person, found: Session, args: argparse.Namespace) -> dict[str, Any]:
    actor = principal(chief)
    if args.act == "enrol":
        made = await candidates.enrol(kiosk, chief, found.id, _candidates(args.file))
        return {**_row(found), "candidates": [_candidate(row) for row in made]}
    if args.act == "candidates":
        count = await replace_list(kiosk, chief, found, args.file)
        return {**_row(found), "replaced": count}
    if args.act == "documents":
        return await write_papers(kiosk, chief, found, args.into, args.address)
    if args.act == "remove":
        await planning.remove(kiosk, chief, found.id)
        return _row(found)
    if args.act == "open":
        code = sys.stdin.readline(400).strip() if args.day_code_stdin else None
        return _row(await opening.open_session(kiosk, actor, found.id, code))
    await reopen(kiosk)
    return _row(await opening.close_session(kiosk, actor, found.id))


async def _chief(kiosk: Kiosk, username: str) -> Person:
    """Return the principal who is named, or the only one of the school."""

    def read(conn: sqlite3.Connection) -> list[Person]:
        admins = [one.person for one in memberships.of_organisation(conn, SCHOOL) if one.role == "admin"]
        found = [people.person_in(conn, name, SCHOOL) for name in admins]
        wanted = username.strip().lower()
        return [one for one in found if one is not None and wanted in {"", one.username}]

    found = await kiosk.db.read(read)
    if len(found) != 1:
        raise WrongUse("say which principal, with --principal USERNAME; see `preau account list`")
    return found[0]


def _plan(args: argparse.Namespace) -> Plan:
    return Plan(
        site=args.site,
        room=args.room,
        date=args.date,
        time=args.time,
        examiners=args.examiners,
        description=args.description,
        bundle=args.bundle,
        mode="rehearsal" if args.rehearsal else "certification",
        gate=not args.no_gate,
        lockdown=args.lockdown,
        allowance_min=args.minutes,
    )


def _candidates(path: Path) -> list[Enrolment]:
    """Return the candidates of a CSV with a head, separated by semicolons; raises CommandError naming the line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    if not rows or any(name not in rows[0] for name in COLUMNS):
        raise CommandError(f"{path} needs a head with {', '.join(COLUMNS)}, separated by semicolons")
    made = []
    for line, row in enumerate(rows, 2):
        text = (row.get("extra_percent") or "0").strip().removesuffix("%").strip() or "0"
        if not text.isdigit():
            raise CommandError(f"{path}, line {line}: extra_percent is a whole number")
        made.append(
            Enrolment(
                row["first_name"] or "",
                row["last_name"] or "",
                row["birth_date"] or "",
                extra_percent=int(text),
            )
        )
    return made


def _row(one: Session) -> dict[str, Any]:
    return {
        "id": one.id,
        "number": one.number,
        "date": one.date,
        "time": one.time,
        "site": one.site,
        "room": one.room,
        "status": one.status,
        "mode": one.mode,
        "code": one.code,
        "password": f"C-{one.password}",
        "bundle": one.bundle,
    }


def _candidate(row: candidate_store.Candidate) -> dict[str, Any]:
    return {
        "id": row.id,
        "last_name": row.last_name,
        "first_name": row.first_name,
        "birth_date": row.birth_date,
        "extra_percent": row.extra_percent,
        "state": row.state,
        "answered": row.answered,
        "end_reason": row.end_reason,
    }


def _say(done: dict[str, Any]) -> None:
    if "held" in done:
        print(f"{done['statements']} new statements taken in; this school holds {done['held']}")
        return
    if "files" in done:
        print("\n".join(done["files"]))
        return
    if "confirmed" in done:
        said = "planned" if done["confirmed"] else "would be planned; add --confirm"
        print(f"{done['sessions']} sessions and {done['candidates']} candidates {said}")
        return
    for row in done.get("sessions", [done]):
        if "number" not in row:
            print(f"bundle {row['bundle']}: {row['bank']} {row['version']}, {row['items']} sealed items")
            continue
        print(
            f"session {row['number']}  {row['date']} {row['time']}  {row['site']}, {row['room']}  {row['status']}"
            f"  access code {row['code']}  supervisors {row['password']}"
        )
        for one in row.get("candidates", ()):
            print(f"  {one['last_name']} {one['first_name']}  {one['state']}  {one['answered']} answers")
