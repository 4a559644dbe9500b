"""A supervisor's phone signs every act: what is not signed, signed by another key, sent again or revoked is refused and told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from exam_site import PLAN, exam_day
from sealed_kit import CODE
from supervise_kit import Phone, phone_in
from yarl import URL

from kiosk.actions import candidates, opening, planning, supervisors
from kiosk.actions.candidates import Enrolment
from kiosk.supervisor_keys import Claim, statement
from sync.room_proofs import DOMAIN, BadKey, check_key, is_signed

if TYPE_CHECKING:
    from pathlib import Path

    from exam_site import Day


def admit(day: Day, *names: str) -> bytes:
    """Return the body of an admission."""
    return json.dumps({"act": "admit", "candidates": [day.ids[name] for name in names]}).encode()


async def told(day: Day) -> list[str]:
    """Return what the principal reads of what was refused."""
    seen = await day.site.diaz.get(f"/api/v1/sessions/{day.session.id}/supervisors")
    return sorted(one["code"] for one in seen.body["refusals"])


async def acted(day: Day) -> list[dict[str, str]]:
    """Return the acts of the session's chain."""
    lines = await day.site.kiosk.db.read(lambda conn: day.site.kiosk.log.events(conn, day.session.id))
    bodies = [msgspec.json.decode(line)["body"] for line in lines]
    return [one for one in bodies if one["type"] == "acted"]


async def test_a_signed_act_is_done_and_its_proof_stands_in_the_chain(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        await day.candidate("ines").wait_at_door()
        phone = await phone_in(day)
        done = await phone.tell(phone.acts, admit(day, "ines"))
        assert done.body == {"done": [{"candidate": day.ids["ines"], "code": ""}]}
        last = (await acted(day))[-1]
        signature, said = last["proof"].split(" ", 1)
        assert last["by"] == f"supervisor:{phone.id}"
        assert is_signed("ed25519", phone.public, said.encode(), signature)
        assert json.loads(said)["asked"]["candidates"] == [day.ids["ines"]]


async def test_words_people_write_are_not_in_the_chain(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        phone = await phone_in(day)
        body = '{"act":"message","text":"Zoé, au premier rang"}'.encode()
        assert (await phone.tell(phone.acts, body)).status == 200
        lines = await day.site.kiosk.db.read(lambda conn: day.site.kiosk.log.events(conn, day.session.id))
        assert not [line for line in lines if b"premier rang" in line]


async def test_the_same_request_sent_again_is_refused_and_told(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        await day.begun("ines")
        phone = await phone_in(day)
        body = json.dumps(
            {"act": "add_time", "candidates": [day.ids["ines"]], "minutes": 5, "reason": "Panne"}
        ).encode()
        headers = phone.headers(phone.acts, body, await phone.claim())
        assert (await phone.send(phone.acts, body, headers)).status == 200
        assert (await phone.send(phone.acts, body, headers)).code == "supervisor.replayed"
        assert len([one for one in await acted(day) if one["act"] == "add_time"]) == 1
        assert await told(day) == ["supervisor.replayed"]


async def test_a_counter_never_goes_back(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        phone = await phone_in(day)
        body = b'{"act":"message","text":"Bonjour"}'
        fresh = await phone.claim()
        assert (
            await phone.send(phone.acts, body, phone.headers(phone.acts, body, fresh._replace(counter=9)))
        ).status == 200
        again = await phone.claim()
        late = await phone.send(phone.acts, body, phone.headers(phone.acts, body, again._replace(counter=9)))
        assert late.code == "supervisor.replayed"
        assert again.counter == 10


async def test_a_number_the_server_did_not_give_is_refused(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        phone = await phone_in(day)
        body, old = b'{"act":"message","text":"Bonjour"}', await phone.claim()
        await phone.claim()  # the first one is void now
        assert (
            await phone.send(phone.acts, body, phone.headers(phone.acts, body, old))
        ).code == "supervisor.stale"


async def test_another_phones_signature_is_refused_and_told(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        await day.candidate("ines").wait_at_door()
        phone, body = await phone_in(day), admit(day, "ines")
        headers = phone.headers(phone.acts, body, await phone.claim(), Ed25519PrivateKey.generate())
        assert (await phone.send(phone.acts, body, headers)).code == "supervisor.bad_signature"
        assert (await day.row("ines")).state == "waiting"
        assert await told(day) == ["supervisor.bad_signature"]


async def test_a_signature_holds_for_what_was_signed_only(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        phone = await phone_in(day)
        headers = phone.headers(phone.acts, admit(day, "ines"), await phone.claim())
        other = await phone.send(phone.acts, admit(day, "ines", "tom"), headers)
        elsewhere = await phone.send(f"/api/v1/sessions/{day.session.id}/close", admit(day, "ines"), headers)
        assert (other.code, elsewhere.code) == ("supervisor.bad_signature", "supervisor.bad_signature")


async def test_a_copied_cookie_may_look_and_do_nothing(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        phone = await phone_in(day)
        assert (await phone.client.get(f"/api/v1/sessions/{day.session.id}/room")).status == 200
        bare = await phone.client.ask(
            "POST", phone.acts, data=admit(day, "ines"), headers={"Content-Type": "application/json"}
        )
        form = await phone.client.ask(
            "POST",
            f"/supervise/{day.session.id}/acts",
            data={"act": "message", "text": "Bonjour"},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert bare.code == "supervisor.unsigned"
        assert form.headers["Location"].endswith("?refused=supervisor.unsigned")
        assert await told(day) == ["supervisor.unsigned"]


async def test_a_revoked_key_is_refused_at_once_and_told(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        phone, body = await phone_in(day), b'{"act":"message","text":"Bonjour"}'
        headers = phone.headers(phone.acts, body, await phone.claim())
        await supervisors.put_out(day.site.kiosk, day.principal, day.session.id, phone.id, "perdu")
        assert (await phone.send(phone.acts, body, headers)).code == "supervisor.revoked"
        assert (
            await phone.client.get(f"/api/v1/sessions/{day.session.id}/room")
        ).code == "supervisor.revoked"
        assert await told(day) == ["supervisor.revoked"]


async def test_a_key_of_another_session_finds_no_such_session(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        chief = day.chief
        other = await planning.create(day.site.kiosk, chief, PLAN)
        await candidates.enrol(day.site.kiosk, chief, other.id, [Enrolment("Léo", "Petit", "2012-01-01")])
        await opening.open_session(day.site.kiosk, day.principal, other.id, CODE)
        phone = await phone_in(day)
        acts = f"/api/v1/sessions/{other.id}/acts"
        assert (await phone.tell(acts, b'{"act":"pause_all","reason":"x"}')).code == "session.unknown"
        assert (await phone.client.get(f"/api/v1/sessions/{other.id}/room")).code == "session.unknown"
        assert (await phone.client.get(f"/supervise/{other.id}")).status == 404


async def test_a_phone_goes_on_when_the_server_was_started_again(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        before = await phone_in(day)
        old = await before.claim()
        cookies = {one.key: one.value for one in before.client.session.cookie_jar}
        clock = day.site.clock
    async with exam_day(tmp_path, clock=clock) as day:
        client = day.site.client(None)
        client.session.cookie_jar.update_cookies(cookies, URL(client.base))
        phone = Phone(day, client, before.session, before.key, before.id)
        body = b'{"act":"message","text":"Bonjour"}'
        assert (await phone.send(phone.acts, body, phone.headers(phone.acts, body, old))).status == 200
        assert (await phone.tell(phone.acts, body)).status == 200


async def test_nobody_else_acts_on_a_session(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day:
        [ines] = await day.begun("ines")
        at, body = f"/api/v1/sessions/{day.session.id}/acts", {"act": "message", "text": "Bonjour"}
        cast = (day.site.other_principal, day.site.roy, day.site.lea, ines.client, day.site.stranger)
        assert [(await one.post(at, body)).status for one in cast] == [404, 403, 403, 401, 401]


def test_a_p256_key_signs_too() -> None:
    key = generate_private_key(SECP256R1())
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()
    said = statement("s", "/a", Claim(1, "ab", ""), b'{"act":"admit"}')
    r, s = decode_dss_signature(key.sign(DOMAIN + said, ECDSA(SHA256())))
    raw = (r.to_bytes(32) + s.to_bytes(32)).hex()
    check_key("p256", public)
    assert is_signed("p256", public, said, raw)
    assert not is_signed("p256", public, said + b" ", raw)


@pytest.mark.parametrize("signature", ["", "zz", "00" * 63, "00" * 64, "ff" * 64, "00" * 65])
def test_bytes_that_are_no_signature_are_refused(signature: str) -> None:
    key = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    point = generate_private_key(SECP256R1()).public_key()
    public = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()
    assert not is_signed("ed25519", key, b"said", signature)
    assert not is_signed("p256", public, b"said", signature)


@pytest.mark.parametrize(
    ("algorithm", "public"), [("p256", "04" + "00" * 64), ("p256", "zz"), ("ed25519", "00")]
)
def test_bytes_that_are_no_key_are_refused(algorithm: str, public: str) -> None:
    with pytest.raises(BadKey):
        check_key("p256" if algorithm == "p256" else "ed25519", public)
