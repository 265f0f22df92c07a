"""A map provider on this machine: one grey tile for every address."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from PIL import Image


@dataclass
class TileServer:
    """Where tiles come from, and what was asked: (path, Referer)."""

    port: int
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def template(self) -> str:
        """BASEMAP_URL of this provider."""
        return f"http://127.0.0.1:{self.port}/{{z}}/{{x}}/{{y}}.png"


def _tile() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), (214, 219, 216)).save(picture, "PNG")
    return picture.getvalue()


@contextmanager
def start_tiles() -> Iterator[TileServer]:
    """A running provider."""
    tile = _tile()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tiles.asked.append((self.path, self.headers.get("Referer", "")))
            # A map that moved on wants its tiles no more.
            with suppress(ConnectionError):
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.send_header("Content-Length", str(len(tile)))
                self.end_headers()
                self.wfile.write(tile)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tiles = TileServer(server.server_address[1])
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield tiles
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
