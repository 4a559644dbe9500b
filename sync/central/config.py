"""Where the central instance keeps its things, and what it was told: one frozen value made at start.

The home folder holds `central.toml` (its name), `keys/central.key`, and `central.db` unless a PostgreSQL address is
given. An address with a password belongs in the environment (`PREAU_CENTRAL_DATABASE`), where others cannot read it.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.central.errors import WrongSetting
from sync.keys import replace_file

if TYPE_CHECKING:
    from pathlib import Path

DATABASE_VARIABLE = "PREAU_CENTRAL_DATABASE"
PORT_VARIABLE = "PREAU_CENTRAL_PORT"
PORT = 8090
DEFAULT_NAME = "Instance centrale"


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of a running instance; `secure` is whether browsers reach it over HTTPS."""

    home: Path
    name: str
    database: str
    secure: bool = False
    behind_proxy: bool = False

    @property
    def key_file(self) -> Path:
        """The file of the central instance's own key."""
        return self.home / "keys" / "central.key"


def make_home(home: Path, name: str) -> None:
    """Make the home folder, readable by its owner alone; a name already chosen is kept."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = home / "central.toml"
    if not settings.exists():
        # A TOML basic string is written as a JSON one.
        replace_file(settings, f"name = {json.dumps(name, ensure_ascii=False)}\n".encode(), 0o600)


def load_config(
    home: Path, database: str | None = None, *, secure: bool = False, proxy: bool = False
) -> Config:
    """Return the settings of this home. Raises `WrongSetting` when it was never made or cannot be read."""
    settings = home / "central.toml"
    try:
        found = tomllib.loads(settings.read_text("utf-8"))
    except FileNotFoundError as error:
        raise WrongSetting("home", f"{home} is not a central home: run `preau central init` first") from error
    except (OSError, ValueError) as error:
        raise WrongSetting("home", f"{settings.name} cannot be read: {error}") from error
    name = found.get("name", DEFAULT_NAME)
    if not isinstance(name, str):
        raise WrongSetting("name", f"in {settings.name}, the name is not a text")
    address = database or f"sqlite:///{home / 'central.db'}"
    return Config(home, name, address, secure=secure, behind_proxy=proxy)
