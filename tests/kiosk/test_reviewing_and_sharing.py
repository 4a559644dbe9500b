"""Checkpoints, results and sending them: what the pupil sees, what staff get, and what travels."""

from __future__ import annotations

import hashlib

import msgspec
from kiosk_site import Pupil, Site

from exam.replay import replay
from kiosk.sittings import read_events
from sync.chain import ChainChecker


async def test_the_checkpoint_recalls_the_last_five_answers_with_what_was_expected(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    for answer in ("yes", "no", None, "yes", "yes"):
        await pupil.answer(answer)
    found = (await site.lea.get(f"{pupil.at}/checkpoint?until=5")).body
    assert [recap["outcome"] for recap in found["recaps"]] == ["ok", "ko", "skipped", "ok", "ok"]
    assert found["recaps"][2]["shown"] is None
    assert found["recaps"][1]["shown"] != found["recaps"][1]["expected"]
    assert found["remaining"][0] <= found["remaining"][1]
    await pupil.answer("yes")
    assert [r["number"] for r in (await site.lea.get(f"{pupil.at}/checkpoint")).body["recaps"]] == [6]


async def test_a_checkpoint_never_shows_a_question_not_answered_yet(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    assert (await site.lea.get(f"{pupil.at}/checkpoint?until=5")).body["recaps"] == []


async def test_results_wait_for_the_last_answer(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    assert (await site.lea.get(f"{pupil.at}/results")).code == "sitting.not_finished"
    await pupil.finish()
    results = (await site.lea.get(f"{pupil.at}/results")).body["results"]
    assert results["mastery"] == 100
    assert results["stage"]["rank"] == results["stage"]["of"]


async def test_results_are_sent_once_with_consent_and_travel_whole(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    refused = await site.lea.post(f"{pupil.at}/share", {"consent": True})
    assert (refused.status, refused.code) == (409, "sitting.not_finished")
    await pupil.finish()
    assert (await site.lea.post(f"{pupil.at}/share", {"consent": False})).code == "share.no_consent"
    assert (await site.tom.post(f"{pupil.at}/share", {"consent": True})).status == 404
    before = site.kiosk.log.records
    sent = await site.lea.post(f"{pupil.at}/share", {"consent": True})
    assert sent.body["participation"]["status"] == "shared"
    assert site.kiosk.log.records == before + 1
    assert (await site.lea.post(f"{pupil.at}/share", {"consent": True})).code == "sitting.already_shared"
    assert (await site.lea.post(f"{pupil.at}/hold")).code == "sitting.already_shared"


async def test_the_record_carries_a_chain_that_replays(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    await pupil.finish("no")
    await site.lea.post(f"{pupil.at}/share", {"consent": True})
    lines = await site.kiosk.db.read(lambda conn: site.kiosk.log.events(conn, pupil.id))
    frame = await site.kiosk.db.read(
        lambda conn: conn.execute("SELECT bytes FROM log_records ORDER BY seq DESC LIMIT 1").fetchone()[0]
    )
    body = msgspec.json.decode(frame)["body"]
    assert body["head"] == hashlib.sha256(lines[-1]).hexdigest()
    assert body["pupil"] == "id-lea"
    assert len(body["events"]) == len(lines)
    checker = ChainChecker(pupil.id)
    for line in lines:
        checker.accept(line)
    assert replay(site.kiosk.banks.current, read_events(lines)).identical


async def test_an_archived_campaign_takes_no_results(site: Site) -> None:
    campaign = await site.campaign()
    joined = await site.lea.post("/api/v1/participations", {"code": campaign["code"]})
    pupil = await Pupil(site.lea, joined.body["participation"]["id"]).take()
    await pupil.finish()
    await site.roy.post(f"/api/v1/campaigns/{campaign['id']}/archive")
    assert (await site.lea.post(f"{pupil.at}/share", {"consent": True})).code == "campaign.archived"


async def test_staff_follow_and_read_only_what_was_sent(site: Site) -> None:
    campaign = await site.campaign()
    at = f"/api/v1/campaigns/{campaign['id']}"
    joined = await site.lea.post("/api/v1/participations", {"code": campaign["code"]})
    pupil = await Pupil(site.lea, joined.body["participation"]["id"]).take()
    await pupil.answer("yes")
    activity = (await site.ines.get(f"{at}/activity")).body
    assert activity["counts"] == {"participants": 1, "started": 1, "to_share": 0, "shared": 0}
    assert activity["participants"][0]["answered"] == 1
    assert (await site.roy.get(f"{at}/results")).body["participants"] == []
    refused = await site.roy.get(f"{at}/participations/{pupil.id}")
    assert (refused.status, refused.code) == (409, "participation.not_shared")
    await pupil.finish()
    await site.lea.post(f"{pupil.at}/share", {"consent": True})
    results = (await site.roy.get(f"{at}/results")).body
    assert results["average"] == 100
    assert sum(band["count"] for band in results["distribution"]) == 1
    assert results["participants"][0]["last_name"] == "Moreau"
    one = (await site.roy.get(f"{at}/participations/{pupil.id}")).body
    assert one["results"]["competences"][0]["percent"] == 100
    other = await site.campaign()
    assert (await site.roy.get(f"/api/v1/campaigns/{other['id']}/participations/{pupil.id}")).status == 404


async def test_what_was_learnt_elsewhere_is_not_asked_again(site: Site) -> None:
    first = await Pupil(site.lea, await site.joined()).take()
    asked = await first.finish()
    assert asked > 0
    second = await site.joined()
    found = (await site.lea.get(f"/api/v1/participations/{second}")).body["participation"]
    assert (found["status"], found["answered"]) == ("to_share", 0)


async def test_what_was_learnt_meanwhile_is_carried_when_the_sitting_is_taken_again(site: Site) -> None:
    here = await Pupil(site.lea, await site.joined()).take()
    elsewhere = await Pupil(site.lea, await site.joined()).take()
    await elsewhere.finish()
    again = await Pupil(site.lea, here.id).take()
    assert await again.finish() == 1  # the question already shown, then nothing is left


async def test_a_problem_is_reported_in_a_table_and_noted_in_the_chain(site: Site) -> None:
    pupil = await Pupil(site.lea, await site.joined()).take()
    body = {"number": 1, "category": "wording", "text": "Je ne comprends pas"}
    assert (await site.lea.post(f"{pupil.at}/reports", body)).status == 200
    assert (await site.lea.post(f"{pupil.at}/reports", {**body, "number": 9})).code == "sitting.wrong_number"
    assert (await site.lea.post(f"{pupil.at}/reports", {**body, "category": "mood"})).status == 400
    assert (await site.tom.post(f"{pupil.at}/reports", body)).status == 404
    lines = await site.kiosk.db.read(lambda conn: site.kiosk.log.events(conn, pupil.id))
    assert b"comprends" not in b"".join(lines)
    assert "Reported" in {type(event).__name__ for event in read_events(lines)}
