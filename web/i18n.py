"""Words in both languages, read once from JSON files: ``locales/<lang>/<file>.json``.

A key is ``file.rest.of.key``. A value is a string with ``{placeholders}``, or ``{"one": …, "other": …}`` chosen
by the parameter ``count`` (French: one up to below two; English: one only). French is the reference: a word
missing in English is shown in French, and a word missing in both is an error when `strict`, else its own key.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from re import Match
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LANGUAGES = ("fr", "en")
REFERENCE = "fr"
LOCALES = Path(__file__).parent / "locales"

Entry = str | dict[str, str]

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PLURALS = ({"one", "other"}, {"other"})


class MissingWordError(KeyError):
    """No language has this key, or a placeholder of its text was not given."""


def _flatten(prefix: str, value: object) -> Iterator[tuple[str, Entry]]:
    if isinstance(value, str) or (isinstance(value, dict) and set(value) in _PLURALS):
        yield prefix, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _flatten(f"{prefix}.{name}", inner)
    else:
        raise TypeError(f"{prefix}: a string or an object is expected")


def placeholders(entry: Entry) -> set[str]:
    """Return the names a text expects, over all its plural forms."""
    texts = [entry] if isinstance(entry, str) else list(entry.values())
    return {name for text in texts for name in _PLACEHOLDER.findall(text)}


def plural_form(lang: str, count: int) -> str:
    """Return which plural form this count takes: French says *one* for 0 and 1, English for 1 alone."""
    alone = abs(count) < 2 if lang == "fr" else count == 1
    return "one" if alone else "other"


class Words:
    """Every text of the pages, by language and key."""

    def __init__(self, entries: Mapping[str, Mapping[str, Entry]], *, strict: bool = False) -> None:
        """Keep the entries of each language; `strict` makes a missing word an error."""
        self.entries = entries
        self.strict = strict

    @classmethod
    @cache
    def load(cls, folder: Path = LOCALES, *, strict: bool = False) -> Words:
        """Return the words of every JSON file under the folder, one folder a language; read once by a process."""
        entries: dict[str, dict[str, Entry]] = {lang: {} for lang in LANGUAGES}
        for lang in LANGUAGES:
            for path in sorted((folder / lang).glob("*.json")):
                entries[lang].update(_flatten(path.stem, json.loads(path.read_text("utf-8"))))
        return cls(entries, strict=strict)

    def has(self, key: str) -> bool:
        """Say whether the reference language knows this key."""
        return key in self.entries[REFERENCE]

    def text(self, lang: str, key: str, params: Mapping[str, object] | None = None) -> str:
        """Return the plain text of a key with its placeholders filled; raise `MissingWordError` as the module says."""
        params = params or {}
        entry = self.entries.get(lang, {}).get(key) or self.entries[REFERENCE].get(key)
        if entry is None:
            if self.strict:
                raise MissingWordError(key)
            return key
        if isinstance(entry, dict):
            count = params.get("count")
            form = plural_form(lang, count) if isinstance(count, int) else "other"
            entry = entry.get(form, entry["other"])
        return _PLACEHOLDER.sub(lambda found: self._value(key, found, params), entry)

    def under(self, lang: str, prefix: str) -> dict[str, Entry]:
        """Return the raw entries whose key starts with the prefix, without it: the words a script needs."""
        start = prefix + "."
        known = {**self.entries[REFERENCE], **self.entries[lang]}
        return {key.removeprefix(start): entry for key, entry in known.items() if key.startswith(start)}

    def _value(self, key: str, found: Match[str], params: Mapping[str, object]) -> str:
        name = found.group(1)
        if name in params:
            return str(params[name])
        if self.strict:
            raise MissingWordError(f"{key}: {name}")
        return found.group()
