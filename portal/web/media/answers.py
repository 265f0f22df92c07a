"""How a photo leaves the portal: as a picture that can do nothing, or not at all."""

from __future__ import annotations

from flask import Response, request, send_file

from portal.domain.ports import MissingObjectError
from portal.domain.reports.photos import photo_store

# A photo may be opened by itself in a tab: whatever hides in its bytes finds no scripts there.
SANDBOX = "default-src 'none'; sandbox"
PRIVATE = "private, no-store"


def stored_object(key: str, mimetype: str, cache: str, attachment: str = "") -> Response:
    """The stored object as an answer; `attachment` is the file name of a download.

    Bytes under a key never change, so the key is the ETag. An object that is not there is answered
    like one that nobody may see.
    """
    if request.if_none_match.contains(key):
        return _harmless(Response(status=304), key, cache)
    try:
        source = photo_store().path(key) or photo_store().get(key)
    except MissingObjectError:
        return absent()
    response = send_file(
        source,
        mimetype=mimetype,
        as_attachment=bool(attachment),
        download_name=attachment or None,
        conditional=False,
        etag=False,
    )
    if not attachment:
        response.headers["Content-Disposition"] = "inline"
    return _harmless(response, key, cache)


def picture(jpeg: bytes, etag: str, cache: str) -> Response:
    """A picture made just now; `etag` names what it was made of."""
    if request.if_none_match.contains(etag):
        return _harmless(Response(status=304), etag, cache)
    return _harmless(Response(jpeg, mimetype="image/jpeg"), etag, cache)


def absent() -> Response:
    """A small 404, the same for unknown, hidden, withdrawn and unfinished photos."""
    return _harmless(Response("not found\n", status=404, mimetype="text/plain"), "", PRIVATE)


def _harmless(response: Response, etag: str, cache: str) -> Response:
    if etag:
        response.set_etag(etag)
    response.headers["Cache-Control"] = cache
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
