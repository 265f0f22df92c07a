"""The picture a shared link shows: before and after side by side, with the portal's mark.

Without words: a machine that serves pages need not have a Chinese font, and the title stands beside
the picture anyway.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageOps

WIDTH, HEIGHT = 1200, 630  # px: what messengers and networks ask for
_SEAM = 4
_PINE, _WHITE, _SPROUT, _GROUND = (6, 56, 42), (255, 255, 255), (200, 234, 98), (236, 240, 237)
_MARK, _EDGE = 112, 28
# The mark of look.md on its 32-unit grid: the corners of the viewfinder, and the tick.
_CORNERS = (
    ((7, 13), (7, 7), (13, 7)),
    ((19, 7), (25, 7), (25, 13)),
    ((25, 19), (25, 25), (19, 25)),
    ((13, 25), (7, 25), (7, 19)),
)
_TICK = ((11.5, 16.3), (14.8, 19.7), (21, 12.7))


def share_picture(photos: Sequence[bytes]) -> bytes:
    """A JPEG of 1200 × 630 px from one or two pictures of our own, the earlier one left."""
    canvas = Image.new("RGB", (WIDTH, HEIGHT), _WHITE if photos else _GROUND)
    wide = WIDTH if len(photos) < 2 else (WIDTH - _SEAM) // 2
    for place, photo in enumerate(photos[:2]):
        canvas.paste(_filled(photo, wide), (place * (wide + _SEAM), 0))
    _stamp(canvas)
    kept = io.BytesIO()
    canvas.save(kept, "JPEG", quality=82, optimize=True)
    return kept.getvalue()


def _filled(photo: bytes, wide: int) -> Image.Image:
    """The middle of the picture, as large as its half; draft decoding reads no more than needed."""
    picture = Image.open(io.BytesIO(photo), formats=("JPEG",))
    picture.draft("RGB", (max(wide, HEIGHT), max(wide, HEIGHT)))
    return ImageOps.fit(picture.convert("RGB"), (wide, HEIGHT))


def _stamp(canvas: Image.Image) -> None:
    """The mark in the lower left corner, drawn large and made small for smooth edges."""
    k = 4 * _MARK / 32
    mark = Image.new("RGBA", (4 * _MARK, 4 * _MARK))
    pen = ImageDraw.Draw(mark)
    pen.rounded_rectangle((0, 0, 4 * _MARK - 1, 4 * _MARK - 1), radius=8 * k, fill=_PINE)
    for line in _CORNERS:
        _line(pen, line, k, 2.2, _WHITE)
    _line(pen, _TICK, k, 3, _SPROUT)
    mark = mark.resize((_MARK, _MARK), Image.Resampling.LANCZOS)
    canvas.paste(mark, (_EDGE, HEIGHT - _EDGE - _MARK), mark)


def _line(
    pen: ImageDraw.ImageDraw,
    points: Sequence[tuple[float, float]],
    k: float,
    width: float,
    colour: tuple[int, int, int],
) -> None:
    """A line with round ends and corners."""
    pen.line(
        [(x * k, y * k) for x, y in points], fill=colour, width=round(width * k), joint="curve"
    )
    r = width * k / 2
    for x, y in points:
        pen.ellipse((x * k - r, y * k - r, x * k + r, y * k + r), fill=colour)
