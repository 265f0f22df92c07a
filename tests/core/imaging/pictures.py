"""Pictures with something to find in them, made by the tests themselves."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, ImageDraw

RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 170, 30), (30, 30, 220), (220, 210, 30)
SHARED = Path(__file__).resolve().parents[4] / "shared" / "photos"

# What upright becomes when a camera stores it with this orientation.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def corners(width: int = 320, height: int = 240) -> Image.Image:
    """Red top left, green top right, blue bottom left, yellow bottom right."""
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    half_w, half_h = width // 2, height // 2
    for x, y, colour in (
        (0, 0, RED),
        (half_w, 0, GREEN),
        (0, half_h, BLUE),
        (half_w, half_h, YELLOW),
    ):
        draw.rectangle((x, y, x + half_w, y + half_h), fill=colour)
    return picture


def noise(width: int, height: int) -> Image.Image:
    """The worst there is for a JPEG's size."""
    channels = [Image.effect_noise((width, height), 120) for _ in range(3)]
    return Image.merge("RGB", channels)


def is_near(pixel: Any, colour: tuple[int, int, int], by: int = 30) -> bool:
    return all(abs(a - b) <= by for a, b in zip(pixel, colour, strict=True))


def corner_pixels(picture: Image.Image) -> list[Any]:
    w, h = picture.size
    spots = ((w // 8, h // 8), (w * 7 // 8, h // 8), (w // 8, h * 7 // 8), (w * 7 // 8, h * 7 // 8))
    return [picture.getpixel(spot) for spot in spots]


def is_upright(data: bytes) -> bool:
    with Image.open(io.BytesIO(data)) as picture:
        found = corner_pixels(picture.convert("RGB"))
    wanted = (RED, GREEN, BLUE, YELLOW)
    return all(is_near(f, w) for f, w in zip(found, wanted, strict=True))


def exif(
    *, orientation: int | None = None, taken: dict[int, Any] | None = None, gps: Any = None
) -> Image.Exif:
    data = Image.Exif()
    if orientation is not None:
        data[ExifTags.Base.Orientation] = orientation
    if taken:
        data.get_ifd(ExifTags.IFD.Exif).update(taken)
    if gps:
        data.get_ifd(ExifTags.IFD.GPSInfo).update(gps)
    return data


GPS_HERE = {
    1: "N",
    2: (30.0, 24.0, 0.0),
    3: "E",
    4: (112.0, 24.0, 36.0),
}


def png_claiming(width: int, height: int) -> bytes:
    """57 bytes that say they are a very large picture."""
    header = struct.pack(">LLBBBBB", width, height, 8, 6, 0, 0, 0)
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">L", len(header))
        + chunk
        + struct.pack(">L", zlib.crc32(chunk))
        + b"\0\0\0\0IDAT5\xaf\x06\x1e\0\0\0\0IEND\xaeB`\x82"
    )


def jpeg_bytes(picture: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", **options)
    return buffer.getvalue()
