"""The tutorials of a recommended topic, as staff read them: title, where they come from, format, duration, and the lesson itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kiosk_site import open_site
from results_room import new_campaign, send

from kiosk.bank_files import load_bank, starter_bank

if TYPE_CHECKING:
    from pathlib import Path


async def test_tutorials_of_a_topic_give_their_title_format_and_duration(tmp_path: Path) -> None:
    async with open_site(tmp_path, bank=load_bank(starter_bank())) as site:
        made = await new_campaign(site, "competence-4-1")
        await send(site, site.lea, made.code, right=False)
        html = (await site.roy.get(f"/staff/campaigns/{made.id}/analysis")).data.decode()
        lessons = re.findall(
            r'<a href="(/tutorials/[\w-]+)">([^<]+)</a><br><span class="soft">([^<]+)<', html
        )
        assert lessons
        for address, title, told in lessons:
            assert title
            assert re.fullmatch(r".+, page, \d+.min", told)
            assert (await site.lea.get(address)).status == 200
