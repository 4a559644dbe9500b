"""A body of frames as it arrives: unpacked under strict limits, then cut into lines.

A frame never begins with zstd's magic number (it begins with hexadecimal), so the bytes themselves say whether they
are packed, whatever a proxy did to the headers. A packed body may not grow past the limits: nothing is unpacked
further than it takes to know.
"""

from __future__ import annotations

import sys

from sync import frames
from sync.central.errors import Refused

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BODY_MAX = 8 * 2**20
PLAIN_MAX = 32 * 2**20
RATIO_MAX = 200
WINDOW_LOG_MAX = 23
FRAMES_MAX = 500
MAGIC = b"\x28\xb5\x2f\xfd"


def unpack(body: bytes) -> bytes:
    """Return the plain bytes of a body. Raises `Refused` when it is too big, swells too much or is damaged."""
    if len(body) > BODY_MAX:
        raise Refused("body.too_big", 413)
    if not body.startswith(MAGIC):
        return body
    most = min(PLAIN_MAX, len(body) * RATIO_MAX)
    packed = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: WINDOW_LOG_MAX})
    try:
        plain = packed.decompress(body, max_length=most + 1)
    except zstd.ZstdError as error:
        raise Refused("body.damaged") from error
    if len(plain) > most:
        raise Refused("body.too_big", 413)
    if not packed.eof or packed.unused_data:
        raise Refused("body.damaged")
    return plain


def lines_of(body: bytes) -> list[bytes]:
    """Return the lines of a body, unpacked; a last one without its newline was cut on the way."""
    plain = unpack(body)
    if plain.count(b"\n") > FRAMES_MAX:
        raise Refused("body.too_many", 413)
    return frames.split_lines(plain)
