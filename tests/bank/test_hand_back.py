import io
import zipfile

import pytest
from bank_kit import SEED, one
from hypothesis import given, settings
from hypothesis import strategies as st

from exam.bank import Bank
from exam.documents.limits import UnreadableFile
from exam.documents.opendocument import assemble
from exam.documents.returned import MAX_RETURNED, read_hand_back
from exam.errors import BadAnswer
from exam.grading import check_answer, grade
from exam.hand_back import hand_back_facts


def asking(accept: str, *checks: str) -> Bank:
    rows = "\n".join(f"[[expect]]\n{check}\nmessage = {{fr = 'm', en = 'm'}}" for check in checks)
    return one(f'kind = "hand_back"\nlabel = "L"\naccept = ["{accept}"]\n{rows}')


def facts(bank: Bank, data: bytes, name: str) -> list[str]:
    found = hand_back_facts(bank, "un", SEED, "fr", data, name)
    check_answer(bank, "un", SEED, "fr", found)
    return list(found.values())


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_xml", ".xml"), data)
    return out.getvalue()


def sheet(rows: str, *more: str) -> bytes:
    tables = "".join(f'<table:table table:name="f">{table}</table:table>' for table in (rows, *more))
    return assemble(
        "spreadsheet",
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>",
        "",
        {"author": "Lina"},
    )


def text(body: str, automatic: str = "") -> bytes:
    styles = '<office:styles><style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:parent-style-name="Heading"/></office:styles>'
    content = f"<office:automatic-styles>{automatic}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
    return assemble("text", content, styles, {})


def row(*cells: str) -> str:
    return (
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
        + "</table:table-row>"
    )


def test_cells_are_found_as_an_office_suite_writes_them() -> None:
    data = sheet(
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="float" office:value="1250.0"><text:p>1 250 €</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>a<text:s text:c="2"/>b</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
        row("ailleurs"),
    )
    bank = asking(
        ".ods",
        "sheet_cell = 'C3'\nequals = '1 250'",
        "sheet_cell = 'D3'\nequals = 'a b'",
        "sheet_contains = 'Ailleurs'",
        "property = 'author'\nequals = 'Lina'",
    )
    assert facts(bank, data, "f.ods") == ["1250", "a  b", "yes", "Lina"]
    assert grade(bank, "un", SEED, "fr", hand_back_facts(bank, "un", SEED, "fr", data, "f.ods"), 0) == "ok"


@pytest.mark.parametrize(
    ("target", "column", "found"),
    [
        ("A", ["2", "10", "33"], "yes"),
        ("A", ["10", "2", "33"], "no"),
        ("A", ["Anaïs", "élise", "Zoé"], "yes"),
        ("A", ["Zoé", "Anaïs"], "no"),
        ("-A", ["33", "10", "2"], "yes"),
        ("A", ["1"], "no"),
    ],
)
def test_a_sorted_column_is_recognised(target: str, column: list[str], found: str) -> None:
    bank = asking(".ods", f"sheet_sorted = '{target}'")
    assert facts(bank, sheet("".join(map(row, ["Titre", *column]))), "f.ods") == [found]


def test_words_and_styles_of_a_text_are_found() -> None:
    data = text(
        '<text:h text:style-name="P1" text:outline-level="1">Les <text:span>saules</text:span></text:h>'
        "<text:p>Un chat\u00a0gris<text:note><text:p>secret</text:p></text:note></text:p>",
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Heading_20_1"/>',
    )
    bank = asking(
        ".odt",
        "text_style = 'Heading 1'\nequals = 'les saules'",
        "text_contains = 'CHAT gris'",
        "text_lacks = 'chien'",
        "text_lacks = 'chat'",
    )
    assert facts(bank, data, "t.odt") == ["Les saules", "yes", "yes", "no"]


def test_an_automatic_style_stands_for_its_own_parent_only() -> None:
    data = text(
        '<text:p text:style-name="P2">Un</text:p>',
        '<style:style style:name="P2" style:family="paragraph" style:parent-style-name="Heading_20_1"/>',
    )
    assert facts(asking(".odt", "text_style = 'Heading 1'\nequals = 'Un'"), data, "t.odt") == ["Un"]
    assert facts(asking(".odt", "text_style = 'Heading'\nequals = 'Un'"), data, "t.odt") == [""]


def test_a_csv_is_read_with_its_own_separator_and_encoding() -> None:
    bank = asking(".csv", "sheet_cell = 'B2'\nequals = 'Zoé'", "lines = 2")
    assert facts(bank, "a;b\r\n1;Zoé\r\n".encode("cp1252"), "x.csv") == ["Zoé", "2"]
    assert facts(bank, '\ufeffa,b\n1,"Zoé"\n'.encode(), "x.csv") == ["Zoé", "2"]


def test_names_and_lines_of_plain_files_are_found() -> None:
    bank = asking(".txt", "name_is = '5b_svt.txt'", "lines = 3")
    assert facts(bank, b"a\n\nb\n", "C:\\Users\\x\\5b_svt.txt") == ["5b_svt.txt", "3"]


def test_an_archive_is_known_by_its_paths() -> None:
    bank = asking(".zip", "text_contains = 'photos/a.png'", "lines = 2")
    assert facts(bank, zipped(**{"photos/a.png": b"1", "b.txt": b"2"}), "x.zip") == ["yes", "2"]


@pytest.mark.parametrize(
    ("credit", "found"),
    [
        ("licence CC BY 4.0", "yes"),
        ("(CC-BY 4.0)", "yes"),
        ("cc by, version 4.0", "no"),
        ("CC BY-SA 4.0", "no"),
    ],
)
def test_letters_and_digits_alone_count_where_it_is_asked(credit: str, found: str) -> None:
    bank = asking(".txt", 'text_contains = "CC BY 4.0"\nletters = true')
    assert facts(bank, credit.encode(), "affiche.txt") == [found]


def test_an_empty_file_lacks_nothing_on_purpose() -> None:
    assert facts(asking(".txt", "text_lacks = 'x'"), b"", "a.txt") == ["no"]


def test_a_fact_has_a_bounded_size() -> None:
    bank = asking(".csv", "sheet_cell = 'A1'\nequals = 'x'")
    assert facts(bank, b"y" * 5000, "a.csv") == ["y" * 500]


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_hand_back(data, name)
    return caught.value.code


BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


def test_hostile_files_are_refused() -> None:
    assert refusal(b"x" * (MAX_RETURNED + 1), "a.txt") == "file.too_large"
    assert refusal(b"x", "a.exe") == "file.unknown_kind"
    assert refusal(b"x", "x" * 300 + ".txt") == "file.bad_name"
    assert refusal(b"x", "a\ud800.txt") == refusal(b"x", "a\n.txt") == "file.bad_name"
    assert refusal(b"no zip", "a.ods") == "file.not_zip"
    assert refusal(b"no picture", "a.png") == "file.not_png"
    assert refusal(zipped(other=b""), "a.odt") == "file.not_office"
    assert refusal(zipped(content_xml=b"<a"), "a.odt") == "file.not_xml"
    assert refusal(zipped(content_xml=BOMB), "a.odt") == "file.unsafe"
    assert refusal(zipped(content_xml=b"<a>" * 5000), "a.ods") == "file.too_large"
    assert refusal(zipped(content_xml=b" " * 30_000_000), "a.ods") == "file.too_large"
    assert refusal(zipped(**{f"m{number}": b"" for number in range(201)}), "a.zip") == "file.too_large"


def test_paragraphs_inside_each_other_do_not_multiply_without_end() -> None:
    deep = text("<text:p>" * 60 + "x" * 200_000 + "</text:p>" * 60)
    assert refusal(deep, "a.odt") == "file.too_large"


def test_a_long_repeated_cell_is_cut() -> None:
    cell = f'<table:table-cell table:number-columns-repeated="50"><text:p>{"x" * 100_000}</text:p></table:table-cell>'
    found = read_hand_back(
        sheet(f'<table:table-row table:number-rows-repeated="900">{cell}</table:table-row>'), "a.ods"
    )
    assert len(found.words) == 20_000
    assert set(map(len, found.words)) == {1000}


def test_an_archive_that_lies_or_is_damaged_is_refused() -> None:
    sound = zipped(content_xml=b"<a>" + b"x" * 5000 + b"</a>")
    lying = sound.replace((5007).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert refusal(lying, "a.odt") in {"file.damaged", "file.too_large"}
    damaged = bytearray(sound)
    damaged[45] ^= 0xFF
    assert refusal(bytes(damaged), "a.odt") in {"file.damaged", "file.not_xml"}


def test_a_file_is_taken_only_where_one_is_asked_and_of_the_kind_asked() -> None:
    with pytest.raises(UnreadableFile) as caught:
        hand_back_facts(asking(".ods", "lines = 1"), "un", SEED, "fr", b"", "a.txt")
    assert caught.value.code == "file.wrong_kind"
    with pytest.raises(BadAnswer):
        hand_back_facts(one("kind = 'number'\nlabel = 'L'\nvalue = 3"), "un", SEED, "fr", b"", "a.txt")


SOUND = {
    "f.ods": sheet(row("a", "b")),
    "t.odt": text("<text:p>un</text:p>"),
    "p.zip": zipped(**{"a.txt": b"x" * 50}),
    "c.csv": b"a;b\r\n1;2\r\n",
    "i.png": b"\x89PNG\r\n\x1a\n\0\0\0\x08IHDR\0\0\0\x01\0\0\0\x02crc!\0\0\0\x05tEXta\0b..crc!",
}


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_damage_does_more_than_be_refused(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SOUND)))
    damaged = bytearray(SOUND[name])
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        found = read_hand_back(bytes(damaged), name)
    except UnreadableFile as refusal:
        assert refusal.code.startswith("file.")  # noqa: PT017 - most damage is refused, some leaves a readable file
    else:
        assert found.name == name


def test_a_picture_is_known_by_its_size_and_metadata() -> None:
    bank = asking(".png", "property = 'width'\nequals = '1'", "property = 'A'\nequals = 'b..'")
    assert facts(bank, SOUND["i.png"], "i.png")[0] == "1"
