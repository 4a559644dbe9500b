"""`preau campaign`: make a campaign or a course for a teacher, list, archive, delete.

Making one signs a record, and the log has one writer: while a server runs on the home, its pages and its API do it.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exam.course_file import MAX_FILE
from kiosk.actions import campaigns
from kiosk.actions.courses import BadCourse, upload_course
from kiosk.actions.removals import delete_campaigns
from kiosk.app import open_kiosk
from kiosk.campaign_rules import EXTERNAL_TYPES, KINDS
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

    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.campaigns import Campaign

HELP = "create, list, archive and delete campaigns, and make courses of one's own topics"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    create = acts.add_parser("create", help="make a campaign (no server may be running on the home)")
    create.add_argument("--owner", required=True, help="username of a teacher or of the principal")
    create.add_argument(
        "--course", default="", help="id of a course of the bank, or of one made by `campaign course`"
    )
    create.add_argument("--kind", choices=KINDS, default="assessment", help="a collection asks for profiles")
    create.add_argument("--name", required=True, help="name, not shown to pupils")
    create.add_argument("--title", default="", help="title pupils read")
    create.add_argument("--text", default="", help="first page, Markdown")
    create.add_argument("--multiple", action="store_true", help="let pupils send several times")
    create.add_argument("--reset", action="store_true", help="with --multiple, let pupils start from nothing")
    create.add_argument("--external-label", default="", help="name of an identifier participants must give")
    create.add_argument("--external-type", choices=EXTERNAL_TYPES, default="", help="what it must look like")
    course = acts.add_parser("course", help="make a course from a selection of topics (JSON file)")
    course.add_argument("file", type=Path, help="a selection downloaded from the pages")
    course.add_argument("--owner", required=True, help="username of a teacher or of the principal")
    for name, words in (("archive", "archive a campaign"), ("unarchive", "open a campaign again")):
        _one(acts.add_parser(name, help=words))
    delete = acts.add_parser("delete", help="delete a campaign and its results for good")
    _one(delete)
    delete.add_argument("--sure", action="store_true", help="say that you know it cannot be undone")
    listed = acts.add_parser("list", help="list campaigns, newest first")
    listed.add_argument("--archived", action="store_true", help="archived ones instead of active ones")
    for act in acts.choices.values():
        act.add_argument("--json", action="store_true", help="say the result as one JSON object")


def _one(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", help="the campaign's code")
    parser.add_argument("--as", dest="owner", required=True, metavar="USERNAME", help="who does it")


def run(args: argparse.Namespace) -> int:
    """Do one act."""
    if args.act == "list":
        done, lines = _told(_listed(args), many=True)
    else:
        with held(args.home):
            done, lines = asyncio.run(_act(args))
    print(json.dumps(done, ensure_ascii=False) if args.json else "\n".join(lines))
    return 0


def _told(rows: list[Campaign], *, many: bool = False) -> tuple[dict[str, Any], list[str]]:
    """Return campaigns as JSON and as lines for people."""
    lines = [
        f"{spaced(row.code)}  {row.name}  ({row.course or row.kind}, {row.participants} pupils)"
        for row in rows
    ]
    return {"campaigns": [_row(row) for row in rows]} if many else _row(rows[0]), lines


def _listed(args: argparse.Namespace) -> list[Campaign]:
    Identity.load(args.home)
    db = open_database(args.home)
    try:
        return db.read_sync(lambda conn: store.listed(conn, None, owner=None, archived=args.archived))
    finally:
        db.close_sync()


async def _act(args: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    async with open_kiosk(load_config(args.home), SystemClock(), secure=False) as kiosk:
        username = args.owner.strip().lower()
        found = await kiosk.db.read(lambda conn: people.person_by_username(conn, username))
        if found is None:
            raise CommandError(f"no account is called {args.owner}; see `preau account list`")
        try:
            return await _ACTS[args.act](kiosk, found[0], args)
        except BadCourse as refusal:
            told = "; ".join(f"{one.code} {one.about}".strip() for one in refusal.defects)
            raise CommandError(f"the selection is refused: {told}") from None
        except KioskError as refusal:
            raise CommandError(_in_words(refusal, sorted(kiosk.banks.current.courses))) from None


async def _create(kiosk: Kiosk, person: Person, args: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    new = campaigns.NewCampaign(
        name=args.name,
        course=args.course,
        title=args.title,
        text=args.text,
        kind=args.kind,
        multiple=args.multiple,
        external_label=args.external_label,
        external_type=args.external_type,
        reset_allowed=args.reset,
    )
    return _told([await campaigns.create(kiosk, person, new)])


async def _course(kiosk: Kiosk, person: Person, args: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    with args.file.open("rb") as file:
        made = await upload_course(kiosk, person, file.read(MAX_FILE + 1))
    return {"course": made.id, "name": made.name["fr"]}, [f"{made.id}  {made.name['fr']}"]


async def _archive(
    kiosk: Kiosk, person: Person, args: argparse.Namespace
) -> tuple[dict[str, Any], list[str]]:
    found = await kiosk.db.read(lambda conn: campaigns.with_code(conn, args.code))
    row = await campaigns.archive(kiosk, person, found.id, archived=args.act == "archive")
    return _told([row])


async def _delete(kiosk: Kiosk, person: Person, args: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    found = await kiosk.db.read(lambda conn: campaigns.with_code(conn, args.code))
    count = await delete_campaigns(kiosk, person, [found.id], sure=args.sure)
    return {"deleted": count}, [f"{spaced(found.code)}  {found.name}: deleted"]


_ACTS = {
    "create": _create,
    "course": _course,
    "archive": _archive,
    "unarchive": _archive,
    "delete": _delete,
}


def _in_words(refusal: KioskError, courses: list[str]) -> str:
    words = {
        "role.wrong": "only a teacher or the principal can own a campaign",
        "campaign.unknown_course": f"the bank has no such course; it has {', '.join(courses)}",
        "campaign.course_required": "an assessment needs a --course",
        "campaign.course_not_allowed": "a collection of profiles has no --course",
        "campaign.external_type_required": "say --external-type text or email",
        "campaign.reset_needs_multiple": "--reset goes with --multiple, in an assessment",
        "campaign.not_confirmed": "deleting cannot be undone: say --sure",
        "campaign.unknown_code": "no campaign has this code",
        "campaign.name_required": "the campaign needs a --name",
        "campaign.too_long": f"--{refusal.field} is too long: {refusal.params.get('limit')} characters at most",
    }
    return words.get(refusal.code, refusal.code)


def _row(row: Campaign) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "course": row.course,
        "title": row.title,
        "owner": row.owner,
        "participants": row.participants,
        "shared": row.shared,
        "archived": row.archived,
    }
