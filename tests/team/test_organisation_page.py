"""The organisation's page: read by its staff, changed by its administrators; a logo is an image by its own bytes."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from aiohttp import FormData
from kiosk_site import OTHER
from team_room import OURS, page, send

from kiosk.logo import JPEG, PNG, SIDE_MOST, WEBP, WEIGHT_MOST, Picture, picture_of
from kiosk.store import organisations

if TYPE_CHECKING:
    from kiosk_site import Client, Reply, Site

    from kiosk.organisations import Organisation

PAGE = "/staff/organisation"
FORM = {"name": "Collège du Port", "kind": "open", "show_skills": "on"}


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((width + 1) * height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


JPEG_BYTES = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x20\x00\x30\x01\x01\x11\x00" + b"\0" * 8
WEBP_BYTES = b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x0f\0\0\x1f\0\0"


async def school(site: Site, wanted: str = "school") -> Organisation:
    found = await site.kiosk.db.read(lambda conn: organisations.by_id(conn, wanted))
    assert found is not None
    return found


async def send_logo(client: Client, data: bytes) -> Reply:
    form = FormData()
    form.add_field("logo", data, filename="logo.png", content_type="image/png")
    return await client.ask("POST", f"{PAGE}/logo", data=form, headers=OURS)


@pytest.mark.parametrize(
    ("data", "picture"),
    [
        (png(3, 5), Picture(PNG, 3, 5)),
        (JPEG_BYTES, Picture(JPEG, 48, 32)),
        (WEBP_BYTES, Picture(WEBP, 16, 32)),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"GIF89a", None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\xff", None),
        (b"\xff\xd8\xff\xe0\x00\x00", None),
        (b"", None),
    ],
)
def test_an_image_is_told_by_its_own_bytes(data: bytes, picture: Picture | None) -> None:
    assert picture_of(data) == picture


@pytest.mark.parametrize("length", range(40))
def test_a_cut_image_is_read_without_a_fault(length: int) -> None:
    for whole in (png(), JPEG_BYTES, WEBP_BYTES):
        picture_of(whole[:length])


async def test_its_staff_read_it_and_its_administrators_change_it(site: Site) -> None:
    assert 'name="name"' not in await page(site.roy, PAGE)
    assert (await send(site.diaz, PAGE, **FORM)).status == 303
    changed = await school(site)
    assert (changed.name, changed.kind, changed.settings.show_skills) == ("Collège du Port", "open", True)
    assert changed.settings.certifiability is False
    assert "Collège du Port" in await page(site.roy, "/staff")


async def test_the_other_organisation_keeps_its_own(site: Site) -> None:
    await send(site.diaz, PAGE, **FORM)
    assert (await school(site, OTHER)).name == "Lycée des Marronniers"


@pytest.mark.parametrize("who", ["lea", "tom", "roy", "ines", "stranger"])
@pytest.mark.parametrize("act", ["", "/logo", "/logo/remove"])
async def test_nobody_else_changes_it(site: Site, who: str, act: str) -> None:
    assert (await send(getattr(site, who), PAGE + act, **FORM)).status in {401, 403}
    assert (await school(site)).name == "Collège des Tilleuls"


@pytest.mark.parametrize("changed", [{"name": " "}, {"name": "x" * 256}, {"kind": "club"}])
async def test_a_wrong_form_changes_nothing(site: Site, changed: dict[str, str]) -> None:
    assert (await send(site.diaz, PAGE, **{**FORM, **changed})).status == 422
    assert (await school(site)).name == "Collège des Tilleuls"


async def test_a_name_is_one_line_wherever_it_goes(site: Site) -> None:
    await send(site.diaz, PAGE, **{**FORM, "name": "Collège\r\nBcc: a@b.fr\t du Port"})
    assert (await school(site)).name == "Collège Bcc: a@b.fr du Port"


async def test_a_logo_is_kept_and_given_with_its_own_type(site: Site) -> None:
    assert (await send_logo(site.diaz, JPEG_BYTES)).status == 303
    given = await site.lea.get("/organisations/school/logo")
    assert (given.status, given.data, given.headers["Content-Type"]) == (200, JPEG_BYTES, "image/jpeg")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert (await site.stranger.get("/organisations/school/logo")).status in {303, 401}


async def test_the_roof_of_the_staff_bears_the_logo(site: Site) -> None:
    assert "/organisations/school/logo" not in await page(site.roy, "/staff")
    await send_logo(site.diaz, png())
    assert "/organisations/school/logo" in await page(site.roy, "/staff")
    assert "/organisations/" not in await page(site.other_principal, "/staff")


async def test_a_logo_is_removed(site: Site) -> None:
    await send_logo(site.diaz, png())
    assert (await send(site.diaz, f"{PAGE}/logo/remove")).status == 303
    assert (await site.lea.get("/organisations/school/logo")).status == 404


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"<svg onload='x()'/>", 422),
        (b"", 422),
        (png(SIDE_MOST + 1, 1), 422),
        (png(0, 1), 422),
        (png() + b"\0" * WEIGHT_MOST, 413),
    ],
)
async def test_what_is_no_small_image_is_refused(site: Site, data: bytes, status: int) -> None:
    assert (await send_logo(site.diaz, data)).status == status
    assert not (await school(site)).has_logo
