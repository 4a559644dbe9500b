"""Pages from templates: one Jinja environment a language, its words and filters bound once.

A template writes ``{{ t("pupil.home.title") }}`` for a text, ``{{ tp(…) }}`` where HTML cannot stand (an attribute),
``{{ asset("css/base.css") }}`` for an address, ``{{ icon("check") }}`` for a drawing, ``{{ name|typo }}`` for a text
that comes from data, and calls the shared pieces as ``{{ ui.meter(46) }}``. An undefined name is an error.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from web import dates
from web.i18n import LANGUAGES, REFERENCE, Words
from web.icons import icon
from web.markdown import markdown, markdown_line
from web.typography import rich, typeset

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType

    from jinja2.bccache import Bucket

    from web.assets import Assets

TEMPLATES = Path(__file__).parent / "templates"

Theme = Literal["light", "dark", "contrast"]
Face = Literal["atkinson", "dyslexic"]
Size = Literal["normal", "large"]


@dataclass(frozen=True)
class Display:
    """How a person wants pages shown; kept with the login, never guessed from the machine."""

    theme: Theme = "light"
    face: Face = "atkinson"
    size: Size = "normal"


class _CompiledOnce(BytecodeCache):
    """What templates were compiled to in this process: every language runs the same code with its own words."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of a template whose source has not changed since."""
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template just compiled."""
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _CompiledOnce()


@dataclass(frozen=True)
class Pages:
    """Every page, ready to be filled."""

    words: Words
    assets: Assets
    site: Mapping[str, object] = field(default_factory=dict)
    """Names known to every template, such as `site_name`."""

    def __post_init__(self) -> None:
        """Build one environment a language."""
        made = {lang: self._environment(lang) for lang in LANGUAGES}
        object.__setattr__(self, "_environments", made)

    def html(self, template: str, *, lang: str, display: Display, **context: object) -> str:
        """Return the page; raise `jinja2.UndefinedError` when the template misses a value."""
        environments: dict[str, Environment] = self.__dict__["_environments"]
        known = environments.get(lang, environments[REFERENCE])
        return known.get_template(template).render(display=display, **context)

    def t(self, lang: str, key: str, **params: object) -> str:
        """Return one typeset text outside a template, without markup: a title, a message of the API."""
        return typeset(self.words.text(lang, key, params), lang)

    def _environment(self, lang: str) -> Environment:
        env = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            bytecode_cache=_COMPILED,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        env.filters.update(_filters(lang))
        env.globals.update(self.site)
        env.globals.update(
            lang=lang,
            languages=LANGUAGES,
            has_words=self.words.has,
            asset=self.assets.url,
            icon=icon,
            t=lambda key, **params: rich(self.words.text(lang, key, params), lang),
            tp=lambda key, **params: self.t(lang, key, **params),
            words_under=lambda prefix: _typeset_entries(self.words, lang, prefix),
        )
        env.globals["ui"] = env.get_template("partials/ui.html").module
        return env


def _typeset_entries(words: Words, lang: str, prefix: str) -> dict[str, object]:
    found = words.under(lang, prefix)
    return {
        key: typeset(entry, lang)
        if isinstance(entry, str)
        else {form: typeset(text, lang) for form, text in entry.items()}
        for key, entry in found.items()
    }


def data_block(value: object) -> Markup:
    """Return the value as JSON that can stand inside a script element of type application/json."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return Markup(safe)  # noqa: S704 - the three signs that could end the block are escaped


def _filters(lang: str) -> dict[str, Callable[..., object]]:
    return {
        "typo": lambda text: rich(str(text), lang),
        "plain": lambda text: typeset(str(text), lang),
        "markdown": lambda text: markdown(str(text), lang),
        "markdown_line": lambda text: markdown_line(str(text), lang),
        "number": lambda value: dates.number(value, lang),
        "percent": lambda value: dates.percent(value, lang),
        "long_date": lambda value: dates.long_date(value, lang),
        "day_date": lambda value: dates.day_date(value, lang),
        "short_date": lambda value: dates.short_date(value, lang),
        "clock": lambda value: dates.clock(value, lang),
        "duration": lambda value: dates.duration(value, lang),
        "data_block": data_block,
    }
