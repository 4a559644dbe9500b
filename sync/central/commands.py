"""What each `preau central` command does; the words and the JSON come back in a `Result`."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from exam.bank import parse_bank
from exam.bundle import BankError, dump_bundle, load_bundle
from exam.open_part import open_part
from sync.bundle_file import BundleFileError, open_bytes
from sync.central import codes
from sync.central.errors import WrongSetting
from sync.central.instance import open_instance
from sync.central.passwords import LONGEST, SHORTEST, hash_password, make_password
from sync.central.screens.summary import summarise
from sync.central.store import banks, officers, schools
from sync.central.store.participations import FAILED, WAITING
from sync.frames import FrameError
from sync.keys import load_public
from sync.uai import check_uai

if TYPE_CHECKING:
    from pathlib import Path

    from exam.bank import Bank
    from sync.central.config import Config
    from sync.keys import PublicKey

PROBLEMS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Result:
    """What a command found: for a script, for a person, and whether all is well."""

    data: dict[str, object]
    lines: list[str] = field(default_factory=list)
    well: bool = True


def clock() -> int:
    """Return the time in UTC milliseconds."""
    return time.time_ns() // 1_000_000


async def init(config: Config, officer: str | None, password: str | None) -> Result:
    """Make the key and the database; add `officer`, with `password` or one made here and shown once."""
    made = ""
    phc = ""
    if officer is not None:
        officer = officer.strip().lower()
        if not 0 < len(officer) <= 60 or not officer.isprintable():
            raise WrongSetting("officer", "an officer's username has 1 to 60 signs")
        if password is None:
            password = made = make_password()
        if not SHORTEST <= len(password) <= LONGEST:
            raise WrongSetting("password", f"a password has {SHORTEST} to {LONGEST} signs")
        phc = hash_password(password)
    async with open_instance(config, clock) as instance:
        if officer is not None:
            now = clock()
            await instance.database.write(lambda conn: officers.add_officer(conn, officer, phc, now))
        key = instance.signer.public_hex
    data: dict[str, object] = {"home": str(config.home), "key": key, "officer": officer}
    lines = [f"The central instance is ready in {config.home}.", f"Its public key: {key}"]
    if made:
        data["password"] = made
        lines += [f"Officer {officer}, password (shown this once): {made}"]
    return Result(data, lines)


async def add_school(config: Config, uai: str, name: str) -> Result:
    """Make a single-use code for a school."""
    uai, name = check_uai(uai), " ".join(name.split())
    if not 0 < len(name) <= 200 or not name.isprintable():
        raise WrongSetting("name", "a school's name has 1 to 200 signs")
    code, now = codes.make_code(), clock()
    until = now + codes.VALID_MS
    async with open_instance(config, clock) as instance:
        hashed = codes.code_hash(code)
        await instance.database.write(lambda conn: schools.add_code(conn, hashed, uai, name, (now, until)))
        key = instance.signer.public_hex
    day = datetime.fromtimestamp(until // 1000, UTC).date().isoformat()
    lines = [
        f"Code for {name} ({uai}): {code}",
        f"It works once, until {day}. On the school's server: preau enrol --central ADDRESS --code {code}",
    ]
    return Result({"uai": uai, "name": name, "code": code, "expires_at": until, "central_key": key}, lines)


async def list_schools(config: Config) -> Result:
    """List the schools with the counts of their participations, those in need first."""
    async with open_instance(config, clock) as instance, instance.database.read() as conn:
        summary = await summarise(conn)
    rows = [
        {
            "site": line.school.site,
            "uai": line.school.uai,
            "name": line.school.name,
            "enrolled_at": line.school.enrolled_at,
            "last_contact": line.school.last_contact,
            "revoked_at": line.school.revoked_at,
            "participations": line.copies,
            "verified": line.verified,
            "waiting": line.waiting,
            "failed": line.failed,
            "problems": line.problems,
        }
        for line in summary.lines
    ]
    words = [
        f"{row['site']}  {row['uai']}  {row['name']}: {row['verified']} verified, {row['waiting']} waiting, "
        f"{row['failed']} failed" + (", key revoked" if row["revoked_at"] else "")
        for row in rows
    ]
    return Result({"schools": rows}, words or ["No school is enrolled yet: preau central school add"])


async def revoke_school(config: Config, site: str) -> Result:
    """Revoke a school's key."""
    async with open_instance(config, clock) as instance:
        done = await instance.database.write(lambda conn: schools.revoke_school(conn, site, clock()))
    said = f"{site} is revoked." if done else f"{site} is not a school that could be revoked."
    return Result({"site": site, "revoked": done}, [said], well=done)


async def verify_again(config: Config) -> Result:
    """Judge again what waits and what failed."""
    async with open_instance(config, clock) as instance:
        count = await instance.reverify.run(clock(), (WAITING, FAILED))
    data: dict[str, object] = {"judged": count.judged, "verified": count.verified, "failed": count.failed}
    line = f"{count.judged} judged again: {count.verified} verified, {count.failed} failed."
    return Result(data, [line], well=count.failed == 0)


async def add_bank(config: Config, source: Path, signed_by: Path | None = None) -> Result:
    """Make a bank known, then judge what waited for it; `signed_by` is the public key its bundle must be signed by."""
    bank = read_bank(source, None if signed_by is None else load_public(signed_by))
    async with open_instance(config, clock) as instance:
        now = clock()
        new = await instance.database.write(
            lambda conn: banks.add_bank(conn, bank.digest, bank.version, dump_bundle(bank), now)
        )
        count = await instance.reverify.run(clock())
    data: dict[str, object] = {
        "digest": bank.digest,
        "version": bank.version,
        "added": new,
        "judged": count.judged,
        "verified": count.verified,
        "failed": count.failed,
    }
    known = "added" if new else "already known"
    lines = [f"Bank {bank.id} {bank.version} ({bank.digest[:12]}) {known}."]
    if count.judged:
        lines.append(
            f"{count.judged} waiting participations judged: {count.verified} verified, {count.failed} failed."
        )
    return Result(data, lines)


def read_bank(source: Path, signer: PublicKey | None = None) -> Bank:
    """Return the open part of a bank: of its authors' folder, or of a bundle, signed by `signer` when there is one.

    Without a key, who adds a signed bundle vouches for it.
    Raises `WrongSetting` when it has a defect or the signature is not there.
    """
    if source.is_dir():
        if signer is not None:
            raise WrongSetting(
                "bank", "a folder is not signed: give the bundle made by preau bank build --key"
            )
        return _read_folder(source)
    try:
        data = source.read_bytes()
        return load_bundle(data if signer is None and data.startswith(b"{") else open_bytes(data, signer))
    except FileNotFoundError as error:
        raise WrongSetting("bank", f"there is no {source}") from error
    except (BankError, FrameError, BundleFileError) as error:
        raise WrongSetting("bank", f"{source} is not a bank that can be used: {error}") from error


def _read_folder(source: Path) -> Bank:
    paths = sorted(path for path in source.rglob("*") if path.is_file())
    files = {path.relative_to(source).as_posix(): path.read_bytes() for path in paths}
    bank, problems = parse_bank(files)
    if bank is None:
        first = [f"{one.path} {one.field}: {one.message}" for one in problems[:PROBLEMS_SHOWN]]
        raise WrongSetting("bank", "\n  ".join([f"this bank has {len(problems)} problems:", *first]))
    return open_part(bank)
