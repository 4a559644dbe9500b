"""`preau campaign`: make a campaign for a teacher, and list those there are.

Making one signs a record, and the log has one writer: while a server runs on the home, its pages and its API do it.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from kiosk.actions import campaigns
from kiosk.app import open_kiosk
from kiosk.cli import CommandError
from kiosk.clock import SystemClock
from kiosk.codes import spaced
from kiosk.config import load_config
from kiosk.errors import KioskError
from kiosk.homes import held
from kiosk.opening import open_database
from kiosk.store import campaigns as store
from kiosk.store import people
from sync.identity import Identity

if TYPE_CHECKING:
    import argparse

    from kiosk.store.campaigns import Campaign

HELP = "create and list campaigns"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    create = acts.add_parser("create", help="make a campaign (no server may be running on the home)")
    create.add_argument("--owner", required=True, help="username of a teacher or of the principal")
    create.add_argument("--course", required=True, help="id of a course of the bank")
    create.add_argument("--name", required=True, help="name, not shown to pupils")
    create.add_argument("--title", default="", help="title pupils read")
    create.add_argument("--text", default="", help="first page, Markdown")
    listed = acts.add_parser("list", help="list campaigns, newest first")
    listed.add_argument("--archived", action="store_true", help="archived ones instead of active ones")
    for act in (create, listed):
        act.add_argument("--json", action="store_true", help="say the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Do one act."""
    if args.act == "list":
        rows = _listed(args)
        done: dict[str, Any] = {"campaigns": [_row(row) for row in rows]}
    else:
        with held(args.home):
            rows = [asyncio.run(_create(args))]
        done = _row(rows[0])
    if args.json:
        print(json.dumps(done, ensure_ascii=False))
    else:
        for row in rows:
            print(f"{spaced(row.code)}  {row.name}  ({row.course}, {row.participants} pupils)")
    return 0


def _listed(args: argparse.Namespace) -> list[Campaign]:
    Identity.load(args.home)
    db = open_database(args.home)
    try:
        return db.read_sync(lambda conn: store.listed(conn, None, owner=None, archived=args.archived))
    finally:
        db.close_sync()


async def _create(args: argparse.Namespace) -> Campaign:
    async with open_kiosk(load_config(args.home), SystemClock(), secure=False) as kiosk:
        username = args.owner.strip().lower()
        found = await kiosk.db.read(lambda conn: people.person_by_username(conn, username))
        if found is None:
            raise CommandError(f"no account is called {args.owner}; see `preau account list`")
        new = campaigns.NewCampaign(args.name, args.course, args.title, args.text)
        try:
            return await campaigns.create(kiosk, found[0], new)
        except KioskError as refusal:
            raise CommandError(_in_words(refusal, sorted(kiosk.banks.current.courses))) from None


def _in_words(refusal: KioskError, courses: list[str]) -> str:
    words = {
        "role.wrong": "only a teacher or the principal can own a campaign",
        "campaign.unknown_course": f"the bank has no such course; it has {', '.join(courses)}",
        "campaign.name_required": "the campaign needs a --name",
        "campaign.too_long": f"--{refusal.field} is too long: {refusal.params.get('limit')} characters at most",
    }
    return words.get(refusal.code, refusal.code)


def _row(row: Campaign) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "course": row.course,
        "title": row.title,
        "owner": row.owner,
        "participants": row.participants,
        "shared": row.shared,
        "archived": row.archived,
    }
