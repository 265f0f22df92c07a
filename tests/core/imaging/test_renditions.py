from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from portal.core.images import SIZES, inspect, make_renditions
from portal.core.imaging import pipeline
from tests.core.imaging.pictures import (
    BLUE,
    GPS_HERE,
    RED,
    STORED,
    corners,
    exif,
    is_near,
    is_upright,
    jpeg_bytes,
    noise,
)

PLANTED = b"PLANTED-SECRET"


def sizes_of(renditions: dict[int, bytes]) -> dict[int, tuple[int, int]]:
    return {longest: Image.open(io.BytesIO(data)).size for longest, data in renditions.items()}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_every_orientation_ends_upright(tmp_path: Path, orientation: int, suffix: str) -> None:
    turn = STORED[orientation]
    upright = corners(640, 480)
    stored = upright if turn is None else upright.transpose(turn)
    path = tmp_path / f"x.{suffix}"
    stored.save(path, exif=exif(orientation=orientation))
    facts = inspect(path)
    assert (facts.width, facts.height, facts.orientation) == (640, 480, orientation)
    renditions = make_renditions(path)
    assert sizes_of(renditions) == {1600: (640, 480), 400: (400, 300), 160: (160, 120)}
    assert all(is_upright(data) for data in renditions.values())


@pytest.mark.parametrize("nonsense", [0, 9, 65535])
def test_a_nonsense_orientation_changes_nothing(tmp_path: Path, nonsense: int) -> None:
    path = tmp_path / "x.jpg"
    corners().save(path, exif=exif(orientation=nonsense))
    assert is_upright(make_renditions(path)[1600])


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4000, 3000), {1600: (1600, 1200), 400: (400, 300), 160: (160, 120)}),
        ((3000, 4000), {1600: (1200, 1600), 400: (300, 400), 160: (120, 160)}),
        ((100, 80), {1600: (100, 80), 400: (100, 80), 160: (100, 80)}),
        ((1, 1), {1600: (1, 1), 400: (1, 1), 160: (1, 1)}),
        ((9000, 3), {1600: (1600, 1), 400: (400, 1), 160: (160, 1)}),
    ],
)
def test_sizes_by_longest_side_and_never_enlarged(
    tmp_path: Path, size: tuple[int, int], expected: dict[int, tuple[int, int]]
) -> None:
    path = tmp_path / "x.jpg"
    Image.new("RGB", size, RED).save(path)
    assert sizes_of(make_renditions(path)) == expected


def test_the_worst_picture_keeps_to_the_budgets(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    noise(1700, 1700).save(path, quality=95)
    renditions = make_renditions(path)
    assert len(renditions[160]) <= 8_000
    assert len(renditions[400]) <= 40_000
    assert len(renditions[1600]) <= 1_500_000


def plant_everywhere(path: Path, suffix: str) -> None:
    """Comment, EXIF text, GPS, thumbnail, XMP, profile, bytes behind the picture."""
    what = exif(orientation=6, taken={0x9286: PLANTED, 0x9003: "2026:11:22 14:05:09"}, gps=GPS_HERE)
    what[0x010E] = PLANTED.decode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, Any] = {"exif": what, "icc_profile": profile}
    if suffix == "jpg":
        options |= {"comment": PLANTED, "xmp": b"<x:xmpmeta>" + PLANTED, "dpi": (301, 301)}
    elif suffix == "webp":
        options |= {"xmp": b"<x:xmpmeta>" + PLANTED}
    else:
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", PLANTED.decode())
        options |= {"pnginfo": text}
    corners().save(path, **options)
    data = path.read_bytes()
    if suffix == "jpg":  # a thumbnail, as an application segment of its own
        thumbnail = b"JFXX\0\x10" + jpeg_bytes(Image.new("RGB", (80, 60), BLUE), comment=PLANTED)
        data = (
            data[:2] + b"\xff\xe0" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail + data[2:]
        )
    path.write_bytes(data + PLANTED)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_nothing_but_pixels_comes_out(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x.{suffix}"
    plant_everywhere(path, suffix)
    assert PLANTED in path.read_bytes()
    for data in make_renditions(path).values():
        assert PLANTED not in data
        assert data.count(b"\xff\xd8\xff") == 1, "a thumbnail"
        for marker in (b"Exif", b"ICC_PROFILE", b"xmp", b"adobe", b"JFXX", b"\xff\xfe"):
            assert marker not in data[:1200], marker
        assert data.endswith(b"\xff\xd9")
        with Image.open(io.BytesIO(data)) as picture:
            assert (picture.format, picture.mode) == ("JPEG", "RGB")
            assert dict(picture.getexif()) == {}
            assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_of_png_becomes_a_photo(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "x.png"
    picture = corners(800, 600).convert("L") if mode == "I;16" else corners(800, 600)
    picture.convert(mode).save(path)
    with Image.open(io.BytesIO(make_renditions(path)[400])) as made:
        assert (made.mode, made.size) == ("RGB", (400, 300))
        if mode in {"P", "RGBA"}:
            assert is_near(made.getpixel((20, 20)), RED)


def test_deep_grey_keeps_its_brightness(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    Image.new("I;16", (64, 64), 32768).save(path)
    with Image.open(io.BytesIO(make_renditions(path)[160])) as made:
        assert is_near(made.getpixel((30, 30)), (127, 127, 127), by=3)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "x.png"
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    clear.paste((10, 10, 10, 255), (0, 0, 32, 64))
    if mode == "P":
        clear.quantize(8).save(path)
    else:
        clear.convert(mode).save(path)
    with Image.open(io.BytesIO(make_renditions(path)[160])) as made:
        assert is_near(made.getpixel((56, 30)), (255, 255, 255))
        assert is_near(made.getpixel((8, 30)), (10, 10, 10))


def test_cmyk_and_a_profile_that_does_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    corners(800, 600).convert("CMYK").save(path, icc_profile=profile)
    with Image.open(io.BytesIO(make_renditions(path)[400])) as made:
        assert made.mode == "RGB"
    corners(800, 600).save(path, icc_profile=b"not a profile")
    assert is_upright(make_renditions(path)[400])


def test_a_phones_two_picture_file_is_a_jpeg(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    corners().save(path, format="MPO", save_all=True, append_images=[Image.new("RGB", (9, 9))])
    assert inspect(path).format == "jpeg"
    assert is_upright(make_renditions(path)[1600])


def test_an_animation_shows_its_first_picture(tmp_path: Path) -> None:
    path = tmp_path / "x.webp"
    corners().save(path, save_all=True, append_images=[Image.new("RGB", (320, 240))], duration=50)
    assert is_upright(make_renditions(path)[1600])


def test_the_hash_knows_the_same_scene_again(tmp_path: Path) -> None:
    large, small, other = tmp_path / "a.jpg", tmp_path / "b.png", tmp_path / "c.jpg"
    scene = noise(40, 30).resize((2000, 1500))
    scene.save(large, quality=90)
    scene.transpose(Image.Transpose.ROTATE_90).resize((450, 600)).save(
        small, exif=exif(orientation=6)
    )
    noise(40, 30).resize((800, 600)).save(other)
    one, same, different = (int(pipeline.process(p).phash, 16) for p in (large, small, other))
    assert (one ^ same).bit_count() <= 4
    assert (one ^ different).bit_count() >= 16
    assert SIZES == pipeline.SIZES
