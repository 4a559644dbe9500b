"""Settings: one row each, read from `config.toml` in the home folder, then from the environment.

A setting that is unknown, malformed or out of bounds refuses to start and says which one: a server that guesses
is found out on exam day. `docs/settings.md` is generated from the rows.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - dataclasses read annotations when they run
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPE_NAMES: dict[type, str] = {str: "text", int: "integer", bool: "true/false", tuple: "list of texts"}


class BadConfig(Exception):  # noqa: N818 - reads as the sentence it is
    """A setting is unknown or malformed; the message says which and what it takes."""


@dataclass(frozen=True)
class Setting:
    """One row: its name in the file, type, default, bounds for integers, help, environment variable."""

    name: str
    type: type
    default: str | int | bool | tuple[str, ...]
    help: str
    env: str | None = None
    low: int = 0
    high: int = 2**31
    choices: tuple[str, ...] = ()


SETTINGS: tuple[Setting, ...] = (
    Setting("host", str, "0.0.0.0", "Address to listen on.", "PREAU_KIOSK_HOST"),  # noqa: S104 - the room's machines must reach it
    Setting("port", int, 8080, "Port to listen on.", "PREAU_KIOSK_PORT", 0, 65535),
    Setting("names", tuple, (), "Further host names the certificate should carry."),
    Setting("allowed_hosts", tuple, (), "Host names requests may use; empty: any.", "PREAU_ALLOWED_HOSTS"),
    Setting("bank", str, "", "Folder or bundle of the bank; empty: the starter bank.", "PREAU_BANK"),
    Setting("bank_signers", tuple, (), "Public keys, or files, of who may sign it.", "PREAU_BANK_SIGNERS"),
    Setting("bank_version", str, "", "Version the bank must have; empty: any.", "PREAU_BANK_VERSION"),
    Setting("bank_digest", str, "", "Digest its open part must have; empty: any.", "PREAU_BANK_DIGEST"),
    Setting(
        "attestation_threshold", int, 50, "Percent of skills that earns the 6e attestation.", None, 1, 100
    ),
    Setting(
        "profiles_travel",
        bool,
        default=True,
        help="Hand profiles in to the central instance, so that they follow pupils to their next school.",
    ),
    Setting(
        "keep_participations_months",
        int,
        0,
        "Months after which answers and results are purged, counted from the last answer; 0: never.",
        None,
        0,
        240,
    ),
    Setting(
        "keep_disabled_months",
        int,
        0,
        "Months after which a pupil who left the lists is erased; 0: never.",
        None,
        0,
        240,
    ),
    Setting("keep_uploads_days", int, 0, "Days files handed back are kept; 0: always.", None, 0, 3660),
    Setting("keep_mails_days", int, 30, "Days the trace of a mail sent is kept.", None, 1, 30),
    Setting("keep_imports_days", int, 365, "Days the history of imports is kept.", None, 1, 3660),
    Setting(
        "keep_telemetry_days",
        int,
        0,
        "Days the traces of lock-down refusals and wrong sign-ins are kept; 0: always.",
        None,
        0,
        3660,
    ),
    Setting("login_hours", int, 12, "Hours a browser stays signed in.", None, 1, 72),
    Setting("upload_quota_mib", int, 512, "Room for files handed back, MiB.", None, 1, 1024 * 1024),
    Setting("sittings_in_memory", int, 600, "Sittings kept ready in memory.", None, 10, 100_000),
    Setting("listeners", int, 500, "Live pages followed at once.", None, 1, 20_000),
    Setting(
        "announce",
        bool,
        default=True,
        help="Announce the server on the local network (mDNS).",
        env="PREAU_ANNOUNCE",
    ),
    Setting(
        "public_address",
        str,
        "",
        "Address of this server as mails and identity providers name it, such as https://preau.local:8080; "
        "without it no mail is sent and no identity provider is offered.",
        "PREAU_PUBLIC_ADDRESS",
    ),
    Setting(
        "smtp_host", str, "", "Server that takes outgoing mail; empty: no mail is sent.", "PREAU_SMTP_HOST"
    ),
    Setting("smtp_port", int, 587, "Its port.", "PREAU_SMTP_PORT", 1, 65535),
    Setting(
        "smtp_security",
        str,
        "starttls",
        "How the way to it is kept private: starttls, tls from the first byte, or none.",
        "PREAU_SMTP_SECURITY",
        choices=("starttls", "tls", "none"),
    ),
    Setting("smtp_username", str, "", "Account on that server; empty: none is asked.", "PREAU_SMTP_USERNAME"),
    Setting(
        "smtp_password", str, "", "Its password; better given by the environment.", "PREAU_SMTP_PASSWORD"
    ),
    Setting("mail_from", str, "", "Address mails come from.", "PREAU_MAIL_FROM"),
    Setting("provider_name", str, "Médiacentre", "What the button of the identity provider says."),
    Setting(
        "provider_ca",
        str,
        "",
        "PEM file of the authority of the identity provider and of the mail server; empty: those of this machine.",
    ),
    Setting("oidc_issuer", str, "", "OpenID Connect provider on the school's network; empty: none."),
    Setting("oidc_client_id", str, "", "Name this server has there."),
    Setting(
        "oidc_client_secret",
        str,
        "",
        "Its secret there; better given by the environment.",
        "PREAU_OIDC_CLIENT_SECRET",
    ),
    Setting("oidc_scope", str, "openid profile", "What is asked of the provider."),
    Setting(
        "cas_url",
        str,
        "",
        "CAS 3 server on the school's network, such as https://cas.example/cas; empty: none.",
    ),
    Setting("cas_subject", str, "", "Attribute that names a person for life (IDO); empty: the CAS user."),
    Setting("cas_first_name", str, "PRE", "Attribute that holds the first name."),
    Setting("cas_last_name", str, "NOM", "Attribute that holds the last name."),
    Setting(
        "cas_birth_date", str, "", "Attribute that holds the birth date, YYYY-MM-DD; empty: it is asked."
    ),
)


@dataclass(frozen=True)
class Config:
    """The settings of one kiosk, with its home folder. Field names are those of `SETTINGS`."""

    home: Path
    host: str = "0.0.0.0"  # noqa: S104 - same default as the row
    port: int = 8080
    names: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    bank: str = ""
    bank_signers: tuple[str, ...] = ()
    bank_version: str = ""
    bank_digest: str = ""
    attestation_threshold: int = 50
    profiles_travel: bool = True
    keep_participations_months: int = 0
    keep_disabled_months: int = 0
    keep_uploads_days: int = 0
    keep_mails_days: int = 30
    keep_imports_days: int = 365
    keep_telemetry_days: int = 0
    login_hours: int = 12
    upload_quota_mib: int = 512
    sittings_in_memory: int = 600
    listeners: int = 500
    announce: bool = True
    public_address: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_username: str = ""
    smtp_password: str = field(default="", repr=False)
    mail_from: str = ""
    provider_name: str = "Médiacentre"
    provider_ca: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_scope: str = "openid profile"
    cas_url: str = ""
    cas_subject: str = ""
    cas_first_name: str = "PRE"
    cas_last_name: str = "NOM"
    cas_birth_date: str = ""

    @property
    def mail_ready(self) -> bool:
        """Whether this server can send mail with links that lead back to it."""
        return bool(self.smtp_host and self.mail_from and self.public_address)

    @property
    def providers(self) -> tuple[str, ...]:
        """The identity providers people may sign in with: "oidc", "cas"."""
        ready = {"oidc": self.oidc_issuer and self.oidc_client_id, "cas": self.cas_url}
        return tuple(name for name, set_up in ready.items() if set_up and self.public_address)

    @property
    def file(self) -> Path:
        """The settings file."""
        return self.home / "config.toml"

    @property
    def database(self) -> Path:
        """The kiosk's database: state and log."""
        return self.home / "kiosk.db"

    @property
    def sync_database(self) -> Path:
        """The sync daemon's own database, which the kiosk only reads."""
        return self.home / "sync.db"

    @property
    def uploads(self) -> Path:
        """Files handed back by pupils."""
        return self.home / "uploads"

    @property
    def banks(self) -> Path:
        """Every bank a sitting here was opened with, by digest."""
        return self.home / "banks"


def load_config(home: Path, environ: Mapping[str, str] | None = None, **given: object) -> Config:
    """Read the settings of `home`; `given` (the command line) wins over the environment, then over the file.

    Raises BadConfig when a setting is unknown or malformed.
    """
    rows = {row.name: row for row in SETTINGS}
    values: dict[str, Any] = {}
    for name, value in _read_file(home / "config.toml").items():
        if name not in rows:
            raise BadConfig(f"config.toml: unknown setting {name!r}; see docs/settings.md")
        values[name] = _checked(rows[name], value, f"config.toml: {name}")
    variables = os.environ if environ is None else environ
    for row in SETTINGS:
        if row.env and row.env in variables:
            values[row.name] = _checked(row, _from_text(row, variables[row.env]), row.env)
    for name, value in given.items():
        if value is not None:
            values[name] = _checked(rows[name], value, f"--{name}")
    return Config(home=home, **values)


def _read_file(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}  # every setting has a default; what makes a home is its identity
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadConfig(f"{path} is not readable TOML: {problem}") from None
    except OSError as problem:
        raise BadConfig(f"{path} cannot be read: {problem.strerror}") from None


def _from_text(row: Setting, text: str) -> object:
    if row.type is int:
        return int(text) if text.isascii() and text.isdigit() else text
    if row.type is bool:
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
    if row.type is tuple:
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _checked(row: Setting, value: object, where: str) -> object:
    if row.type is tuple and isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
        return tuple(value)
    if type(value) is not row.type:
        raise BadConfig(f"{where} must be of type {_TYPE_NAMES[row.type]}, not {value!r}")
    if row.choices and value not in row.choices:
        raise BadConfig(f"{where} must be one of {', '.join(row.choices)}, not {value!r}")
    if isinstance(value, int) and not isinstance(value, bool) and not row.low <= value <= row.high:
        raise BadConfig(f"{where} must be between {row.low} and {row.high}, not {value}")
    return value


def settings_markdown() -> str:
    """Return `docs/settings.md`, made from the rows so that it cannot be wrong."""
    lines = [
        "# Settings",
        "",
        "Made from `kiosk/config.py` by `python -m kiosk.documents`; a test keeps it so.",
        "They are read from `config.toml` in the home folder, then from the environment, then from the command line.",
        "",
        "| setting | type | default | environment | what it is |",
        "|---|---|---|---|---|",
    ]
    for row in SETTINGS:
        default = ", ".join(row.default) if isinstance(row.default, tuple) else row.default
        shown = str(default).lower() if row.type is bool else str(default)
        env = f"`{row.env}`" if row.env else ""
        lines.append(f"| `{row.name}` | {_TYPE_NAMES[row.type]} | {shown} | {env} | {row.help} |")
    return "\n".join(lines) + "\n"
