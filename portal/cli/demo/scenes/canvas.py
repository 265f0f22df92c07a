"""The drawing surface of the demo city's photographs: noise, soft masks and a canvas.

Everything is drawn in units of 1200 x 900 and rastered at ``SCALE``, so that a scene reads the
same at any resolution. Nothing here is photographed: only noise, gradients and polygons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

Field = npt.NDArray[np.floating[Any]]
Point = tuple[float, float]
Colour = str | Field

UNITS_W, UNITS_H = 1200, 900
SCALE = 0.8
W, H = int(UNITS_W * SCALE), int(UNITS_H * SCALE)
SUPERSAMPLE = 2

_rows, _columns = np.mgrid[0:H, 0:W].astype(np.float32) / SCALE
YY: Field = _rows
XX: Field = _columns


def rgb(code: str) -> Field:
    """Return ``#rrggbb`` as three floats 0..1."""
    parts: Field = np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32)
    return parts / np.float32(255)


def as_rgb(colour: Colour) -> Field:
    """Return a colour given either way as floats."""
    return rgb(colour) if isinstance(colour, str) else colour


def mix(a: Colour, b: Colour, t: Field | float) -> Field:
    """Blend two colours; a 2-D ``t`` gives a field of colours."""
    weight = np.clip(np.asarray(t, dtype=np.float32), 0, 1)
    if weight.ndim == 2:
        weight = weight[..., None]
    first = as_rgb(a)
    blend: Field = first + (as_rgb(b) - first) * weight
    return blend


def gradient(top: Colour, bottom: Colour, y0: float = 0, y1: float = UNITS_H) -> Field:
    """Return a vertical blend from ``top`` at ``y0`` to ``bottom`` at ``y1`` (units)."""
    return mix(top, bottom, (YY - y0) / (y1 - y0))


def stretch(field: Field, low: float, gain: float) -> Field:
    """Cut a noise field at ``low`` and amplify the rest into 0..1."""
    cut: Field = np.clip((field - low) * gain, 0, 1)
    return cut


def noise(seed: int, sx: float, sy: float, octaves: int = 5) -> Field:
    """Return fractal noise 0..1; ``sx``, ``sy`` is the size of the largest lump in units."""
    return np.asarray(
        _half_noise(seed, sx, sy, octaves).resize((W, H), Image.Resampling.BILINEAR),
        dtype=np.float32,
    )


@lru_cache(maxsize=96)
def _half_noise(seed: int, sx: float, sy: float, octaves: int) -> Image.Image:
    """Noise at half size: before and after share it, and the grain of a lens hides the rest."""
    width, height = W // 2, H // 2
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    amplitude, weight = 1.0, 0.0
    for octave in range(octaves):
        columns = max(2, int(UNITS_W / sx * 2**octave) + 2)
        rows = max(2, int(UNITS_H / sy * 2**octave) + 2)
        if columns > width * 1.5 or rows > height * 1.5:
            break
        lumps = Image.fromarray(rng.random((rows, columns), dtype=np.float32))
        total += np.asarray(lumps.resize((width, height), Image.Resampling.BICUBIC)) * amplitude
        weight += amplitude
        amplitude *= 0.5
    total /= max(weight, 1e-6)
    return Image.fromarray(np.clip((total - 0.5) * 1.6 + 0.5, 0, 1).astype(np.float32))


def steps(start: float, stop: float, step: float) -> list[float]:
    """Return evenly spaced numbers from ``start`` to before ``stop``."""
    return [float(value) for value in np.arange(start, stop, step)]


def ridge(seed: int, size: float, octaves: int = 5) -> Field:
    """Return one row of noise, one value per column: the outline of a wood or of a heap."""
    rng = np.random.default_rng(seed)
    total, amplitude, weight = np.zeros(W, np.float32), 1.0, 0.0
    for octave in range(octaves):
        count = max(2, int(UNITS_W / size * 2**octave) + 2)
        lumps = Image.fromarray(rng.random((1, count), dtype=np.float32))
        total += np.asarray(lumps.resize((W, 1), Image.Resampling.BICUBIC))[0] * amplitude
        weight += amplitude
        amplitude *= 0.5
    row: Field = np.clip((total / weight - 0.5) * 1.6 + 0.5, 0, 1)
    return row


@dataclass(frozen=True, slots=True)
class Mask:
    """A soft shape: coverage 0..1 in a box whose corner stands at (x, y) pixels."""

    x: int
    y: int
    cover: Field


def _shape(box: tuple[float, float, float, float], blur: float, draw: _Draw) -> Mask:
    """Raster a shape inside its own box only; that keeps a heap of 300 bags cheap."""
    soft = blur * SCALE
    pad = int(soft * 3) + 2
    x0 = max(0, min(W - 1, int(box[0] * SCALE) - pad))
    y0 = max(0, min(H - 1, int(box[1] * SCALE) - pad))
    x1 = max(x0 + 1, min(W, int(box[2] * SCALE) + pad + 1))
    y1 = max(y0 + 1, min(H, int(box[3] * SCALE) + pad + 1))
    k = SUPERSAMPLE if soft < 3 else 1
    plate = Image.new("L", ((x1 - x0) * k, (y1 - y0) * k), 0)
    factor = SCALE * k
    draw(ImageDraw.Draw(plate), factor, x0 * k, y0 * k)
    if k > 1:
        plate = plate.reduce(k)
    if soft > 0.7:
        plate = plate.filter(ImageFilter.GaussianBlur(soft))
    return Mask(x0, y0, np.asarray(plate, dtype=np.float32) / 255)


_Draw = Callable[[ImageDraw.ImageDraw, float, int, int], None]


def _bounds(points: Sequence[Point], grow: float = 0) -> tuple[float, float, float, float]:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs) - grow, min(ys) - grow, max(xs) + grow, max(ys) + grow


def poly(*points: Point, blur: float = 0.6) -> Mask:
    """Return a filled polygon."""

    def draw(pen: ImageDraw.ImageDraw, k: float, dx: int, dy: int) -> None:
        pen.polygon([(x * k - dx, y * k - dy) for x, y in points], fill=255)

    return _shape(_bounds(points), blur, draw)


def rect(x0: float, y0: float, x1: float, y1: float, blur: float = 0.6) -> Mask:
    """Return a filled rectangle."""
    return poly((x0, y0), (x1, y0), (x1, y1), (x0, y1), blur=blur)


def disc(x: float, y: float, r: float, blur: float = 0.6, ry: float | None = None) -> Mask:
    """Return a filled ellipse around (x, y)."""
    tall = r if ry is None else ry

    def draw(pen: ImageDraw.ImageDraw, k: float, dx: int, dy: int) -> None:
        box = ((x - r) * k - dx, (y - tall) * k - dy, (x + r) * k - dx, (y + tall) * k - dy)
        pen.ellipse(box, fill=255)

    return _shape((x - r, y - tall, x + r, y + tall), blur, draw)


def line(points: Sequence[Point], width: float, blur: float = 0.6) -> Mask:
    """Return a stroked polyline; ``width`` in units."""

    def draw(pen: ImageDraw.ImageDraw, k: float, dx: int, dy: int) -> None:
        path = [(x * k - dx, y * k - dy) for x, y in points]
        pen.line(path, fill=255, width=max(1, round(width * k)), joint="curve")

    return _shape(_bounds(points, width / 2), blur, draw)


class Canvas:
    """A picture being painted, and how much of it is still open sky."""

    def __init__(self) -> None:
        self.image: Field = np.zeros((H, W, 3), np.float32)
        self.open_sky: Field = np.zeros((H, W), np.float32)

    def fill(self, colour: Colour) -> None:
        """Cover the whole picture."""
        self.image[:] = as_rgb(colour)
        self.open_sky[:] = 0

    def paint(self, mask: Mask | Field, colour: Colour, a: Field | float = 1.0) -> None:
        """Lay a colour, or a field of colours, over the picture through a mask."""
        if not isinstance(mask, Mask):
            mask = Mask(0, 0, mask)
        height, width = mask.cover.shape
        rows, columns = slice(mask.y, mask.y + height), slice(mask.x, mask.x + width)
        alpha = mask.cover * (a[rows, columns] if isinstance(a, np.ndarray) and a.ndim else a)
        alpha = np.clip(alpha, 0, 1).astype(np.float32)
        paint = as_rgb(colour)
        if paint.ndim == 3:
            paint = paint[rows, columns]
        self.open_sky[rows, columns] *= 1 - alpha
        alpha = alpha[..., None]
        part = self.image[rows, columns]
        part *= 1 - alpha
        part += paint * alpha
