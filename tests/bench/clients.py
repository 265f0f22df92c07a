"""Clients that cost little themselves: bytes over kept connections, timed to the last byte."""

from __future__ import annotations

import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self

from tests.live import new_address

CLIENTS = 8
_PATIENCE_S = 30


class Connection:
    """A kept connection; opened again when the server closed it."""

    def __init__(self, port: int) -> None:
        self._port, self._socket = port, self._open(port)
        # Each client has an address of its own, so that limits stay on.
        self.address = new_address()

    def move_on(self) -> None:
        """Somebody else uses this connection from now on, as behind a city's proxy."""
        self.address = new_address()

    @staticmethod
    def _open(port: int) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def close(self) -> None:
        """Let go."""
        self._socket.close()

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request and its answer; a connection closed while idle is opened once more."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}"]
        lines += [f"X-Forwarded-For: {self.address}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        wire = "\r\n".join([*lines, "", ""]).encode() + body
        try:
            return self._exchange(wire)
        except ConnectionError:
            self._socket.close()
            self._socket = self._open(self._port)
            return self._exchange(wire)

    def _exchange(self, wire: bytes) -> Answer:
        self._socket.sendall(wire)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._receive()
        head, _, body = data.partition(b"\r\n\r\n")
        answer = Answer.parse(head)
        length = int(answer.headers.get("content-length", "0"))
        while len(body) < length and answer.status != 304:
            body += self._receive()
        answer.body = body
        return answer

    def _receive(self) -> bytes:
        piece = self._socket.recv(65536)
        if not piece:
            raise ConnectionError("closed by the server")
        return piece


@dataclass
class Answer:
    """Status, headers by lower-case name, body as sent."""

    status: int
    headers: dict[str, str]
    body: bytes = b""

    @classmethod
    def parse(cls, head: bytes) -> Self:
        """The head of an answer."""
        first, *rest = head.decode("latin-1").split("\r\n")
        named = (line.partition(":") for line in rest)
        return cls(int(first.split()[1]), {name.lower(): value.strip() for name, _, value in named})


@dataclass
class Load:
    """What clients measured: seconds of each request, and the seconds all of it took."""

    took_s: list[float] = field(default_factory=list)
    lasted_s: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests answered per second."""
        return len(self.took_s) / self.lasted_s if self.lasted_s else 0.0

    @property
    def p95_ms(self) -> float:
        """The 95th percentile in milliseconds."""
        return percentile_ms(self.took_s)


def percentile_ms(seconds: list[float], share: int = 95) -> float:
    """The `share`-th percentile of `seconds`, in milliseconds."""
    if len(seconds) < 2:
        return 1000 * sum(seconds)
    return 1000 * statistics.quantiles(seconds, n=100, method="inclusive")[share - 1]


Request = Callable[[Connection], Answer]


def run(port: int, make: Callable[[], Request], *, seconds: float, clients: int = CLIENTS) -> Load:
    """Let `clients` send what `make()` gives each of them, one after the other, for `seconds`."""
    load, started = Load(), time.perf_counter()
    threads = [
        threading.Thread(target=_client, args=(port, make(), started + seconds, load))
        for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.lasted_s = time.perf_counter() - started
    return load


def _client(port: int, request: Request, until: float, load: Load) -> None:
    connection = Connection(port)
    try:
        for took in _timed(connection, request, until, load):
            load.took_s.append(took)
    except OSError as fault:
        load.faults.append(repr(fault))
    finally:
        connection.close()


def _timed(connection: Connection, request: Request, until: float, load: Load) -> Iterator[float]:
    while (began := time.perf_counter()) < until:
        answer = request(connection)
        if answer.status >= 400:
            load.faults.append(f"{answer.status} {answer.body[:200]!r}")
        else:
            yield time.perf_counter() - began
