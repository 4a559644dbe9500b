"""`preau serve` as installed: HTTPS by default, trusted by whoever installed its authority, and by nobody else."""

from __future__ import annotations

import ssl
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from processes import Server, free_port, preau, preau_json

from kiosk.lan.ca import authority_der
from kiosk.lan.words import certificate_hex, certificate_words
from sync.identity import Identity
from sync.keys import fingerprint_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Give the home and the address of a server just started."""
    home, port = tmp_path_factory.mktemp("secure"), free_port()
    preau_json(home, "init", "--uai", "0330001X", "--name", "Collège des Tilleuls")
    words = ["--home", str(home), "serve", "--host", "127.0.0.1", "--port", str(port)]
    server = Server(words, home / "serve.log")
    server.start()
    try:
        _await(server, home, f"https://127.0.0.1:{port}/health")
        yield home, f"https://127.0.0.1:{port}"
    finally:
        status = server.stop()
    assert status == 0


def _await(server: Server, home: Path, health: str) -> None:
    """Wait until the server answers; fail with its journal when it ends or takes a minute."""
    for _ in range(600):
        if server.child is None or server.child.poll() is not None:
            break
        try:
            if authority_der(home) and ask(home, health):
                return
        except (OSError, urllib.error.URLError):
            pass
        time.sleep(0.1)  # a poll of the condition above
    raise AssertionError((home / "serve.log").read_text())


def ask(home: Path, address: str) -> bytes:
    """Ask as a machine where the authority was installed."""
    trust = ssl.create_default_context(cadata=authority_der(home))
    with urllib.request.urlopen(address, timeout=10, context=trust) as reply:  # noqa: S310 - our own loopback address
        assert reply.status == 200
        return bytes(reply.read())


def test_a_machine_with_the_authority_is_served_and_given_it_back(served: tuple[Path, str]) -> None:
    home, address = served
    assert ask(home, f"{address}/ca.crt") == authority_der(home)


def test_the_page_of_the_server_shows_both_fingerprints(served: tuple[Path, str]) -> None:
    home, address = served
    html, der = ask(home, f"{address}/server").decode(), authority_der(home)
    assert der is not None
    assert certificate_hex(der) in html
    assert " ".join(certificate_words(der)) in html
    assert " ".join(fingerprint_words(Identity.load(home).signer.public.raw)) in html


def test_a_machine_without_the_authority_refuses_the_server(served: tuple[Path, str]) -> None:
    with pytest.raises(urllib.error.URLError, match="certificate verify failed"):
        urllib.request.urlopen(served[1], timeout=10)  # noqa: S310 - our own loopback address


def test_plain_http_on_the_rooms_network_is_refused(served: tuple[Path, str]) -> None:
    home, _ = served
    with pytest.raises(AssertionError, match=r"127\.0\.0\.1 only"):
        preau(home, "serve", "--plain-http", "--host", "0.0.0.0", "--port", "1")  # noqa: S104 - refused
