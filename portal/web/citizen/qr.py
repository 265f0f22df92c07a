"""QR codes as one SVG path: no image file, no style attribute."""

from __future__ import annotations

from dataclasses import dataclass

import segno


@dataclass(frozen=True)
class QrCode:
    """A square of `size` modules, quiet zone included, and the path of its dark ones."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """The code for `text`; error correction M survives a crease in the paper."""
    code = segno.make(text, error="m", micro=False)
    border, runs = 2, []
    for y, row in enumerate(code.matrix_iter(border=border)):
        x, cells = 0, list(row)
        while x < len(cells):
            length = 1
            while x + length < len(cells) and bool(cells[x + length]) == bool(cells[x]):
                length += 1
            if cells[x]:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return QrCode(int(code.symbol_size(border=border)[0]), "".join(runs))
