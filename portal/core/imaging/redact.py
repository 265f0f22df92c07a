"""Blacking out on pixels, so that nothing of what stood there can be recovered."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from portal.core.imaging.results import Box

# look.md wants blocks of 12 px as seen in the 400-px rendition.
_BLOCK_PX, _SEEN_AT = 12, 400
# Near black, in blocks: nothing of the picture goes in, not even its average colour.
_SHADES = (4, 16, 28, 10, 22)


def black_out(image: Image.Image, boxes: Sequence[Box]) -> None:
    """Paint each box with near-black blocks, in place.

    It looks a little like a mosaic and is none: the averages of a true mosaic still tell letters
    and plate numbers apart when somebody renders the candidates. The blocks follow a fixed pattern.
    """
    draw = ImageDraw.Draw(image)
    block = max(2, round(_BLOCK_PX * max(image.size) / _SEEN_AT))
    for box in boxes:
        left, top, right, bottom = box.pixels(*image.size)
        for row, y in enumerate(range(top, bottom, block)):
            for column, x in enumerate(range(left, right, block)):
                shade = _SHADES[(row * 2 + column) % len(_SHADES)]
                corner = (min(x + block, right) - 1, min(y + block, bottom) - 1)
                draw.rectangle(((x, y), corner), fill=(shade, shade, shade))
