"""What holds for every page that anybody may open."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.routes import access_of, methods_of

# These two only set a preference and lead back.
PREFERENCES = {"/elder", "/lang"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of a portal that a city has just set up."""
    done = app.test_cli_runner().invoke(args=["prepare"])
    assert done.exit_code == 0, done.output
    return app.test_client()


def public_pages(app: Flask, client: FlaskClient) -> Iterator[tuple[str, TestResponse]]:
    """Each page that needs nothing in its path, with the answer."""
    for rule in app.url_map.iter_rules():
        is_open = access_of(app, rule.endpoint) == "public" and "GET" in (rule.methods or ())
        if is_open and not rule.arguments and rule.rule not in PREFERENCES:
            yield rule.rule, client.get(rule.rule)


@pytest.mark.parametrize("cookies", [{}, {"elder": "1"}, {"lang": "en"}], ids=str)
def test_every_page_has_a_language_a_title_and_one_heading(
    app: Flask, client: FlaskClient, cookies: dict[str, str]
) -> None:
    for name, value in cookies.items():
        client.set_cookie(name, value)
    language = "en" if cookies.get("lang") == "en" else "zh"
    for path, answer in public_pages(app, client):
        if answer.status_code == 200 and answer.mimetype == "text/html":
            assert re.search(rf"<html[^>]* lang=\"{language}", answer.text), path
            assert re.search(r"<title>\s*\S[^<]*</title>", answer.text), path
            assert len(re.findall(r"<h1\b", answer.text)) == 1, path


def test_no_page_fails_and_every_page_is_guarded(app: Flask, client: FlaskClient) -> None:
    for path, answer in public_pages(app, client):
        assert answer.status_code < 500 or path == "/readyz", path
        assert "Content-Security-Policy" in answer.headers, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path


def test_nobody_comes_in_without_a_login(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if access_of(app, rule.endpoint) == "public" or rule.arguments:
            continue
        for method in methods_of(rule):
            answer = client.open(rule.rule, method=method)
            assert answer.status_code in {303, 400, 403, 404}, rule.rule
