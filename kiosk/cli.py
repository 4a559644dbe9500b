"""The one command, `preau`: a table of names to modules, each loaded only when it is called.

A command module offers `HELP` (one line), `register(parser)` and `run(args) -> int`. The exit status is 0 when all is
well, 1 when a problem was found, 2 on wrong use. An expected failure is one sentence and the next step, without trace.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("kiosk.commands.init", "prepare a home folder for a school"),
    "serve": ("kiosk.commands.serve", "run the server of the room"),
    "account": ("kiosk.commands.account", "add and list accounts"),
    "import": ("kiosk.commands.imports", "bring pupils in from a file"),
    "organisation": (
        "kiosk.commands.organisation",
        "add organisations to this server and count out their places",
    ),
    "campaign": ("kiosk.commands.campaign", "create and list campaigns"),
    "session": ("kiosk.commands.session", "plan, open and close certification sessions"),
    "rehearse": (
        "kiosk.commands.rehearse",
        "lead a session with invented candidates on this machine, with a power cut in its middle",
    ),
    "provision": ("kiosk.commands.provision", "prepare machines of the room for certification"),
    "person": ("kiosk.commands.person", "erase a person, or write out what is known of them"),
    "privacy": ("kiosk.commands.privacy", "say what is kept and for how long, and purge it"),
    "doctor": ("kiosk.commands.doctor", "check that this machine is ready"),
    "backup": ("kiosk.commands.backup", "copy the home folder to one file"),
    "restore": ("kiosk.commands.restore", "put a backup back in an empty home folder"),
    "bank": ("kiosk.commands.bank", "check, build and describe a bank of questions"),
    "sync": ("kiosk.commands.sync", "send what is signed to the central instance"),
    "enrol": ("kiosk.commands.enrol", "make this school known to the central instance"),
    "verify": ("kiosk.commands.verify", "check an exported log with nothing but the public key"),
    "log": ("kiosk.commands.log", "export the signed log"),
    "central": ("sync.central.cli", "run and manage a central instance"),
    "demo": ("kiosk.commands.demo", "run a demo school and central instance on this machine"),
    "simulate": ("kiosk.commands.simulate", "lead invented candidates through a certification bank"),
    "calibrate": ("kiosk.commands.calibrate", "find item parameters from answers (2PL)"),
    "bench": ("kiosk.commands.bench", "measure this machine"),
}


class CommandError(Exception):
    """An expected failure: what happened, and what to do next."""


class WrongUse(CommandError):  # noqa: N818 - named for what it is, like the refusals
    """The words of a command do not go together, or one is missing: exit status 2, as for words that cannot be read."""


class Command(Protocol):
    """What a command module offers."""

    HELP: str

    def register(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments."""
        ...

    def run(self, args: argparse.Namespace) -> int:
        """Do it; return the exit status."""
        ...


def default_home(command: str) -> Path:
    """Return where the data lives: PREAU_HOME, else the demo's `var`, else the person's data folder."""
    given = os.environ.get("PREAU_HOME")
    if given:
        return Path(given)
    return Path("var") if command == "demo" else Path.home() / ".local" / "share" / "preau"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    given, words = _home_of(sys.argv[1:] if argv is None else argv)
    name = next((word for word in words if not word.startswith("-")), "")
    parser = _parser(name)
    args = parser.parse_args(words)
    if not args.command:
        parser.print_help()
        return 2
    args.home = default_home(args.command) if given is None else Path(given)
    try:
        return cast("int", args.run(args))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has left; nothing more to say to them
        return 1
    except (
        OSError
    ) as problem:  # a folder that may not be written, a disk that is full: nothing of ours is wrong
        where = f"{problem.filename}: " if problem.filename else ""
        print(f"preau {name}: {where}{problem.strerror or problem}", file=sys.stderr)
        return 1
    except Exception as problem:
        if not _EXPECTED.intersection(kind.__name__ for kind in type(problem).__mro__):
            raise
        print(f"preau {name}: {problem}", file=sys.stderr)
        return 2 if isinstance(problem, WrongUse) else 1


# By name, so that this module loads nothing: every module's own tree of expected failures.
_EXPECTED = frozenset(
    {
        "CommandError",
        "BadConfig",
        "KioskError",
        "BadRequest",
        "Refused",
        "Conflict",
        "NotFound",
        "SchemaError",
        "TlsError",
        "KeyFileError",
        "HomeError",
        "BadUai",
        "BankError",
        "EnrolError",
        "DatabaseError",
    }
)


def _home_of(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    """Return the value of --home, wherever it stands, and the other words: it is the same for every command."""
    home: str | None = None
    words: list[str] = []
    rest = iter(argv)
    for word in rest:
        if word == "--home":
            home = next(rest, None)
            if home is None:
                words.append(word)  # the parser says what is missing
        elif word.startswith("--home="):
            home = word.removeprefix("--home=")
        else:
            words.append(word)
    return home, words


def _parser(called: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="preau", description="The exam room of a school, in one box.")
    parser.add_argument(
        "--home", type=Path, help="home folder of the data, before or after the command (PREAU_HOME)"
    )
    parser.add_argument("--version", action="version", version=f"preau {version('preau')}")
    parser.set_defaults(command="", run=None)
    groups = parser.add_subparsers(dest="command", metavar="command")
    for name, (module_name, summary) in COMMANDS.items():
        sub = groups.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if name == called:
            module = cast("Command", importlib.import_module(module_name))
            module.register(sub)
            sub.set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
