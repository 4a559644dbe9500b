"""A school and a central instance as an IT contact would install them: real commands, real processes, real ports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processes import Server, free_port, preau, preau_json

from kiosk.bank_files import starter_bank

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "Chemin-de-halage-7"
OFFICER_PASSWORD = "Quai-des-brumes-12"
UAI, NAME = "0990001N", "Collège des Tilleuls"


@dataclass
class Town:
    """Homes and servers; nothing runs until it is started."""

    school_home: Path
    central_home: Path
    school: Server
    central: Server
    daemon: Server
    school_url: str
    central_url: str

    def add(self, username: str, role: str, first: str, last: str) -> None:
        """Add an account with a password of its own choosing."""
        words = ("--username", username, "--role", role, "--first", first, "--last", last, "--password-stdin")
        preau(
            self.school_home,
            "account",
            "add",
            *words,
            "--division",
            "5B",
            "--terms-accepted",
            stdin=PASSWORD + "\n",
        )

    def enrol(self, *, starter: bool = True) -> None:
        """Make the school known to the central instance, which runs for that moment only; without `starter`, no bank is."""
        code = preau_json(self.central_home, "central", "school", "add", "--uai", UAI, "--name", NAME)["code"]
        if starter:
            preau(self.central_home, "central", "bank", "add", str(starter_bank()))
        self.central.start()
        preau(self.school_home, "enrol", "--central", self.central_url, "--code", code)
        self.central.stop()

    def stop(self) -> None:
        """Stop whatever still runs."""
        for server in (self.daemon, self.school, self.central):
            server.stop()


def build_town(folder: Path) -> Town:
    """Install a school and a central instance in `folder`."""
    school_home, central_home = folder / "school", folder / "central"
    school_port, central_port = free_port(), free_port()
    preau(school_home, "init", "--uai", UAI, "--name", NAME)
    officer = ("--officer", "helene", "--password-stdin")
    preau(central_home, "central", "init", *officer, stdin=OFFICER_PASSWORD + "\n")
    at_school = ["--home", str(school_home)]
    return Town(
        school_home,
        central_home,
        Server(
            [*at_school, "serve", "--plain-http", "--port", str(school_port)],
            folder / "school.log",
            f"http://127.0.0.1:{school_port}/health",
        ),
        Server(
            ["--home", str(central_home), "central", "serve", "--port", str(central_port)],
            folder / "central.log",
            f"http://127.0.0.1:{central_port}/health",
        ),
        Server([*at_school, "sync"], folder / "sync.log"),
        f"http://127.0.0.1:{school_port}",
        f"http://127.0.0.1:{central_port}",
    )
