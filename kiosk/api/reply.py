"""How the JSON API reads and answers: msgspec Structs at the door, nothing looser inside.

A body that is not JSON, or not of the shape asked, is a 400 that says which field; nothing is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec
from aiohttp.web import Response

from kiosk.body import FILE_S, in_time, whole_body
from kiosk.errors import BadRequest, TooLarge, Unsupported

if TYPE_CHECKING:
    from aiohttp.web import Request

T = TypeVar("T")
_encoder = msgspec.json.Encoder()
_TYPE = "application/json"


async def body_of(request: Request, decoder: msgspec.json.Decoder[T]) -> T:
    """Return the body decoded; raises Unsupported, BadRequest, TooLarge or TooSlow."""
    if request.content_type != _TYPE:
        raise Unsupported("request.not_json")
    return decoded(await whole_body(request), decoder)


def decoded(data: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """Return the value of these bytes; raises BadRequest naming the field that is wrong."""
    try:
        return decoder.decode(data)
    except msgspec.ValidationError as problem:
        raise BadRequest("request.wrong_shape", field=_field(str(problem))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest("request.malformed") from None


async def file_of(request: Request, limit: int) -> bytes:
    """Return the body as it is, never holding more than `limit` bytes of it; raises TooLarge or TooSlow."""
    return await in_time(_at_most(request, limit), FILE_S)


async def _at_most(request: Request, limit: int) -> bytes:
    held = bytearray()
    async for chunk in request.content.iter_any():
        held += chunk
        if len(held) > limit:
            raise TooLarge("request.too_large", params={"limit": limit // 1024})
    return bytes(held)


def encode(value: object) -> bytes:
    """Return a value as JSON."""
    return _encoder.encode(value)


def reply(value: object, status: int = 200) -> Response:
    """Return a JSON answer."""
    return Response(body=_encoder.encode(value), status=status, content_type=_TYPE)


def _field(message: str) -> str | None:
    """Return the input a msgspec message is about: the name in `$.name`, or the missing one it quotes."""
    _, _, path = message.partition(" - at `$")
    name = path.removeprefix(".").rstrip("`")
    if name:
        return name[:100]
    if "required field `" in message:
        return message.split("`")[1][:100]
    return None
