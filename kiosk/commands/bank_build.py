"""`preau bank build`, `open` and `key`: making a bundle, trying its lock, and showing what a school's box is known by."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from exam.bundle import BankError, dump_bundle, load_bundle
from exam.open_part import open_part
from exam.sealed_part import SealedPartError, tables_of
from kiosk.bank_building import Order, build
from kiosk.bank_files import read_bundle_file
from kiosk.cli import CommandError
from kiosk.commands.bank_check import read
from kiosk.commands.bank_words import print_json, print_problems
from kiosk.sealed_bank import SealedBank
from sync.box_keys import box_path, load_box, load_or_make_box
from sync.identity import Identity
from sync.keys import fingerprint_words, load_or_make, load_public, public_from_hex, replace_file
from sync.sealed import spoken_code

if TYPE_CHECKING:
    import argparse

    from exam.bank import Bank
    from kiosk.bank_building import Report
    from sync.box_keys import Box


def register_build(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `build`."""
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write the bundle")
    parser.add_argument(
        "--key", type=Path, metavar="KEYFILE", help="sign with this private key, made if absent"
    )
    parser.add_argument(
        "--day-code-stdin", action="store_true", help="read the spoken day code from standard input"
    )
    parser.add_argument(
        "--school",
        nargs="+",
        action="extend",
        default=[],
        metavar="PUBKEY",
        help="the box keys of schools that may open the sealed part (`preau bank key`), or files that hold them",
    )
    parser.add_argument(
        "--rehearsal",
        action="store_true",
        help="seal the open items too, to rehearse a certification before the bank has items of its own",
    )
    parser.add_argument(
        "--rough", action="store_true", help="simulate with a tenth of the candidates: quick, less exact"
    )


def register_open(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `open`."""
    parser.add_argument("path", type=Path, help="the bundle")
    parser.add_argument(
        "--day-code-stdin",
        action="store_true",
        help="open with the day code on standard input; otherwise with this school's box",
    )


def build_bundle(path: Path, args: argparse.Namespace) -> int:
    """Write the bundle; return 1 when the bank has a problem."""
    bank, problems = read(path, args)
    if bank is None or problems:
        print_problems(problems)
        sys.stderr.write("Nothing was built: correct these problems first.\n")
        return 1
    clear = open_part(bank)
    data = dump_bundle(clear)
    if load_bundle(data).digest != clear.digest:
        raise BankError("bank.unstable", "the bundle does not read back as the same bank")
    said: dict[str, object] = {"file": str(args.out), "digest": clear.digest, "signed": bool(args.key)}
    report = None
    if args.key:
        signer = load_or_make(args.key)
        made = build(bank, signer, _order(args))
        data, report = made.data, made.report
        said |= {"public_key": signer.public.raw.hex(), "bundle": report.bundle, "sealed": report.sealed}
    elif args.day_code_stdin or args.school or args.rehearsal:
        raise CommandError("a sealed part needs a signature: give --key KEYFILE")
    replace_file(args.out, data, 0o644)
    if args.json:
        print_json({**said, "bytes": len(data)})
    else:
        print(f"{args.out}: {len(data)} bytes, digest {clear.digest}")
        if "public_key" in said:
            print(f"Signed; servers that may use it name this key in bank_signers: {said['public_key']}")
        _say_sealed(bank, report)
    return 0


def _order(args: argparse.Namespace) -> Order:
    code = _typed_code() if args.day_code_stdin else None
    return Order(code, [_box_of(word) for word in args.school], args.rehearsal, args.rough)


def _typed_code() -> str:
    line = sys.stdin.readline(400)
    if not spoken_code(line):
        raise CommandError("no day code came on standard input")
    return line


def _box_of(word: str) -> bytes:
    path = Path(word)
    return (load_public(path) if len(word) != 64 and path.exists() else public_from_hex(word)).raw


def _say_sealed(bank: Bank, report: Report | None) -> None:
    if report is None or report.sealed is None:
        if any(item.certification for item in bank.items.values()):
            print("The certification items were left out: give --key, and --day-code-stdin or --school.")
        return
    sealed = report.sealed
    kind = "open items for rehearsal" if sealed.rehearsal else "certification items"
    seen = sealed.precision
    print(f"Sealed in {report.bundle}: {sealed.items} {kind}, parameters {sealed.parameters}.")
    print(
        f"Simulated with {seen.candidates} candidates: error {seen.rmse / 1000:g} logit, largest exposure "
        f"{seen.max_exposure / 1000:g}, {seen.unused} items unused, rules met by {seen.content_ok / 10:g} %."
    )


def open_bundle(path: Path, args: argparse.Namespace) -> int:
    """Open every sealed piece in memory and say what there is."""
    if args.public_key is None:
        raise CommandError("give --public-key FILE, the public key of who signed the bundle")
    sealed = SealedBank.of(read_bundle_file(path), load_public(args.public_key))
    if not sealed.head.items:
        raise CommandError(f"{path} has no sealed part: it holds the open items only")
    key = sealed.key_by_code(_typed_code()) if args.day_code_stdin else sealed.key_by_box(_box(args.home))
    try:
        part = sealed.tables(key)
        tables, _ = tables_of(part)
        items = [sealed.item(key, name) for name in sealed.head.items]
    except SealedPartError as error:
        raise BankError("bank.sealed", str(error)) from error
    if tuple(row.id for row in part.rows) != sealed.head.items:
        raise BankError("bank.sealed", "tables: they are not about the items of this bundle")
    found = {
        "bundle": sealed.head.bundle,
        "bank": sealed.head.bank,
        "version": sealed.head.version,
        "digest": sealed.head.digest,
        "items": len(items),
        "competences": len(tables.competences),
        "parameters": part.mark,
        "tables": part.tables,
        "critical": part.critical,
    }
    if args.json:
        print_json(found)
    else:
        print(f"{path} opens: bundle {sealed.head.bundle}, {sealed.head.bank} {sealed.head.version}.")
        print(f"{len(items)} items of {len(tables.competences)} competences, parameters {part.mark}.")
    return 0


def _box(home: Path) -> Box:
    if not box_path(home).exists():
        raise CommandError("this school has no box yet: give --day-code-stdin, or run `preau bank key` first")
    return load_box(box_path(home))


def show_box_key(args: argparse.Namespace) -> int:
    """Show the public key of the school's box, made now if need be; who builds a bundle asks for it."""
    me = Identity.load(args.home)
    public = load_or_make_box(args.home).public
    words = fingerprint_words(public)
    if args.json:
        print_json({"box_key": public.hex(), "site": me.site, "words": words})
    else:
        print(public.hex())
        print(" ".join(words))
    return 0
