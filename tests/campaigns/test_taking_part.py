"""Who takes part and how often: learners linked or not, other accounts, identifiers, retakes, resets, trials."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from campaign_kit import JOIN, code_of, days_later, finished, join, made, send, sent
from kiosk_site import START_MS, Pupil

from kiosk.store import participations, settled

if TYPE_CHECKING:
    from kiosk_site import Site

    from kiosk.store.participations import Participation


async def row_of(site: Site, participation: str) -> Participation:
    found = await site.kiosk.db.read(lambda conn: participations.by_id(conn, participation))
    assert found is not None
    return found


async def disable(site: Site, person: str) -> None:
    await site.kiosk.db.write(
        lambda tx: tx.execute("UPDATE learners SET disabled_ms = ? WHERE person = ?", (START_MS, person))
    )


async def test_a_participation_is_that_of_the_learner_of_the_organisation(site: Site) -> None:
    row = await row_of(site, await join(site.lea, await made(site)))
    learner = await site.kiosk.db.read(
        lambda conn: conn.execute("SELECT id FROM learners WHERE person = 'id-lea'").fetchone()[0]
    )
    assert (row.organisation, row.learner, row.trial, row.attempt) == ("school", learner, False, 1)


async def test_a_disabled_learner_or_one_not_linked_takes_part_in_nothing_new(site: Site) -> None:
    campaign = await made(site)
    assert await code_of(site.other_principal, JOIN, {"code": campaign["code"]}) == "learner.unlinked"
    await disable(site, "id-lea")
    assert await code_of(site.lea, JOIN, {"code": campaign["code"]}) == "learner.unlinked"
    elsewhere = await site.lea.ask("POST", f"/code/{campaign['code']}", headers={"Origin": site.lea.base})
    assert (elsewhere.status, elsewhere.headers["Location"]) == (
        303,
        f"/reconcile?next=%2Fcode%2F{campaign['code']}",
    )


async def test_an_open_organisation_takes_whoever_has_its_code_under_the_names_of_their_account(
    site: Site,
) -> None:
    await site.kiosk.db.write(lambda tx: tx.execute("UPDATE organisations SET kind = 'open'"))
    row = await row_of(site, await join(site.other_principal, await made(site)))
    names = await site.kiosk.db.read(
        lambda conn: conn.execute("SELECT last_name FROM learners WHERE id = ?", (row.learner,)).fetchone()
    )
    assert site.other_principal.person is not None
    assert names == (site.other_principal.person.last_name,)


async def test_the_same_learner_does_not_take_part_through_another_account(site: Site) -> None:
    campaign = await made(site)
    await join(site.lea, campaign)
    await site.kiosk.db.write(
        lambda tx: [
            tx.execute("UPDATE learners SET person = NULL WHERE person = 'id-tom'"),
            tx.execute("UPDATE learners SET person = 'id-tom' WHERE person = 'id-lea'"),
        ]
    )
    assert await code_of(site.tom, JOIN, {"code": campaign["code"]}) == "participation.other_account"


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("text", None, "external.required"),
        ("text", " \u200b", "external.required"),
        ("text", "x" * 256, "external.too_long"),
        ("email", "léa", "external.bad_email"),
        ("email", "lea@college", "external.bad_email"),
    ],
)
async def test_an_identifier_asked_for_must_be_given_and_well_formed(
    site: Site, kind: str, given: str | None, code: str
) -> None:
    campaign = await made(site, external_label="Numéro", external_type=kind)
    assert await code_of(site.lea, JOIN, {"code": campaign["code"], "external_id": given}) == code


async def test_an_identifier_is_kept_and_kept_again_at_the_next_attempt(site: Site) -> None:
    campaign = await made(site, external_label="Courriel", external_type="email", multiple=True)
    first = await join(site.lea, campaign, external_id="lea@college.example")
    await finished(site.lea, first, "no")
    await send(site.lea, first)
    await days_later(site, 4)
    again = (await site.lea.post(f"{JOIN}/{first}/again")).body["participation"]
    assert again["external_id"] == "lea@college.example"


async def test_a_direct_link_fills_the_identifier_in_and_keeps_it_through_signing_in(site: Site) -> None:
    campaign = await made(site, external_label="Numéro", external_type="text")
    link = f"/campagnes/{campaign['code']}?participantExternalId=M%2042"
    asked = await site.stranger.get(link)
    assert (
        asked.headers["Location"]
        == f"/sign-in?next=/campagnes/{campaign['code']}%3FparticipantExternalId%3DM%252042"
    )
    there = (await site.lea.get(link)).headers["Location"]
    assert 'value="M 42"' in (await site.lea.get(there)).data.decode()


async def test_a_sent_course_is_taken_again_four_days_later_on_what_was_failed(site: Site) -> None:
    campaign, first = await sent(site, answer="no", multiple=True)
    at = f"{JOIN}/{first}/again"
    early = await site.lea.post(at)
    assert early.code == "participation.too_early"
    assert "4 j et 0 h" in early.body["error"]["message"].replace("\u202f", " ")
    await days_later(site, 4, -1)
    assert await code_of(site.lea, at) == "participation.too_early"
    site.clock.pass_s(1)
    again = (await site.lea.post(at)).body["participation"]
    assert (again["attempt"], again["status"], again["current"]) == (2, "started", True)
    assert await finished(site.lea, again["id"]) > 0
    await send(site.lea, again["id"])
    shown = (await site.roy.get(f"/api/v1/campaigns/{campaign['id']}")).body["campaign"]
    assert (shown["participants"], shown["shared"]) == (1, 1)
    assert await code_of(site.lea, at) == "participation.superseded"


async def test_a_course_is_not_taken_again_when_it_may_be_sent_once_or_everything_is_acquired(
    site: Site,
) -> None:
    _, whole = await sent(site, answer="yes", multiple=True)
    _, once = await sent(site)
    await days_later(site, 4)
    assert await code_of(site.lea, f"{JOIN}/{once}/again") == "participation.not_multiple"
    assert await code_of(site.lea, f"{JOIN}/{whole}/again") == "participation.all_acquired"
    assert await code_of(site.lea, f"{JOIN}/{whole}/again", {"reset": True}) == "participation.no_reset"
    assert await code_of(site.tom, f"{JOIN}/{whole}/again") == "participation.unknown"


async def test_a_running_course_is_not_taken_again_but_found_again_with_its_code(site: Site) -> None:
    campaign = await made(site, multiple=True)
    first = await join(site.lea, campaign)
    assert await code_of(site.lea, f"{JOIN}/{first}/again") == "participation.still_running"
    assert await join(site.lea, campaign) == first


async def test_starting_from_nothing_asks_everything_again_and_the_profile_forgets(site: Site) -> None:
    _, first = await sent(site, answer="yes", multiple=True, reset_allowed=True)
    assert (await site.lea.get("/api/v1/me/competences")).body["score"] > 0
    assert await code_of(site.lea, f"{JOIN}/{first}/again", {"reset": True}) == "participation.too_early"
    await days_later(site, 4)
    again = (await site.lea.post(f"{JOIN}/{first}/again", {"reset": True})).body["participation"]
    assert (await site.lea.get("/api/v1/me/competences")).body["score"] == 0
    assert await finished(site.lea, again["id"]) > 0
    assert (await site.lea.get("/api/v1/me/competences")).body["score"] > 0


async def test_trying_again_before_sending_waits_until_something_may_be_asked(site: Site) -> None:
    campaign = await made(site)
    first = await join(site.lea, campaign)
    at = f"{JOIN}/{first}/retry"
    assert await code_of(site.lea, at) == "participation.still_running"
    await finished(site.lea, first, "no")
    assert await code_of(site.lea, at) == "participation.too_early"
    await days_later(site, 4)
    again = (await site.lea.post(at)).body["participation"]
    assert (again["attempt"], again["status"]) == (2, "started")
    assert await code_of(site.lea, f"{JOIN}/{first}/share", {"consent": True}) == "participation.superseded"
    rows = (await site.roy.get(f"/api/v1/campaigns/{campaign['id']}/activity")).body["participants"]
    assert [row["participation"] for row in rows] == [again["id"]], "what was not sent is no participation"


async def test_what_was_validated_elsewhere_is_not_asked_again(site: Site) -> None:
    await sent(site, answer="yes")
    other = await join(site.lea, await made(site))
    state = (await site.lea.get(f"{JOIN}/{other}")).body["participation"]
    assert (state["status"], state["progress"], state["answered"]) == ("to_share", 100, 0)


async def test_staff_try_a_course_as_often_as_they_like_and_it_counts_nowhere(site: Site) -> None:
    campaign = await made(site, external_label="Numéro", external_type="text")
    trial = await join(site.ines, campaign)
    await finished(site.ines, trial)
    assert await code_of(site.ines, f"{JOIN}/{trial}/share", {"consent": True}) == "share.trial"
    again = (await site.ines.post(f"{JOIN}/{trial}/again")).body["participation"]
    assert (again["trial"], again["status"]) == (True, "started")
    shown = (await site.roy.get(f"/api/v1/campaigns/{campaign['id']}")).body["campaign"]
    assert (shown["participants"], shown["shared"]) == (0, 0)
    assert (await site.ines.get("/api/v1/me/competences")).body["score"] == 0


async def test_two_presses_at_once_open_one_new_attempt(site: Site) -> None:
    _, first = await sent(site, multiple=True)
    await days_later(site, 4)
    replies = await asyncio.gather(*(site.lea.post(f"{JOIN}/{first}/again") for _ in range(4)))
    assert sorted(reply.status for reply in replies) == [200, 409, 409, 409]


async def test_a_start_from_nothing_in_the_middle_of_a_course_takes_only_what_came_before(site: Site) -> None:
    campaign = await made(site)
    participation = await join(site.lea, campaign)
    pupil = await Pupil(site.lea, participation).take()
    await pupil.answer("yes")
    known = [skill.id for skill in site.kiosk.banks.current.skills.values()]
    site.clock.pass_s(1)
    restart = settled.Restart(known, site.clock.now_ms(), None)
    await site.kiosk.db.write(lambda tx: settled.add_restart(tx, "id-lea", restart))
    assert (await site.lea.get("/api/v1/me/competences")).body["score"] == 0
    site.clock.pass_s(1)
    await pupil.answer("yes")
    assert (await site.lea.get("/api/v1/me/competences")).body["score"] > 0
