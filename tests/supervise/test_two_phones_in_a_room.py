"""Two supervisors' phones in a real browser: in by a square, admitting, ruling, taking a lost phone out, live for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from exam_site import exam_day
from page_browser import LARGE, SMALL
from supervise_browser import axe, hall

from kiosk.actions import supervision
from kiosk.store import supervisors as store
from sync.room_proofs import is_signed

if TYPE_CHECKING:
    from pathlib import Path

    from exam_site import Day
    from playwright.async_api import Page

    from kiosk.store.supervisors import Supervisor
    from sync.room_proofs import Algorithm


async def proofs(day: Day) -> list[tuple[str, str]]:
    """Return each act of the chain with its proof, joins left out."""
    lines = await day.site.kiosk.db.read(lambda conn: day.site.kiosk.log.events(conn, day.session.id))
    bodies = [msgspec.json.decode(line)["body"] for line in lines]
    return [(one["act"], one["proof"]) for one in bodies if one["type"] == "acted" and one["act"] != "join"]


def signed_by(phone: Supervisor, proof: str) -> bool:
    """Return whether this phone's key made this proof."""
    signature, said = proof.split(" ", 1)
    algorithm: Algorithm = "p256" if phone.algorithm == "p256" else "ed25519"
    return is_signed(algorithm, phone.public_key or "", said.encode(), signature)


async def test_two_phones_admit_and_rule_and_each_sees_what_the_other_did(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        principal = await around.staff(day.site.diaz)
        first = await around.let_in(principal, "Mme Arnaud")
        second = await around.let_in(principal, "M. Petit")
        ines = day.candidate("ines")
        await ines.wait_at_door()
        await first.click("#now button:has-text('Admettre')")
        await first.wait_for_selector("#flash:has-text('peut commencer')")
        await second.wait_for_selector("#before li:has-text('BENALI'):has-text('Admis')")
        await ines.begin()
        await ines.report()
        await first.wait_for_selector("#now a:has-text('Traiter')")
        await ines.take_back()
        await first.wait_for_selector("#flash:has-text('BENALI Inès a retiré son signalement')")
        await ines.report()
        await second.click("#now a:has-text('Traiter')")
        await second.check("[name=reason][value=E9]")
        await second.click("text=Remplacer la question")
        await second.wait_for_selector("#flash:has-text('Décision prise')")
        await first.wait_for_selector("#going li:has-text('BENALI')")
        assert (await ines.refresh())["state"] == "question"
        done = await proofs(day)
        assert [act for act, _ in done] == ["admit", "rule", "incident"]
        phones = await day.site.kiosk.db.read(lambda conn: store.of_session(conn, day.session.id))
        signers = [who for _, proof in done for who in phones if signed_by(who, proof)]
        assert [one.name for one in signers] == ["Mme Arnaud", "M. Petit", "M. Petit"]


async def test_an_admission_is_taken_back_with_one_touch(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        await day.candidate("ines").wait_at_door()
        phone = await around.let_in(await around.staff(day.site.diaz), "Mme Arnaud")
        await phone.click("#now button:has-text('Admettre')")
        await phone.click("#flash button:has-text('Annuler')")
        await phone.wait_for_selector("#now li:has-text('BENALI')")
        assert (await day.row("ines")).state == "waiting"


async def test_a_lost_phone_is_out_as_soon_as_another_says_so(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        principal = await around.staff(day.site.diaz)
        first = await around.let_in(principal, "Mme Arnaud")
        lost = await around.let_in(principal, "Perdu")
        await day.candidate("ines").wait_at_door()
        await lost.wait_for_selector("#now button:has-text('Admettre')")
        await first.click("header a[href$='/phones']")
        await first.click("li:has-text('Perdu') button:has-text('Retirer')")
        await first.wait_for_selector("#flash:has-text('refusé à partir de maintenant')")
        await lost.wait_for_selector("text=Ce téléphone n’est plus dans la salle")
        assert (await day.row("ines")).state == "waiting"


async def test_a_supervisor_brings_a_colleague_in_from_the_phone(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        first = await around.let_in(await around.staff(day.site.diaz), "Mme Arnaud")
        await first.goto(f"{around.base}/supervise/{day.session.id}/phones")
        second = await around.phone()
        await second.goto(await around.aimed(first))
        await first.click("text=Même numéro")
        await second.wait_for_url(f"**/supervise/{day.session.id}")


async def test_the_phones_key_cannot_be_read_even_by_its_own_page(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        phone = await around.let_in(await around.staff(day.site.diaz), "Mme Arnaud")
        said = await phone.evaluate(
            """async session => {
              const open = indexedDB.open("preau-supervisor", 1);
              await new Promise(done => open.onsuccess = done);
              const ask = open.result.transaction("keys").objectStore("keys").get(session);
              await new Promise(done => ask.onsuccess = done);
              const key = ask.result.privateKey;
              return [key.extractable, await crypto.subtle.exportKey("pkcs8", key).then(() => "read", e => e.name)];
            }""",
            day.session.id,
        )
        assert said == [False, "InvalidAccessError"]


async def test_the_secret_leaves_the_address_and_a_reload_shows_the_same_number(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        principal = await around.staff(day.site.diaz)
        await principal.goto(f"{around.base}/staff/sessions/{day.session.id}/phones")
        phone = await around.phone()
        await phone.goto(await around.aimed(principal))
        await phone.wait_for_selector("#asking:not([hidden])")
        number = await phone.inner_text("#number")
        assert phone.url == f"{around.base}/supervise/join"
        await phone.reload()
        await phone.wait_for_selector("#asking:not([hidden])")
        assert await phone.inner_text("#number") == number


async def test_a_square_that_served_says_so_and_shows_the_other_way(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        principal = await around.staff(day.site.diaz)
        await principal.goto(f"{around.base}/staff/sessions/{day.session.id}/phones")
        address = await around.aimed(principal)
        first, second = await around.phone(), await around.phone()
        await first.goto(address)
        await first.wait_for_selector("#asking:not([hidden])")
        await second.goto(address)
        await second.wait_for_selector("text=Ce carré ne sert plus")
        await second.click("[data-why=bad_ticket] a")
        await second.wait_for_selector("[name=password]")


async def test_a_square_that_served_makes_room_for_another_at_once(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        principal = await around.staff(day.site.diaz)
        await principal.goto(f"{around.base}/staff/sessions/{day.session.id}/phones")
        address = await around.aimed(principal)
        first = await around.phone()
        async with principal.expect_response("**/tickets") as reply:
            await first.goto(address)
        fresh = await (await reply.value).json()
        second = await around.phone()
        await second.goto(fresh["address"])
        await second.wait_for_selector("#asking:not([hidden])")
        await principal.wait_for_function("() => document.querySelectorAll('.number').length === 2")


async def test_on_plain_http_a_phone_has_no_key_and_comes_in_by_the_password(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        await day.candidate("ines").wait_at_door()
        principal = await around.staff(day.site.diaz)
        await principal.goto(f"{around.base}/staff/sessions/{day.session.id}/phones")
        phone = await around.phone()
        await phone.goto((await around.aimed(principal)).replace(around.base, around.plain))
        await phone.click("[data-why=no_crypto] a")
        await phone.fill("[name=number]", str(day.session.number))
        await phone.fill("[name=password]", f"C-{day.session.password}")
        await phone.fill("[name=name]", "M. Petit")
        await phone.click("main button.do")
        await phone.click("#now button:has-text('Admettre')")
        await phone.wait_for_selector("#before li:has-text('BENALI'):has-text('Admis')")
        assert (await day.row("ines")).state == "admitted"


async def test_without_a_script_the_room_is_led_by_forms(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        [ines] = await day.begun("ines")
        await day.candidate("tom").wait_at_door()
        await ines.report()
        phone = await around.phone(script=False)
        await phone.goto(f"{around.base}/supervise")
        await phone.fill("[name=number]", str(day.session.number))
        await phone.fill("[name=password]", f"C-{day.session.password}")
        await phone.fill("[name=name]", "Mme Arnaud")
        await phone.click("main button.do")
        await phone.click("#now a:has-text('Traiter')")
        await phone.click("text=Rien à signaler")
        await phone.click("#now a:has-text('Admettre')")
        await phone.click("main button:has-text('Admettre')")
        assert (await day.row("ines")).state == "in_progress"
        assert (await day.row("tom")).state == "admitted"
        await phone.click("#flash button")
        assert (await day.row("tom")).state == "waiting"


async def test_a_room_whose_stream_is_cut_is_polled(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        phone = await around.let_in(await around.staff(day.site.diaz), "Mme Arnaud")
        await phone.route("**/live/sessions/*", lambda route: route.fulfill(status=503, body="no"))
        await phone.reload()
        await day.candidate("tom").wait_at_door()
        await phone.wait_for_selector("#now li:has-text('NGUYEN')")


PAGES = ("", "/room", "/incidents", "/phones", "/candidates/ines", "/candidates/tom")


async def test_a_supervisors_pages_are_for_everyone(tmp_path: Path) -> None:
    async with exam_day(tmp_path) as day, hall(day) as around:
        [ines, _] = await day.begun("ines", "tom")
        await ines.report()
        await supervision.pause(day.site.kiosk, day.principal, day.session.id, [day.ids["tom"]], "essai")
        principal = await around.staff(day.site.diaz)
        phone = await around.let_in(principal, "Mme Arnaud")
        for page in PAGES:
            address = page
            for name, found in day.ids.items():
                address = address.replace(name, found)
            await phone.goto(f"{around.base}/supervise/{day.session.id}{address}")
            assert await faults_in_every_look(phone) == [], page
        assert await faults_in_every_look(principal) == []


async def faults_in_every_look(page: Page) -> list[str]:
    """Return what axe finds with everything unfolded, on a phone and on a desk, in each theme."""
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    faults: list[str] = []
    for theme, size in (("light", SMALL), ("dark", SMALL), ("contrast", LARGE), ("light", LARGE)):
        await page.set_viewport_size(size)
        await page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        faults += [f"{theme} {size['width']}: {fault}" for fault in await axe(page)]
    return faults
