"""One upload: frames up, receipts down, and a precise word for everything else that can come back.

A school's line brings captive portals, proxies that answer HTML, redirects and half answers. Only signed
receipts count; whatever else happens, the records stay pending and are sent again.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import aiohttp
import msgspec

from sync import frames
from sync.outbox import KeptReceipt, Refusal
from sync.profile_exchange import LINES
from sync.receipts import ReceiptError, read_receipt
from sync.zstd import compress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.enrolment import Enrolled
    from sync.log_store import StoredRecord

CONTENT_TYPE = "application/x-preau-records"
RECEIPTS_TYPE = "application/x-preau-receipts"
_REFUSED = b"refused "
_MAX_ANSWER = 16 * 1024 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=120, sock_connect=10, sock_read=60)


class Retry(Exception):  # noqa: N818 - names what to do
    """Nothing was lost and nothing is settled: try again later. `state` is a short code for the status."""

    def __init__(self, state: str, message: str, after_ms: int = 0, code: str = "") -> None:
        super().__init__(message)
        self.state = state
        self.after_ms = after_ms
        self.code = code
        """The code of a refusal, "" when nothing was refused."""


class TooBig(Exception):  # noqa: N818 - names what happened
    """The other side takes smaller bodies only."""


class _RefusedLine(msgspec.Struct, frozen=True):
    code: str
    index: int
    message: str = ""


@dataclass(frozen=True)
class Answer:
    """What the central instance said about the records of one upload."""

    receipts: list[KeptReceipt]
    refusals: list[Refusal]


class Transport:
    """Uploads to one central instance, known by its key. Use as an async context manager."""

    def __init__(self, enrolled: Enrolled) -> None:
        self._enrolled = enrolled
        self._base = enrolled.central.rstrip("/")
        self._url = f"{self._base}/api/v1/records"
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the connections."""
        self._session = open_session(self._enrolled.ca_file)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def send(self, records: Sequence[StoredRecord]) -> Answer:
        """Upload and return what was answered. Raises Retry or TooBig."""
        if self._session is None:
            raise RuntimeError("open the transport first")
        body = compress(b"".join(record.frame.line() for record in records))
        headers = {"Content-Type": CONTENT_TYPE, "Content-Encoding": "zstd", "Accept": RECEIPTS_TYPE}
        try:
            async with self._session.post(
                self._url, data=body, headers=headers, allow_redirects=False
            ) as response:
                _check_status(response, await _start_of(response) if response.status != 200 else b"")
                data = await _whole(response)
        except TimeoutError as error:
            raise Retry("unreachable", "the central instance did not answer in time") from error
        except (aiohttp.ClientError, OSError, ssl.SSLError) as error:
            raise Retry("unreachable", f"the central instance cannot be reached: {error}") from error
        return self._read(data, records)

    async def ask(self, method: str, path: str, body: bytes) -> bytes:
        """Send lines to another address of the central instance and return those it answers. Raises Retry."""
        if self._session is None:
            raise RuntimeError("open the transport first")
        headers = {"Content-Type": LINES, "Accept": LINES}
        try:
            async with self._session.request(
                method, self._base + path, data=body or None, headers=headers, allow_redirects=False
            ) as response:
                if response.status != 200 or response.content_type != LINES:
                    start = await _start_of(response)
                    raise Retry(
                        "unreachable",
                        f"the central instance answered {response.status}: {_reason(start)}",
                        code=_reason(start),
                    )
                return await _whole(response)
        except TimeoutError as error:
            raise Retry("unreachable", "the central instance did not answer in time") from error
        except (aiohttp.ClientError, OSError, ssl.SSLError) as error:
            raise Retry("unreachable", f"the central instance cannot be reached: {error}") from error

    def _read(self, data: bytes, records: Sequence[StoredRecord]) -> Answer:
        answer = Answer([], [])
        sent = {record.hash: record for record in records}
        for line in frames.split_lines(data):
            if line.startswith(_REFUSED):
                answer.refusals.append(_read_refusal(line, records))
                continue
            try:
                receipt = read_receipt(line, self._enrolled.central_key, self._enrolled.site)
            except ReceiptError as error:
                state = "wrong_key" if error.code == "bad_signature" else "bad_answer"
                raise Retry(state, str(error)) from error
            record = sent.get(receipt.hash)
            if record is None or record.seq != receipt.seq:
                raise Retry("bad_answer", f"a receipt for a record that was not sent, {receipt.seq}")
            answer.receipts.append(KeptReceipt(receipt, line))
        return answer


def open_session(ca_file: str | None) -> aiohttp.ClientSession:
    """Return a session that trusts the system's authorities and, when given, the school network's own."""
    connector = aiohttp.TCPConnector(limit=2)
    if ca_file:
        context = ssl.create_default_context()
        context.load_verify_locations(ca_file)
        connector = aiohttp.TCPConnector(limit=2, ssl=context)
    return aiohttp.ClientSession(timeout=_TIMEOUT, connector=connector)


def _check_status(response: aiohttp.ClientResponse, start: bytes) -> None:
    status = response.status
    if status == 200:
        if response.content_type != RECEIPTS_TYPE:
            raise Retry("bad_answer", f"a page came back ({response.content_type}) in place of receipts")
        return
    if status == 413:
        raise TooBig
    after = response.headers.get("Retry-After", "")
    after_ms = int(after) * 1000 if after.isdigit() and len(after) < 7 else 0
    if status in {401, 403}:
        raise Retry(
            "refused", f"the central instance refuses this school ({status}): {_reason(start)}", 60_000
        )
    raise Retry("unreachable", f"the central instance answered {status}: {_reason(start)}", after_ms)


def _reason(start: bytes) -> str:
    """Return the code of a JSON refusal, or a few words of whatever page came back."""
    try:
        found = msgspec.json.decode(start, type=dict[str, dict[str, object]])
        return str(found["error"]["code"])[:100]
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError):
        return " ".join(start[:80].decode("utf-8", "replace").split())


def _read_refusal(line: bytes, records: Sequence[StoredRecord]) -> Refusal:
    try:
        found = msgspec.json.decode(line[len(_REFUSED) :], type=_RefusedLine)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Retry("bad_answer", "a refusal that cannot be read") from error
    if not 0 <= found.index < len(records):
        raise Retry("bad_answer", "a refusal of a record that was not sent")
    return Refusal(records[found.index], found.code, found.message)


async def _start_of(response: aiohttp.ClientResponse) -> bytes:
    return await response.content.read(2_000)


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    data = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        data += chunk
        if len(data) > _MAX_ANSWER:
            raise Retry("bad_answer", "the answer is longer than any list of receipts")
    return bytes(data)
