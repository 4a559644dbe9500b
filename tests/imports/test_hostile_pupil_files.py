"""Files made to harm, or only damaged: each is refused by the name of what is wrong, and none is half read."""

from __future__ import annotations

import io
import zipfile

import pytest
from pupil_kit import read, siecle, zipped


def refused(form: str, data: bytes) -> str:
    """Return the name of the one problem, after checking that nobody is read."""
    found = read(form, data)
    assert found.learners == []
    (problem,) = found.problems.first
    return problem.key


def archive(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, data in members:
            file.writestr(name, data)
    return buffer.getvalue()


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE BEE_ELEVES [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<BEE_ELEVES><PARAMETRES><UAJ>&b;</UAJ></PARAMETRES></BEE_ELEVES>"
)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "INVALID_FILE_empty"),
        (BOMB, "INVALID_FILE_entities"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><BEE_ELEVES/>', "INVALID_FILE_entities"),
        (b"<BEE_ELEVES>" + b"<A>" * 100, "INVALID_FILE_too_deep"),
        (b"<BEE_ELEVES " + b" ".join(b'a%d="x"' % n for n in range(40)) + b"/>", "INVALID_FILE_attributes"),
        (b'<BEE_ELEVES a="' + b"x" * 5000 + b'"/>', "INVALID_FILE_attributes"),
        (b'<BEE_ELEVES a="' + b"x" * 900_000 + b'"/>', "INVALID_FILE_too_long"),
        (b"<BEE_ELEVES><PARAMETRES><UAJ>" + b"9" * 9000 + b"</UAJ>", "INVALID_FILE_too_long"),
        (b"<BEE_ELEVES>" + b"".join(b"<t%d/>" % n for n in range(2000)), "INVALID_FILE_not_siecle"),
        (b"<html></html>", "INVALID_FILE_not_siecle"),
        (b"nom;prenom\r\n", "INVALID_FILE_not_xml"),
        (b"%PDF-1.7", "INVALID_FILE_pdf"),
        (b"\x89PNG\r\n\x1a\n", "INVALID_FILE_picture"),
        (b"<BEE_ELEVES></BEE>", "INVALID_FILE_malformed"),
        (siecle(3)[:900], "INVALID_FILE_truncated"),
        (siecle(3, encoding="ISO-8859-15").replace(b"ISO-8859-15", b"UTF-8"), "ENCODING_NOT_SUPPORTED"),
        (siecle(3, encoding="ISO-8859-15").replace(b"ISO-8859-15", b"UTF-7"), "ENCODING_NOT_SUPPORTED"),
        ("<BEE_ELEVES/>".encode("utf-16"), "ENCODING_NOT_SUPPORTED_utf16"),
    ],
)
def test_a_harmful_or_damaged_xml_is_refused_by_name(data: bytes, name: str) -> None:
    assert refused("siecle", data) == name


def test_a_zip_must_hold_exactly_one_xml() -> None:
    assert refused("siecle", archive(("a.xml", siecle()), ("b.xml", siecle()))) == "INVALID_FILE_zip_one_xml"
    assert refused("siecle", archive(("a.txt", b"x"))) == "INVALID_FILE_zip_one_xml"


def test_hidden_members_of_a_zip_do_not_count() -> None:
    data = archive(("ok.xml", siecle(2)), ("__MACOSX/._ok.xml", b"x"), (".cache/other.xml", b"x"))
    assert len(read("siecle", data).learners) == 2


def test_a_zip_that_unfolds_too_far_is_refused() -> None:
    assert refused("siecle", archive(("a.xml", b"<A>" + b" " * 5_000_000))) == "INVALID_FILE_zip_bomb"


def test_a_zip_with_too_many_members_is_refused_before_it_is_listed() -> None:
    assert refused("siecle", archive(*((f"{n}.txt", b"") for n in range(150)))) == "INVALID_FILE_zip_members"


def test_a_damaged_zip_is_refused() -> None:
    data = zipped(siecle(50))
    assert refused("siecle", data[: len(data) // 2]) == "INVALID_FILE_zip_broken"
    middle = len(data) // 2
    assert refused("siecle", data[:middle] + b"\xff" * 20 + data[middle + 20 :]).startswith("INVALID_FILE_")


def test_a_zip_with_a_password_is_refused() -> None:
    data = bytearray(zipped(siecle()))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refused("siecle", bytes(data)) == "INVALID_FILE_zip_encrypted"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "BAD_CSV_FORMAT_empty"),
        (b" \r\n\r\n", "BAD_CSV_FORMAT_empty"),
        (archive(("xl/workbook.xml", b"x")), "BAD_CSV_FORMAT_spreadsheet"),
        (b"%PDF-1.7", "BAD_CSV_FORMAT_pdf"),
        (b"<?xml version='1.0'?>", "BAD_CSV_FORMAT_xml"),
        ("nom;prénom\r\n".encode("utf-16"), "ENCODING_NOT_SUPPORTED_utf16"),
        (
            "nom;prénom;identifiant;classe;date de naissance\r\na\0b;c;d;e;f\r\n".encode(),
            "BAD_CSV_FORMAT_binary",
        ),
        (
            "nom;prénom;identifiant;classe;date de naissance\r\n".encode() + b"x" * 40_000,
            "BAD_CSV_FORMAT_line_too_long",
        ),
        ('nom;prénom;identifiant;classe;date de naissance\r\n"a;b;c\r\n'.encode(), "BAD_CSV_FORMAT"),
        ("nom;prénom;identifiant;classe;date de naissance\r\na;b\r\n".encode(), "BAD_CSV_FORMAT_cells"),
        (b"nom\x81;pr\xe9nom\r\n\xff\xfe\xfd\r\n", "ENCODING_NOT_SUPPORTED"),
    ],
)
def test_what_is_no_csv_is_refused_by_name(data: bytes, name: str) -> None:
    assert refused("custom", data) == name


def test_what_looks_like_a_formula_stays_a_text() -> None:
    head = "nom;prénom;identifiant;classe;date de naissance\r\n"
    found = read("custom", (head + '=1+1;"@SUM(A1)";1;+3A;03/02/2015\r\n').encode())
    (pupil,) = found.learners
    assert (pupil.last_name, pupil.first_name, pupil.division) == ("=1+1", "@SUM(A1)", "+3A")
