"""Pages smaller on the wire: on a slow line the words of a page take longer than their making.

Only what holds no lasting secret: compressing a secret beside words of a visitor's choice lets an
eavesdropper guess it by the size (BREACH). The filing form's token is another one each time.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator

from flask import Flask, Response, request

_LEAST_BYTES = 1_000
_LEVEL = 5
_AS_GZIP = 16 + zlib.MAX_WBITS
_TYPES = (
    *("text/", "application/json", "application/geo+json", "application/atom+xml"),
    *("application/ld+json", "application/x-ndjson", "image/svg+xml"),
)
_PERSONAL = ("/desk", "/field", "/console", "/track/", "/report/done", "/media")


def register(app: Flask) -> None:
    """Compress answers to GET that may be, for clients that take it. Static files are built so."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """The response as gzip where that is safe and worth it."""
    if not _may_be(response):
        return response
    response.vary.add("Accept-Encoding")
    if request.method == "HEAD" or not request.accept_encodings["gzip"]:
        return response
    if response.is_streamed:
        response.response = _packed(response.iter_encoded())
        return _named(response)
    data = response.get_data()
    if len(data) < _LEAST_BYTES:
        return response
    response.set_data(gzip.compress(data, _LEVEL, mtime=0))
    return _named(response)


def _packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same while it is made: a download of everything is a tenth of its length."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _AS_GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def _named(response: Response) -> Response:
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag is not None:
        # The same page is now more than one row of bytes: only a weak tag may name them all.
        response.set_etag(etag, weak=True)
    return response


def _may_be(response: Response) -> bool:
    return (
        request.method in {"GET", "HEAD"}
        and response.status_code == 200
        and not response.direct_passthrough
        and "Content-Encoding" not in response.headers
        and (response.content_type or "").startswith(_TYPES)
        and not request.path.startswith(_PERSONAL)
    )
