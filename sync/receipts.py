"""A receipt: the central instance's signature that it holds a record, whatever happens to the line it came by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from sync import frames
from sync.chain import VERSION

if TYPE_CHECKING:
    from sync.keys import PublicKey

TYPE = "receipt"


class Receipt(msgspec.Struct, frozen=True):
    """What a receipt says. `hash` is that of the record's bytes; quarantined means kept, but in conflict."""

    at: int
    hash: str
    key: str
    seq: int
    site: str
    state: Literal["stored", "quarantined"]
    type: str
    v: int = VERSION


class ReceiptError(Exception):
    """The line is not a receipt of the central instance we know for this school; `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


_DECODER = msgspec.json.Decoder(Receipt)


def read_receipt(line: bytes, central: PublicKey, site: str) -> Receipt:
    """Return the receipt of one line. Raises ReceiptError when it is forged, damaged or for another school."""
    try:
        receipt = _DECODER.decode(frames.open_frame(line, frames.RECEIPT, central))
    except frames.FrameError as error:
        raise ReceiptError(error.code, f"a receipt that the central key did not sign: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReceiptError("bad_receipt", f"not a receipt: {error}") from error
    if (receipt.type, receipt.v, receipt.site) != (TYPE, VERSION, site):
        raise ReceiptError("other_site", "a receipt of another kind or for another school")
    return receipt
