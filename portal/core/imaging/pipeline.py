"""One photo from file to renditions. Runs in the decoding process; tests may call it directly."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import imagehash
from PIL import Image

from portal.core.imaging.decode import opened, shrink, upright
from portal.core.imaging.exif import (
    SHANGHAI,
    orientation_of,
    position_of,
    read_exif,
    taken_at_of,
)
from portal.core.imaging.formats import ImageFormat
from portal.core.imaging.redact import black_out
from portal.core.imaging.results import Box, Inspection, Processed


@dataclass(frozen=True)
class _Rendition:
    longest: int
    quality: int
    # quality.md: list thumbnails <= 8 kB, hero <= 40 kB; the large one on a phone's data plan.
    max_bytes: int
    optimize: bool


_RENDITIONS = (
    _Rendition(1600, quality=82, max_bytes=600_000, optimize=False),
    _Rendition(400, quality=78, max_bytes=40_000, optimize=True),
    _Rendition(160, quality=72, max_bytes=8_000, optimize=True),
)
SIZES = tuple(r.longest for r in _RENDITIONS)
_QUALITY_STEP, _QUALITY_FLOOR = 8, 24


def inspect(path: Path, zone: ZoneInfo = SHANGHAI) -> Inspection:
    """Facts from the header, no pixel decoded. Raises BrokenImageError."""
    with opened(path) as (kind, image):
        return _facts(kind, image, zone)


def process(path: Path, boxes: Sequence[Box] = (), zone: ZoneInfo = SHANGHAI) -> Processed:
    """Facts, renditions and perceptual hash from one decoding. Raises BrokenImageError.

    The hash is that of the picture without boxes, so that it still finds duplicates.
    """
    with opened(path) as (kind, image):
        facts = _facts(kind, image, zone)
        picture = upright(image, facts.orientation, SIZES[0])
    levels = _levels(picture)
    hashed = str(imagehash.phash(levels[1]))
    if boxes:
        black_out(picture, boxes)
        levels = _levels(picture)
    renditions = {
        r.longest: _encode(level, r) for level, r in zip(levels, _RENDITIONS, strict=True)
    }
    return Processed(facts, renditions, hashed)


def _levels(picture: Image.Image) -> list[Image.Image]:
    """The picture in every size, each made from the one before."""
    levels = [picture]
    for rendition in _RENDITIONS[1:]:
        levels.append(shrink(levels[-1], rendition.longest))
    return levels


def _facts(kind: ImageFormat, image: Image.Image, zone: ZoneInfo) -> Inspection:
    exif = read_exif(image)
    orientation = orientation_of(exif)
    width, height = image.size
    if orientation >= 5:  # lying on its side
        width, height = height, width
    return Inspection(
        format=kind,
        width=width,
        height=height,
        orientation=orientation,
        taken_at=taken_at_of(exif, zone),
        position=position_of(exif),
    )


def _encode(picture: Image.Image, rendition: _Rendition) -> bytes:
    """A JPEG within the rendition's budget: foliage and gravel give up quality for it."""
    quality, data = rendition.quality, b""
    while quality >= _QUALITY_FLOOR:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality, optimize=rendition.optimize)
        data = buffer.getvalue()
        if len(data) <= rendition.max_bytes:
            break
        quality -= _QUALITY_STEP
    return data
