"""Addresses the room can use, and the codes that carry them."""

from __future__ import annotations

from ipaddress import ip_address

from kiosk.lan.addresses import is_permitted, lan_addresses, usable
from kiosk.lan.qr import qr_path, qr_terminal


def test_only_private_addresses_are_offered_ordered_and_once() -> None:
    offered = usable(["169.254.3.3", "192.168.1.4", "93.184.216.34", "127.0.0.1", "10.0.0.2", "10.0.0.2"])
    assert [str(address) for address in offered] == ["10.0.0.2", "192.168.1.4", "169.254.3.3"]


def test_loopback_may_be_certified_but_the_internet_may_not() -> None:
    assert is_permitted(ip_address("127.0.0.1"))
    assert not is_permitted(ip_address("192.0.2.1"))


def test_this_machine_offers_nothing_that_leaves_the_building() -> None:
    assert all(is_permitted(address) for address in lan_addresses())


def test_a_code_is_a_square_path_with_its_quiet_zone() -> None:
    code = qr_path("https://192.168.1.4/join/TRL482KVN")
    assert code.path.startswith("M4 4.5h7")
    assert code.size == 29 + 8


def test_the_same_text_draws_the_same_code_and_another_does_not() -> None:
    assert qr_path("a") == qr_path("a")
    assert qr_path("a") != qr_path("b")


def test_a_terminal_gets_a_code_of_lines_of_one_width() -> None:
    lines = qr_terminal("http://127.0.0.1:8080").strip("\n").splitlines()
    assert len({len(line) for line in lines}) == 1
    assert len(lines) > 10
