"""`preau import`: bring pupils in from a terminal of the server, and give an organisation a format of its own.

An import signs a record, and the log has one writer: while a server runs on the home, its pages and its API do it. A dry
run only reads, and may run beside a server.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.actions import learner_imports as acts
from kiosk.actions.learner_reading import Work, prepare, read_file, recover
from kiosk.app import open_kiosk
from kiosk.cli import CommandError
from kiosk.clock import SystemClock
from kiosk.config import load_config
from kiosk.errors import KioskError
from kiosk.homes import held
from kiosk.import_files import keep_format
from kiosk.import_words import problems_of
from kiosk.imports.custom_format import BadFormat
from kiosk.imports.limits import MEBI, UPLOAD_BYTES
from kiosk.imports.plan import plan_for
from kiosk.imports.registry import IMPORTS
from kiosk.imports.report import Report, refusal_of, report_of
from kiosk.opening import open_database
from kiosk.organisations import IMPORT_FORMATS, SCHOOL
from kiosk.store import learner_imports as store
from kiosk.store import organisations
from sync.identity import Identity
from web.i18n import Words

if TYPE_CHECKING:
    import argparse

    from kiosk.organisations import Organisation
    from sync.db import Database

HELP = "bring pupils in from a file"
_REFUSALS = {
    "imports.no_format": "this organisation does not import pupils: choose its format first",
    "imports.bad_format": "this organisation does not take this format",
    "imports.spoilt_format": "this organisation's own format is spoilt: give it again with `preau import format`",
    "imports.bad_mode": "this format has no such mode",
    "imports.busy": "two files are already being read",
    "imports.outdated": "the pupils changed meanwhile: nothing was done; run the command again",
}


def register(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    acts_ = parser.add_subparsers(dest="act", required=True, metavar="act")
    pupils = acts_.add_parser("pupils", help="import a file of pupils: all of it, or nothing")
    pupils.add_argument("file", type=Path, help="SIECLE XML or zip, or a CSV")
    pupils.add_argument("--format", choices=sorted(IMPORTS), default="", help="recognised when left out")
    pupils.add_argument("--mode", choices=("update", "replace", "add"), default="", help="of the format")
    pupils.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    form = acts_.add_parser(
        "format", help="choose the format of an organisation's lists, or give it one of its own"
    )
    form.add_argument("file", type=Path, nargs="?", help="a TOML such as kiosk/imports/formats/onde.toml")
    form.add_argument(
        "--use", choices=IMPORT_FORMATS, help="format of its lists; custom alone is the sample, ONDE"
    )
    for act in (pupils, form):
        act.add_argument("--organisation", default=SCHOOL, help=f"id of the organisation ({SCHOOL})")
        act.add_argument("--json", action="store_true", help="say the result as one JSON object")
    pupils.add_argument("--lang", choices=("en", "fr"), default="en", help="language of the errors (en)")


def run(args: argparse.Namespace) -> int:
    """Do one act; return 1 when the file was refused."""
    Identity.load(args.home)
    if args.act == "format":
        return _format(args)
    if not args.file.is_file():
        raise CommandError(f"{args.file} is not a file")
    if args.file.stat().st_size > UPLOAD_BYTES:
        raise CommandError(f"{args.file} is larger than {UPLOAD_BYTES // MEBI} MiB")
    try:
        form, report = _dry(args) if args.dry_run else _wet(args)
    except KioskError as refusal:
        raise CommandError(_REFUSALS.get(refusal.code, refusal.code)) from None
    done = _said(report, form, args)
    if args.json:
        print(json.dumps(done, ensure_ascii=False))
    else:
        _print(done)
    return 1 if report.problems.count else 0


def _dry(args: argparse.Namespace) -> tuple[str, Report]:
    db = open_database(args.home)
    try:
        organisation = _found(db, args.organisation)
        formats = acts.taken_formats(args.home, organisation)
        mode = acts.chosen_mode(formats, args.mode)
        form, reading = read_file(args.file, formats, _wanted(args, formats), organisation.uai, Work())
        if reading.problems.count:
            return form.name, refusal_of(reading)
        known = db.read_sync(lambda conn: store.known(conn, organisation.id, form.key, form.columns))
        plan = plan_for(form, mode, reading.learners, known, lambda: secrets.token_hex(8))
        return form.name, report_of(reading, plan)
    finally:
        db.close_sync()


def _wanted(args: argparse.Namespace, formats: tuple[Any, ...]) -> str:
    wanted = str(args.format)
    if wanted and wanted not in {form.name for form in formats}:
        raise CommandError(_REFUSALS["imports.bad_format"])
    return wanted


def _found(db: Database, name: str) -> Organisation:
    found = db.read_sync(lambda conn: organisations.by_id(conn, name))
    if found is None:
        raise CommandError(f"there is no organisation {name}")
    return found


def _wet(args: argparse.Namespace) -> tuple[str, Report]:
    with held(args.home):
        return asyncio.run(_import(args))


async def _import(args: argparse.Namespace) -> tuple[str, Report]:
    async with open_kiosk(load_config(args.home), SystemClock(), secure=False) as kiosk:
        try:
            organisation = await acts.organisation_of(kiosk, args.organisation)
        except KioskError:
            raise CommandError(f"there is no organisation {args.organisation}") from None
        await recover(kiosk)  # the home is held: whatever was being read was cut short
        one = await acts.begin(
            kiosk, organisation, None, form=args.format, mode=args.mode, name=args.file.name
        )
        size = args.file.stat().st_size
        await kiosk.db.write(lambda tx: store.set_file(tx, one.id, size, kiosk.clock.now_ms()))
        await prepare(kiosk, one, args.file, Work())
        read = await kiosk.db.read(lambda conn: acts.existing(conn, organisation.id, one.id))
        if read.state == "validated":
            read = await acts.confirm(kiosk, organisation.id, one.id, None)
        return read.format, read.report


def _format(args: argparse.Namespace) -> int:
    """Keep a format of one's own, which is then the organisation's, or choose another; a server may be running."""
    if (args.file is None) == (args.use is None):
        raise CommandError("give a format file, or --use and the name of a format")
    db = open_database(args.home)
    try:
        organisation = _found(db, args.organisation)
        if args.file is not None:
            _keep(args.home, organisation.id, args.file)
        changed = msgspec.structs.replace(organisation, import_format=args.use or "custom")
        db.write_sync(lambda tx: organisations.change(tx, changed))
    finally:
        db.close_sync()
    formats = acts.taken_formats(args.home, changed) if changed.import_format != "none" else ()
    done = {
        "organisation": organisation.id,
        "format": changed.import_format,
        "columns": [column.heading for column in formats[0].headings] if formats else [],
    }
    print(json.dumps(done, ensure_ascii=False) if args.json else f"{done['organisation']}: {done['format']}")
    return 0


def _keep(home: Path, organisation: str, file: Path) -> None:
    try:
        keep_format(home, organisation, file.read_bytes())
    except BadFormat as problem:
        raise CommandError("; ".join(problem.faults)) from None


def _said(report: Report, form: str, args: argparse.Namespace) -> dict[str, Any]:
    words = Words.load()

    def told(found: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a Told, whose findings go out as plain JSON
        return [
            {"line": one.line, "field": one.field, "code": one.code, "message": one.message}
            for one in problems_of(words, args.lang, found.first)
        ]

    return {
        "format": form,
        "dry_run": args.dry_run,
        "added": report.added,
        "changed": report.changed,
        "enabled": report.enabled,
        "disabled": report.disabled,
        "deleted": report.deleted,
        "kept": report.kept,
        "linked": report.linked,
        "skipped": report.skipped.count,
        "skipped_reasons": report.reasons,
        "errors": told(report.problems),
        "error_count": report.problems.count,
        "warnings": told(report.warnings),
        "warning_count": report.warnings.count,
    }


def _print(done: dict[str, Any]) -> None:
    if done["error_count"]:
        print(f"nobody is imported: {done['error_count']} error(s)")
        for one in done["errors"]:
            place = " ".join(str(part) for part in (one["line"], one["field"]) if part is not None)
            print(f"  {place}: {one['message']}" if place else f"  {one['message']}")
        return
    print("nothing was changed; this would be:" if done["dry_run"] else "imported:")
    for name in ("added", "changed", "enabled", "disabled", "deleted", "kept", "linked", "skipped"):
        print(f"  {name:<10}{done[name]}")
    for one in done["warnings"][:20]:
        print(f"  to check: line {one['line']} {one['field']}: {one['message']}")
