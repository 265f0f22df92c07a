"""Pages on the server: how long they take, how many statements, what an unchanged one costs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import event

from portal.app import create_app
from portal.core.db import db
from tests.bench.clients import Answer, Connection, Load, run

PASSWORD = "suishoupai-demo"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_CASE = re.compile(r'href="(?:[^"]*)/open/reports/(SP[^"?#]+)"')
_COUNTED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
_FORM = "application/x-www-form-urlencoded"


def a_public_number(port: int) -> str:
    """The number of a case on the first page of the public list."""
    found = _CASE.search(get(port, "/open/reports").decode())
    if found is None:
        raise RuntimeError("the public list is empty")
    return found[1]


def get(port: int, path: str) -> bytes:
    """The body of a page."""
    connection = Connection(port)
    try:
        return connection.ask("GET", path).body
    finally:
        connection.close()


def desk_cookie(port: int, username: str = "triage") -> str:
    """The session cookie of somebody of the demo's staff."""
    connection = Connection(port)
    try:
        entrance = connection.ask("GET", "/desk/login")
        token = _TOKEN.search(entrance.body.decode())
        fields = {"username": username, "password": PASSWORD}
        fields["csrf_token"] = token[1] if token else ""
        cookie = entrance.headers["set-cookie"].split(";")[0]
        body = urlencode(fields).encode()
        answer = connection.ask("POST", "/desk/login", body, Content_Type=_FORM, Cookie=cookie)
        return answer.headers["set-cookie"].split(";")[0]
    finally:
        connection.close()


def one_reader(port: int, path: str, seconds: float, **headers: str) -> Load:
    """One client reading a page again and again."""

    def read(connection: Connection) -> Answer:
        return connection.ask("GET", path, b"", **headers)

    return run(port, lambda: read, seconds=seconds, clients=1)


def unchanged(port: int, path: str, seconds: float) -> Load:
    """One client that has the page already and asks whether it changed."""
    connection = Connection(port)
    etag = connection.ask("GET", path).headers.get("etag", "")
    connection.close()
    return one_reader(port, path, seconds, If_None_Match=etag)


def statements(environ: Mapping[str, str], paths: Mapping[str, str]) -> dict[str, int]:
    """SQL statements of each page by name, without BEGIN and ROLLBACK; paths below /desk as triage.

    Runs the portal in this process, on the same instance.
    """
    os.environ.update(environ)
    app = create_app()
    client = app.test_client()
    _enter(client)
    counts = {}
    for name, path in paths.items():
        client.get(path)  # what is kept for a while is read now
        with app.app_context(), _counting() as seen:
            answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status}")
        counts[name] = len(seen)
    return counts


def _enter(client: FlaskClient) -> None:
    token = _TOKEN.search(client.get("/desk/login").text)
    fields = {"username": "triage", "password": PASSWORD}
    client.post("/desk/login", data={**fields, "csrf_token": token[1] if token else ""})


@contextmanager
def _counting() -> Iterator[list[str]]:
    """What reaches SQLite, whoever sends it: sessions, connections and glances."""
    seen: list[str] = []

    def note(statement: str) -> None:
        if statement.startswith(_COUNTED):
            seen.append(statement)

    def watch(connection: Any, *_: object) -> None:
        connection.set_trace_callback(note)

    event.listen(db.engine, "checkout", watch)
    try:
        yield seen
    finally:
        event.remove(db.engine, "checkout", watch)
