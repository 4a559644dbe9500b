"""Tables as files: spreadsheets with typed cells, and comma-separated values as French office suites read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.documents.opendocument import assemble, xml_attribute, xml_text
from exam.variables import say_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exam.variables import DrawnTable, Value

_STYLES = (
    '<office:styles><style:style style:name="Default" style:family="table-cell"/></office:styles>'
    "<office:automatic-styles/><office:master-styles/>"
)
_AUTOMATIC = (
    '<office:automatic-styles><style:style style:name="co1" style:family="table-column">'
    '<style:table-column-properties style:column-width="3.2cm"/></style:style>'
    '<style:style style:name="ce1" style:family="table-cell" style:parent-style-name="Default">'
    '<style:table-cell-properties fo:background-color="#e2eae6"/><style:text-properties fo:font-weight="bold"/>'
    "</style:style></office:automatic-styles>"
)


def make_csv(table: DrawnTable, lang: str) -> bytes:
    """Return the table as UTF-8 with a byte order mark, semicolons, and a first row of titles."""
    rows = [[title.get(lang, "") for title in table.titles]]
    rows += [[say_value(cell, lang) for cell in row] for row in table.rows]
    lines = "".join(";".join(map(_quoted, row)) + "\r\n" for row in rows)
    return b"\xef\xbb\xbf" + lines.encode()


def _quoted(value: str) -> str:
    """Return a value as a field: between quotes when it holds a separator, a quote or a line break."""
    return '"' + value.replace('"', '""') + '"' if set(value) & set(';"\r\n') else value


def make_sheet(table: DrawnTable, lang: str, properties: Mapping[str, str]) -> bytes:
    """Return the table as an OpenDocument spreadsheet; integers are numbers there, all else is text."""
    titles = "".join(_cell(title, lang, ' table:style-name="ce1"') for title in table.titles)
    rows = [titles, *("".join(_cell(cell, lang) for cell in row) for row in table.rows)]
    name = "Feuille1" if lang == "fr" else "Sheet1"
    body = (
        f"<office:body><office:spreadsheet><table:table table:name={xml_attribute(name)}>"
        f'<table:table-column table:style-name="co1" table:number-columns-repeated="{len(table.titles)}"/>'
        + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        + "</table:table></office:spreadsheet></office:body>"
    )
    return assemble("spreadsheet", _AUTOMATIC + body, _STYLES, properties)


def _cell(value: Value, lang: str, style: str = "") -> str:
    words = xml_text(say_value(value, lang))
    kind = (
        f'office:value-type="float" office:value="{value}"'
        if isinstance(value, int)
        else 'office:value-type="string"'
    )
    return f"<table:table-cell{style} {kind}><text:p>{words}</text:p></table:table-cell>"
