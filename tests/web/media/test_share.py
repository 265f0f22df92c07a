"""The picture of a shared link: of published cases only, made of released photos only."""

from __future__ import annotations

import io

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from portal.core.images import share_picture
from portal.domain.reports.models import PhotoStatus
from portal.domain.reports.photos import photo_by_public_key
from portal.domain.reports.states import State
from tests.factories import at_state, drain, jpeg, writing
from tests.web.media.conftest import Keys


def test_a_published_case_has_one_that_fits(client: FlaskClient, keys: Keys) -> None:
    answer = client.get(f"/media/share/{keys.number}.jpg")
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    again = client.get(
        f"/media/share/{keys.number}.jpg", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    page = client.get(f"/open/reports/{keys.number}").get_data(as_text=True)
    assert f"/media/share/{keys.number}.jpg" in page


def test_what_is_not_published_has_none(app: Flask, client: FlaskClient, keys: Keys) -> None:
    with app.app_context():
        listed = at_state(State.HANDLING).number
        drain()
    for number in (listed, "SP000000000000X", "x"):
        assert client.get(f"/media/share/{number}.jpg").status_code == 404


def test_a_photo_taken_back_is_not_in_it(app: Flask, client: FlaskClient, keys: Keys) -> None:
    with app.app_context(), writing():
        taken = photo_by_public_key(keys.released)
        assert taken is not None
        taken.status = PhotoStatus.WITHHELD
    assert client.get(f"/media/share/{keys.number}.jpg").status_code == 404


_PLACES = ((100, 100), (600, 100), (1100, 100), (84, 500))


def _colour(picture: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    colour = picture.getpixel(place)
    assert isinstance(colour, tuple)
    return colour


def test_two_stand_side_by_side() -> None:
    """Earlier left, later right, a white seam between them, the mark in the corner."""
    halves = []
    for colour in ((200, 0, 0), (0, 0, 200)):
        kept = io.BytesIO()
        Image.new("RGB", (1600, 1200), colour).save(kept, "JPEG")
        halves.append(kept.getvalue())
    made = Image.open(io.BytesIO(share_picture(halves)))
    left, seam, right, mark = (_colour(made, place) for place in _PLACES)
    assert left[0] > 150 > left[2]
    assert min(seam) > 200
    assert right[2] > 150 > right[0]
    assert max(mark) < 120
    assert share_picture([jpeg()])
