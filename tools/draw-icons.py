"""Draws static/img/app-*.png, the sign on a phone's home screen, from the strokes of mark.svg.

Run by hand when the sign changes: `.venv/bin/python tools/draw-icons.py`.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

SIDES = (192, 512)
FINER = 4  # drawn larger, then scaled down: Pillow's lines have no soft edges
GREEN, WHITE, SPROUT = "#06382a", "#ffffff", "#c8ea62"
# On the 32-grid of mark.svg; everything lies inside the safe circle of a maskable icon.
CORNERS = (
    ((7, 12.5), (7, 7), (12.5, 7)),
    ((19.5, 7), (25, 7), (25, 12.5)),
    ((25, 19.5), (25, 25), (19.5, 25)),
    ((12.5, 25), (7, 25), (7, 19.5)),
)
TICK = ((11.5, 16.3), (14.8, 19.7), (21, 12.7))
IMG = Path(__file__).resolve().parent.parent / "static" / "img"


def draw(side: int) -> Image.Image:
    """The sign, `side` pixels wide, on a full square: phones cut their own corners."""
    scale = side * FINER / 32
    picture = Image.new("RGB", (side * FINER, side * FINER), GREEN)
    pen = ImageDraw.Draw(picture)
    for points, width, colour in [*((c, 2.2, WHITE) for c in CORNERS), (TICK, 3.0, SPROUT)]:
        line = [(x * scale, y * scale) for x, y in points]
        pen.line(line, fill=colour, width=round(width * scale), joint="curve")
        for x, y in line:
            half = width * scale / 2
            pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)
    return picture.resize((side, side), Image.Resampling.LANCZOS).quantize(32)


if __name__ == "__main__":
    for side in SIDES:
        draw(side).save(IMG / f"app-{side}.png", optimize=True)
