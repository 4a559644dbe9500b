"""Files made to harm are refused in words; nothing whatever raises."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from exchange_kit import refusal, taken_in
from hypothesis import given
from hypothesis import strategies as st

from exam.exchange.archive import MAX_MEMBERS

MANIFEST = (
    '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>'
    '<resource identifier="r" type="imsqti_item_xmlv3p0" href="{href}"/></resources></manifest>'
)
ITEM = (
    '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t">'
    '<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">'
    "<qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>"
    '<qti-item-body><qti-choice-interaction response-identifier="RESPONSE"><qti-prompt>q</qti-prompt>'
    '<qti-simple-choice identifier="A">a</qti-simple-choice><qti-simple-choice identifier="B">b</qti-simple-choice>'
    '</qti-choice-interaction></qti-item-body><qti-response-processing template="match_correct"/></qti-assessment-item>'
)


def zipped(members: dict[str, bytes], **more: int) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = more.get("mode", 0o100644) << 16
            archive.writestr(info, data)
    return out.getvalue()


def packed(href: str = "i.xml", name: str = "i.xml", data: bytes = ITEM.encode()) -> bytes:
    return zipped({"imsmanifest.xml": MANIFEST.format(href=href).encode(), name: data})


def test_the_sound_package_these_are_made_from_is_taken() -> None:
    assert len(taken_in(packed()).items) == 1


@pytest.mark.parametrize("name", ["../i.xml", "/i.xml", "a\\b.xml", "C:x.xml", "a/../../i.xml", "a//b.xml"])
def test_a_path_that_leaves_the_package_is_refused(name: str) -> None:
    assert refusal(taken_in(packed(name=name)))[0] == "unsafe"


@pytest.mark.parametrize("href", ["../../secret.toml", "none.xml", "", "file:///x"])
def test_a_resource_outside_the_package_is_refused(href: str) -> None:
    assert refusal(taken_in(packed(href=href)))[0] == "missing_file"


def test_a_member_that_unpacks_too_far_is_refused() -> None:
    assert refusal(taken_in(packed(name="b.txt", data=b"0" * 4_000_000)))[0] == "unsafe"


def test_a_link_in_a_package_is_refused() -> None:
    assert refusal(taken_in(zipped({"imsmanifest.xml": b"x"}, mode=0o120777)))[0] == "unsafe"


def test_too_many_members_are_refused() -> None:
    assert refusal(taken_in(zipped({f"{n}.txt": b"" for n in range(MAX_MEMBERS + 1)})))[0] == "too_many"


def test_a_zip_without_manifest_is_refused() -> None:
    assert refusal(taken_in(zipped({"i.xml": ITEM.encode()})))[0] == "missing_file"


def test_one_bad_item_spares_the_others_and_is_told() -> None:
    both = MANIFEST.format(href="i.xml").replace(
        "</resources>", '<resource type="imsqti_item_xmlv3p0" href="j.xml"/></resources>'
    )
    found = taken_in(
        zipped({"imsmanifest.xml": both.encode(), "i.xml": ITEM.encode(), "j.xml": b"<a>\n<b></a>"})
    )
    assert len(found.items) == 1
    assert [(problem.path, problem.field, problem.code) for problem in found.problems] == [
        ("j.xml", "line 2", "not_xml")
    ]


@pytest.mark.parametrize(
    "data",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<!DOCTYPE a SYSTEM "http://example.test/a.dtd"><a/>',
        "<!DOCTYPE a><a/>",
        "<a>" * 70 + "</a>" * 70,
        "<a>" + "<b/>" * 60_000 + "</a>",
        "<a>&undeclared;</a>",
        '<?xml version="1.0" encoding="no-such"?><a/>',
        "<a><b></a>",
        "<other/>",
    ],
)
def test_hostile_or_foreign_xml_is_refused(data: str) -> None:
    assert refusal(taken_in(data))[0] in {"unsafe", "too_large", "not_xml", "unsupported"}


def test_more_entries_than_any_question_has_are_refused_before_they_are_paired() -> None:
    rows = "".join(f'<qti-simple-choice identifier="x{n}">a</qti-simple-choice>' for n in range(2000))
    data = ITEM.replace('<qti-simple-choice identifier="A">a</qti-simple-choice>', rows)
    assert refusal(taken_in(data))[0] == "too_many"


def test_a_field_that_never_ends_is_refused() -> None:
    text = "{1:SA:" * 100
    data = f'<quiz><question type="cloze"><name><text>t</text></name><questiontext><text>{text}</text></questiontext></question></quiz>'
    assert refusal(taken_in(data))[0] == "unsupported"


def test_another_language_is_told() -> None:
    found = taken_in(ITEM.replace(" identifier=", ' xml:lang="de" identifier=', 1))
    assert "other_language" in {warning.code for warning in found.warnings}


@given(st.binary(max_size=200))
def test_no_bytes_make_an_import_raise(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"<", b"<quiz>", b"::a::"):
        taken_in(start + data)


@given(st.integers(0, len(ITEM) - 1), st.text(max_size=8), st.integers(0, 40))
def test_no_damage_to_an_item_makes_an_import_raise(at: int, words: str, cut: int) -> None:
    taken_in((ITEM[:at] + words + ITEM[at + cut :]).encode("utf-8", "surrogatepass"))


@given(st.integers(0, 900), st.binary(min_size=1, max_size=4))
def test_no_damage_to_a_package_makes_an_import_raise(at: int, data: bytes) -> None:
    whole = packed()
    at %= len(whole)
    taken_in(whole[:at] + data + whole[at + len(data) :])
