"""A QTI package: the items its manifest names, each read on its own so that one refusal spares the others."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from exam.exchange.archive import Package
from exam.exchange.draft import Source
from exam.exchange.qti_items import read_qti_item
from exam.exchange.refusals import Refused, problem
from exam.exchange.tree import parse_tree

if TYPE_CHECKING:
    from exam.content import Problem
    from exam.exchange.draft import Draft
    from exam.exchange.tree import Node

MANIFEST = "imsmanifest.xml"
Read = tuple[list["Draft"], list["Problem"], list["Problem"]]
"""What was understood, what was refused, what to look at."""


def read_package(data: bytes, lang: str) -> Read:
    """Return the drafts of a package; raises `Refused` when it is none."""
    package = Package(data)
    if MANIFEST not in package:
        raise Refused(0, "missing_file", f"a package has an {MANIFEST} at its top")
    manifest = parse_tree(package.read(MANIFEST))
    if manifest.name != "manifest":
        raise manifest.refuse("bad_shape", "this is no manifest")
    drafts: list[Draft] = []
    problems: list[Problem] = []
    warnings: list[Problem] = []
    seen = False
    for resource in (node for node in manifest.walk() if node.name == "resource"):
        kind = resource.get("type").lower()
        if kind.startswith("imsqti_item_xmlv"):
            seen = True
            _take(package, resource, lang, (drafts, problems, warnings))
        elif kind.startswith(("imsqti_test", "imsqti_stimulus", "imsqti_rptemplate")):
            words = f"{kind[:60]} is not imported: only items are"
            warnings.append(problem(MANIFEST, resource.line, "not_kept", words))
    if not seen:
        raise manifest.refuse("missing_file", "the manifest names no item of QTI")
    return drafts, problems, warnings


def _take(package: Package, resource: Node, lang: str, into: Read) -> None:
    drafts, problems, warnings = into
    path = posixpath.normpath(unquote(resource.get("href")))
    try:
        if path not in package:
            raise resource.refuse("missing_file", f"the package has no file {path[:120]!r}")
    except Refused as refused:
        problems.append(refused.at(MANIFEST))
        return
    source = Source(path, lang or "fr", lambda address: _beside(package, path, address))
    try:
        drafts.append(read_qti_item(parse_tree(package.read(path)), source, lang=lang))
        warnings += source.warnings
    except Refused as refused:
        problems.append(refused.at(path))


def _beside(package: Package, path: str, address: str) -> bytes | None:
    """Return the file that an address written in another names, None when it is not in the package."""
    name = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address)))
    return package.read(name) if name in package else None
