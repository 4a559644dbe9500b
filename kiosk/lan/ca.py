"""HTTPS in a room without internet: a local certificate authority and the server's certificate.

The authority is made once, on this server, and can vouch for nothing but the local network: a critical name
constraint limits it to `.local`, this host and private addresses, so a stolen key cannot impersonate a site of
the internet. Both keys are P-256, which every browser accepts. The certificate follows the server's addresses
and is renewed thirty days before its end; the authority, which people install by hand, never changes.
"""

from __future__ import annotations

import os
import re
import ssl
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.lan.addresses import PERMITTED, Address, is_permitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

AUTHORITY_LIFE = timedelta(days=20 * 365)
LEAF_LIFE = timedelta(days=397)
RENEW_BEFORE = timedelta(days=30)
CLOCK_SLACK = timedelta(days=2)
"""Room machines may run late: certificates start a little before they are made."""


class TlsError(Exception):
    """The certificate files cannot be used; the message says which and what to do."""


@dataclass(frozen=True)
class Identity:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def host_label(text: str) -> str:
    """Return `text` as one DNS label a person would type: bare lower-case letters, digits, inner hyphens, at most 63."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    label = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:63].strip("-")
    return label or "preau"


def _write_private(path: Path, data: bytes) -> None:
    """Write `data` to `path` whole or not at all, readable by its owner only."""
    draft = path.with_suffix(path.suffix + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _save(folder: Path, stem: str, identity: Identity) -> None:
    """Write key then certificate of `identity`; a pair cut between the two is noticed and remade."""
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write_private(folder / f"{stem}.key", key)
    _write_private(folder / f"{stem}.crt", identity.certificate.public_bytes(Encoding.PEM))


def _load(folder: Path, stem: str) -> Identity | None:
    """Return the pair saved under `stem`, or None when it is absent; `TlsError` when it does not fit together."""
    key_path, certificate_path = folder / f"{stem}.key", folder / f"{stem}.crt"
    if not (key_path.exists() and certificate_path.exists()):
        return None
    try:
        key = load_pem_private_key(key_path.read_bytes(), None)
        certificate = x509.load_pem_x509_certificate(certificate_path.read_bytes())
    except ValueError as error:
        raise TlsError(f"{stem}.key or {stem}.crt in {folder} is damaged: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise TlsError(f"{stem}.key and {stem}.crt in {folder} do not belong together")
    return Identity(certificate, key)


def _usage(*, authority: bool) -> x509.KeyUsage:
    """Return the key usage of an authority (signs certificates) or of a server (signs handshakes)."""
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def make_authority(label: str, hosts: Iterable[str], now: datetime) -> Identity:
    """Make an authority named after `label`, allowed `.local`, `localhost`, the bare `hosts` and private addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named(f"Préau {label}")
    dns = ["local", "localhost", *sorted(set(hosts))]
    permitted: list[x509.GeneralName] = [x509.DNSName(host) for host in dns]
    permitted += [x509.IPAddress(network) for network in PERMITTED]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(now + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Identity(certificate, key)


def make_leaf(authority: Identity, subject: Sequence[x509.GeneralName], now: datetime) -> Identity:
    """Make a server certificate for the names of `subject`, signed by `authority`. Nothing is filtered here."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_named(str(subject[0].value)))
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(min(now + LEAF_LIFE, authority.certificate.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(subject), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
        )
        .sign(authority.key, hashes.SHA256())
    )
    return Identity(certificate, key)


def _subject(
    authority: Identity, labels: Iterable[str], addresses: Iterable[Address]
) -> list[x509.GeneralName]:
    """Return the names a leaf should carry: those given that `authority` may vouch for, always in one order."""
    constraints = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    allowed = {name.value for name in constraints.permitted_subtrees or [] if isinstance(name, x509.DNSName)}
    hosts = sorted(set(labels))
    dns = [f"{host}.local" for host in hosts] + [host for host in hosts if host in allowed] + ["localhost"]
    kept = {address for address in addresses if is_permitted(address)} | {
        ip_address("127.0.0.1"),
        ip_address("::1"),
    }
    ordered = sorted(kept, key=lambda address: (address.version, int(address)))
    return [*map(x509.DNSName, dict.fromkeys(dns)), *map(x509.IPAddress, ordered)]


def _still_good(
    leaf: Identity, authority: Identity, subject: Sequence[x509.GeneralName], now: datetime
) -> bool:
    """Whether `leaf` names exactly `subject`, comes from `authority` and is not about to end."""
    certificate = leaf.certificate
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    issued_here = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    expected = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    lasting = certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEW_BEFORE
    return list(names) == list(subject) and issued_here == expected and lasting


def _authority(folder: Path, labels: Sequence[str], now: datetime) -> Identity:
    """Return the server's authority, made on first use; `TlsError` when it has ended."""
    authority = _load(folder, "ca")
    if authority is None:
        authority = make_authority(labels[0], labels, now)
        _save(folder, "ca", authority)
    if now >= authority.certificate.not_valid_after_utc - RENEW_BEFORE:
        raise TlsError(f"the local authority in {folder} has ended; remove ca.key and ca.crt to make another")
    return authority


def ensure_certificate(home: Path, names: Sequence[str], addresses: Sequence[Address], now: datetime) -> bool:
    """Make or renew the files of `home`/tls so that they cover `names` and `addresses`; True when the leaf is new."""
    folder = home / "tls"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    labels = [host_label(name) for name in names] or ["preau"]
    authority = _authority(folder, labels, now)
    subject = _subject(authority, labels, addresses)
    try:
        leaf = _load(folder, "server")
    except TlsError:
        leaf = None  # the leaf is ours to remake; only the authority is precious
    if leaf is not None and _still_good(leaf, authority, subject, now):
        return False
    _save(folder, "server", make_leaf(authority, subject, now))
    return True


def ensure_tls(
    home: Path, names: Sequence[str], addresses: Sequence[Address], now: datetime
) -> ssl.SSLContext:
    """Return a server context of TLS 1.2 or later whose certificate covers `names` and `addresses`.

    Raises `TlsError` when the authority's files are damaged or ended: they are never silently replaced, because
    machines of the room trust them by hand.
    """
    ensure_certificate(home, names, addresses, now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    load_chain(context, home)
    return context


def load_chain(context: ssl.SSLContext, home: Path) -> None:
    """Give `context` the certificate on disk; connections opened from now on use it, those open are untouched."""
    context.load_cert_chain(home / "tls" / "server.crt", home / "tls" / "server.key")


def authority_der(home: Path) -> bytes | None:
    """Return the authority's certificate as DER, the bytes people install, or None when there is none yet."""
    path = home / "tls" / "ca.crt"
    if not path.exists():
        return None
    return x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)


def leaf_end(home: Path) -> datetime | None:
    """Return when the server's certificate ends (UTC), or None when there is none yet."""
    path = home / "tls" / "server.crt"
    if not path.exists():
        return None
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
