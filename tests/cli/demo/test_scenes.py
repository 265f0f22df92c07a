"""The drawn photographs: complete, repeatable, honest EXIF, and after differs from before."""

import io
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageOps

from portal.cli.demo.scenes import SCENES, Scene, render, scenes_for

TAKEN = datetime(2026, 5, 1, 3, 4, 5, tzinfo=UTC)


def shoot(scene: Scene, *, after: bool = False, seed: int = 1, shot: int = 0) -> bytes:
    return render(
        scene, after=after, seed=seed, taken_at=TAKEN, lat=30.412345, lng=112.4, shot=shot
    )


def pixels(photo: bytes, size: tuple[int, int] = (160, 120)) -> np.ndarray:
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(photo)))
    return np.asarray(upright.resize(size), dtype=np.float32)


def test_every_level_1_category_has_three_scenes() -> None:
    assert set(SCENES) == {
        "air", "water", "noise", "waste", "soil", "radiation", "ecology", "other",
    }  # fmt: skip
    assert all(len(scenes) >= 3 for scenes in SCENES.values())


def test_a_level_2_code_finds_its_scenes_and_level_1_finds_all() -> None:
    assert {s.name for s in scenes_for("water.livestock")} == {"pig_farm"}
    assert scenes_for("water") == SCENES["water"]


@pytest.mark.parametrize("category", list(SCENES))
def test_before_and_after_differ_at_160_pixels(category: str) -> None:
    scene = SCENES[category][0]
    difference = np.abs(pixels(shoot(scene)) - pixels(shoot(scene, after=True))).mean()
    assert difference > 12


def test_a_photo_is_repeatable_and_varies_by_seed() -> None:
    scene = SCENES["waste"][0]
    assert shoot(scene) == shoot(scene)
    assert np.abs(pixels(shoot(scene)) - pixels(shoot(scene, seed=2))).mean() > 5


def test_exif_holds_time_position_and_every_kind_of_orientation() -> None:
    scene = SCENES["water"][0]
    seen = set()
    exif = Image.Exif()
    for seed in range(60):
        photo = shoot(scene, seed=seed, shot=1)
        image = Image.open(io.BytesIO(photo))
        exif = image.getexif()
        turn = exif[ExifTags.Base.Orientation]
        seen.add(turn)
        assert image.size == ((768, 1024) if turn in {6, 8} else (1024, 768))
        assert len(photo) < 200_000
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    assert detail[ExifTags.Base.DateTimeOriginal] == "2026:05:01 11:04:05"
    assert detail[ExifTags.Base.OffsetTimeOriginal] == "+08:00"
    degrees, minutes, seconds = exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude]
    assert float(degrees + minutes / 60 + seconds / 3600) == pytest.approx(30.412345, abs=1e-6)
    assert seen == {1, 3, 6, 8}


def test_turned_photos_show_upright() -> None:
    """The bright sky is above, however the phone was held."""
    scene = next(s for s in SCENES["ecology"] if s.name == "cut_slope")
    for seed in range(20):
        picture = pixels(shoot(scene, after=True, seed=seed))
        assert picture[:20].mean() > picture[-20:].mean()
