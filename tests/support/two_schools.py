"""A college, a lycée and a central instance: two homes served here, a real central process, daemons run when a test says so."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from kiosk_site import UAI, Pupil, Site, open_site
from processes import Server, free_port, preau, preau_json

from kiosk.actions.profile_requests import settle
from kiosk.store.base import Reader  # noqa: TC001 - a test's helper
from sync.daemon import run_once
from sync.enrol import enrol
from sync.identity import now_ms

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from kiosk.keys import Kiosk
    from sync.db import Tx

INE, BIRTH = "1234567890K", "2013-04-05"
OFFICER_PASSWORD = "Quai-des-brumes-12"
NAME = "Collège des Tilleuls"


class Schools(NamedTuple):
    """The parts: `old` is where the pupil was, `new` where they are now."""

    old: Site
    new: Site
    central: Server
    central_home: Path
    url: str
    env: dict[str, str]

    async def carry(self) -> None:
        """Let both daemons go round, and the new school take in what came."""
        for site in (self.old, self.new):
            await run_once(site.home, now_ms)
        await settle(self.new.kiosk)


@asynccontextmanager
async def two_schools(
    folder: Path,
    database: str | None = None,
    **settings: Any,  # noqa: ANN401 - settings of several types
) -> AsyncIterator[Schools]:
    """Install everything: both schools enrolled, Léa with the same number in both, the central process running."""
    env = {} if database is None else {"PREAU_CENTRAL_DATABASE": database}
    home, port = folder / "central", free_port()
    url = f"http://127.0.0.1:{port}"
    words = [] if database is None else ["--database", database]
    preau(
        home,
        "central",
        "init",
        *words,
        "--officer",
        "helene",
        "--password-stdin",
        stdin=OFFICER_PASSWORD + "\n",
    )
    codes = [
        preau_json(home, "central", "school", "add", *words, "--uai", UAI, "--name", name)["code"]
        for name in (NAME, "Lycée des Marronniers")
    ]
    central = Server(
        ["--home", str(home), "central", "serve", "--port", str(port)],
        folder / "central.log",
        f"{url}/health",
        env,
    )
    central.start()
    try:
        async with open_site(folder / "old", **settings) as old, open_site(folder / "new") as new:
            for site, code in zip((old, new), codes, strict=True):
                await enrol(site.home, url, code, UAI, NAME)
                await number(site.kiosk)
            yield Schools(old, new, central, home, url, env)
    finally:
        central.stop()


async def number(kiosk: Kiosk, ine: str = INE, birth: str = BIRTH) -> None:
    """Give Léa a national number and a birth date."""

    def job(tx: Tx) -> None:
        tx.execute("UPDATE learners SET ine = ?, birth_date = ? WHERE person = 'id-lea'", (ine, birth))

    await kiosk.db.write(job)


async def learner_of(kiosk: Kiosk, person: str = "id-lea") -> str:
    """Return the id of somebody's learner."""

    def job(conn: Reader) -> str:
        return str(conn.execute("SELECT id FROM learners WHERE person = ?", (person,)).fetchone()[0])

    return await kiosk.db.read(job)


async def played(site: Site, answer: str = "yes") -> Pupil:
    """Have Léa play a course to its end and send it."""
    pupil = await Pupil(site.lea, await site.joined()).take()
    await pupil.finish(answer)
    shared = await site.lea.post(f"{pupil.at}/share", {"consent": True})
    assert shared.status == 200, shared.body
    return pupil


async def known(site: Site) -> str:
    """Give Léa a number, a birth date, words and results; return her learner's id."""

    def job(tx: Tx) -> str:
        tx.execute(
            "UPDATE learners SET ine = ?, birth_date = ?, birth_city = 'Montreuil-Bellay', middle_name = 'Ondine'"
            " WHERE person = 'id-lea'",
            (INE, BIRTH),
        )
        tx.execute("UPDATE people SET email = 'lea@exemple.fr' WHERE id = 'id-lea'")
        return str(tx.execute("SELECT id FROM learners WHERE person = 'id-lea'").fetchone()[0])

    return await site.kiosk.db.write(job)
