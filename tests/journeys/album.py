"""Photos for journeys: our own, told apart by their colour, and real ones when they are there."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image

from tests.core.imaging.pictures import (
    GPS_HERE,
    SHARED,
    STORED,
    exif,
    is_near,
    jpeg_bytes,
)

Colour = tuple[int, int, int]
MUD, GRASS, SKY, RUST = (150, 110, 60), (70, 150, 70), (90, 130, 190), (170, 70, 50)
NEAR_BLACK = 48
_SIZE = (1200, 900)
_TAKEN = {0x9003: "2026:03:09 08:15:00"}
_GRAIN = 24


@cache
def phone_jpeg(colour: Colour, orientation: int = 6) -> bytes:
    """A phone's picture in one colour: grain, a turned sensor, the hour and the place in EXIF."""
    upright = Image.new("RGB", _SIZE, colour)
    grain = Image.merge("RGB", [Image.effect_noise(_SIZE, _GRAIN)] * 3)
    upright = Image.blend(upright, grain, 0.15)
    turn = STORED[orientation]
    stored = upright if turn is None else upright.transpose(turn)
    about = exif(orientation=orientation, taken=_TAKEN, gps=GPS_HERE)
    return jpeg_bytes(stored, quality=85, exif=about)


@cache
def real_heic() -> bytes | None:
    """A picture of a real phone's, where the machine has one; nothing here can make a HEIC."""
    found = sorted(SHARED.glob("*.HEIC"))
    return min((path.read_bytes() for path in found), key=len) if found else None


@cache
def real_jpeg() -> bytes | None:
    """A picture of a real camera's, where the machine has one."""
    path = SHARED / "DSCN0010.jpg"
    return path.read_bytes() if path.exists() else None


def webp(colour: Colour) -> bytes:
    """A WebP in one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", _SIZE, colour).save(buffer, "WEBP")
    return buffer.getvalue()


class Seen:
    """A served picture: its pixels by fractions of width and height."""

    def __init__(self, body: bytes) -> None:
        with Image.open(io.BytesIO(body)) as picture:
            self.exif = dict(picture.getexif())
            self.picture = picture.convert("RGB")

    def at(self, x: float, y: float) -> Colour:
        """The colour at these fractions."""
        width, height = self.picture.size
        pixel = self.picture.getpixel((int(x * (width - 1)), int(y * (height - 1))))
        assert isinstance(pixel, tuple)
        return pixel[0], pixel[1], pixel[2]

    def is_of(self, colour: Colour) -> bool:
        """Whether its corners have the colour of `phone_jpeg(colour)`."""
        corners = [self.at(x, y) for x in (0.02, 0.98) for y in (0.02, 0.98)]
        mean = [sum(channel) / len(corners) for channel in zip(*corners, strict=True)]
        # The grain pulls everything a little towards grey.
        wanted = [0.85 * c + 0.15 * 128 for c in colour]
        return is_near(mean, (int(wanted[0]), int(wanted[1]), int(wanted[2])), by=25)

    def is_black(self, left: float, top: float, width: float, height: float) -> bool:
        """Whether a whole rectangle is painted near black, but for a hair at its edges."""
        steps = [0.03 + 0.94 * n / 20 for n in range(21)]
        spots = [self.at(left + width * x, top + height * y) for x in steps for y in steps]
        return all(max(spot) < NEAR_BLACK for spot in spots)
