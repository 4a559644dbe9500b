"""How a simulator's scene is written: a table of fields, each read with every defect noted.

What is read is plain data: texts in each language as mappings from language to words, everything else as short texts,
integers and lists. `localise` turns it into what one pupil sees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exam.reading import Reader
    from exam.scene import Scene

Node = Any
"""A piece of a scene: text, integer, words by language, list or mapping of these."""

Field = Callable[["Reader", str], Node]
"""Reads one field of a table; None when it is absent and need not be there."""

Schema = Mapping[str, Field]
YES, NO = "yes", "no"
YES_NO = (YES, NO)
_LANGUAGES = frozenset({"fr", "en"})


def read_schema(reader: Reader, schema: Schema) -> dict[str, Node]:
    """Return the fields of a table, absent ones left out, noting what means nothing."""
    found = {name: field(reader, name) for name, field in schema.items()}
    reader.close()
    return {name: value for name, value in found.items() if value is not None}


def ident(reader: Reader, key: str) -> Node:
    """Read an identifier."""
    return reader.identifier(key)


def maybe_ident(reader: Reader, key: str) -> Node:
    """Read an identifier that may be absent."""
    return reader.identifier(key) if reader.has(key) else None


def words(reader: Reader, key: str) -> Node:
    """Read a required text, in each language or one for all."""
    return reader.text(key, plain=True)


def maybe_words(reader: Reader, key: str) -> Node:
    """Read a text that may be absent."""
    return reader.text(key, plain=True) if reader.has(key) else None


def word_list(reader: Reader, key: str) -> Node:
    """Read a list of texts, each in every language or one for all."""
    values = reader.list(key)
    row = {f"{key}[{index}]": value for index, value in enumerate(values)}
    inner = type(reader)(row, reader.notes, reader.prefix)
    return [inner.text(name, plain=True) for name in row]


def one_of(*allowed: str, default: str | None = None) -> Field:
    """Return the reader of one word among some."""
    return lambda reader, key: reader.choice(key, allowed, default)


def count(low: int, high: int, default: int | None = None) -> Field:
    """Return the reader of an integer in a range."""
    return lambda reader, key: reader.integer(key, low, high, default)


def yes_no(default: str) -> Field:
    """Return the reader of true or false, also written yes or no; kept as yes or no."""

    def read(reader: Reader, key: str) -> Node:
        if isinstance(reader.raw(key), bool):
            return YES if reader.flag(key) else NO
        return reader.choice(key, YES_NO, default)

    return read


def choices(names: tuple[str, ...], allowed: tuple[str, ...]) -> Field:
    """Return the reader of a small table: some of the names, each with one of the allowed words."""

    def read(reader: Reader, key: str) -> Node:
        row = reader.table(key, required=False)
        if row is None:
            return {}
        found = {name: row.choice(name, allowed) for name in names if row.has(name)}
        row.close()
        return found

    return read


def rows(schema: Schema, *, least: int = 0, most: int = 40) -> Field:
    """Return the reader of a list of tables; their ids, when they have one, are all different."""

    def read(reader: Reader, key: str) -> Node:
        found = [read_schema(row, schema) for row in reader.tables(key, required=least > 0)]
        if not least <= len(found) <= most:
            reader.problem(key, "bad_count", f"{key} must have {least} to {most} entries")
        ids = [row["id"] for row in found if "id" in row]
        if len(set(ids)) != len(ids):
            reader.problem(key, "duplicate_id", f"two entries of {key} have the same id")
        return found

    return read


def integers(length: int) -> Field:
    """Return the reader of a list of that many integers from 0 to 20000."""

    def read(reader: Reader, key: str) -> Node:
        if not reader.has(key):
            return None
        found = reader.list(key)
        good = [value for value in found if isinstance(value, int) and 0 <= value <= 20_000]
        if len(good) != length or len(found) != length:
            reader.problem(key, "wrong_type", f"{key} must be {length} integers")
            return None
        return good

    return read


def localise(node: Node, scene: Scene) -> Node:
    """Return a piece of a scene in the words of one pupil."""
    if isinstance(node, dict):
        if node and node.keys() <= _LANGUAGES:
            return scene.say(node)
        # Most pieces are ids and words that stay: saves a call for each, on the path of every answer.
        return {
            name: inner if isinstance(inner, str) else localise(inner, scene) for name, inner in node.items()
        }
    if isinstance(node, list | tuple):
        return [localise(inner, scene) for inner in node]
    return node
