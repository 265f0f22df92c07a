"""Water: outfalls, ditches, livestock lagoons, town canals, drinking-water reservoirs."""

from __future__ import annotations

import numpy as np

from portal.cli.demo.scenes.canvas import (
    UNITS_H,
    UNITS_W,
    XX,
    YY,
    Canvas,
    disc,
    gradient,
    line,
    mix,
    noise,
    poly,
    rect,
    stretch,
)
from portal.cli.demo.scenes.nature import (
    distance,
    meadow,
    reeds,
    scum,
    shrubs,
    sky,
    tree,
    water,
    wood,
)
from portal.cli.demo.scenes.props import (
    BAGS,
    block,
    board,
    fence,
    house,
    lump,
    mesh_fence,
    scatter,
    shed,
    standing_board,
)

FOUL = ("#5d5f50", "#23241c")
CLEAR = ("#7fb8b3", "#1f6a6c")


def flotsam(
    canvas: Canvas, seed: int, x: tuple[float, float], y: tuple[float, float], count: int = 70
) -> None:
    """Float bottles and bags on water, larger towards the viewer."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        py, px = rng.uniform(*y), rng.uniform(*x)
        size = (py - y[0] + 60) / 60 * rng.uniform(1.5, 4)
        tone = str(rng.choice(["#e9e6dc", "#c8cfd2", "#7f4b3a", "#d5c04a", "#5b7a8c", "#f0efe9"]))
        canvas.paint(disc(px, py, size, 0.8, size * 0.45), tone, 0.9)


def outfall(canvas: Canvas, bad: bool) -> None:
    """A pipe in a stone bank: black water, then sealed, signed, with reeds below."""
    sky(canvas, bad, 430, 3)
    distance(canvas, bad, 430, 20)
    house(canvas, 150, 436, 95, 84)
    house(canvas, 650, 438, 84, 72, "#e7e3da #6f7376")
    wood(canvas, 41, 448, 78, bad)
    water(canvas, 452, FOUL if bad else CLEAR, 60, 0.62 if bad else 0.42)
    if bad:
        reach = ((XX - 760 + (YY - 620) * 0.55) / np.clip(120 + (YY - 560) * 0.9, 60, None)) ** 2
        plume = np.clip(1 - reach, 0, 1) * np.clip((YY - 590) / 60, 0, 1)
        canvas.paint(plume * stretch(noise(63, 200, 60, 5), 0.12, 2), "#12120e", 0.92)
        near = np.clip((YY - 500) / 90, 0, 1) * np.clip(1.2 - np.abs(XX - 470) / 560, 0, 1)
        scum(canvas, 64, near, ("#a79f7e", "#d8d3bc"))
        flotsam(canvas, 5, (60, 800), (500, 880))
    _bank(canvas, bad)
    if not bad:
        canvas.paint(disc(905, 640, 62, 1), "#b9bcb2")
        canvas.paint(disc(905, 640, 52, 1), "#9da198")
        board(canvas, 868, 612, 76, 52)
        reeds(canvas, 9, (640, 1180), 905, 130)
        return
    canvas.paint(disc(905, 640, 60, 1, 64), "#8b8880")
    canvas.paint(disc(905, 642, 47, 1.5, 50), "#0b0b09")
    fall = ((874, 656), (936, 656), (900, 790), (760, 850), (640, 870), (690, 800), (840, 770))
    streak = stretch(noise(75, 40, 120, 5), 0.45, 2)
    canvas.paint(poly(*fall, blur=7), mix("#0d0d0a", "#4e4c3d", streak))
    foam = stretch(noise(76, 60, 26, 5), 0.5, 5)
    canvas.paint(disc(700, 850, 150, 30, 44), "#cfc9ad", foam)


def _bank(canvas: Canvas, bad: bool) -> None:
    stone = ("#6d6a60", "#a9a596") if bad else ("#8a8f86", "#c2c5b8")
    bank = poly((1200, 470), (1010, 520), (860, 640), (780, 900), (1200, 900))
    canvas.paint(bank, mix(stone[0], stone[1], noise(70, 46, 24, 5)))
    for k in range(9):
        y = 560 + k * 42
        course = [(1200, y - 30), (1000 - k * 14, y), (850 - k * 8, y + 40)]
        canvas.paint(line(course, 4, 1.4), "#4c4a43", 0.5)
    top = poly((1200, 452), (1004, 506), (968, 540), (1200, 500))
    canvas.paint(top, "#6a7048" if bad else "#69a244", np.clip(noise(72, 30, 16, 4) * 1.6, 0, 1))


def village_ditch(canvas: Canvas, bad: bool) -> None:
    """A ditch between village houses: grey sewage, then a covered channel with flowers."""
    sky(canvas, bad, 400, 203)
    distance(canvas, bad, 390, 204)
    house(canvas, 20, 560, 380, 250, "#d9d2c3 #6f625a" if bad else "#f0ece2 #8a5d4d")
    house(canvas, 800, 560, 380, 270, "#cfc7b6 #5f5d5c" if bad else "#e9efe9 #5f7480")
    tree(canvas, 600, 520, 180, 205, bare=bad)
    meadow(canvas, 206, 540, bad)
    bed = poly((560, 540), (640, 540), (930, 900), (270, 900))
    canvas.paint(poly((548, 540), (652, 540), (990, 900), (210, 900)), "#8d897f")
    if bad:
        sewage = mix("#4a4b42", "#1c1c17", stretch(noise(207, 200, 40, 6), 0.3, 2))
        canvas.paint(bed, sewage)
        inside = np.clip(1 - np.abs(XX - 600) / (40 + (YY - 540) * 0.72).clip(1), 0, 1)
        scum(canvas, 208, np.clip(inside * 3, 0, 1) * (YY > 560), ("#8f8c72", "#cfcab2"))
        flotsam(canvas, 209, (470, 730), (640, 880), 46)
        scatter(canvas, 210, (260, 830), (170, 70), BAGS, 60, (12, 32))
        for y in (600, 660):
            canvas.paint(line([(400, y - 30), (505, y)], 22), "#6c6f70")
            canvas.paint(
                poly((498, y - 6), (520, y + 8), (540, y + 60), (505, y + 60), blur=4),
                "#6f6e5c",
                0.8,
            )
        return
    canvas.paint(bed, mix("#c9c7bf", "#a5a39b", noise(211, 90, 30, 5)))
    for y in (560, 590, 630, 680, 745, 825):
        half = 40 + (y - 540) * 0.92
        canvas.paint(line([(600 - half, y), (600 + half, y)], 4), "#7f7d76", 0.8)
    for x in (560, 605):
        canvas.paint(rect(x, 640, x + 38, 656), "#4a4d4f")
    shrubs(canvas, 212, (120, 330), 800, 70)
    shrubs(canvas, 213, (880, 1120), 800, 70)
    standing_board(canvas, 960, 690, 150)


def pig_farm(canvas: Canvas, bad: bool) -> None:
    """A pig farm's lagoon: brown slurry over the rim, then a lined, covered tank."""
    sky(canvas, bad, 420, 223)
    distance(canvas, bad, 420, 224)
    for x, w in ((80, 460), (620, 500)):
        canvas.paint(rect(x, 400, x + w, 520), "#c9bba2" if bad else "#e4ddcb")
        roof = poly((x - 16, 404), (x + 24, 340), (x + w - 24, 340), (x + w + 16, 404))
        canvas.paint(roof, "#8d5a45" if bad else "#4f7f9c")
        for wx in range(x + 24, x + w - 40, 62):
            canvas.paint(rect(wx, 432, wx + 34, 470), "#3a342c")
    meadow(canvas, 225, 516, bad)
    if bad:
        pond = disc(600, 740, 520, 8, 165)
        canvas.paint(disc(600, 742, 545, 8, 184), "#4a3a20", 0.8)
        canvas.paint(pond, mix("#5b4420", "#2b1f0e", stretch(noise(226, 220, 50, 6), 0.3, 2)))
        inside = np.clip(1.4 - (((XX - 600) / 500) ** 2 + ((YY - 740) / 155) ** 2) * 1.4, 0, 1)
        scum(canvas, 227, inside, ("#7b6233", "#b39a62"))
        canvas.paint(line([(300, 500), (340, 600), (420, 650)], 26), "#7d7e7b")
        spill = ((420, 640), (470, 660), (520, 730), (420, 720))
        canvas.paint(poly(*spill, blur=6), "#3a2a12")
        canvas.paint(
            poly((960, 800), (1200, 850), (1200, 900), (820, 900), blur=14), "#3c2c14", 0.9
        )
        return
    canvas.paint(disc(600, 752, 540, 4, 182), "#cfd3cd")
    dome = mix("#2f7a58", "#1b4f3a", (XX - 100) / 1000)
    canvas.paint(disc(600, 730, 500, 2, 160), dome)
    for k in range(-3, 4):
        canvas.paint(
            line([(600 + k * 145, 740 + 40 - abs(k) * 6), (600 + k * 60, 590)], 4), "#7fb79b"
        )
    canvas.paint(disc(430, 650, 130, 20, 22), "#a9d6bd", 0.35)
    standing_board(canvas, 60, 690, 160)
    shrubs(canvas, 228, (930, 1200), 600, 56)


def black_canal(canvas: Canvas, bad: bool) -> None:
    """A walled canal through town: black and reeking, then clear with planted rafts."""
    sky(canvas, bad, 380, 243)
    for x, w, top in ((0, 180, 120), (190, 150, 200), (820, 170, 160), (1000, 200, 90)):
        block(canvas, x, top, w, 470, "#b5afa1" if bad else "#d2d5d0")
    for x in (90, 290, 900, 1110):
        tree(canvas, x, 480, 150, 244 + x, bare=bad)
    wood(canvas, 245, 470, 50, bad)
    water(
        canvas,
        480,
        ("#34352d", "#0d0e0b") if bad else ("#8fc0b4", "#2a7471"),
        246,
        0.8 if bad else 0.4,
    )
    for side in (1, -1):
        near = 600 - side * 600
        wall = poly((near, 430), (600 - side * 130, 474), (600 - side * 130, 490), (near, 760))
        canvas.paint(wall, mix("#77746a", "#a5a194", noise(247, 50, 26, 5)), 1)
        rail = [(near, 420), (600 - side * 130, 470)]
        canvas.paint(line(rail, 8), "#4f5a5c" if bad else "#e6e9e6")
    if bad:
        scum(canvas, 248, np.clip((YY - 520) / 90, 0, 1), ("#4b4a36", "#8a8768"))
        flotsam(canvas, 249, (280, 920), (540, 880), 120)
        bubbles = np.random.default_rng(250)
        for _ in range(60):
            at = bubbles.uniform(300, 900), bubbles.uniform(600, 880)
            canvas.paint(disc(*at, bubbles.uniform(3, 9)), "#77766a", 0.7)
        return
    for x, y, k in ((430, 640, 1.0), (760, 600, 0.7), (690, 790, 1.5)):
        canvas.paint(rect(x - 90 * k, y, x + 90 * k, y + 18 * k), "#6d5a3a")
        reeds(canvas, 251 + int(x), (x - 85 * k, x + 85 * k), y + 4, 36)
    standing_board(canvas, 60, 700, 150)


def reservoir(canvas: Canvas, bad: bool) -> None:
    """A drinking-water shore: anglers' rubbish and a torn fence, then fenced and clean."""
    sky(canvas, bad, 400, 263)
    distance(canvas, bad, 410, 264)
    wood(canvas, 265, 424, 40, bad)
    water(
        canvas,
        428,
        ("#7d8a7c", "#48574c") if bad else ("#8fc7dd", "#1f6f95"),
        266,
        0.5 if bad else 0.35,
    )
    shore = np.clip((YY - 640 - 40 * np.sin(XX / 260)) / 3, 0, 1)
    tones = ("#8d8263", "#5e5540") if bad else ("#93b85f", "#4c7f38")
    tone = gradient(tones[0], tones[1], 620) * (0.75 + 0.5 * noise(267, 90, 26, 6))[..., None]
    canvas.paint(shore, tone)
    if bad:
        rng = np.random.default_rng(268)
        for _ in range(70):
            at = (rng.uniform(60, 1140), rng.uniform(700, 880))
            lump(canvas, rng, at, rng.uniform(10, 26), str(rng.choice(BAGS)))
        scatter(canvas, 269, (820, 800), (250, 110), BAGS, 110, (14, 36))
        canvas.paint(poly((150, 720), (330, 720), (300, 560), (240, 520), (180, 560)), "#b5502f")
        scum(canvas, 270, ((YY > 540) & (YY < 690)).astype(float), ("#8f9a6a", "#c7cba0"))
        for x, y in ((420, 640), (560, 650)):
            canvas.paint(line([(x, y + 60), (x - 150, y - 160)], 4), "#2d2a25")
        canvas.paint(line([(700, 700), (690, 610)], 12), "#6f7a6f")
        canvas.paint(line([(1000, 720), (1040, 640)], 12), "#6f7a6f")
        return
    mesh_fence(canvas, 0, UNITS_W, 800, 150)
    standing_board(canvas, 470, 850, 260, "#1d5fa8")
    shrubs(canvas, 271, (0, 380), UNITS_H, 60)


def dye_stream(canvas: Canvas, bad: bool) -> None:
    """A brook below a works wall: dyed water from a gap, then clear behind a monitor hut."""
    sky(canvas, bad, 300, 283)
    shed(canvas, 120, 420, 900, 200, "#7c7f82" if bad else "#9fabb0")
    wood(canvas, 284, 430, 60, bad)
    meadow(canvas, 285, 420, bad)
    fence(canvas, 480, 90, "#8f8f88" if bad else "#dfe5e2")
    bed = poly((700, 480), (900, 480), (820, 640), (1100, 900), (160, 900), (560, 640))
    if bad:
        dyed = mix("#7a1f5c", "#33102c", stretch(noise(286, 240, 60, 6), 0.3, 2))
        canvas.paint(bed, dyed)
        inside = (YY > 560) & (np.abs(XX - 640) < 60 + (YY - 520) * 0.9)
        scum(canvas, 287, inside.astype(float) * 0.8, ("#b06a98", "#e2bcd6"))
        canvas.paint(rect(740, 420, 860, 486), "#2b2326")
        fall = poly((750, 470), (850, 470), (840, 600), (760, 600), blur=6)
        canvas.paint(fall, "#96307a")
        flotsam(canvas, 288, (350, 900), (680, 880), 30)
        return
    canvas.paint(bed, mix("#9fd0cb", "#3d8588", stretch(noise(289, 220, 30, 6), 0.2, 1.6)))
    glint = stretch(noise(290, 200, 10, 4), 0.6, 5) * (np.abs(XX - 640) < (YY - 480) * 0.8)
    canvas.paint(glint, "#ffffff", 0.5)
    rng = np.random.default_rng(291)
    for _ in range(60):
        y = rng.uniform(660, 890)
        x = 640 + float(rng.choice([-1, 1])) * (60 + (y - 520) * 1.1) + rng.normal(0, 30)
        lump(canvas, rng, (x, y), rng.uniform(12, 34), "#a9aca2")
    canvas.paint(rect(930, 380, 1080, 520), "#f0f3f1")
    canvas.paint(rect(920, 366, 1090, 388), "#2f7a58")
    board(canvas, 960, 420, 92, 60)
    reeds(canvas, 292, (200, 420), 760, 60)
