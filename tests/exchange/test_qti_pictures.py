"""The picture of a question comes along when it is a sound PNG or JPEG of the package with words that replace it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from exchange_kit import bank_of, refusal, taken_in
from hypothesis import given, settings
from hypothesis import strategies as st
from qti_examples import item, response, template

from exam.documents.limits import DocumentError
from exam.documents.make import make_document
from exam.documents.raster import MAX_RASTER, clean_picture
from exam.grading import expected
from exam.present import present

if TYPE_CHECKING:
    from exam.exchange.importing import Imported

MANIFEST = """<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m"><resources>
<resource identifier="i" type="imsqti_item_xmlv3p0" href="items/un.xml"><file href="items/un.xml"/></resource></resources></manifest>"""
CHOICES = (
    '<qti-choice-interaction response-identifier="RESPONSE" max-choices="1"><qti-prompt>Que dit-il ?</qti-prompt>'
    '<qti-simple-choice identifier="A">Arrêt</qti-simple-choice><qti-simple-choice identifier="B">Départ</qti-simple-choice>'
    "</qti-choice-interaction>"
)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*more: bytes, side: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", side, 2, 8, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0\1\2\0\3\4"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(more) + data + chunk(b"IEND", b"")


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(*more: bytes) -> bytes:
    frame = segment(0xC0, struct.pack(">BHHB", 8, 2, 2, 1) + b"\1\x11\0")
    scan = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\x34"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0") + b"".join(more) + frame + scan + b"\xff\xd9"


SECRET = b"Lina, 12 rue des Tilleuls"
PLACE = {"png": chunk(b"tEXt", SECRET), "jpg": segment(0xE1, SECRET)}


def package(
    picture: bytes, name: str = "images/panneau.png", alt: str = "Un panneau rouge", body: str = ""
) -> bytes:
    shown = body or f'<p>Regardez.</p><p><img src="{name}" alt="{alt}"/></p>{CHOICES}'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        written.writestr("imsmanifest.xml", MANIFEST)
        written.writestr("items/un.xml", item(response("A", "identifier"), shown, template("match_correct")))
        written.writestr("items/images/panneau.png", picture)
        written.writestr("items/images/panneau.jpg", picture)
        written.writestr("items/images/panneau.svg", picture)
    return out.getvalue()


@pytest.mark.parametrize(("ending", "picture"), [("png", png(PLACE["png"])), ("jpg", jpeg(PLACE["jpg"]))])
def test_a_picture_comes_along_without_what_it_says_of_its_maker(ending: str, picture: bytes) -> None:
    found = taken_in(package(picture, f"images/panneau.{ending}"))
    assert found.problems == []
    bank = bank_of(found)
    shown = present(bank, found.items[0], b"", "fr")
    assert shown.picture is not None
    assert (shown.picture.name, shown.picture.alt) == (f"image.{ending}", "Un panneau rouge")
    assert (shown.instruction, shown.detail) == ("Que dit-il ?", "Regardez.")
    made = make_document(bank, found.items[0], b"", "fr", shown.picture.name)
    assert made.media_type == {"png": "image/png", "jpg": "image/jpeg"}[ending]
    assert made.data == {"png": png(), "jpg": jpeg()}[ending]
    assert expected(bank, found.items[0], b"", "fr") == "Arrêt"


def refused(found: Imported) -> tuple[str, str]:
    code, _, words = refusal(found)
    return code, words


@pytest.mark.parametrize(
    ("data", "code", "told"),
    [
        (package(png(), "images/panneau.svg"), "unsupported", "panneau.svg"),
        (package(png(), "images/ailleurs.png"), "missing_file", "ailleurs.png"),
        (package(png(), "https://ailleurs.example/a.png"), "unsupported", "a.png"),
        (package(png(), "../../../etc/a.png"), "missing_file", "a.png"),
        (package(png(), alt=""), "picture_without_alt", "panneau.png"),
        (package(b"GIF89a"), "bad_picture", "panneau.png"),
        (package(png()[:-9]), "bad_picture", "panneau.png"),
        (package(png(side=9999)), "bad_picture", "6000"),
        (package(png(chunk(b"QQQQ", b""))), "bad_picture", "panneau.png"),
        (package(jpeg()[:14], "images/panneau.jpg"), "bad_picture", "panneau.jpg"),
        (package(png(chunk(b"tEXt", b"x" * MAX_RASTER))), "bad_picture", "140000"),
        (
            package(png(), body=f'<img src="a.png" alt="a"/><img src="b.png" alt="b"/>{CHOICES}'),
            "unsupported",
            "one picture",
        ),
        (
            package(png(), body=CHOICES.replace("Arrêt", 'Arrêt<img src="images/panneau.png" alt="a"/>')),
            "unsupported",
            "among the answers",
        ),
        (package(png(), body=f"<p><m:math><m:mn>1</m:mn></m:math></p>{CHOICES}"), "unsupported", "<math>"),
    ],
)
def test_a_picture_that_cannot_come_is_refused_by_name(data: bytes, code: str, told: str) -> None:
    found_code, words = refused(taken_in(data))
    assert found_code == code
    assert told in words


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([("a.png", png(PLACE["png"])), ("a.jpg", jpeg(PLACE["jpg"]))]), st.data())
def test_no_damage_does_more_than_be_refused(picture: tuple[str, bytes], drawn: st.DataObject) -> None:
    name, data = picture
    at = drawn.draw(st.integers(0, len(data) - 1))
    end = drawn.draw(st.integers(at, len(data)))
    broken = data[:at] + drawn.draw(st.binary(max_size=4)) + data[end:]
    with suppress(DocumentError):
        assert len(clean_picture(name, broken)) <= len(broken)
