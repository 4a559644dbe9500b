import csv
import io
import zipfile
import zlib
from email import message_from_bytes
from email.policy import default

import pytest
from bank_kit import SEED, SINGLE, bank_of, item

from exam.bank import Bank
from exam.documents.limits import DocumentError, UnknownDocument
from exam.documents.make import make_document
from exam.documents.markup import Grid, Heading, Listing, Paragraph, Span, parse_markup
from exam.documents.returned import Returned, read_hand_back
from kiosk.bank_files import load_bank, starter_bank

LINES = """
[variables]
n = {int = [100, 200]}
classe = {pick = ["5B", "5C"]}
[tables.repas]
rows = 6
columns = [
  {name = "eleve", title = {fr = "Élève", en = "Pupil"}, pick = "@first_names"},
  {name = "prix", title = {fr = "Prix", en = "Price"}, int = [2, 9]},
]
[[documents]]
name = {fr = "cantine-{classe}.ods", en = "canteen-{classe}.ods"}
table = "repas"
properties = {author = "Lina & Sorel", title = "Repas", salle = "B12"}
[[documents]]
name = "repas.csv"
table = "repas"
[[documents]]
name = "notice.odt"
properties = {author = "Lina", created = "2026-03-14"}
text = '''
# Titre <1>

Un **mot** fort & {classe},
sur deux lignes.

- un
- deux

1. premier

| A | B |
|---|---|
| x | y |
'''
[[documents]]
name = "notice.html"
text = "# Titre <1>\\n\\nUn **mot** `code`."
[[documents]]
name = "plan.png"
image = {width = "{n}", height = 40, background = "#e2eae6", shapes = [{rect = [-5, 10, 20, 8], fill = "#2f7460"}, {text = "Porte é", at = [30, 5], size = 2}], metadata = {Author = "Lina", Note = "Œuvre {n}"}}
[[documents]]
name = "message.eml"
mail = {from = "Lïna Sorel <lina@club.example>", to = "bureau@club.example", subject = {fr = "Été {n}", en = "Summer {n}"}, date = "2026-03-14T09:12:00+01:00", reply_to = "x@y.example", headers = {X-Mailer = "Essai"}, body = {fr = "Bonjour à tous", en = "Hello all"}, attachments = ["plan.png"]}
[[documents]]
name = "cache.txt"
text = "caché"
hidden = true
[[documents]]
name = "photos.zip"
zip = [{path = "vacances/é.png", document = "plan.png"}, {path = "lisez-moi.txt", text = {fr = "Lisez {n}", en = "Read {n}"}}, {path = "c.txt", document = "cache.txt"}]
"""
BANK = bank_of(un=item(SINGLE + LINES))
VALUES = BANK.questions["un"].scene(SEED, "fr").values


def made(name: str, lang: str = "fr", bank: Bank = BANK) -> bytes:
    return make_document(bank, "un", SEED, lang, name).data


def read(name: str, lang: str = "fr") -> Returned:
    return read_hand_back(made(name, lang), name)


def test_a_spreadsheet_has_typed_cells_and_metadata() -> None:
    name = f"cantine-{VALUES['classe']}.ods"
    found = read(name)
    rows = BANK.questions["un"].drawn(SEED).tables["repas"].rows
    assert (found.cells["A1"], found.cells["B1"]) == ("Élève", "Prix")
    assert [found.cells[f"B{number}"] for number in range(2, 8)] == [str(row[1]) for row in rows]
    assert found.properties == {"author": "Lina & Sorel", "title": "Repas", "salle": "B12"}
    with zipfile.ZipFile(io.BytesIO(made(name))) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        assert b'office:value-type="float"' in archive.read("content.xml")
        assert archive.testzip() is None


def test_names_and_titles_follow_the_language() -> None:
    found = read(f"canteen-{VALUES['classe']}.ods", "en")
    assert found.cells["A1"] == "Pupil"


def test_a_csv_opens_in_french_office_suites() -> None:
    data = made("repas.csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Élève", "Prix"]
    assert len(rows) == 7


def test_a_text_document_has_real_styles() -> None:
    found = read("notice.odt")
    texts = {text: names for names, text in found.paragraphs}
    assert "Heading 1" in texts["Titre <1>"]
    assert f"Un mot fort & {VALUES['classe']},\nsur deux lignes." in texts
    assert {"un", "deux", "premier", "x", "y"} <= texts.keys()
    assert found.properties == {"author": "Lina", "created": "2026-03-14T08:00:00"}


def test_a_page_escapes_what_it_says() -> None:
    page = made("notice.html").decode()
    assert "<h1>Titre &lt;1&gt;</h1>" in page
    assert "<strong>mot</strong> <code>code</code>" in page


def test_a_message_has_its_headers_body_and_attachment() -> None:
    message = message_from_bytes(made("message.eml"), policy=default)
    assert message["Subject"] == f"Été {VALUES['n']}"
    assert message["From"] == "Lïna Sorel <lina@club.example>"
    assert (message["Reply-To"], message["X-Mailer"]) == ("x@y.example", "Essai")
    assert message["Date"].datetime.isoformat() == "2026-03-14T09:12:00+01:00"
    body = message.get_body()
    assert body is not None
    assert body.get_content().strip() == "Bonjour à tous"
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "plan.png"
    assert attachment.get_content() == made("plan.png")


def test_a_picture_has_its_size_pixels_and_metadata() -> None:
    data = made("plan.png")
    found = read("plan.png")
    assert found.properties == {
        "width": VALUES["n"],
        "height": "40",
        "Author": "Lina",
        "Note": f"Œuvre {VALUES['n']}",
    }
    start = data.index(b"IDAT")
    pixels = zlib.decompress(data[start + 4 : start + 4 + int.from_bytes(data[start - 4 : start], "big")])
    row = int(VALUES["n"]) + 1
    assert len(pixels) == row * 40
    assert pixels[12 * row + 1 : 12 * row + 18] == b"\1" * 15 + b"\0" * 2
    assert b"\2" in pixels


def test_an_archive_holds_other_documents_even_hidden_ones() -> None:
    with zipfile.ZipFile(io.BytesIO(made("photos.zip"))) as archive:
        assert archive.namelist() == ["vacances/é.png", "lisez-moi.txt", "c.txt"]
        assert archive.read("vacances/é.png") == made("plan.png")
        assert archive.read("lisez-moi.txt").decode() == f"Lisez {VALUES['n']}\n"


def test_a_hidden_or_unknown_document_is_not_given() -> None:
    for name in ("cache.txt", "absent.txt", "../bank.toml"):
        with pytest.raises(UnknownDocument):
            made(name)


def test_documents_of_the_starter_bank_are_the_same_bytes_each_time() -> None:
    first, second = load_bank(starter_bank()), load_bank(starter_bank())
    count = 0
    for name, question in first.questions.items():
        for spec in question.item.documents:
            shown = question.scene(SEED, "en").say(spec.name)
            if not spec.hidden:
                one = make_document(first, name, SEED, "en", shown)
                assert one == make_document(second, name, SEED, "en", shown)
                assert 0 < len(one.data) < 1_000_000
                count += 1
    assert count >= 15


@pytest.mark.parametrize(
    "document",
    [
        'name = "a.png"\nimage = {width = "x", height = 4}',
        'name = "a.png"\nimage = {width = 9000, height = 4}',
        'name = "a.png"\nimage = {width = 6000, height = 6000}',
        'name = "a.png"\nimage = {width = 4, height = 4, background = "red"}',
        'name = "a.eml"\nmail = {from = "a@b.example", to = "c@d.example", subject = "s", date = "demain", body = "b"}',
        'name = "a.zip"\nzip = [{path = "b.zip", document = "b.zip"}]\n[[documents]]\nname = "b.zip"\nzip = [{path = "a", document = "a.zip"}]',
    ],
)
def test_a_document_that_cannot_be_made_says_so(document: str) -> None:
    bank = bank_of(un=item(f"{SINGLE}[[documents]]\n{document}"))
    name = bank.items["un"].documents[0].name["fr"]
    with pytest.raises(DocumentError):
        made(name, bank=bank)


def test_markup_is_cut_into_blocks() -> None:
    blocks = parse_markup("## T\nligne\n* un\n* deux\n\n|a|b|\n|-|-|\n")
    assert blocks == [
        Heading(2, (Span("T"),)),
        Paragraph(((Span("ligne"),),)),
        Listing(ordered=False, entries=((Span("un"),), (Span("deux"),))),
        Grid((((Span("a"),), (Span("b"),)),)),
    ]
