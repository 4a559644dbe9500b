"""Imports of pupils as JSON: send a file, follow it, confirm or give it up. For the principal alone.

The file is the body itself, of any type; it is never parsed as a form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kiosk.actions import learner_imports as acts
from kiosk.api.reply import reply
from kiosk.body import FILE_S, in_time
from kiosk.import_words import FileProblem, problems_of
from kiosk.importing import IMPORTING
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.page import language
from kiosk.store import learner_imports as store

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

    from kiosk.store.learner_imports import Import


class Figures(msgspec.Struct, frozen=True):
    """What an import does, or would do."""

    added: int
    changed: int
    enabled: int
    disabled: int
    deleted: int
    kept: int
    skipped: int
    warnings: int
    linked: int


class ImportView(msgspec.Struct, frozen=True):
    """One import; `errors` are the first ones, `error_count` all of them. `percent` says how far the file is read."""

    id: str
    format: str
    mode: str
    state: str
    file_name: str
    percent: int
    figures: Figures
    errors: list[FileProblem]
    error_count: int
    created_at: int
    updated_at: int


class ImportReply(msgspec.Struct, frozen=True):
    """One import."""

    imported: ImportView = msgspec.field(name="import")


class ImportsReply(msgspec.Struct, frozen=True):
    """The imports of the organisation, the newest first."""

    imports: list[ImportView]


def figures_of(one: Import) -> Figures:
    """Return the figures of an import."""
    report = one.report
    return Figures(
        added=report.added,
        changed=report.changed,
        enabled=report.enabled,
        disabled=report.disabled,
        deleted=report.deleted,
        kept=report.kept,
        skipped=report.skipped.count,
        warnings=report.warnings.count,
        linked=report.linked,
    )


def _view(request: Request, one: Import) -> ImportView:
    kiosk = request.app[KIOSK]
    return ImportView(
        id=one.id,
        format=one.format,
        mode=one.mode,
        state=one.state,
        file_name=one.file_name,
        percent=request.app[IMPORTING].percent(one.id),
        figures=figures_of(one),
        errors=problems_of(kiosk.pages.words, language(request), one.report.problems.first),
        error_count=one.report.problems.count,
        created_at=one.created_ms,
        updated_at=one.updated_ms,
    )


def _one(request: Request, one: Import) -> Response:
    return reply(ImportReply(_view(request, one)))


async def send(request: Request) -> Response:
    """Receive a file and begin to read it; `format` and `mode` may be left out of the query."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    organisation = await acts.organisation_of(kiosk, acts.principal_of(person))
    query = request.query
    one = await acts.begin(
        kiosk,
        organisation,
        person.id,
        form=query.get("format", ""),
        mode=query.get("mode", ""),
        name=query.get("name", ""),
    )
    path = await in_time(acts.receive(kiosk, one, request.content.iter_chunked(256 * 1024)), FILE_S)
    request.app[IMPORTING].start(kiosk, one, path)
    return await _shown(request, one.id)


async def _shown(request: Request, import_id: str) -> Response:
    kiosk, organisation = request.app[KIOSK], acts.principal_of(signed_in(request))
    one = await kiosk.db.read(lambda conn: acts.existing(conn, organisation, import_id))
    return _one(request, one)


async def listed(request: Request) -> Response:
    """Give the history."""
    kiosk, organisation = request.app[KIOSK], acts.principal_of(signed_in(request))
    found = await kiosk.db.read(lambda conn: store.of_organisation(conn, organisation))
    return reply(ImportsReply([_view(request, one) for one in found]))


async def one_import(request: Request) -> Response:
    """Say where an import is."""
    return await _shown(request, request.match_info["id"])


async def confirm(request: Request) -> Response:
    """Do what an import would do."""
    person = signed_in(request)
    done = await acts.confirm(
        request.app[KIOSK], acts.principal_of(person), request.match_info["id"], person.id
    )
    return _one(request, done)


async def cancel(request: Request) -> Response:
    """Give up an import."""
    done = await acts.cancel(
        request.app[KIOSK], acts.principal_of(signed_in(request)), request.match_info["id"]
    )
    return _one(request, done)
