from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw

from portal.core.images import SIZES, Box, make_renditions
from portal.core.imaging import pipeline
from portal.core.imaging.redact import black_out
from tests.core.imaging.pictures import STORED, corners, exif


def plate(text: str) -> Image.Image:
    picture = Image.new("RGB", (800, 600), (120, 130, 120))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((300, 400, 500, 460), fill=(30, 60, 160))
    draw.text((310, 405), text, fill="white", font_size=44)
    return picture


def test_a_box_is_black_whatever_was_under_it() -> None:
    for colour in ("white", "yellow", "blue"):
        picture = Image.new("RGB", (400, 300), colour)
        black_out(picture, [Box(0.25, 0.25, 0.5, 0.5)])
        assert max(picture.crop((100, 75, 300, 225)).tobytes()) < 32
        assert picture.getpixel((10, 10)) == Image.new("RGB", (1, 1), colour).getpixel((0, 0))


def test_two_plates_end_as_the_very_same_pixels() -> None:
    """Nothing of the text survives: a true mosaic would differ and could be searched."""
    pictures = [plate("A12345"), plate("A12346"), plate("K98701")]
    for picture in pictures:
        black_out(picture, [Box(0.36, 0.65, 0.28, 0.13)])
    assert len({picture.tobytes() for picture in pictures}) == 1


@pytest.mark.parametrize("orientation", [1, 6, 8, 3])
def test_boxes_lie_on_the_upright_picture_in_every_size(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "x.jpg"
    turn = STORED[orientation]
    scene = corners(1200, 900)
    stored = scene if turn is None else scene.transpose(turn)
    stored.save(path, exif=exif(orientation=orientation), quality=95)
    box = Box(0.05, 0.05, 0.3, 0.3)  # all of it in the red quarter
    plain, covered = make_renditions(path), make_renditions(path, [box])
    for longest in SIZES:
        with (
            Image.open(io.BytesIO(plain[longest])) as before,
            Image.open(io.BytesIO(covered[longest])) as after,
        ):
            w, h = before.size
            assert distinct(after.crop((int(w * 0.06), int(h * 0.06), w // 3, h // 3))) > 3
            outside = (int(w * 0.4), int(h * 0.4), w, h)
            # JPEG shares a block of pixels or two between the box and its surroundings.
            apart = ImageChops.difference(before.crop(outside), after.crop(outside))
            assert max(apart.tobytes()) <= 2


def distinct(region: Image.Image) -> int:
    """Number of clearly different shades: a plain colour has one, the blocks have several."""
    return len({value // 4 for value in region.convert("L").tobytes()})


def test_boxes_are_rounded_outwards_and_cut_at_the_edge() -> None:
    assert Box(0.101, 0.101, 0.1, 0.1).pixels(100, 100) == (10, 10, 21, 21)
    assert Box(0.9, 0.9, 0.5, 0.5).pixels(100, 100) == (90, 90, 100, 100)
    assert Box(0, 0, 1, 1).pixels(7, 3) == (0, 0, 7, 3)
    assert Box(1, 1, 0, 0).pixels(10, 10) == (9, 9, 10, 10)


@pytest.mark.parametrize("bad", [-0.1, 1.1, math.nan, math.inf])
@pytest.mark.parametrize("field", ["x", "y", "width", "height"])
def test_a_box_outside_the_picture_is_refused(bad: float, field: str) -> None:
    values: dict[str, Any] = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1, field: bad}
    with pytest.raises(ValueError, match="fractions"):
        Box(**values)


def test_the_hash_does_not_see_the_boxes(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    plate("A12345").save(path)
    whole = Box(0, 0, 1, 1)
    assert pipeline.process(path, [whole]).phash == pipeline.process(path).phash
