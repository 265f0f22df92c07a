"""Addresses below /open311 that name no document lead people and programs on, in their format."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.open311.conftest import BASE, the_error

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ENTRANCES = ("/open311", "/open311/", BASE, f"{BASE}/", "/open311/test/v2")


@pytest.mark.parametrize("path", ENTRANCES)
@pytest.mark.parametrize(
    ("accept", "target"),
    [
        (BROWSER, "http://localhost/open/data/api"),
        ("*/*", "/open311/discovery.xml"),
        ("", "/open311/discovery.xml"),
        ("text/xml", "/open311/discovery.xml"),
        ("application/json", "/open311/discovery.json"),
    ],
)
def test_the_entrance_leads_on(client: FlaskClient, path: str, accept: str, target: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Location"]) == (303, target)
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("path", [f"{BASE}/requests", f"{BASE}/nothing/", "/open311/nothing.html"])
@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (BROWSER, "text/xml"),
        ("*/*", "text/xml"),
        ("application/json", "application/json"),
        ("application/json;q=0.5, text/xml", "text/xml"),
    ],
)
def test_without_a_suffix_the_error_comes_as_it_is_accepted(
    client: FlaskClient, path: str, accept: str, kind: str
) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert ".json" in the_error(answer, "404")
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("path", ENTRANCES)
def test_other_methods_are_refused_in_the_format(client: FlaskClient, path: str) -> None:
    answer = client.post(path, headers={"Accept": "application/json"})
    assert answer.status_code == (405 if path.endswith("/") else 404)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    the_error(answer, str(answer.status_code))


def test_a_suffix_decides_alone(client: FlaskClient) -> None:
    answer = client.get(f"{BASE}/services.xml", headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert "Accept" not in answer.headers.get("Vary", "").split(", ")
    assert client.get("/open311x").headers["Content-Type"].startswith("text/html")
