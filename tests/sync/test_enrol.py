"""A school enrols with a code, proves it holds its key, and trusts only the key it was shown."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import log_kit
import msgspec
import pytest
from aiohttp.web import Request, Response, StreamResponse
from central_double import Central, serve
from log_kit import open_school

from kiosk.lan.ca import ensure_tls
from sync import frames
from sync.canonical import canonical
from sync.daemon import run_once
from sync.enrol import EnrolError, enrol
from sync.enrolment import NotEnrolled, load_enrolment
from sync.identity import now_ms
from sync.keys import Signer, fingerprint_words, load_or_make, public_from_hex

ASKED = ("ABCD-EFGH", "0751234J", "Collège des Tilleuls")


class Officer:
    """The enrolment page of a central instance, with its ways of going wrong."""

    def __init__(self, signer: Signer) -> None:
        self.signer = signer
        self.about: dict[str, str] = {}
        self.refusal = ""

    async def enrol(self, request: Request) -> StreamResponse:
        """Check the proof, then welcome or refuse."""
        asked = msgspec.json.decode(await request.read(), type=dict[str, str])
        proof = canonical(
            {
                "code": hashlib.sha256(asked["code"].encode()).hexdigest(),
                "public_key": asked["public_key"],
                "uai": asked["uai"],
            }
        )
        key = public_from_hex(asked["public_key"])
        frames.check(frames.Frame(bytes.fromhex(asked["proof"]), proof), frames.ENROLMENT, key)
        if self.refusal:
            return Response(status=403, text=self.refusal)
        site = f"s-{key.key_id}"
        said = canonical({"public_key": asked["public_key"], "site": site, "type": "enrolment"} | self.about)
        statement = frames.frame(self.signer, frames.STATEMENT, said).decode()
        welcome = {"site": site, "statement": statement, "central_key": self.signer.public_hex}
        return Response(body=msgspec.json.encode(welcome), content_type="application/json")


@pytest.fixture
def officer(tmp_path: Path) -> Officer:
    return Officer(load_or_make(tmp_path / "central.key"))


@pytest.fixture
async def central(officer: Officer) -> AsyncIterator[Central]:
    async with serve(officer.signer, {"/api/v1/enrolments": officer.enrol}) as found:
        yield found


async def test_an_enrolled_school_knows_the_central_key(tmp_path: Path, central: Central) -> None:
    home = tmp_path / "home"
    found = await enrol(home, central.url, *ASKED)
    assert load_enrolment(home) == found
    assert found.central_key == central.signer.public
    assert (home / "keys" / "central.pub").stat().st_mode & 0o777 == 0o644
    assert (home / "keys" / "school.key").stat().st_mode & 0o777 == 0o600


async def test_the_expected_key_may_be_given_in_words_or_digits(tmp_path: Path, central: Central) -> None:
    words = " ".join(fingerprint_words(central.signer.public.raw))
    for expected in (words, words.upper().replace(" ", "-"), central.signer.public_hex):
        await enrol(tmp_path / "home", central.url, *ASKED, expected=expected)


async def test_another_key_than_expected_is_refused(tmp_path: Path, central: Central) -> None:
    with pytest.raises(EnrolError, match="not the one expected"):
        await enrol(tmp_path, central.url, *ASKED, expected="abricot acier agrume aigle album algue")
    with pytest.raises(NotEnrolled):
        load_enrolment(tmp_path)


@pytest.mark.parametrize("about", [{"site": "s-0000000000000000"}, {"public_key": "00" * 32}])
async def test_a_welcome_for_another_school_is_refused(
    tmp_path: Path, central: Central, officer: Officer, about: dict[str, str]
) -> None:
    officer.about = about
    with pytest.raises(EnrolError, match="another school"):
        await enrol(tmp_path, central.url, *ASKED)


async def test_a_local_authority_is_kept_and_used_for_uploads(tmp_path: Path, officer: Officer) -> None:
    tls = ensure_tls(tmp_path / "room", [], [ip_address("127.0.0.1")], datetime.now(UTC))
    home, authority = tmp_path / "home", tmp_path / "room" / "tls" / "ca.crt"
    async with serve(officer.signer, {"/api/v1/enrolments": officer.enrol}, tls) as central:
        with pytest.raises(EnrolError, match="certificate"):
            await enrol(home, central.url, *ASKED)
        await enrol(home, central.url, *ASKED, ca_file=authority)
        authority.unlink()
        with open_school(home) as school:
            log_kit.fill(school)
            assert (await run_once(home, now_ms)).sent == 4


async def test_the_reason_of_a_refusal_is_told(tmp_path: Path, central: Central, officer: Officer) -> None:
    officer.refusal = '{"error": {"code": "enrolment.code_used", "message": "Ce code a déjà servi."}}'
    with pytest.raises(EnrolError, match="Ce code a déjà servi"):
        await enrol(tmp_path, central.url, *ASKED)


async def test_a_page_that_is_no_central_instance_is_named(
    tmp_path: Path, central: Central, officer: Officer
) -> None:
    officer.refusal = "<html>Connexion au Wi-Fi</html>"
    with pytest.raises(EnrolError, match="not a central instance"):
        await enrol(tmp_path, central.url, *ASKED)
    with pytest.raises(EnrolError, match="cannot be reached"):
        await enrol(tmp_path, "http://127.0.0.1:9", *ASKED)


@pytest.mark.parametrize(
    "address", ["http://central.example", "ftp://x", "https://", "central.example", "http://[", ""]
)
async def test_the_code_travels_to_https_addresses_only(tmp_path: Path, address: str) -> None:
    with pytest.raises(EnrolError, match="https://"):
        await enrol(tmp_path, address, *ASKED)


async def test_a_changed_central_key_is_never_taken_silently(
    tmp_path: Path, central: Central, officer: Officer
) -> None:
    home = tmp_path / "home"
    await enrol(home, central.url, *ASKED)
    officer.signer = load_or_make(tmp_path / "other.key")
    with pytest.raises(EnrolError, match="trusts another central key"):
        await enrol(home, central.url, *ASKED)
