"""Outgoing mail: kept in the database with the act that asks for it, sent in the background, tried again when refused.

No request ever waits for a mail server. One task looks at the queue and hands each mail to a thread that speaks SMTP
within a time limit. A server that cannot be reached or answers "later" is tried again, less and less often, for as
long as the link inside may be used; one that answers "never" is believed at once. Without SMTP settings nothing is
queued: whoever wants to send asks `Config.mail_ready` first and says another way.
"""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING

import structlog

from kiosk.keys import KIOSK
from kiosk.store import mails as store
from sync.transaction import DatabaseError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.web import Application

    from kiosk.config import Config
    from kiosk.keys import Kiosk
    from kiosk.store.mails import Mail, Waiting
    from sync.db import Tx

EVERY_S = 1
"""Seconds between two looks at the queue."""
AT_ONCE = 20
TIMEOUT_S = 15
RETRIES_MS = (60_000, 5 * 60_000, 15 * 60_000, 3_600_000, 4 * 3_600_000, 12 * 3_600_000)
"""How long after each failure a mail is tried again; after the last it is given up: its link is about to expire."""
_UNREACHABLE = "unreachable"
_log = structlog.get_logger()


class Undeliverable(Exception):  # noqa: N818 - named for what the mail is
    """The mail server refused for good; the text is its answer, which never repeats the message."""


class TryLater(Exception):  # noqa: N818 - named for what to do
    """The mail did not leave this time."""


def message_of(mail: Mail, sender: str, host: str) -> EmailMessage:
    """Return the message as it travels; a line break in an address or a subject raises ValueError."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=host)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


def send(config: Config, mail: Mail) -> None:
    """Hand one mail to the mail server, in this thread; raises Undeliverable or TryLater."""
    try:
        message = message_of(mail, config.mail_from, config.mail_from.rpartition("@")[2] or "localhost")
    except ValueError as problem:
        raise Undeliverable(str(problem)[:200]) from None
    try:
        with _session(config) as session:
            session.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        raise _verdict(code, words) from None
    except smtplib.SMTPAuthenticationError:
        raise TryLater("the mail server does not accept our account") from None
    except smtplib.SMTPResponseException as refused:
        raise _verdict(refused.smtp_code, refused.smtp_error) from None
    except (smtplib.SMTPException, OSError) as problem:
        raise TryLater(f"{_UNREACHABLE}: {type(problem).__name__}") from None


def _verdict(code: int, words: bytes | str) -> Undeliverable | TryLater:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    text = f"{code} {said}"[:200]
    return Undeliverable(text) if 500 <= code < 600 else TryLater(text)


def _session(config: Config) -> smtplib.SMTP:
    """Return an open session with the mail server, private and signed in as the settings say."""
    if config.smtp_security == "tls":
        session: smtplib.SMTP = smtplib.SMTP_SSL(
            config.smtp_host, config.smtp_port, timeout=TIMEOUT_S, context=_trust(config)
        )
    else:
        session = smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=TIMEOUT_S)
    try:
        if config.smtp_security == "starttls":
            session.starttls(context=_trust(config))
        if config.smtp_username:
            session.login(config.smtp_username, config.smtp_password)
    except BaseException:
        session.close()
        raise
    return session


def _trust(config: Config) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=config.provider_ca or None)


async def send_due(kiosk: Kiosk) -> int:
    """Try every mail whose turn has come, one after the other; return how many left."""
    now = kiosk.clock.now_ms()
    waiting = await kiosk.db.read(lambda conn: store.due(conn, now, AT_ONCE))
    return sum([await _try(kiosk, one) for one in waiting])


async def _try(kiosk: Kiosk, waiting: Waiting) -> bool:
    now = kiosk.clock.now_ms()
    try:
        await asyncio.get_running_loop().run_in_executor(None, send, kiosk.config, waiting.mail)
    except Undeliverable as refusal:
        words = str(refusal)
        await kiosk.db.write(lambda tx: store.keep_failed(tx, waiting.id, words, now))
        return False
    except TryLater as refusal:
        words = str(refusal)
        await kiosk.db.write(lambda tx: _put_off(tx, waiting, words, now))
        return False
    await kiosk.db.write(lambda tx: store.keep_sent(tx, waiting.id, now))
    return True


def _put_off(tx: Tx, waiting: Waiting, problem: str, now_ms: int) -> None:
    if waiting.tries >= len(RETRIES_MS):
        store.keep_failed(tx, waiting.id, problem, now_ms)
    else:
        store.put_off(tx, waiting.id, problem, now_ms + RETRIES_MS[waiting.tries])


async def postman(app: Application) -> AsyncIterator[None]:
    """Send what waits while the server runs, when it has a mail server."""
    kiosk = app[KIOSK]
    if not kiosk.config.mail_ready:
        yield
        return
    task = asyncio.create_task(_go_round(kiosk), name="postman")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _go_round(kiosk: Kiosk) -> None:
    while True:
        try:
            await send_due(kiosk)
        except DatabaseError as problem:
            _log.warning("mail waits", reason=str(problem))
        await asyncio.sleep(EVERY_S)
