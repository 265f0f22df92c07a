"""Pages are small on the wire, unless they hold what must not be guessed by its size."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient

ACCEPTS = {"Accept-Encoding": "gzip, deflate"}


@pytest.mark.parametrize("path", ["/report", "/open/reports", "/about/scope"])
def test_a_page_is_sent_as_gzip(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    packed = client.get(path, headers=ACCEPTS)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content_length == len(packed.data) < len(plain.data) / 2
    assert b"</html>" in gzip.decompress(packed.data)
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in packed.vary


def test_an_unchanged_page_is_known_by_either_form(client: FlaskClient) -> None:
    etag = client.get("/open/reports", headers=ACCEPTS).headers["ETag"]
    assert etag.startswith("W/")
    assert client.get("/open/reports", headers={"If-None-Match": etag}).status_code == 304
    same = client.get("/open/reports", headers={"If-None-Match": etag, **ACCEPTS})
    assert same.status_code == 304
    assert "Content-Encoding" not in same.headers


@pytest.mark.parametrize("path", ["/open/data/catalog.jsonld", "/openapi.json", "/open/reports"])
def test_asking_for_the_head_alone_says_that_it_may_be_packed(
    client: FlaskClient, path: str
) -> None:
    assert client.get(path, headers=ACCEPTS).headers["Content-Encoding"] == "gzip"
    head = client.head(path, headers=ACCEPTS)
    assert "Accept-Encoding" in head.vary
    assert head.data == b""


@pytest.mark.parametrize("path", ["/desk/login", "/healthz", "/favicon.ico"])
def test_secrets_and_trifles_are_left_alone(client: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in client.get(path, headers=ACCEPTS).headers
