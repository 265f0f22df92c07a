"""/openapi.json: valid, complete, and in both languages."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator


def test_the_document_is_valid(client: FlaskClient) -> None:
    for locale in ("", "en"):
        document = client.get(f"/openapi.json?locale={locale}").get_json()
        assert document["openapi"].startswith("3.1")
        assert [str(fault) for fault in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_path_is_a_route(app: Flask, client: FlaskClient) -> None:
    adapter = app.url_map.bind("localhost")
    for path, item in client.get("/openapi.json").get_json()["paths"].items():
        for method in item:
            adapter.match(path.replace("{", "").replace("}", ""), method=method.upper())


def test_it_speaks_the_language_asked_for(client: FlaskClient) -> None:
    chinese, english = (client.get(f"/openapi.json?locale={tongue}") for tongue in ("", "en"))
    assert "公开的举报" in chinese.text
    words = english.text.replace("示例市", "")
    assert not any("\u3400" <= letter < "\ua000" for letter in words)
    assert english.headers["Access-Control-Allow-Origin"] == "*"


def test_what_is_known_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/openapi.json")
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/openapi.json", headers=known).status_code == 304


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_every_call_and_loads_nothing_from_elsewhere(
    client: FlaskClient, lang: str
) -> None:
    client.set_cookie("lang", lang)
    page = client.get("/open/data/api")
    assert page.status_code == 200
    for path, item in client.get("/openapi.json").get_json()["paths"].items():
        for operation in item.values():
            assert f'id="{operation["operationId"]}"' in page.text
        assert path in page.text
    assert not re.findall(r'(?:src|srcset)="(?:https?:)?//', page.text)
    loaded = re.sub(r'<link rel="canonical"[^>]*>', "", page.text)  # an address, not a file
    assert not re.findall(r"<(?:link|script)[^>]+(?:href|src)=\"(?:https?:)?//", loaded)
