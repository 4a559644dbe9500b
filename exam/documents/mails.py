"""E-mail messages as files, with every header an author may want a pupil to read."""

from __future__ import annotations

from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from typing import TYPE_CHECKING

from exam.documents.dates import header_date
from exam.documents.limits import DocumentError
from exam.documents.names import media_type

if TYPE_CHECKING:
    from exam.content import Text
    from exam.documents.specs import Mail
    from exam.scene import Scene


def make_mail(mail: Mail, scene: Scene, attached: list[tuple[str, bytes]]) -> bytes:
    """Return the message with its attachments (name, bytes); raises `DocumentError` on a bad header or date."""
    message = EmailMessage(policy=SMTP)
    try:
        for name, value in _headers(mail, scene).items():
            message[name] = value
        message.set_content(scene.say(mail.body).strip("\n") + "\n", cte="quoted-printable")
        for name, data in attached:
            main, _, sub = media_type(name).partition(";")[0].partition("/")
            message.add_attachment(data, maintype=main, subtype=sub, filename=name)
        if attached:
            # The library draws a boundary at random; ours depends on the message alone.
            message.set_boundary(f"=_{_mark(mail, scene)}")
        return message.as_bytes()
    except (ValueError, MessageError, LookupError, IndexError) as error:
        raise DocumentError(f"this message cannot be written: {error}") from error


def _headers(mail: Mail, scene: Scene) -> dict[str, str]:
    headers = {"From": _line(mail.sender, scene), "To": _line(mail.to, scene)}
    if mail.cc is not None:
        headers["Cc"] = _line(mail.cc, scene)
    if mail.reply_to is not None:
        headers["Reply-To"] = _line(mail.reply_to, scene)
    headers["Subject"] = _line(mail.subject, scene)
    headers["Date"] = header_date(scene.fill(mail.date))
    headers["Message-ID"] = f"<{_mark(mail, scene)}@message.example>"
    for name in sorted(mail.headers):
        headers[name] = _line(mail.headers[name], scene)
    return headers


def _line(text: Text, scene: Scene) -> str:
    """Return one line, whatever the author or a drawn value holds: a header has no second."""
    return " ".join(scene.say(text).split())


def _mark(mail: Mail, scene: Scene) -> str:
    words = "\0".join(
        (scene.item, scene.lang, scene.say(mail.sender), scene.say(mail.subject), scene.say(mail.body))
    )
    return sha256(words.encode()).hexdigest()[:24]
