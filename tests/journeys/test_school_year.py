"""A school year in a browser: lists, slips, a colleague, a course sent and taken again, profiles, results, the next list."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from browser_pupil import answer_question, finish_course
from page_browser import signed_in
from page_site import PASSWORD, running_site
from playwright.sync_api import FilePayload, Page, expect
from school_class import CHOSEN, Classmate, Crowd, MovableClock, Pupil, at_browsers, siecle_zip

from kiosk.lan.qr import qr_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from page_site import Site
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
COURSE = "protection-securite-6e"


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def site(tmp_path: Path, clock: MovableClock) -> Iterator[Site]:
    with running_site(tmp_path / "home", clock=clock) as started:
        started.person("diaz", "principal", "Paul", "Diaz")
        yield started


def sign_in(page: Page, site: Site, username: str, password: str) -> None:
    """Sign in again, days after the last time."""
    who = {"username": username, "password": password}
    assert page.context.request.post(f"{site.url}/api/v1/login", data=who).ok


def give(principal: Page, site: Site, data: bytes) -> None:
    """Give the file of SIECLE and wait for what would change."""
    principal.goto(f"{site.url}/staff/pupils/import")
    file = FilePayload(name="ExportXML_ElevesSansAdresses.zip", mimeType="application/zip", buffer=data)
    principal.set_input_files("#file", file)
    principal.get_by_role("button", name="Lire le fichier").click()
    expect(principal.get_by_role("heading", name="Ce qui va changer")).to_be_visible()


def confirm(principal: Page) -> None:
    principal.get_by_role("button", name="Confirmer l’import").click()
    expect(principal.get_by_text("L’import est fait.")).to_be_visible()


def slips(principal: Page, site: Site) -> list[Pupil]:
    """Make the accounts of the class, print its slips, and return whom they name."""
    principal.goto(f"{site.url}/staff/pupils/accounts")
    principal.get_by_role("button", name="Créer les comptes de 5B").click()
    principal.get_by_role("link", name="Imprimer les billets").click()
    assert principal.locator(".slipsheet").count() == 3
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", principal.pdf(prefer_css_page_size=True))) == 3
    told = [slip.locator("kbd").all_inner_texts() for slip in principal.locator(".slip").all()]
    return [Pupil(site.url, username, password) for username, password in told]


def colleague(principal: Page, site: Site, browser: Browser) -> Page:
    """Invite a teacher, who opens the link elsewhere, makes an account and accepts the terms; return their page."""
    principal.goto(f"{site.url}/staff/team/invitations")
    principal.locator("main form button.do").first.click()
    link = re.search(r"http://\S+/invitation/[\w-]+", principal.inner_text("main"))
    assert link is not None
    teacher = browser.new_context(locale="fr-FR", viewport={"width": 1366, "height": 768}).new_page()
    teacher.goto(link[0])
    who = {"first_name": "Alice", "last_name": "Roy", "username": "alice.roy"}
    for name, value in {**who, "password": CHOSEN, "again": CHOSEN}.items():
        teacher.fill(f"#{name}", value)
    teacher.click("main form button.do")
    teacher.wait_for_url("**/terms**")
    teacher.check("input[name=accept]")
    teacher.click("main button.do")
    teacher.wait_for_url("**/staff/welcome")
    return teacher


def campaign(teacher: Page, site: Site, name: str, kind: str = "assessment") -> tuple[str, str]:
    """Create a campaign that may be sent several times; return its address and its code."""
    teacher.goto(f"{site.url}/staff/campaigns/new")
    teacher.fill("#name", name)
    teacher.check(f"input[name=kind][value={kind}]")
    if kind == "assessment":
        teacher.check(f"input[name=course][value={COURSE}]")
    teacher.check("input[name=multiple]")
    teacher.click("button[value=create]")
    teacher.wait_for_url(re.compile(r"/staff/campaigns/[0-9a-f]{16}"))
    address = teacher.url.split("?")[0]
    teacher.goto(f"{address}/code")
    code = "".join(teacher.locator(".plate b").first.inner_text().split())
    drawn = teacher.locator("svg.qr path").get_attribute("d")
    assert drawn == qr_path(f"{site.url}/code/{code}").path
    return address, code


def table(page: Page, address: str) -> list[dict[str, str]]:
    """Return the rows of a campaign's CSV."""
    data = page.context.request.get(f"{address}/results.csv").body()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def first_time(crowd: Crowd, hands: list[Pupil], code: str) -> dict[str, str]:
    """Have everybody take the course and send it: by hand, one to the end and nine for one or two questions, all else is passed."""
    hands[0].sign_in_by_page()
    hands[0].join_by_page(code)
    finish_course(hands[0].page())
    for pupil in hands[1:]:
        pupil.come_by_link(code)
        pupil.answer_by_page(2 if pupil in hands[:4] else 1)
    crowd.sign_in(but=hands)
    taken = crowd.join(code)
    crowd.finish(taken, lambda _question, _chance: None)
    by_page = {one.username for one in hands[:4]}
    crowd.ask({name: pid for name, pid in taken.items() if name not in by_page}, "share")
    for pupil in hands[:4]:
        page = pupil.page()
        page.goto(f"{pupil.home}/participations/{taken[pupil.username]}/end")
        expect(page.locator("h1")).to_be_visible()
        page.locator("aside form button.do").click()
        expect(page.locator(".say.ok")).to_be_visible()
    return taken


def once_more(crowd: Crowd, hands: list[Pupil], taken: dict[str, str]) -> dict[str, str]:
    """Have everybody but the first take the course again, one of them by the button of the page; return their attempts."""
    crowd.sign_in(but=hands[:2])
    for pupil in hands[:2]:
        pupil.sign_in_by_page()
    page = hands[1].page()
    page.goto(f"{hands[1].home}/participations/{taken[hands[1].username]}/end")
    page.get_by_role("button", name="Repasser").click()
    answer_question(page)
    by_page = {one.username for one in hands[:2]}
    again = crowd.ask({name: pid for name, pid in taken.items() if name not in by_page}, "again")
    again[hands[1].username] = page.url.split("/participations/")[1].split("/")[0]
    assert not set(again.values()) & set(taken.values())
    crowd.finish(again)
    crowd.ask(again, "share")
    return again


def read_results(teacher: Page, address: str, count: int) -> None:
    """Read what the guide of the teacher says to read: counts, bands that filter, the analysis and its lessons."""
    teacher.goto(address)
    expect(teacher.locator("dl.tally dd").first).to_have_text(str(count))
    teacher.goto(f"{address}/results")
    bands = [int(re.findall(r"\d+", one)[-1]) for one in teacher.locator(".bars a").all_inner_texts()]
    assert len(bands) == 4
    teacher.locator(".bars a").nth(max(range(4), key=bands.__getitem__)).click()
    teacher.goto(f"{address}/analysis")
    expect(teacher.locator("table.topics tbody tr")).to_have_count(4)
    teacher.locator("table.topics details").first.locator("summary").click()
    expect(teacher.locator("table.topics details[open] a").first).to_be_visible()


def profiles(crowd: Crowd, hands: list[Pupil], code: str) -> None:
    """Have everybody send their profile, the first by the page that says what is sent."""
    first = hands[0]
    first.join_by_page(code)
    page = first.page()
    expect(page.locator("table.t tbody tr")).to_have_count(16)
    page.locator("aside form button.do").click()
    expect(page.locator(".say.ok")).to_be_visible()
    taken = crowd.join(code)
    crowd.ask({name: pid for name, pid in taken.items() if name != first.username}, "profile")


def next_year(principal: Page, site: Site) -> None:
    """Import the next list: three have left, two arrive, everybody else goes up a class."""
    give(principal, site, siecle_zip(range(4, 33), year=1))
    for line in ("Ajoutés 2", "Modifiés 27", "Désactivés 3"):
        expect(principal.get_by_role("row", name=line)).to_be_visible()
    confirm(principal)
    principal.goto(f"{site.url}/staff/pupils?size=50")
    assert "29 élèves" in principal.inner_text("main")
    rows = [row.inner_text() for row in principal.locator("table.pupils tbody tr").all()]
    assert len(rows) == 29
    assert all(re.search(r"4e?\s?B", row) for row in rows)
    assert sum("Identifiant" in row for row in rows) == 27, "accounts stay with whom they belong to"


def gone(pupils: list[Pupil]) -> list[Pupil]:
    """Return the pupils of the slips whom the second list leaves out."""
    left = {Classmate(number).username for number in range(1, 4)}
    return [one for one in pupils if one.username in left]


def departed(site: Site, pupils: list[Pupil], code: str, browser: Browser) -> None:
    """See that who left keeps an account and a profile, and takes part in nothing of the school any more."""
    crowd = Crowd(site.url, pupils)
    assert len(pupils) == 3
    at_browsers(pupils[:1], browser)
    pupils[0].sign_in_by_page()
    page = pupils[0].page()
    page.goto(f"{site.url}/competences")
    expect(page.locator("h1")).to_be_visible()
    assert crowd.kept_out(code) == {"learner.unlinked"}


def arrived(site: Site, code: str, browser: Browser) -> None:
    """Let a newcomer of the list make an account with a code, under the username of the rule."""
    who = Classmate(31, year=1)
    page = browser.new_context(locale="fr-FR").new_page()
    page.goto(f"{site.url}/register?next=/code/{code}")
    page.fill("#first_name", who.first)
    page.fill("#last_name", who.last)
    page.fill("#birth_date", who.born)
    page.click("main form button.do")
    expect(page.locator(".plate b.id")).to_have_text(who.username)
    page.fill("#new", CHOSEN)
    page.fill("#again", CHOSEN)
    page.click("main form button.do")
    page.wait_for_url(f"**/code/{code}")


def test_a_school_year_from_the_first_import_to_the_next(
    site: Site, clock: MovableClock, browser: Browser
) -> None:
    principal = signed_in(site, browser, "diaz").new_page()
    give(principal, site, siecle_zip(range(1, 31)))
    confirm(principal)
    pupils = slips(principal, site)
    assert len(pupils) == 30
    teacher = colleague(principal, site, browser)
    address, code = campaign(teacher, site, "5B protection rentrée")

    hands, crowd = pupils[:10], Crowd(site.url, pupils)
    at_browsers(hands, browser)
    taken = first_time(crowd, hands, code)
    read_results(teacher, address, 30)
    assert crowd.refused(taken, "again") == {"participation.too_early"}

    clock.pass_days(4)
    again = once_more(crowd, hands, taken)
    sign_in(teacher, site, "alice.roy", CHOSEN)
    read_results(teacher, address, 30)
    rows = table(teacher, address)
    assert len(rows) == 30 + len(again) == 59
    assert {row["Classe"] for row in rows} == {"5B"}
    assert {row["Partage (O/N)"] for row in rows} == {"Oui"}

    collection, other = campaign(teacher, site, "5B profils", "collection")
    profiles(crowd, hands, other)
    teacher.goto(f"{collection}/results")
    expect(teacher.get_by_text(re.compile(r"sur\s30\b"))).to_be_visible()
    assert len(table(teacher, collection)) == 30

    sign_in(principal, site, "diaz", PASSWORD)
    next_year(principal, site)
    assert len(table(teacher, address)) == 59, "what was sent stays"
    _, next_code = campaign(teacher, site, "4B rentrée")
    departed(site, gone(pupils), next_code, browser)
    arrived(site, next_code, browser)
