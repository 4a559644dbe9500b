"""CAS 3: where to send a browser, and who comes back with a ticket, which only the CAS server can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from kiosk.providers.outbound import asker, is_private
from kiosk.providers.visitor import refused, visitor

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from kiosk.providers.visitor import Visitor

_NS = "{http://www.yale.edu/tp/cas}"
TICKET_MOST = 512


@dataclass(frozen=True)
class Attributes:
    """Under which names the server gives what we need; an empty subject is the CAS user, an empty birth date is none."""

    subject: str
    first_name: str
    last_name: str
    birth_date: str


@dataclass(frozen=True)
class Client:
    """The CAS server, and the address it sends people back to, without its state."""

    url: str
    service: str
    attributes: Attributes
    ca_file: str

    @property
    def provider(self) -> str:
        """The name of the provider in the table of identities."""
        return f"cas {self.url}"

    def service_with(self, state: str) -> str:
        """Return the address to come back to, as it is sent and as it is checked."""
        return f"{self.service}?state={quote(state, safe='')}"


def address_for(client: Client, state: str) -> str:
    """Return where to send the browser; raises Forbidden when it is not a private way."""
    if not is_private(client.url):
        raise refused()
    return f"{client.url.rstrip('/')}/login?{urlencode({'service': client.service_with(state)})}"


async def visitor_of(client: Client, state: str, ticket: str) -> Visitor:
    """Return whose ticket it is; raises Forbidden when the server does not know it, Full when it does not answer."""
    if not ticket or len(ticket) > TICKET_MOST:
        raise refused()
    params = {"service": client.service_with(state), "ticket": ticket}
    async with asker(client.ca_file) as asks:
        body = await asks.get(f"{client.url.rstrip('/')}/p3/serviceValidate", params=params)
    return read(client, body)


def read(client: Client, body: bytes) -> Visitor:
    """Return the person of a validation; anything but a success in the CAS namespace raises Forbidden."""
    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError):
        raise refused() from None
    success = root.find(f"{_NS}authenticationSuccess") if root.tag == f"{_NS}serviceResponse" else None
    if success is None:
        raise refused()
    names = client.attributes
    return visitor(
        client.provider,
        _attribute(success, names.subject) if names.subject else _text(success.find(f"{_NS}user")),
        _attribute(success, names.first_name),
        _attribute(success, names.last_name),
        _attribute(success, names.birth_date),
    )


def _attribute(success: Element, name: str) -> str:
    if not name:
        return ""
    holder = success.find(f"{_NS}attributes")
    if holder is None:
        return ""
    return next((_text(child) for child in holder if child.tag == _NS + name), "")


def _text(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""
