"""A wire between a browser and the portal that can be thin, and cut in the middle of a request.

Chromium's own throttling lets what it has begun to send pass when it goes "offline".
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 8 * 1024


class Wire:
    """Carries TCP from a port of its own to `target`."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._door = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.bytes_a_second = 0  # up; 0: as many as it takes
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._is_cut = False
        self._bytes_left: int | None = None
        self.was_cut = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """Break every connection, and refuse new ones."""
        with self._lock:
            self._is_cut, self._bytes_left = True, None
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self.was_cut.set()

    def cut_after(self, count: int) -> None:
        """Cut once so many more bytes have been sent to the portal."""
        self.was_cut.clear()
        self._bytes_left = count

    def mend(self) -> None:
        """Carry again."""
        self._is_cut = False

    def close(self) -> None:
        """Take the wire away."""
        self.cut()
        self._door.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._door.accept()
                if self._is_cut:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._target))
                with self._lock:
                    self._open |= {near, far}
                for ends in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, is_up: bool) -> None:
        with suppress(OSError):
            while chunk := source.recv(_CHUNK):
                if is_up and self._bytes_left is not None:
                    self._bytes_left -= len(chunk)
                    if self._bytes_left <= 0:
                        self.cut()
                if self._is_cut:
                    break
                sink.sendall(chunk)
                if is_up and self.bytes_a_second:
                    time.sleep(len(chunk) / self.bytes_a_second)
        for end in (source, sink):
            with self._lock:
                self._open.discard(end)
            end.close()


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    """A wire to the portal on `port`."""
    wire = Wire(port)
    try:
        yield wire
    finally:
        wire.close()
