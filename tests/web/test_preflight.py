"""A page of another site may ask whether what it has is still fresh, and write nowhere."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

ASKED = {
    "Origin": "https://elsewhere.example",
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "if-none-match",
}
OPEN = (
    "/open/data/reports.csv",
    "/open/data/reports.geojson",
    "/open/data/reports.atom",
    "/open/data/datapackage.json",
    "/open/log/heads.json",
    "/open/map/cells",
    "/open/ogc/collections/reports/items",
    "/open311/v2/requests.json",
    "/open311/discovery.xml",
    "/openapi.json",
)


@pytest.mark.parametrize("path", OPEN)
def test_a_conditional_request_may_come_from_anywhere(client: FlaskClient, path: str) -> None:
    answer = client.options(path, headers=ASKED)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert "POST" not in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("path", ["/report", "/track", "/desk/", "/open/reports", "/objection"])
def test_nothing_else_may(client: FlaskClient, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in client.options(path, headers=ASKED).headers
