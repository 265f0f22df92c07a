"""Sky, hills, woods, water, smoke and ground: what stands behind every scene."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from portal.cli.demo.scenes.canvas import (
    SCALE,
    UNITS_H,
    UNITS_W,
    XX,
    YY,
    Canvas,
    Colour,
    Field,
    H,
    W,
    disc,
    gradient,
    line,
    mix,
    noise,
    rgb,
    ridge,
    stretch,
)


@dataclass(frozen=True, slots=True)
class Plume:
    """Smoke, dust or spray from one point to another, widening on its way (units)."""

    start: tuple[float, float]
    end: tuple[float, float]
    widths: tuple[float, float]
    dark: str
    light: str
    density: float = 0.95


def sky(canvas: Canvas, bad: bool, horizon: float, seed: int = 3) -> None:
    """Open the picture: a hazy sky before, a clear one after; the camera may exchange it."""
    high, low = ("#aab0ac", "#d6d1c2") if bad else ("#79b5dd", "#e6f1f2")
    canvas.image[:] = gradient(high, low, 0, horizon)
    canvas.open_sky[:] = 1
    clouds(canvas.image, seed, "#e2dfd5" if bad else "#ffffff", 0.04 if bad else 0.1, horizon)


def clouds(image: Field, seed: int, colour: Colour, amount: float, horizon: float) -> None:
    """Lay clouds over a sky, thinning towards the horizon."""
    cover = np.clip((noise(seed, 520, 170, 6) - (0.62 - amount)) * 2.6, 0, 0.85)
    cover = (cover * np.clip(1.25 - YY / horizon, 0, 1))[..., None]
    image[:] = image * (1 - cover) + (rgb(colour) if isinstance(colour, str) else colour) * cover


def hills(canvas: Canvas, seed: int, base: float, height: float, colour: Colour) -> None:
    """Paint the steep rounded hills of a limestone country up to ``height`` above ``base``."""
    rng = np.random.default_rng(seed)
    x, outline = np.arange(W) / SCALE, np.zeros(W)
    for _ in range(9):
        centre, width = rng.uniform(-60, UNITS_W + 60), rng.uniform(60, 150)
        top = rng.uniform(0.45, 1) * height
        outline = np.maximum(outline, top * np.exp(-(np.abs((x - centre) / width) ** 2.6)))
    outline += ridge(seed + 1, 70) * height * 0.16
    canvas.paint(np.clip((YY - (base - outline)[None, :]) / 2, 0, 1), colour)


def distance(canvas: Canvas, bad: bool, horizon: float, seed: int = 20) -> None:
    """Paint three chains of hills, each nearer and darker, in haze when ``bad``."""
    chains = ((0, 220, "#a9bcc0"), (4, 165, "#7f9c9c"), (8, 105, "#5f8074"))
    for index, (drop, height, colour) in enumerate(chains):
        tint = mix(colour, "#b3b2a6", 0.45 if bad else 0.0)
        hills(canvas, seed + index * 7, horizon + drop, height, tint)
        fog = np.clip((YY - horizon - drop + 90) / 100, 0, 1) * (YY < horizon + drop + 4)
        canvas.paint(fog, "#d8d8cf" if bad else "#e6f2f0", 0.4 if bad else 0.3)


def wood(canvas: Canvas, seed: int, base: float, height: float, bad: bool = False) -> None:
    """Paint the edge of a wood standing on ``base``."""
    top = base - height * (0.35 + 0.65 * ridge(seed, 60) * (0.5 + ridge(seed + 5, 190, 3)))
    mask = np.clip((YY - top[None, :]) / 2, 0, 1) * (YY < base + 4)
    light = stretch(noise(seed + 9, 26, 20, 4), 0.45, 2.2)
    light = light * np.clip(1.1 - (YY - top[None, :]) / height, 0, 1)
    dark, lit = ("#44543f", "#7f8a5e") if bad else ("#2f6644", "#8dbb5c")
    canvas.paint(mask, mix(dark, lit, light))


def tree(canvas: Canvas, x: float, y: float, size: float, seed: int, bare: bool = False) -> None:
    """Paint one round tree whose trunk meets the ground at (x, y)."""
    rng = np.random.default_rng(seed)
    canvas.paint(disc(x, y, size * 0.5, 6, size * 0.09), "#26301f", 0.4)
    canvas.paint(line([(x, y), (x + size * 0.03, y - size * 0.8)], size * 0.09), "#6b5138")
    if bare:
        return
    for _ in range(26):
        dx, dy = np.clip(rng.normal(0, 0.23, 2), -0.42, 0.42) * size
        px, py = x + dx, y - size * 0.95 + dy
        tone = str(rng.choice(["#2b5f33", "#3d7d3a", "#5c9a45", "#7fb655"]))
        canvas.paint(disc(px, py, size * rng.uniform(0.12, 0.24), 1.5), tone, 0.95)


def smoke(canvas: Canvas, seed: int, plume: Plume) -> None:
    """Paint a plume: dense at its start, torn and wide at its end."""
    (x0, y0), (x1, y1) = plume.start, plume.end
    dx, dy = x1 - x0, y1 - y0
    length = math.hypot(dx, dy)
    along = ((XX - x0) * dx + (YY - y0) * dy) / length**2
    wobble = (noise(seed, 260, 200, 4) - 0.5) * 1.5
    width = plume.widths[0] + (plume.widths[1] - plume.widths[0]) * np.clip(along, 0, 1.4)
    across = ((XX - x0) * -dy + (YY - y0) * dx) / length / width
    across = across + wobble * np.clip(along * 3, 0, 1)
    alpha = np.clip(1.15 - across**2, 0, 1) * np.clip(along * 14, 0, 1)
    alpha = alpha * np.clip(1.35 - along, 0, 1) * stretch(noise(seed + 2, 130, 110, 6), 0.22, 2.1)
    lit = stretch(noise(seed + 4, 90, 80, 5), 0.4, 2.2)
    canvas.paint(alpha * plume.density, mix(plume.dark, plume.light, lit))


def haze(canvas: Canvas, seed: int, colour: Colour, amount: float) -> None:
    """Veil the whole picture in drifting dust or smog."""
    canvas.paint(np.clip(noise(seed, 420, 200, 5) - 0.2, 0, 1), colour, amount)


def ground(canvas: Canvas, seed: int, top: float, far: str, near: str) -> None:
    """Paint open ground from ``top`` to the bottom edge, lumpier towards the viewer."""
    tone = gradient(far, near, top, UNITS_H) * (0.74 + 0.5 * noise(seed, 110, 24, 6))[..., None]
    canvas.paint(np.clip((YY - top) / 2, 0, 1), tone)


def paving(canvas: Canvas, seed: int, top: float, colour: str = "#83817a") -> None:
    """Paint a concrete floor or road from ``top`` to the bottom edge."""
    tone = mix(colour, rgb(colour) * 0.68, noise(seed, 120, 30, 6))
    canvas.paint(np.clip((YY - top) / 2, 0, 1), tone)
    canvas.paint(np.clip(1 - np.abs(YY - top - 4) / 14, 0, 1), "#3b3a36", 0.4)


def meadow(canvas: Canvas, seed: int, top: float, bad: bool) -> None:
    """Paint rough grass: green after, dry and trampled before."""
    far, near = ("#8f8a66", "#5f5a3e") if bad else ("#86b552", "#3f7a35")
    ground(canvas, seed, top, far, near)


def rows(canvas: Canvas, seed: int, top: float, tones: tuple[str, str], centre: float) -> None:
    """Paint a field whose planted rows run to a vanishing point at (centre, top)."""
    depth = np.clip((YY - top) / (UNITS_H - top), 0.004, 1)
    furrow = 0.5 + 0.5 * np.sin((XX - centre) / depth / 210 * 6.28)
    tone = mix(tones[0], tones[1], furrow * 0.72 + noise(seed, 60, 18, 6) * 0.45 - 0.08)
    shade = (0.82 + 0.22 * depth)[..., None]
    canvas.paint(np.clip((YY - top) / 2, 0, 1), tone * shade)


def water(canvas: Canvas, level: float, tones: tuple[str, str], seed: int, murk: float) -> None:
    """Mirror what stands above ``level`` in rippled water tinted from far to near."""
    depth = np.clip((YY - level) / (UNITS_H - level), 0, 1)
    ripple = noise(seed, 240, 10, 4) - 0.5
    shift = noise(seed + 1, 160, 8, 4) - 0.5
    source_y = level - (YY - level) * 0.92 + ripple * (14 + 90 * depth)
    source_x = XX + shift * (10 + 70 * depth)
    row = np.clip(source_y, 0, level - 1) * SCALE
    column = np.clip(source_x * SCALE, 0, W - 1)
    mirror = canvas.image[np.clip(row, 0, H - 1).astype(int), column.astype(int)]
    tone = mix(mirror, gradient(tones[0], tones[1], level, UNITS_H), murk + 0.3 * depth)
    canvas.paint(np.clip((YY - level) / 2, 0, 1), tone)
    glint = stretch(noise(seed + 2, 300, 9, 4), 0.62, 5) * (YY > level) * (1 - depth * 0.5)
    canvas.paint(glint, "#d4d5c8" if murk > 0.55 else "#f2fffc", 0.6 - murk * 0.55)


def scum(canvas: Canvas, seed: int, mask: Field, tones: tuple[str, str]) -> None:
    """Float foam and scum on water inside ``mask``."""
    patches = stretch(noise(seed, 170, 36, 6), 0.56, 7) * mask
    canvas.paint(patches, mix(tones[0], tones[1], noise(seed + 1, 20, 8, 3)), 0.88)


def reeds(canvas: Canvas, seed: int, x: tuple[float, float], y: float, count: int = 110) -> None:
    """Plant reeds between two columns, rooted at ``y``."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        foot, height, lean = rng.uniform(*x), rng.uniform(50, 170), rng.uniform(-30, 30)
        base = y + rng.uniform(-8, 12)
        blade = [
            (foot, base),
            (foot + lean * 0.4, base - height * 0.6),
            (foot + lean, base - height),
        ]
        tone = str(rng.choice(["#3f7d34", "#5c9a3b", "#86b64b", "#2f6a35"]))
        canvas.paint(line(blade, 4.5), tone, 0.95)


def shrubs(canvas: Canvas, seed: int, x: tuple[float, float], y: float, size: float) -> None:
    """Plant a low flowering hedge between two columns on ``y``."""
    rng = np.random.default_rng(seed)
    for _ in range(int((x[1] - x[0]) / size * 7)):
        px, py = rng.uniform(*x), y - abs(rng.normal(0, size * 0.5))
        tone = str(rng.choice(["#2f6b39", "#4c8c3f", "#79b04a", "#3c7a45", "#1f5a30"]))
        canvas.paint(disc(px, py, size * rng.uniform(0.2, 0.42), 1.2), tone)
    for _ in range(int((x[1] - x[0]) / size * 1.4)):
        px, py = rng.uniform(*x), y - abs(rng.normal(0, size * 0.5))
        tone = str(rng.choice(["#e7566a", "#f3b04b", "#fff2f0"]))
        canvas.paint(disc(px, py, size * 0.09, 0.8), tone)
