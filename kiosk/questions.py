"""Questions as pages receive them: presented, typeset, in JSON bytes, made once for each thing that differs.

A question differs by its bank, its item, its language and, when something in it is drawn or shuffled, its sitting. The
bytes are kept, since the same question goes out at the answer, at each reload and on another machine.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import msgspec

from exam.present import present
from web.question import dress

if TYPE_CHECKING:
    from exam.bank import Bank

_encoder = msgspec.json.Encoder()


class Questions:
    """Presented questions, the least recently used forgotten beyond `most`. Used from the event loop only."""

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._made: OrderedDict[tuple[str, str, str, bytes], msgspec.Raw] = OrderedDict()

    def raw(self, bank: Bank, item: str, seed: bytes, lang: str) -> msgspec.Raw:
        """Return the JSON of a question as a page shows it."""
        key = (bank.digest, item, lang, seed)
        made = self._made.get(key)
        if made is None:
            question = dress(msgspec.to_builtins(present(bank, item, seed, lang)), lang)
            made = self._made[key] = msgspec.Raw(_encoder.encode(question))
            if len(self._made) > self._most:
                self._made.popitem(last=False)
        return made
