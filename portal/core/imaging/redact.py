"""Blacking out on pixels, so that nothing of what stood there can be recovered."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageStat

from portal.core.imaging.results import Box

# look.md wants blocks of 12 px as seen in the 400-px rendition.
_BLOCK_PX, _SEEN_AT = 12, 400
_LEVEL = 32
_SHADES = (-14, 0, 9, -7, 14)


def black_out(image: Image.Image, boxes: Sequence[Box]) -> None:
    """Paint each box with blocks, in place.

    It looks like a mosaic and is none: the averages of a true mosaic still tell letters and plate
    numbers apart when somebody renders the candidates. Here only one coarse average colour per box
    comes from the picture; the shades of the blocks follow a fixed pattern.
    """
    draw = ImageDraw.Draw(image)
    block = max(2, round(_BLOCK_PX * max(image.size) / _SEEN_AT))
    for box in boxes:
        left, top, right, bottom = box.pixels(*image.size)
        base = _coarse_average(image.crop((left, top, right, bottom)))
        for row, y in enumerate(range(top, bottom, block)):
            for column, x in enumerate(range(left, right, block)):
                shade = _SHADES[(row * 2 + column) % len(_SHADES)]
                corner = (min(x + block, right) - 1, min(y + block, bottom) - 1)
                draw.rectangle(((x, y), corner), fill=_shaded(base, shade))


def _coarse_average(region: Image.Image) -> tuple[int, ...]:
    """The mean colour in eight levels a channel: enough to fit in, too little to tell anything."""
    return tuple(int(mean) // _LEVEL * _LEVEL + _LEVEL // 2 for mean in ImageStat.Stat(region).mean)


def _shaded(colour: tuple[int, ...], shade: int) -> tuple[int, ...]:
    return tuple(max(0, min(255, channel + shade)) for channel in colour)
