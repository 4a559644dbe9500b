"""Pages of campaigns, made courses and a pupil's space in a real browser: nothing axe finds in any look, whole without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_browser import ARGUMENTS, CHROMIUM, in_every_look, signed_in
from playwright.sync_api import sync_playwright
from staff_room import Room, staff_room

from exam.content import TopLevel
from exam.courses import definition_of
from kiosk.actions import campaigns, courses, participations, practice
from kiosk.actions.campaigns import NewCampaign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.journey

STAFF_PAGES = (
    "/staff",
    "/staff?filter=all&sort=name&size=10",
    "/staff?filter=all&q=introuvable",
    "/staff/campaigns/new",
    "/staff/campaigns/new?from={campaign}",
    "/staff/campaigns/{campaign}/settings",
    "/staff/campaigns/{collection}/settings",
    "/staff/campaigns/{campaign}/preview",
    "/staff/campaigns/delete?campaigns={campaign}",
    "/staff/courses",
    "/staff/courses/new?from={course}",
)
PUPIL_PAGES = (
    "/",
    "/competences",
    "/competences/4.1",
    "/my-campaigns",
    "/tutorials",
    "/tutorials/{tutorial}",
    "/certifications",
    "/rules",
    "/code/{code}",
    "/participations/{sending}/profile",
)


class School:
    """The room of the staff tests with a made course, a campaign on it, a collection, and a practice begun."""

    def __init__(self, room: Room) -> None:
        kiosk, run = room.kiosk, room.site.run
        self.room = room
        picked = definition_of("Réviser", "", [TopLevel("mots-de-passe", 3), TopLevel("courriel", 2)])
        course = run(courses.create_course(kiosk, room.teacher, picked))
        asked = NewCampaign("Brevet", course.id, external_label="Numéro", external_type="text", multiple=True)
        campaign = run(campaigns.create(kiosk, room.teacher, asked))
        collected = NewCampaign("Profils", kind="collection", multiple=True)
        collection = run(campaigns.create(kiosk, room.teacher, collected))
        sending = run(participations.join(kiosk, room.ines, collection.code)).participation
        run(practice.begin(kiosk, room.ines, "4.1"))
        self.names = {
            "campaign": campaign.id,
            "collection": collection.id,
            "course": course.id,
            "code": campaign.code,
            "sending": sending.id,
            "tutorial": min(kiosk.banks.current.tutorials),
        }

    def address(self, path: str) -> str:
        """Return the address of a page with the things it names."""
        return self.room.site.url + path.format(**self.names)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with staff_room(tmp_path_factory.mktemp("school")) as room:
        yield School(room)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def staff(school: School, browser: Browser) -> Iterator[Page]:
    context = signed_in(school.room.site, browser, "claire.lemaire")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def pupil(school: School, browser: Browser) -> Iterator[Page]:
    context = signed_in(school.room.site, browser, "ines.benali")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_axe_finds_nothing_on_a_staff_page_in_any_look(school: School, staff: Page, path: str) -> None:
    reply = staff.goto(school.address(path))
    assert reply is not None
    assert reply.status == 200
    assert in_every_look(staff) == []


@pytest.mark.parametrize("path", PUPIL_PAGES)
def test_axe_finds_nothing_in_a_pupils_space_in_any_look(school: School, pupil: Page, path: str) -> None:
    reply = pupil.goto(school.address(path))
    assert reply is not None
    assert reply.status == 200
    assert in_every_look(pupil) == []


@pytest.fixture
def plain(school: School, browser: Browser) -> Iterator[Page]:
    """Give a teacher's page in a browser that runs no script."""
    cookies = signed_in(school.room.site, browser, "claire.lemaire")
    context = browser.new_context(
        java_script_enabled=False, locale="fr-FR", storage_state=cookies.storage_state()
    )
    yield context.new_page()
    context.close()
    cookies.close()


def test_a_campaign_is_filtered_made_duplicated_and_deleted_without_any_script(
    school: School, plain: Page
) -> None:
    plain.goto(school.address("/staff/campaigns/new"))
    plain.fill("#name", "Sans script")
    plain.fill("#search", "mots introuvables")
    plain.click("button[value=filter]")
    assert plain.input_value("#name") == "Sans script"
    assert plain.locator("input[name=course]").count() == 0
    plain.fill("#search", "5e")
    plain.click("button[value=filter]")
    plain.locator("label.choice:has(input[value=rentree-5e])").click()
    plain.locator("label.choice:has(input[name=multiple])").click()
    plain.click("button[value=create]")
    assert "La campagne est créée" in plain.inner_text("main")
    plain.click("nav.tabs >> text=Paramètres")
    plain.click("text=Dupliquer")
    assert plain.input_value("#name") == "Copie de Sans script"
    assert plain.is_checked("input[name=multiple]")
    assert plain.is_checked("input[value=rentree-5e]")
    plain.goto(school.address("/staff?q=Sans+script"))
    plain.check("tr:has-text('Sans script') input[name=campaigns]")
    plain.click("text=Supprimer les campagnes cochées")
    plain.click("button:has-text('Supprimer la campagne')")
    assert "Cochez la case" in plain.inner_text("[role=alert]")
    plain.check("input[name=sure]")
    plain.click("button:has-text('Supprimer la campagne')")
    assert "1 campagne est supprimée" in plain.inner_text("main")
    assert "Sans script" not in plain.inner_text("main")


def test_topics_are_picked_and_kept_without_any_script(school: School, plain: Page) -> None:
    plain.goto(school.address("/staff/courses/new"))
    plain.fill("#name", "À la main")
    plain.fill("#search", "passe")
    plain.click("button[value=filter]")
    plain.select_option("#level-mots-de-passe", "2")
    plain.fill("#search", "")
    plain.click("button[value=filter]")
    assert "1 sujet choisi" in plain.inner_text("main")
    plain.click("button[value=create]")
    assert "À la main" in plain.inner_text("table")
