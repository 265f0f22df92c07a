"""/openapi.json: valid, complete, and in both languages."""

from __future__ import annotations

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
