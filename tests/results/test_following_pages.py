"""What the staff reads of a campaign, on a running school: activity, results, analysis, one participant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from kiosk_site import Site, open_site
from results_room import new_campaign, person, play, send, small_bank

from kiosk.actions import participations
from kiosk.actions.profiles import send_profile
from kiosk.screens.participations_list import participations_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from kiosk_site import Client

    from kiosk.store.campaigns import Campaign
    from sync.db import Tx


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, bank=small_bank()) as opened:
        yield opened


@pytest.fixture
async def campaign(site: Site) -> Campaign:
    """Léa knew everything and sent it; Tom knew nothing and has not sent it."""
    made = await new_campaign(site)
    await send(site, site.lea, made.code)
    await play(site, site.tom, made.code, right=False)
    return made


async def read(client: Client, path: str) -> str:
    reply = await client.get(path)
    assert reply.status == 200, reply.status
    return reply.data.decode()


def names(html: str) -> list[str]:
    """Return the participants listed, in order."""
    return re.findall(r'<a href="[^"]*participations/\w+"><span class="upper">(\w+)</span>', html)


def at(campaign: Campaign, rest: str = "") -> str:
    return f"/staff/campaigns/{campaign.id}{rest}"


async def test_the_activity_counts_and_lists_everyone_by_name(site: Site, campaign: Campaign) -> None:
    html = await read(site.roy, at(campaign))
    assert names(html) == ["Moreau", "Nguyen"]
    assert re.findall(r'data-count="(\w+)">(\d+)<', html)[:2] == [("participants", "2"), ("shared", "1")]


async def test_the_curve_has_a_table_behind_it(site: Site, campaign: Campaign) -> None:
    html = await read(site.roy, at(campaign))
    assert 'class="began" points="0,120 600,0"' in html
    assert 'class="sent" points="0,120 600,60"' in html
    assert re.search(r'<th scope="row">[\d/]{10}</th><td class="num">2</td><td class="num">1</td>', html)


async def test_the_doughnut_names_and_counts_the_three_statuses(site: Site, campaign: Campaign) -> None:
    aside = (await read(site.roy, at(campaign))).partition("<aside")[2]
    told = re.sub(r"<[^>]+>", " ", aside)
    for words, count in (("En cours", 0), ("À envoyer", 1), ("Envoyé", 1)):
        assert re.search(rf"{words}\s+{count}\b", told)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("status=shared", ["Moreau"]),
        ("status=to_share", ["Nguyen"]),
        ("status=started", []),
        ("division=5B", ["Moreau", "Nguyen"]),
        ("division=6A", []),
        ("q=lea", ["Moreau"]),
        ("q=nguyen+tom&status=to_share&division=5B", ["Nguyen"]),
        ("status=nonsense", ["Moreau", "Nguyen"]),
        ("page=7", ["Moreau", "Nguyen"]),
    ],
)
async def test_filters_of_the_activity_add_up(
    site: Site, campaign: Campaign, query: str, shown: list[str]
) -> None:
    assert names(await read(site.roy, at(campaign, f"?{query}"))) == shown


async def test_a_filtered_list_does_not_grow_by_itself(site: Site, campaign: Campaign) -> None:
    assert "data-whole" in await read(site.roy, at(campaign))
    assert "data-whole" not in await read(site.roy, at(campaign, "?status=shared"))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Moreau"]),
        ("badge=half", ["Moreau"]),
        ("badge=unknown", ["Moreau"]),
        ("band=3", ["Moreau"]),
        ("band=0", []),
        ("band=3&badge=half&division=5B&q=mor", ["Moreau"]),
    ],
)
async def test_results_are_those_sent_and_every_filter_narrows_them(
    site: Site, campaign: Campaign, query: str, shown: list[str]
) -> None:
    assert names(await read(site.roy, at(campaign, f"/results?{query}"))) == shown


async def test_who_lacks_a_chosen_badge_is_left_out(site: Site, campaign: Campaign) -> None:
    await send_of_tom(site, campaign)
    assert names(await read(site.roy, at(campaign, "/results"))) == ["Moreau", "Nguyen"]
    assert names(await read(site.roy, at(campaign, "/results?badge=half"))) == ["Moreau"]


async def send_of_tom(site: Site, campaign: Campaign) -> None:
    listed = await site.tom.get("/api/v1/participations")
    pid = listed.body["participations"][0]["id"]
    assert (await site.tom.post(f"/api/v1/participations/{pid}/share", {"consent": True})).status == 200


async def test_the_analysis_recommends_what_the_group_lacks(site: Site, campaign: Campaign) -> None:
    await send_of_tom(site, campaign)
    html = (await read(site.roy, at(campaign, "/analysis"))).partition("<aside")[0]
    # The course goes to level 3. Mail (1, 2): Léa 40+20+20+10 = 90, Tom 20 -> 55. Passwords (1 to 3): 100 and 30 -> 65.
    assert re.findall(r'<tr><th scope="row">(\w+)<', html) == ["mail", "passwords"]
    assert re.findall(r'class="small">(\w+)</span>', html) == ["recommandé", "recommandé"]
    assert re.findall(r'<td class="num">([\d,]+) sur (\d)</td>', html) == [("1", "2"), ("1,5", "3")]
    turned = (await read(site.roy, at(campaign, "/analysis?order=least"))).partition("<aside")[0]
    assert re.findall(r'<tr><th scope="row">(\w+)<', turned) == ["passwords", "mail"]


async def test_one_participant_has_an_analysis_of_their_own(site: Site, campaign: Campaign) -> None:
    path = re.findall(r'(/staff[^"]*participations/\w+)"', await read(site.roy, at(campaign, "/results")))[0]
    html = (await read(site.ines, path + "/analysis")).partition("<aside")[0]
    # Mail 90 and passwords 100, both above 75: one dot.
    assert re.findall(r'class="small">([\w ]+)</span>', html) == ["assez recommandé", "assez recommandé"]
    page = await read(site.ines, path)
    assert "5 acquis sur 5" in page


async def test_results_of_a_campaign_older_than_the_rows_kept_are_read_from_the_log(
    site: Site, campaign: Campaign
) -> None:
    before = await read(site.roy, at(campaign, "/analysis"))
    await site.kiosk.db.write(lambda tx: tx.execute("DELETE FROM results"))
    assert await read(site.roy, at(campaign, "/analysis")) == before


async def test_deleting_a_participation_asks_first_then_takes_it_out_of_every_list(
    site: Site, campaign: Campaign
) -> None:
    path = re.findall(r'(/staff[^"]*participations/\w+)/delete', await read(site.roy, at(campaign)))[0]
    asked = await read(site.roy, path + "/delete")
    token = re.findall(r'name="token" value="([^"]+)"', asked)[0]
    reply = await site.roy.ask("POST", path + "/delete", data={"token": token})
    assert (reply.status, reply.headers["Location"]) == (303, at(campaign, "?done=removed"))
    assert names(await read(site.roy, at(campaign))) == ["Nguyen"]
    assert names(await read(site.roy, at(campaign, "/results"))) == []
    assert (await site.roy.get(path)).status == 404


async def test_a_collection_is_followed_listed_and_read_one_by_one(site: Site) -> None:
    made = await new_campaign(site, kind="collection")
    for client in (site.lea, site.tom):
        joined = await participations.join(site.kiosk, person(client), made.code)
        if client is site.lea:
            await send_profile(site.kiosk, person(client), joined.participation.id)
    assert names(await read(site.roy, at(made))) == ["Moreau", "Nguyen"]
    html = await read(site.roy, at(made, "/results"))
    assert names(html) == ["Moreau"]
    assert "non certifiable" in html
    assert names(await read(site.roy, at(made, "/results?q=nguyen"))) == []
    sent, waiting = re.findall(r'(/staff[^"]*participations/\w+)"', await read(site.roy, at(made)))
    assert (await read(site.roy, sent)).count('<th scope="row"><span class="soft">') == 16
    assert "pas encore été envoyé" in await read(site.roy, waiting)
    assert (await site.roy.get(sent + "/analysis")).status == 404
    assert (await site.roy.get(f"/api/v1/campaigns/{made.id}/results")).status == 404
    assert (await site.roy.get(f"/api/v1/campaigns/{made.id}/activity")).status == 200


async def test_a_learner_s_own_page_lists_where_they_take_part(site: Site, campaign: Campaign) -> None:
    await new_campaign(site)
    row = await site.kiosk.db.read(
        lambda conn: conn.execute("SELECT id FROM learners WHERE person = 'id-lea'").fetchone()
    )
    view = await site.kiosk.db.read(lambda conn: participations_of(conn, row[0]))
    assert [(line.campaign, line.status, line.attempts) for line in view.lines] == [
        (campaign.id, "shared", 1)
    ]
    assert dict(view.counts) == {"started": 0, "to_share": 0, "shared": 1}


async def test_only_the_last_sending_of_a_learner_is_listed_with_how_it_changed(
    site: Site, campaign: Campaign
) -> None:
    tom = re.findall(r'participations/(\w+)"><span class="upper">Nguyen', await read(site.roy, at(campaign)))[
        0
    ]
    await participations.share(site.kiosk, person(site.tom), tom)
    await site.kiosk.db.write(lambda tx: second_sending(tx, tom))
    html = await read(site.roy, at(campaign, "/results"))
    assert names(html) == ["Moreau", "Nguyen"]
    assert re.search(r'<b>60.%</b></td><td class="num">\+60</td><td class="num">2</td>', html)
    assert '<td class="num">2</td>' in await read(site.roy, at(campaign))
    one = await read(site.roy, at(campaign, f"/participations/{tom}"))
    assert re.findall(r"Participation n° (\d)", one) == ["2", "1"]
    assert 'participations/again"' in one


def second_sending(tx: Tx, first: str) -> None:
    """Add a second attempt to a sending: three skills of five."""
    sent = '{"type":"shared","validated":3,"targeted":5,"stage":2,"competences":[["2.1",1,2],["4.1",2,3]],"badges":["half"]}'
    columns = (
        "campaign, pupil, organisation, learner, status, targeted, progress, started_ms, last_ms, shared_ms"
    )
    tx.execute("UPDATE participations SET current = 0 WHERE id = ?", (first,))
    tx.execute(
        f"INSERT INTO participations (id, attempt, shared, {columns}) SELECT 'again', 2, ?, {columns}"  # noqa: S608 - names of columns, written here
        " FROM participations WHERE id = ?",
        (sent, first),
    )
    tx.execute("""INSERT INTO results VALUES ('again', '[[1,3],[3,7]]')""")
