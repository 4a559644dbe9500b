"""What tests of the team do as a browser does: forms posted from our own pages, links read off the page that shows them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk_site import Client, Reply

OURS = {"Sec-Fetch-Site": "same-origin"}
EVERYONE = ("lea", "tom", "roy", "ines", "diaz", "other_principal", "stranger")


async def send(client: Client, path: str, **form: str) -> Reply:
    """Post a form."""
    return await client.ask("POST", path, data=form, headers=OURS)


async def page(client: Client, path: str) -> str:
    """Return a page that must be there, as text."""
    reply = await client.get(path)
    assert reply.status == 200, (path, reply.status)
    return unescape(reply.data.decode())


def links_in(html: str) -> list[str]:
    """Return the invitation links of a page, without the server's address."""
    return re.findall(r"<b>http://[^<]*?(/invitation/[\w-]+)</b>", html)


async def invited(client: Client, emails: str = "", role: str = "member") -> list[str]:
    """Invite, and return the links handed over."""
    made = await send(client, "/staff/team/invitations", emails=emails, role=role)
    assert made.status == 200, made.data
    return links_in(made.data.decode())


def newcomer(username: str = "max.moulin", **changed: str) -> dict[str, str]:
    """Return the form of somebody who makes an account with an invitation."""
    return {
        "first_name": "Max",
        "last_name": "Moulin",
        "username": username,
        "email": "",
        "password": "Bateau-sur-l-eau-4",
        "again": "Bateau-sur-l-eau-4",
        **changed,
    }
