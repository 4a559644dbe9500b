"""Files people take away: a registry of exports, each a title, a reader's role, columns and rows.

An export never decides what may be read: the screen that gave its scope has. To add one, write a module with
its columns and rows and add its line here; `web.downloads` writes the lines, and they leave in chunks, so that a long file
makes nobody wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from kiosk.exports import campaign_profiles, campaign_results
from web.downloads import attachment, csv_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kiosk.exports.scope import Scope
    from web.downloads import Cell

CHUNK = 40
"""Lines worked out at once: a few milliseconds of one thread."""


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
    "campaign_profiles": Export(
        "staff.campaign.export",
        "staff",
        campaign_profiles.columns,
        campaign_profiles.rows,
        campaign_profiles.file_name,
    ),
}


def csv_chunks(name: str, scope: Scope) -> tuple[Iterator[bytes], str]:
    """Return the file of an export chunk by chunk, and its Content-Disposition."""
    export = EXPORTS[name]
    lines = csv_lines(export.columns(scope), export.rows(scope))
    return _chunks(lines), attachment(export.name(scope))


def _chunks(lines: Iterator[bytes]) -> Iterator[bytes]:
    while chunk := b"".join(islice(lines, CHUNK)):
        yield chunk
