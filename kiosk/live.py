"""Live news: topics, listeners, and a queue for each that never grows without bound.

News is published after the commit it tells of. A listener who does not read fast enough is dropped: the page opens
the stream again and starts from a fresh snapshot, so that nothing lost ever matters.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kiosk.errors import Full

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

A_PERSON = 12
"""Streams one person may keep open: several tabs, not a flood."""
QUEUE = 640
"""Pieces of news a listener may be behind before it is dropped: a room of 300 where everybody moves at once, twice over."""


class Listener:
    """One open stream: keys of what changed, each once however often it changed."""

    def __init__(self) -> None:
        self._waiting: dict[str, bytes] = {}
        self._wake = asyncio.Event()
        self.dropped = False

    def put(self, key: str, news: bytes) -> None:
        """Keep news under a key; newer news of the same key takes its place."""
        if key not in self._waiting and len(self._waiting) >= QUEUE:
            self.dropped = True
        else:
            self._waiting[key] = news
        self._wake.set()

    def drop(self) -> None:
        """End the stream."""
        self.dropped = True
        self._wake.set()

    async def take(self, timeout_s: float) -> list[bytes]:
        """Wait for news at most `timeout_s` seconds and return all there is, in the order it first came."""
        try:
            await asyncio.wait_for(self._wake.wait(), timeout_s)
        except TimeoutError:
            return []
        self._wake.clear()
        news, self._waiting = list(self._waiting.values()), {}
        return news


class Hub:
    """Who listens to what. Used from the event loop only."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._topics: dict[str, set[Listener]] = {}
        self._of_person: Counter[str] = Counter()
        self.listeners = 0

    def wanted(self, topic: str) -> bool:
        """Say whether anyone listens, so that news nobody reads is never made."""
        return topic in self._topics

    def publish(self, topic: str, key: str, news: bytes) -> None:
        """Give news to everyone who listens to a topic."""
        for listener in self._topics.get(topic, ()):
            listener.put(key, news)

    def listen(self, topic: str, who: str) -> AbstractContextManager[Listener]:
        """Listen to a topic inside a `with`; raises Full when too many listen already, in all or of one person."""
        if self.listeners >= self._most or self._of_person[who] >= A_PERSON:
            raise Full("live.full", retry_after=10)
        return self._listening(topic, who)

    @contextmanager
    def _listening(self, topic: str, who: str) -> Iterator[Listener]:
        listener = Listener()
        self._topics.setdefault(topic, set()).add(listener)
        self.listeners += 1
        self._of_person[who] += 1
        try:
            yield listener
        finally:
            self.listeners -= 1
            self._of_person[who] -= 1
            if not self._of_person[who]:
                del self._of_person[who]
            group = self._topics[topic]
            group.discard(listener)
            if not group:
                del self._topics[topic]

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        for group in self._topics.values():
            for listener in group:
                listener.drop()
