"""Photos: what is taken, what is made of it. The one module others import for pictures.

Importing it loads no decoder. The web door calls `sniff`; the worker calls
`process_in_subprocess`; `inspect` and `make_renditions` decode in the calling process and are meant
for tests, tools and pictures the portal drew itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from portal.core.imaging.formats import HEAD_BYTES, ImageFormat, sniff
from portal.core.imaging.results import (
    Box,
    BrokenImageError,
    ImageWorkerError,
    Inspection,
    Position,
    Processed,
    Refusal,
)
from portal.core.imaging.sandbox import close_decoders, process_in_subprocess

SIZES = (1600, 400, 160)


def inspect(path: Path) -> Inspection:
    """Format, upright size, EXIF time and position, without decoding. Raises BrokenImageError."""
    from portal.core.imaging import pipeline  # noqa: PLC0415 - decoders stay out of web processes

    return pipeline.inspect(path)


def make_renditions(path: Path, boxes: Sequence[Box] = ()) -> dict[int, bytes]:
    """JPEGs by longest side (`SIZES`), rebuilt from pixels. Raises BrokenImageError."""
    from portal.core.imaging import pipeline  # noqa: PLC0415 - decoders stay out of web processes

    return pipeline.process(path, boxes).renditions


def share_picture(photos: Sequence[bytes]) -> bytes:
    """Before and after in one JPEG of 1200 × 630 px, from renditions the portal made itself."""
    from portal.core.imaging import share  # noqa: PLC0415 - decoders stay out of web processes

    return share.share_picture(photos)


def process_own(picture: bytes, boxes: Sequence[Box] = ()) -> Processed:
    """What `process_in_subprocess` returns, for a picture the portal drew itself.

    Decodes in the calling process: never for bytes that came from outside.
    """
    from portal.core.imaging import pipeline  # noqa: PLC0415 - decoders stay out of web processes

    with tempfile.NamedTemporaryFile() as file:
        file.write(picture)
        file.flush()
        return pipeline.process(Path(file.name), boxes)


__all__ = [
    "HEAD_BYTES",
    "SIZES",
    "Box",
    "BrokenImageError",
    "ImageFormat",
    "ImageWorkerError",
    "Inspection",
    "Position",
    "Processed",
    "Refusal",
    "close_decoders",
    "inspect",
    "make_renditions",
    "process_in_subprocess",
    "process_own",
    "share_picture",
    "sniff",
]
