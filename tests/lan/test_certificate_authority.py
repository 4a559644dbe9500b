"""The local authority: what it vouches for, what it cannot vouch for, and when certificates are renewed."""

from __future__ import annotations

import asyncio
import ssl
import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.lan import ca

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROOM = [ip_address("192.168.4.10")]


async def handshake(server: ssl.SSLContext, authority: bytes, host: str) -> str:
    """Open one TLS connection to a real server on loopback, asking for `host`; return the version agreed."""
    closed = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        closed.set()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        trust = ssl.create_default_context(cadata=authority)
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust, server_hostname=host)
        version = writer.get_extra_info("ssl_object").version()
        writer.close()
        await writer.wait_closed()
        await closed.wait()
    return str(version)


def server_context(folder: Path, identity: ca.Identity) -> ssl.SSLContext:
    ca._save(folder, "other", identity)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "other.crt", folder / "other.key")
    return context


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "192.168.4.10", "preau-0750001x.local", "preau-0750001x", "localhost"]
)
async def test_a_client_holding_the_authority_trusts_every_name_of_the_server(
    tmp_path: Path, host: str
) -> None:
    context = ca.ensure_tls(tmp_path, ["preau-0750001X"], ROOM, datetime.now(UTC))
    authority = ca.authority_der(tmp_path)
    assert authority is not None
    assert await handshake(context, authority, host) in {"TLSv1.2", "TLSv1.3"}


@pytest.mark.parametrize("name", ["example.org", "93.184.216.34", "2001:db8::1"])
async def test_a_name_of_the_internet_is_refused_even_signed_by_the_authority(
    tmp_path: Path, name: str
) -> None:
    now = datetime.now(UTC)
    ca.ensure_tls(tmp_path, ["preau"], ROOM, now)
    authority = ca._load(tmp_path / "tls", "ca")
    assert authority is not None
    subject = x509.DNSName(name) if name.endswith("org") else x509.IPAddress(ip_address(name))
    stolen = server_context(tmp_path, ca.make_leaf(authority, [subject], now))
    der = ca.authority_der(tmp_path)
    assert der is not None
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        await handshake(stolen, der, name)


def test_a_public_address_is_left_out_of_the_certificate(tmp_path: Path) -> None:
    ca.ensure_certificate(tmp_path, ["preau"], [*ROOM, ip_address("93.184.216.34")], NOW)
    leaf = ca._load(tmp_path / "tls", "server")
    assert leaf is not None
    names = leaf.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress) == [
        ip_address("127.0.0.1"),
        ip_address("192.168.4.10"),
        ip_address("::1"),
    ]


def test_the_authority_is_p256_and_critically_constrained(tmp_path: Path) -> None:
    ca.ensure_certificate(tmp_path, ["preau"], ROOM, NOW)
    authority = ca._load(tmp_path / "tls", "ca")
    assert authority is not None
    assert isinstance(authority.key.curve, ec.SECP256R1)
    assert authority.certificate.extensions.get_extension_for_class(x509.NameConstraints).critical


def test_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    ca.ensure_certificate(tmp_path, ["preau"], ROOM, NOW)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "tls").iterdir()}
    assert modes == dict.fromkeys(["ca.key", "ca.crt", "server.key", "server.crt"], 0o600)


def test_nothing_is_remade_while_names_and_dates_hold(tmp_path: Path) -> None:
    assert ca.ensure_certificate(tmp_path, ["preau"], ROOM, NOW)
    assert not ca.ensure_certificate(tmp_path, ["preau"], ROOM, NOW + timedelta(days=300))


def test_a_new_address_renews_the_leaf_under_the_same_authority(tmp_path: Path) -> None:
    ca.ensure_certificate(tmp_path, ["preau"], ROOM, NOW)
    authority = ca.authority_der(tmp_path)
    assert ca.ensure_certificate(tmp_path, ["preau"], [ip_address("10.0.0.7")], NOW)
    assert ca.authority_der(tmp_path) == authority


def test_the_leaf_is_renewed_thirty_days_before_its_end(tmp_path: Path) -> None:
    ca.ensure_certificate(tmp_path, ["preau"], ROOM, NOW)
    first = ca.leaf_end(tmp_path)
    assert first is not None
    assert ca.ensure_certificate(tmp_path, ["preau"], ROOM, first - timedelta(days=29))
    assert (ca.leaf_end(tmp_path) or first) > first


def test_a_damaged_leaf_is_remade_but_a_damaged_authority_is_refused(tmp_path: Path) -> None:
    ca.ensure_certificate(tmp_path, ["preau"], ROOM, NOW)
    (tmp_path / "tls" / "server.crt").write_bytes(b"cut")
    assert ca.ensure_certificate(tmp_path, ["preau"], ROOM, NOW)
    (tmp_path / "tls" / "ca.crt").write_bytes(b"cut")
    with pytest.raises(ca.TlsError, match=r"ca\.key or ca\.crt"):
        ca.ensure_certificate(tmp_path, ["preau"], ROOM, NOW)


def test_an_ended_authority_says_what_to_do(tmp_path: Path) -> None:
    ca.ensure_certificate(tmp_path, ["preau"], ROOM, NOW)
    with pytest.raises(ca.TlsError, match=r"remove ca\.key and ca\.crt"):
        ca.ensure_certificate(tmp_path, ["preau"], ROOM, NOW + ca.AUTHORITY_LIFE)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Collège des Tilleuls", "college-des-tilleuls"),
        ("Lycée du Cœur-Volant", "lycee-du-coeur-volant"),
        ("", "preau"),
        ("--", "preau"),
        ("A" * 80, "a" * 63),
    ],
)
def test_any_school_name_makes_one_dns_label(text: str, label: str) -> None:
    assert ca.host_label(text) == label
