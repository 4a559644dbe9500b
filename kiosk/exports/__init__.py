"""Files people take away: a registry of exports, each a title, a reader's role, columns and rows.

An export never decides what may be read: the action that gave its scope has. To add one, write a module with
its columns and rows and add its line here; `web.downloads` writes the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kiosk.exports import campaign_results
from web.downloads import attachment, csv_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kiosk.exports.campaign_results import Scope
    from web.downloads import Cell


@dataclass(frozen=True)
class Export:
    """One kind of file: the key of its title, who may ask for it, what its columns and rows are, how it is named."""

    title: str
    who: Literal["staff", "principal"]
    columns: Callable[[Scope], Sequence[str]]
    rows: Callable[[Scope], Iterable[Sequence[Cell]]]
    name: Callable[[Scope], str]


EXPORTS: dict[str, Export] = {
    "campaign_results": Export(
        "staff.campaign.export",
        "staff",
        campaign_results.columns,
        campaign_results.rows,
        campaign_results.file_name,
    ),
}


def csv_bytes(name: str, scope: Scope) -> tuple[bytes, str]:
    """Return the file of an export and its Content-Disposition."""
    export = EXPORTS[name]
    return b"".join(csv_lines(export.columns(scope), export.rows(scope))), attachment(export.name(scope))
