"""A database that cannot answer is a 503 that says to come back, never an accident."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.exc import OperationalError


def test_a_busy_database_asks_to_come_back(app: Flask) -> None:
    def busy() -> str:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    busy.access = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/busy", view_func=busy)
    answer = app.test_client().get("/busy", headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert answer.get_json()["code"] == "busy"
    assert answer.headers["Retry-After"]
