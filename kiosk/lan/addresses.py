"""The addresses at which machines of the room can reach this server.

Only addresses that never leave a building count: RFC 1918, link-local and their IPv6 counterparts. The local
certificate authority is constrained to the same list (`kiosk.lan.ca`), so what is shown can always be trusted.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

import ifaddr

if TYPE_CHECKING:
    from collections.abc import Iterable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
PRIVATE: tuple[Network, ...] = (
    ip_network("10.0.0.0/8"),
    ip_network("172.16.0.0/12"),
    ip_network("192.168.0.0/16"),
    ip_network("169.254.0.0/16"),
    ip_network("fc00::/7"),
    ip_network("fe80::/10"),
)
PERMITTED: tuple[Network, ...] = PRIVATE + LOOPBACK


def is_private(address: Address) -> bool:
    """Whether `address` belongs to a network that no router carries to the internet (loopback excluded)."""
    return any(address in network for network in PRIVATE)


def is_permitted(address: Address) -> bool:
    """Whether the local authority may vouch for `address`: private or loopback."""
    return any(address in network for network in PERMITTED)


def usable(addresses: Iterable[str]) -> list[Address]:
    """Return the private addresses among `addresses`, once each, RFC 1918 before link-local."""
    kept = {found for text in addresses if is_private(found := ip_address(text))}
    return sorted(kept, key=lambda found: (found.is_link_local, found.version, int(found)))


def lan_addresses() -> list[Address]:
    """Return this machine's addresses that the room can use; empty when it has no private network.

    IPv4 only: link-local IPv6 addresses need a zone that a browser's address bar does not take.
    """
    return usable(str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4)
