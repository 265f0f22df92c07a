"""Built and movable things: houses, walls, machines, heaps, drums, signs."""

from __future__ import annotations

import math

import numpy as np

from portal.cli.demo.scenes.canvas import (
    SCALE,
    UNITS_W,
    XX,
    YY,
    Canvas,
    Colour,
    W,
    disc,
    line,
    mix,
    noise,
    poly,
    rect,
    rgb,
    ridge,
    steps,
)

PINE = "#0b6b4c"
BAGS = (
    "#1d1f22 #26282b #e8e5dc #f2f0ea #b9c7cf #6f8fa6 #a34a3b #d1b13e #8d6b4a #b08a5c #3e6b57"
).split()
RUBBLE = "#8f8a80 #a9a398 #c3bdb1 #7a756c #b0604a #9a5140 #d5d1c8 #6d6962".split()


def house(canvas: Canvas, x: float, y: float, w: float, h: float, tones: str = "") -> None:
    """A village house whose left foot stands at (x, y); ``tones`` is "wall roof"."""
    wall, roof = (tones or "#e9e4d8 #7a6a60").split()
    top = y - h
    canvas.paint(rect(x, top, x + w, y), mix(wall, rgb(wall) * 0.82, (XX - x) / w))
    eaves = ((x - 9, top + 2), (x + w * 0.14, top - h * 0.27), (x + w * 0.86, top - h * 0.27))
    canvas.paint(poly(*eaves, (x + w + 9, top + 2)), roof)
    for k in range(3):
        left = x + w * (0.12 + k * 0.28)
        pane = rect(left, top + h * 0.22, left + w * 0.16, top + h * 0.5)
        canvas.paint(pane, "#6d7b80")


def block(canvas: Canvas, x: float, top: float, w: float, y: float, tone: str = "#c3c6c2") -> None:
    """A block of flats from ``top`` down to ``y``, with its windows."""
    canvas.paint(rect(x, top, x + w, y), mix(tone, rgb(tone) * 0.84, (XX - x) / w))
    for wy in steps(top + 16, y - 22, 32):
        for wx in steps(x + 12, x + w - 16, 30):
            canvas.paint(rect(wx, wy, wx + 16, wy + 18), "#6f7d80")


def shed(canvas: Canvas, x: float, y: float, w: float, h: float, tone: str = "#7d8a90") -> None:
    """A factory hall with a saw-tooth roof, standing on ``y``."""
    top = y - h
    canvas.paint(rect(x, top, x + w, y), mix(tone, rgb(tone) * 0.72, (YY - top) / h))
    teeth = [(x - 6, top + 2)]
    for k in range(4):
        teeth += [(x + w * (k + 0.5) / 4, top - 34), (x + w * (k + 1) / 4, top + 2)]
    canvas.paint(poly(*teeth, (x + w + 6, top + 6), (x - 6, top + 6)), "#4d565b")
    for wx in steps(x + 20, x + w - 30, 46):
        canvas.paint(rect(wx, top + 42, wx + 24, top + 64), "#cfd8d8", 0.6)


def stack(canvas: Canvas, x: float, top: float, w: float, y: float, lift: float = 0.0) -> None:
    """A chimney with two red bands."""
    tone = mix("#7d756c", "#4c4741", (XX - x) / w) + lift
    canvas.paint(poly((x + 6, top), (x + w - 6, top), (x + w + 8, y), (x - 8, y)), tone)
    for band in (top + 26, top + 92):
        canvas.paint(rect(x + 2, band, x + w - 2, band + 26), "#a83a2e", 0.8)


def brick_wall(canvas: Canvas, y: float, tone: str, grime: float, seed: int = 120) -> None:
    """A wall filling the picture from its top edge down to ``y``."""
    canvas.paint(rect(0, 0, UNITS_W, y), mix(tone, rgb(tone) * 0.84, noise(seed, 260, 160, 6)))
    joint = rgb(tone) * 0.66
    for row, top in enumerate(np.arange(0, y, 52)):
        canvas.paint(line([(0, top), (UNITS_W, top)], 3, 1), joint, 0.4)
        for x in steps(-60 + row % 2 * 64, UNITS_W, 128):
            canvas.paint(line([(x, top), (x, min(top + 52, y))], 3, 1), joint, 0.35)
    stain = np.clip((noise(seed + 1, 200, 260, 5) - 0.5) * 3, 0, 1) * np.clip(YY / y, 0, 1)
    canvas.paint(stain * (YY < y), "#6a6850", grime)


def fence(
    canvas: Canvas, y: float, height: float, tone: str, x0: float = 0, x1: float = 1200
) -> None:
    """A hoarding of sheet metal standing on ``y``."""
    canvas.paint(rect(x0, y - height, x1, y), tone)
    for x in steps(x0, x1, 45):
        canvas.paint(rect(x, y - height, x + 3, y), rgb(tone) * 0.75)
    canvas.paint(rect(x0, y - height, x1, y - height + 6), rgb(tone) * 1.25)


def mesh_fence(canvas: Canvas, x0: float, x1: float, y: float, height: float) -> None:
    """A green mesh fence with posts, standing on ``y``."""
    field = (((XX + YY) % 18 < 2.4) | ((XX - YY) % 18 < 2.4)).astype(np.float32)
    inside = (XX > x0) & (XX < x1) & (YY > y - height) & (YY < y)
    canvas.paint(field * inside, "#2f7d57", 0.85)
    for x in steps(x0, x1 + 1, 120):
        canvas.paint(rect(x - 5, y - height - 8, x + 5, y + 8), "#1f5d40")
    for edge in (y - height, y - 6):
        canvas.paint(line([(x0, edge), (x1, edge)], 6), "#1f5d40")


def board(canvas: Canvas, x: float, y: float, w: float, h: float, tone: str = PINE) -> None:
    """A notice board: bars stand for lines of writing, so it can be mirrored."""
    canvas.paint(rect(x, y, x + w, y + h), tone)
    for k, share in enumerate((0.82, 0.66, 0.5)):
        top = y + h * (0.2 + 0.25 * k)
        canvas.paint(rect(x + w * 0.09, top, x + w * share, top + h * 0.11), "#ffffff")


def standing_board(canvas: Canvas, x: float, y: float, w: float = 150, tone: str = PINE) -> None:
    """A notice board on two legs whose feet stand on ``y``."""
    for leg in (x + w * 0.15, x + w * 0.8):
        canvas.paint(rect(leg, y - w * 0.9, leg + 8, y), "#8c9594")
    board(canvas, x, y - w * 1.1, w, w * 0.7, tone)


def warning(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A yellow warning triangle around (x, y)."""
    canvas.paint(
        poly((x, y - size), (x + size, y + size * 0.8), (x - size, y + size * 0.8)), "#1c1c1a"
    )
    inner = size * 0.76
    canvas.paint(
        poly((x, y - inner * 0.9), (x + inner, y + inner * 0.74), (x - inner, y + inner * 0.74)),
        "#f3c21b",
    )
    canvas.paint(rect(x - size * 0.08, y - size * 0.3, x + size * 0.08, y + size * 0.26), "#1c1c1a")
    canvas.paint(disc(x, y + size * 0.42, size * 0.1), "#1c1c1a")


def drum(
    canvas: Canvas, x: float, y: float, tone: str, h: float = 130, lying: bool = False
) -> None:
    """A steel drum standing on (x, y), or lying there."""
    w = h * 0.66
    canvas.paint(disc(x, y, w * 0.75, 5, w * 0.14), "#211f1b", 0.5)
    if lying:
        shade = mix(tone, rgb(tone) * 0.5, (YY - y + w) / w)
        canvas.paint(rect(x - h * 0.5, y - w, x + h * 0.5, y), shade)
        canvas.paint(disc(x + h * 0.5, y - w / 2, w * 0.24, 0.6, w * 0.5), rgb(tone) * 0.6)
        return
    shade = mix(tone, rgb(tone) * 0.5, np.abs(XX - x + w * 0.12) / (w * 0.62))
    canvas.paint(rect(x - w / 2, y - h, x + w / 2, y), shade)
    canvas.paint(disc(x, y, w / 2, 0.6, w * 0.14), shade)
    canvas.paint(disc(x, y - h, w / 2, 0.6, w * 0.14), mix(tone, "#ffffff", 0.25))
    for ring in (0.33, 0.66):
        canvas.paint(rect(x - w / 2, y - h * ring, x + w / 2, y - h * ring + 5), rgb(tone) * 0.55)


def heap(canvas: Canvas, seed: int, x: float, y: float, w: float, h: float, tones: str) -> None:
    """A heap of loose stuff, lit from the left; ``tones`` is "light dark"."""
    light, dark = tones.split()
    columns = np.arange(W) / SCALE
    outline = h * np.clip(1 - np.abs((columns - x) / w) ** 1.6, 0, 1) + ridge(seed, 60) * 26 - 13
    mask = np.clip((YY - (y - outline)[None, :]) / 2, 0, 1) * (YY < y + 24)
    mask = mask * np.clip((w - np.abs(XX - x)) / 12, 0, 1)
    shade = np.clip((XX - x) / w * 0.5 + 0.5, 0, 1) * 0.8 + noise(seed + 1, 46, 30, 6) * 0.35
    canvas.paint(mask, mix(light, dark, shade))


def scatter(
    canvas: Canvas,
    seed: int,
    at: tuple[float, float],
    spread: tuple[float, float],
    tones: list[str],
    count: int,
    size: tuple[float, float] = (14, 46),
) -> None:
    """Tip bags or rubble into a heap around ``at``; ``spread`` is half its width and its height."""
    rng = np.random.default_rng(seed)
    canvas.paint(disc(at[0], at[1], spread[0], 36, spread[0] * 0.24), "#2a2925", 0.5)
    places = []
    for _ in range(count):
        a = float(np.clip(rng.normal(0, 0.42), -1.1, 1.1))
        limit = spread[1] * max(0.0, 1 - a * a)
        y = at[1] - float(rng.uniform(0, 1)) ** 1.3 * limit + rng.uniform(-10, 50)
        places.append((y, at[0] + a * spread[0]))
    for y, x in sorted(places):
        lump(canvas, rng, (x, y), float(rng.uniform(*size)), str(rng.choice(tones)))


def lump(
    canvas: Canvas, rng: np.random.Generator, at: tuple[float, float], size: float, tone: str
) -> None:
    """One bag or stone: a ragged polygon with a lit upper half."""
    x, y = at
    turn = rng.uniform(0, 6.28)
    outline = []
    for k in range(7):
        angle, reach = 2 * math.pi * k / 7 + turn, size * rng.uniform(0.7, 1.15)
        outline.append((x + math.cos(angle) * reach, y + math.sin(angle) * reach * 0.68))
    mask = poly(*outline, blur=1)
    canvas.paint(mask, rgb(tone) * 0.6)
    canvas.paint(mask, tone, np.clip(1.1 - (YY - y + size * 0.5) / (size * 1.1), 0, 1))


def truck(canvas: Canvas, x: float, y: float, k: float, cab: str, load: Colour) -> None:
    """A lorry seen from the side, its rear wheel foot at (x, y); ``k`` scales it."""
    canvas.paint(disc(x + 170 * k, y + 4, 240 * k, 9, 16 * k), "#23221f", 0.5)
    canvas.paint(rect(x - 60 * k, y - 170 * k, x + 250 * k, y - 34 * k), load)
    for rib in range(6):
        left = x - 60 * k + rib * 56 * k
        canvas.paint(rect(left, y - 170 * k, left + 6 * k, y - 34 * k), "#2f3437", 0.4)
    canvas.paint(rect(x - 70 * k, y - 44 * k, x + 400 * k, y - 22 * k), "#2a2d30")
    cabin = ((x + 270 * k, y - 190 * k), (x + 370 * k, y - 190 * k), (x + 408 * k, y - 110 * k))
    canvas.paint(poly(*cabin, (x + 408 * k, y - 26 * k), (x + 270 * k, y - 26 * k)), cab)
    glass = ((x + 318 * k, y - 174 * k), (x + 362 * k, y - 174 * k), (x + 390 * k, y - 112 * k))
    canvas.paint(poly(*glass, (x + 318 * k, y - 112 * k)), "#a9c3cc")
    for wheel in (0, 84, 330):
        canvas.paint(disc(x + wheel * k, y - 32 * k, 38 * k), "#17181a")
        canvas.paint(disc(x + wheel * k, y - 32 * k, 17 * k), "#8b9093")


def digger(canvas: Canvas, x: float, y: float, k: float = 1.0, tone: str = "#e7a51c") -> None:
    """An excavator whose tracks stand on (x, y), its arm reaching right."""
    canvas.paint(rect(x, y - 48 * k, x + 230 * k, y, 2), "#38352f")
    canvas.paint(rect(x + 30 * k, y - 140 * k, x + 200 * k, y - 48 * k), tone)
    canvas.paint(rect(x + 40 * k, y - 128 * k, x + 112 * k, y - 84 * k), "#4a5a60")
    arm = [(x + 180 * k, y - 100 * k), (x + 320 * k, y - 230 * k), (x + 435 * k, y - 140 * k)]
    canvas.paint(line(arm, 26 * k), tone)
    bucket = ((410, -150), (470, -130), (450, -60), (390, -78))
    canvas.paint(poly(*((x + a * k, y + b * k) for a, b in bucket)), "#4a463e")


def tyre(canvas: Canvas, x: float, y: float, r: float) -> None:
    """A worn tyre lying at (x, y)."""
    canvas.paint(disc(x, y + 5, r, 2, r * 0.62), "#0e0f10")
    canvas.paint(disc(x, y, r, 0.8, r * 0.6), "#2b2d2f")
    canvas.paint(disc(x, y, r * 0.55, 0.8, r * 0.3), "#0b0b0c")
    canvas.paint(disc(x - r * 0.3, y - r * 0.35, r * 0.3, 3, r * 0.1), "#565a5d", 0.6)


def planter(canvas: Canvas, x: float, y: float) -> None:
    """A clay planter standing on ``y``."""
    canvas.paint(disc(x + 95, y, 130, 14, 22), "#2d2c28", 0.5)
    pot = poly((x, y - 122), (x + 190, y - 122), (x + 172, y), (x + 18, y))
    canvas.paint(pot, mix("#a8623f", "#7d4429", (XX - x) / 190))


def lamp_windows(canvas: Canvas, x: float, top: float, w: float, y: float, lit: float) -> None:
    """A dark block of flats by night with a share ``lit`` of its windows lit."""
    canvas.paint(rect(x, top, x + w, y), "#222b3b")
    rng = np.random.default_rng(int(x * 7 + top))
    for wy in steps(top + 20, y - 10, 34):
        for wx in steps(x + 14, x + w - 18, 32):
            tone = str(rng.choice(["#ffd98a", "#ffe9bd", "#f4b75e"]))
            if rng.random() < lit:
                canvas.paint(rect(wx, wy, wx + 15, wy + 18), tone, 0.9)


def glow(canvas: Canvas, x: float, y: float, r: float, tone: str, amount: float = 0.5) -> None:
    """A halo of light around (x, y)."""
    canvas.paint(disc(x, y, r, r * 0.5), tone, amount)


def person(canvas: Canvas, x: float, y: float, h: float, tone: str) -> None:
    """A small figure without a face, its feet on (x, y)."""
    canvas.paint(
        line([(x - h * 0.07, y), (x, y - h * 0.45), (x + h * 0.07, y)], h * 0.09), "#2b2f36"
    )
    canvas.paint(
        poly(
            (x - h * 0.13, y - h * 0.8),
            (x + h * 0.13, y - h * 0.8),
            (x + h * 0.11, y - h * 0.4),
            (x - h * 0.11, y - h * 0.4),
        ),
        tone,
    )
    canvas.paint(disc(x, y - h * 0.9, h * 0.09), "#c99f82")


def duct(canvas: Canvas, x: float, top: float, bottom: float, w: float = 56) -> None:
    """A bright vertical exhaust duct with flanges."""
    canvas.paint(rect(x, top, x + w, bottom), mix("#c6cdd0", "#7d868b", (XX - x) / w))
    for y in steps(top + 60, bottom, 120):
        canvas.paint(rect(x - 8, y, x + w + 8, y + 14), "#687176")


def crane(canvas: Canvas, mast: float, foot: float, top: float, tone: str) -> None:
    """A tower crane whose mast stands at column ``mast``."""
    jib = top + 26
    canvas.paint(line([(mast, foot), (mast, top)], 12), tone)
    canvas.paint(line([(mast - 190, jib), (mast + 300, jib)], 8), tone)
    for end in (mast - 160, mast + 280):
        canvas.paint(line([(mast, top), (end, jib)], 3), tone)
    canvas.paint(line([(mast + 230, jib), (mast + 230, jib + 150)], 2), tone)


def loudness(canvas: Canvas, x: float, y: float, side: int, tone: str, size: float = 1) -> None:
    """Arcs of sound leaving (x, y) to the left (-1) or right (1)."""
    for k in range(1, 5):
        reach, tall = (24 + k * 38) * size, (50 + k * 28) * size
        arc = [
            (x + side * (reach + 30 * size * float(np.cos(a))), y + tall * float(np.sin(a)))
            for a in steps(-1.1, 1.2, 0.2)
        ]
        canvas.paint(line(arc, 8 * size, 1), tone, 0.85 - k * 0.12)


def street_lamp(canvas: Canvas, x: float, y: float) -> None:
    """A lit street lamp whose mast stands at (x, y), with its cone of light."""
    head = y - 410
    canvas.paint(line([(x, y), (x, head + 10), (x + 50, head - 10)], 8), "#14181f")
    glow(canvas, x + 50, head, 130, "#ffe2a6", 0.55)
    cone = poly((x + 50, head), (x - 130, y + 200), (x + 230, y + 200), blur=50)
    canvas.paint(cone, "#ffe9b0", 0.16)


def firework(canvas: Canvas, x: float, y: float, r: float, tone: str) -> None:
    """A shell bursting at (x, y)."""
    for angle in steps(0, 6.28, 0.26):
        dx, dy = float(np.cos(angle)) * r, float(np.sin(angle)) * r
        canvas.paint(line([(x + dx * 0.3, y + dy * 0.3), (x + dx, y + dy)], 4, 1.5), tone, 0.8)
    glow(canvas, x, y, 60, "#fff3cf", 0.8)


def speaker(canvas: Canvas, x: float, y: float) -> None:
    """A tall loudspeaker standing on (x, y)."""
    canvas.paint(rect(x, y - 290, x + 130, y), "#17181b")
    for top, r in ((y - 220, 40), (y - 100, 54)):
        canvas.paint(disc(x + 65, top, r), "#4a4d52")
        canvas.paint(disc(x + 65, top, r * 0.45), "#0b0c0d")


def fan(canvas: Canvas, x: float, y: float, r: float, tone: str) -> None:
    """The rotor of a fan around (x, y)."""
    canvas.paint(disc(x, y, r), "#3a3733")
    for angle in steps(0, 6.28, 0.9):
        tip = (x + float(np.cos(angle)) * r * 0.9, y + float(np.sin(angle)) * r * 0.9)
        canvas.paint(line([(x, y), tip], r * 0.17), tone)
    canvas.paint(disc(x, y, r * 0.2), "#c7bfb0")
