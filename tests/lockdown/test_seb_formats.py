"""Safe Exam Browser's formats: the Config Key by hand-worked cases, and the .seb file read again."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
import seb_samples
from hypothesis import given
from hypothesis import strategies as st

from kiosk.lockdown.seb_file import SebFileError, locked_file, plain_file, read_file
from kiosk.lockdown.seb_json import config_key, header_value, seb_json
from kiosk.lockdown.seb_settings import exam_settings

if TYPE_CHECKING:
    from kiosk.lockdown.seb_json import Value

WORKED = [
    ({}, "{}"),
    ({"originatorVersion": "SEB_Win_3.5"}, "{}"),
    ({"b": 1, "A": True, "c": False}, '{"A":true,"b":1,"c":false}'),
    (
        {"URLFilterRules": [], "urlFilterRegex": True, "URLFilterEnable": False},
        '{"URLFilterEnable":false,"urlFilterRegex":true,"URLFilterRules":[]}',
    ),
    (
        {"enableF10": True, "enableF1": True, "enableF2": True},
        '{"enableF1":true,"enableF10":true,"enableF2":true}',
    ),
    ({"allowWLAN": 1, "allowWlan": 2}, '{"allowWlan":2,"allowWLAN":1}'),
    ({"empty": {}, "list": [], "text": ""}, '{"list":[],"text":""}'),
    ({"path": 'C:\\temp "x"/é'}, '{"path":"C:\\temp "x"/é"}'),
    ({"examKeySalt": b"\x00\x01\xff"}, '{"examKeySalt":"AAH/"}'),
    ({"at": datetime(2026, 11, 20, 9, 30, tzinfo=UTC)}, '{"at":"2026-11-20T09:30:00Z"}'),
    ({"none": None}, '{"none":""}'),
    ({"rules": [{"z": 1, "Action": 0}, {}]}, '{"rules":[{"Action":0,"z":1}]}'),
    ({"z": {"B": {}, "a": [1, "2"]}}, '{"z":{"a":[1,"2"]}}'),
    ({"b": 0.2, "a": 1.0, "c": 1e-5, "d": -12.5}, '{"a":1,"b":0.2,"c":1E-05,"d":-12.5}'),
    (
        {"a": [{"OriginatorVersion": "x", "b": 1}], "c": {"originatorVersion": "y", "d": 2}},
        '{"a":[{"b":1}],"c":{"d":2}}',
    ),
]
"""Settings, and their JSON written by hand from the rules."""


@pytest.mark.parametrize(("settings", "text"), WORKED)
def test_settings_are_written_as_the_browser_hashes_them(settings: dict[str, object], text: str) -> None:
    assert seb_json(settings) == text  # type: ignore[arg-type] # tables of tests are of mixed values
    assert config_key(settings) == sha256(text.encode()).hexdigest()  # type: ignore[arg-type] # the same


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        (seb_samples.first_windows_settings(), seb_samples.FIRST_WINDOWS_KEY),
        (seb_samples.windows_settings(), seb_samples.WINDOWS_KEY),
        (seb_samples.mac_settings(), seb_samples.MAC_KEY),
    ],
    ids=["windows-first", "windows", "macos"],
)
def test_published_samples_have_their_published_keys_read_from_a_file_too(
    settings: dict[str, Value], key: str
) -> None:
    assert config_key(settings) == key
    assert config_key(read_file(plain_file(settings))) == key
    assert config_key({**settings, "originatorVersion": "another program"}) == key
    assert config_key({**settings, "allowQuit": False}) != key


def test_a_key_is_stable_whatever_the_order_and_the_program_that_wrote_the_file() -> None:
    one = {"startURL": "https://preau.local/exam", "allowQuit": True, "originatorVersion": "SEB_OSX_3.4"}
    other = {"allowQuit": True, "originatorVersion": "SEB_Win_3.10", "startURL": "https://preau.local/exam"}
    assert config_key(one) == config_key(other)  # type: ignore[arg-type] # dicts of literals
    assert config_key({**one, "allowQuit": False}) != config_key(one)  # type: ignore[arg-type, dict-item] # the same


def test_a_header_hashes_the_address_first_and_never_its_fragment() -> None:
    url, key = "https://preau.local:8080/exam/x/seb/n?a=1", "a" * 64
    assert header_value(url, key) == sha256((url + key).encode()).hexdigest()
    assert header_value(url + "#part", key) == header_value(url, key)
    assert header_value(url.replace(":8080", ""), key) != header_value(url, key)


settings_of_tests = st.dictionaries(
    st.text("abcXYZ019", min_size=1, max_size=8),
    st.one_of(
        st.booleans(), st.integers(-(2**31), 2**31), st.text('aé\\"/ ', max_size=20), st.binary(max_size=40)
    ),
    max_size=6,
)


@given(settings_of_tests, st.text("abcdefXYZ-_ 0123", max_size=30))
def test_a_file_opens_again_with_its_password_alone(settings: dict[str, object], password: str) -> None:
    locked = locked_file(settings, password)  # type: ignore[arg-type] # drawn values are those of a property list
    assert read_file(locked, password) == settings
    assert read_file(plain_file(settings)) == settings  # type: ignore[arg-type] # the same
    with pytest.raises(SebFileError):
        read_file(locked, password + "x")


def test_the_locked_file_has_the_layout_the_browser_reads() -> None:
    numbers = iter((b"s" * 8, b"m" * 8, b"i" * 16))
    inner = gzip.decompress(locked_file({"a": 1}, "mot de passe", lambda _: next(numbers)))
    assert inner[:4] == b"pswd"
    assert inner[4:38] == bytes((2, 1)) + b"s" * 8 + b"m" * 8 + b"i" * 16
    assert (len(inner) - 4 - 34 - 32) % 16 == 0
    assert gzip.decompress(plain_file({"a": 1}))[:4] == b"plnd"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not gzip",
        gzip.compress(b"pkhs" + b"x" * 40, mtime=0),
        gzip.compress(b"pswd", mtime=0),
        gzip.compress(b"plnd" + gzip.compress(b"<plist>", mtime=0), mtime=0),
    ],
)
def test_what_is_no_file_of_the_browser_is_refused(data: bytes) -> None:
    with pytest.raises(SebFileError):
        read_file(data, "x")


def test_one_changed_byte_of_a_locked_file_is_noticed() -> None:
    inner = bytearray(gzip.decompress(locked_file({"a": 1}, "x")))
    inner[50] ^= 1
    with pytest.raises(SebFileError):
        read_file(gzip.compress(bytes(inner)), "x")


def test_a_session_gives_its_own_pages_and_quit_password_and_opens_nothing_else() -> None:
    asked = exam_settings("https://preau.local:8080", 4127, "Sortie", b"s" * 32)
    assert asked["startURL"] == "https://preau.local:8080/exam?number=4127"
    assert asked["hashedQuitPassword"] == sha256(b"Sortie").hexdigest()
    assert asked["sendBrowserExamKey"] is True
    assert asked["URLFilterEnable"] is True
    assert "https?://preau\\.local:8080/.*" in str(asked["URLFilterRules"]).replace("\\\\", "\\")
    assert config_key(asked) == config_key(read_file(plain_file(asked)))
