"""Who gets which rendition."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.accounts.permissions import Role
from portal.domain.reports.tracking import open_session
from tests.factories import file_full
from tests.web.media.conftest import Keys, Login


@pytest.mark.parametrize("size", [160, 400, 1600])
def test_a_released_photo_is_public(client: FlaskClient, keys: Keys, size: int) -> None:
    answer = client.get(f"/media/{keys.released}/{size}.jpg", buffered=True)
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    assert Image.open(io.BytesIO(answer.data)).format == "JPEG"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_an_unchanged_photo_is_not_sent_again(client: FlaskClient, keys: Keys) -> None:
    path = f"/media/{keys.released}/160.jpg"
    etag = client.get(path, buffered=True).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert not again.data


def test_photos_can_do_nothing_in_a_browser(client: FlaskClient, keys: Keys) -> None:
    headers = client.get(f"/media/{keys.released}/400.jpg", buffered=True).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"] == "inline"


def test_the_public_sees_nothing_else(client: FlaskClient, keys: Keys) -> None:
    for key in (keys.withheld, keys.released_private, "0" * 32, "x", "original"):
        answer = client.get(f"/media/{key}/400.jpg", buffered=True)
        assert (answer.status_code, answer.data) == (404, b"not found\n")
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_only_three_sizes_exist(client: FlaskClient, keys: Keys) -> None:
    assert client.get(f"/media/{keys.released}/800.jpg", buffered=True).status_code == 404


def test_staff_in_scope_see_private_photos(login: Login, keys: Keys) -> None:
    for client in (login(Role.TRIAGE), login(Role.CLERK, department="sthj")):
        answer = client.get(f"/media/{keys.withheld}/400.jpg", buffered=True)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_foreign_department_does_not(login: Login, keys: Keys) -> None:
    for client in (login(Role.CLERK, department="cg"), login(Role.ADMIN)):
        assert client.get(f"/media/{keys.withheld}/400.jpg", buffered=True).status_code == 404


def test_the_reporter_sees_what_they_sent(app: Flask, keys: Keys) -> None:
    def opened(code: str) -> FlaskClient:
        client = app.test_client()
        with app.app_context(), transaction():
            token, _ = open_session(keys.number, code, address="test", at=now())
        client.set_cookie("track", token)
        return client

    path = f"/media/{keys.withheld}/160.jpg"
    assert opened(keys.query_code).get(path, buffered=True).status_code == 200
    with app.app_context():
        other = file_full()
        keys = replace(keys, number=other.report.number)
    assert opened(other.query_code).get(path).status_code == 404
