"""The route of static files, mounted as it is by the kiosk and by the central instance."""

from __future__ import annotations

from aiohttp.web import HTTPNotFound, Request, Response, RouteDef, get

from web.assets import PREFIX, Assets
from web.security import STATIC_HEADERS

_FOR_EVER = "max-age=31536000, immutable"


def static_routes(assets: Assets) -> list[RouteDef]:
    """Return the routes that serve these assets; unknown names are refused with 404."""

    async def static(request: Request) -> Response:
        asset = assets.get(request.match_info["name"])
        if asset is None:
            raise HTTPNotFound
        current = request.match_info["fingerprint"] == assets.fingerprint
        headers = {
            **STATIC_HEADERS,
            "Content-Type": asset.media_type,
            "Cache-Control": _FOR_EVER if current else "no-cache",
            "Vary": "Accept-Encoding",
            # A simulator's frame has no origin of its own, and asks for its script, styles and faces as a stranger.
            "Access-Control-Allow-Origin": "*",
        }
        if asset.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            return Response(body=asset.packed, headers={**headers, "Content-Encoding": "gzip"})
        return Response(body=asset.data, headers=headers)

    return [get(PREFIX + "/{fingerprint}/{name:.+}", static)]
