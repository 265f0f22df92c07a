"""Air: chimneys, building sites, kitchens, straw fires, lorries, stoves, crackers, paint shops."""

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
    steps,
    stretch,
)
from portal.cli.demo.scenes.nature import (
    Plume,
    distance,
    haze,
    hills,
    meadow,
    paving,
    rows,
    shrubs,
    sky,
    smoke,
    tree,
    wood,
)
from portal.cli.demo.scenes.props import (
    block,
    board,
    crane,
    digger,
    drum,
    duct,
    fan,
    firework,
    glow,
    heap,
    house,
    lamp_windows,
    scatter,
    shed,
    stack,
    street_lamp,
    truck,
)

PAINTS = ["#c9332b", "#2f62a8", "#e0b132", "#dddddd"]


def chimney(canvas: Canvas, bad: bool) -> None:
    """Three factory chimneys: black smoke, then a clear sky."""
    sky(canvas, bad, 620, 33)
    hills(canvas, 77, 640, 180, "#a39f95" if bad else "#93b2b5")
    lift = 0.0 if bad else 0.16
    for x, w, top in ((330, 62, 170), (520, 50, 250), (820, 74, 120)):
        stack(canvas, x, top, w, 690, lift)
    for x, y, w in ((120, 560, 260), (380, 520, 330), (700, 590, 250), (940, 520, 200)):
        shed(canvas, x, 720, w, 720 - y, "#6f7a80" if bad else "#95a2a6")
    wood(canvas, 78, 740, 70, bad)
    meadow(canvas, 79, 736, bad)
    if bad:
        for seed, x, y in ((160, 361, 172), (164, 545, 252), (168, 857, 122)):
            plume = Plume((x + 8, y + 16), (x - 520, y - 110), (34, 170), "#4f4b46", "#9d968b", 1)
            smoke(canvas, seed, plume)


def site_dust(canvas: Canvas, bad: bool) -> None:
    """Bare soil heaps in the wind, then green netting and a mist cannon."""
    sky(canvas, bad, 470, 13)
    hills(canvas, 33, 470, 140, "#b7aa94" if bad else "#9db9b8")
    for x, w, top in ((60, 150, 190), (230, 120, 120), (770, 170, 150), (960, 190, 70)):
        block(canvas, x, top, w, 480, "#a59b8a" if bad else "#c3c6c2")
        canvas.paint(rect(x - 4, top + 110, x + w + 4, top + 190), "#6f8d63", 0.75)
    crane(canvas, 560, 480, 80, "#8a6d2a" if bad else "#c79320")
    soil = ("#b59a6c", "#8f7246") if bad else ("#8f8b7d", "#6e6b60")
    tone = gradient(soil[0], soil[1], 460) * (0.72 + 0.5 * noise(90, 120, 26, 6))[..., None]
    canvas.paint(np.clip((YY - 468) / 2, 0, 1), tone)
    for seed, x, w, h, y in ((91, 300, 330, 240, 640), (93, 860, 380, 290, 690)):
        heap(canvas, seed, x, y, w, h, "#c9a46a #7c5a31" if bad else "#4a9a56 #1f5a30")
    digger(canvas, 150, 790, 1.0, "#c58a18" if bad else "#e7a51c")
    if bad:
        left = Plume((420, 640), (80, 330), (60, 250), "#cdb48a", "#eadcbf", 0.8)
        right = Plume((600, 740), (1130, 300), (90, 330), "#cdb48a", "#eadcbf", 0.92)
        smoke(canvas, 97, right)
        smoke(canvas, 99, left)
        haze(canvas, 98, "#d9c6a2", 0.55)
        return
    net = (((XX + YY * 0.6) % 14 < 2.2) | ((XX - YY * 0.6) % 14 < 2.2)) & (YY > 400) & (YY < 690)
    green = (canvas.image[..., 1] > canvas.image[..., 0] * 1.35).astype(np.float32)
    canvas.paint(net * green, "#77b86d", 0.4)
    canvas.paint(rect(960, 716, 1080, 770), "#2f6f86")
    canvas.paint(line([(1010, 716), (960, 650)], 22), "#cfd6d8")
    smoke(canvas, 101, Plume((952, 640), (430, 400), (14, 210), "#f4fbff", "#ffffff", 0.6))


def kitchen_fume(canvas: Canvas, bad: bool) -> None:
    """A restaurant wall by night: an open fan blowing grease, then a purifier and a duct."""
    canvas.fill(gradient("#1b2738", "#39434d") * (0.75 + 0.5 * noise(150, 300, 200))[..., None])
    brick = (
        mix("#4a4038", "#6b5a49", noise(151, 70, 40, 6)) * (1.15 - 0.5 * XX / UNITS_W)[..., None]
    )
    canvas.paint(rect(140, 60, UNITS_W, 760), brick)
    for y in range(60, 760, 34):
        canvas.paint(line([(140, y), (1200, y)], 2, 1), "#2a241f", 0.55)
    for x, y in ((220, 130), (480, 130), (760, 130)):
        canvas.paint(rect(x - 8, y - 8, x + 158, y + 158), "#171a1d")
        canvas.paint(rect(x, y, x + 150, y + 150), mix("#ffd98a", "#d8913a", (YY - y) / 150))
        canvas.paint(rect(x + 71, y, x + 79, y + 150), "#171a1d")
        glow(canvas, x + 75, y + 90, 200, "#ffc56b", 0.14)
    canvas.paint(rect(0, 760, UNITS_W, UNITS_H), "#20252a")
    wet = stretch(noise(152, 200, 14, 4), 0.5, 3) * np.clip((YY - 760) / 40, 0, 1)
    canvas.paint(wet, "#d79a4a", 0.35)
    canvas.paint(rect(220, 520, 700, 620), "#b3362b")
    for x in (262, 352, 442, 532):
        canvas.paint(rect(x, 546, x + 56, 596), "#ffe7b0")
    canvas.paint(rect(260, 640, 660, 762), "#2b2f33")
    for left, right in ((274, 456), (468, 646)):
        canvas.paint(rect(left, 652, right, 762), "#f6c377")
    if bad:
        canvas.paint(rect(800, 430, 1000, 520), "#8d9499")
        canvas.paint(disc(806, 476, 38, 1.5, 42), "#15181a")
        stain = stretch(noise(153, 30, 130, 4), 0.42, 3)
        canvas.paint(rect(770, 520, 900, 740, 10), "#1d150b", stain)
        smoke(canvas, 155, Plume((790, 470), (150, 60), (40, 250), "#8f8f8d", "#d9d2c4"))
        smoke(canvas, 157, Plume((790, 470), (480, 20), (34, 210), "#a7a49c", "#e3dccb", 0.8))
        return
    duct(canvas, 1000, 0, 402)
    canvas.paint(rect(820, 400, 1060, 560), "#aeb6ba")
    canvas.paint(rect(820, 400, 1060, 420), "#7d868b")
    board(canvas, 860, 450, 110, 60)


def straw_fire(canvas: Canvas, bad: bool) -> None:
    """Stubble burning across a plain, then the field green with baled straw."""
    sky(canvas, bad, 400, 23)
    hills(canvas, 50, 404, 210, mix("#9fb2b4", "#b5aa96", 0.5 if bad else 0.0))
    hills(canvas, 59, 408, 130, mix("#6e8c86", "#b5aa96", 0.5 if bad else 0.0))
    wood(canvas, 56, 412, 46, bad)
    rows(canvas, 130, 408, ("#8e7440", "#d9bd76") if bad else ("#2f7a35", "#9fce58"), 560)
    if not bad:
        for x, y, s in ((240, 640, 62), (760, 590, 44), (980, 720, 84), (520, 520, 24)):
            canvas.paint(disc(x + s * 0.2, y + s * 0.75, s * 1.2, 9, s * 0.22), "#2c4a22", 0.55)
            bale = mix("#e3c47a", "#a98646", (XX - x + s) / (2 * s))
            canvas.paint(rect(x - s, y - s * 0.6, x + s * 0.6, y + s * 0.75, 2), bale)
            canvas.paint(disc(x + s * 0.6, y + s * 0.08, s * 0.42, 1.2, s * 0.68), "#c9a75c")
            canvas.paint(disc(x + s * 0.6, y + s * 0.08, s * 0.2, 2, s * 0.34), "#8d6d34", 0.7)
        return
    near = np.clip((YY - 520) / 40, 0, 1) * np.clip((XX - 240) / 200, 0, 1)
    burnt = stretch(noise(131, 340, 90, 5), 0.42, 5) * near
    canvas.paint(burnt, "#1d1a15", 0.9)
    edge = np.clip(1 - np.abs(burnt - 0.35) * 4, 0, 1) * (YY > 520)
    canvas.paint(edge * stretch(noise(132, 30, 40, 4), 0.13, 1.5), "#ff8a1f")
    flames(canvas, 3, (380, 1120), (545, 700), 46)
    smoke(canvas, 135, Plume((760, 600), (260, 30), (70, 300), "#8d8678", "#cfc6b4", 0.97))
    smoke(canvas, 137, Plume((1000, 590), (700, 60), (50, 230), "#7f786b", "#c2b8a5", 0.9))


def flames(
    canvas: Canvas, seed: int, x: tuple[float, float], y: tuple[float, float], count: int
) -> None:
    """Set small tongues of fire between two columns and two rows."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        px, py, h = rng.uniform(*x), rng.uniform(*y), rng.uniform(16, 60)
        outer = ((px - h * 0.3, py), (px + h * 0.08, py - h), (px + h * 0.32, py))
        inner = ((px - h * 0.14, py), (px + h * 0.05, py - h * 0.55), (px + h * 0.16, py))
        canvas.paint(poly(*outer, blur=3), "#f26b12", 0.85)
        canvas.paint(poly(*inner, blur=2), "#ffd25e")


def lorry_exhaust(canvas: Canvas, bad: bool) -> None:
    """A loaded lorry on a town road: black exhaust, then a covered load and clean air."""
    sky(canvas, bad, 460, 43)
    for x, w, top in ((40, 170, 170), (250, 130, 240), (760, 150, 200), (960, 190, 130)):
        block(canvas, x, top, w, 540, "#b1ac9f" if bad else "#ccd0cc")
    wood(canvas, 44, 545, 110, bad)
    paving(canvas, 45, 540, "#7f7d78")
    lane = np.clip(1 - np.abs(YY - 660) / 6, 0, 1) * ((XX % 210) < 130)
    canvas.paint(lane, "#f5f3ea", 0.6)
    truck(canvas, 520, 800, 1.25, "#b5432f", "#7c6a4d" if bad else "#2f6f86")
    if bad:
        heap(canvas, 46, 640, 588, 190, 60, "#b8955c #6d5230")
        smoke(canvas, 47, Plume((440, 776), (20, 560), (46, 220), "#191816", "#4f4b46", 1))
        smoke(canvas, 48, Plume((440, 780), (60, 820), (40, 120), "#23211e", "#5c574f", 0.9))
        haze(canvas, 49, "#b7ae9c", 0.3)
    else:
        cover = ((436, 590), (470, 548), (800, 548), (840, 590))
        canvas.paint(poly(*cover), "#3d8a5a")
        shrubs(canvas, 41, (0, 400), 556, 44)


def coal_stove(canvas: Canvas, bad: bool) -> None:
    """A village yard in winter: a coal stove smoking, then a heat pump under a clear sky."""
    sky(canvas, bad, 430, 53)
    distance(canvas, bad, 400, 54)
    house(canvas, 300, 690, 620, 300, "#d8cfbd #6f5f55" if bad else "#efeadf #8a6152")
    meadow(canvas, 55, 680, True)
    paving(canvas, 57, 720, "#96928a")
    canvas.paint(rect(560, 560, 660, 700), "#5d4535")
    if bad:
        canvas.paint(rect(740, 240, 776, 430), "#4b4540")
        canvas.paint(rect(990, 600, 1080, 740), "#3b3733")
        canvas.paint(rect(1020, 500, 1046, 602), "#2c2a28")
        canvas.paint(disc(1035, 690, 24, 3), "#ff7a2a", 0.9)
        heap(canvas, 58, 200, 800, 200, 120, "#3a3836 #121212")
        smoke(canvas, 59, Plume((758, 250), (300, 10), (30, 220), "#5b564f", "#a39c90", 1))
        smoke(canvas, 61, Plume((1033, 505), (860, 110), (24, 180), "#4a463f", "#958d80", 1))
        haze(canvas, 60, "#b9b0a0", 0.32)
        return
    canvas.paint(rect(960, 560, 1120, 740), "#e8ecec")
    fan(canvas, 1040, 650, 60, "#c9d1d3")
    for x in (380, 520, 660):
        canvas.paint(poly((x, 388), (x + 120, 388), (x + 130, 326), (x + 26, 326)), "#1f4468")
        canvas.paint(line([(x + 60, 388), (x + 76, 326)], 3), "#8fb0c9")
    tree(canvas, 160, 800, 260, 62)


def firecrackers(canvas: Canvas, bad: bool) -> None:
    """A street by night: crackers, smoke and red paper, then the same street swept."""
    canvas.fill(gradient("#0d1626", "#2b3650", 0, 640))
    for x, w, top in ((0, 210, 220), (230, 170, 330), (770, 200, 260), (990, 210, 160)):
        lamp_windows(canvas, x, top, w, 640, 0.3 if bad else 0.5)
    canvas.paint(np.clip((YY - 630) / 2, 0, 1), mix("#3b3c3f", "#26282b", noise(63, 140, 30, 5)))
    for x in (330, 880):
        street_lamp(canvas, x, 660)
    if not bad:
        canvas.paint(rect(540, 560, 660, 690), "#0b6b4c")
        canvas.paint(rect(548, 546, 652, 566), "#c8d6cf")
        board(canvas, 700, 520, 150, 90, "#a6352b")
        return
    _crackers(canvas)
    firework(canvas, 300, 170, 150, "#ff9e5c")
    firework(canvas, 660, 110, 190, "#ffd25e")
    firework(canvas, 980, 190, 130, "#ff6f7d")


def _crackers(canvas: Canvas) -> None:
    """Three boxes going off over a carpet of red paper."""
    rng = np.random.default_rng(64)
    for _ in range(900):
        left, top = rng.normal(620, 240), 700 + abs(rng.normal(0, 75))
        tone = str(rng.choice(["#c3242b", "#e0413a", "#8f1a1f", "#f0b33c"]))
        canvas.paint(rect(left, top, left + rng.uniform(5, 16), top + rng.uniform(3, 8)), tone)
    for x in (470, 640, 790):
        canvas.paint(rect(x, 640, x + 90, 720), "#a8222a")
        canvas.paint(rect(x, 664, x + 90, 690), "#e7b13a")
        glow(canvas, x + 45, 620, 70, "#ffcf7a", 0.9)
        rise = Plume((x + 45, 630), (x - 155, 250), (40, 210), "#8e877f", "#d8cfc0", 0.85)
        smoke(canvas, 110 + x, rise)


def paint_shop(canvas: Canvas, bad: bool) -> None:
    """A spray-painting workshop: open doors and coloured vapour, then closed with a filter."""
    sky(canvas, bad, 500, 67)
    wood(canvas, 68, 690, 250, bad)
    shed(canvas, 90, 690, 1020, 400, "#8c8f8c" if bad else "#a9b3b5")
    canvas.paint(rect(400, 420, 800, 692), "#1a1b1d" if bad else "#4f7f96")
    paving(canvas, 69, 686, "#8b8982")
    if bad:
        canvas.paint(rect(470, 560, 730, 640), "#2c63a0")
        canvas.paint(poly((510, 562), (560, 500), (680, 500), (710, 562)), "#25507f")
        for x in (525, 680):
            canvas.paint(disc(x, 644, 30), "#0e0f10")
        smoke(canvas, 71, Plume((600, 580), (180, 220), (110, 300), "#b58fb0", "#dcc3d6", 0.95))
        smoke(canvas, 73, Plume((660, 560), (1020, 190), (90, 260), "#a57fa3", "#d9bcd0", 0.9))
        for k, tone in enumerate(("#b33a2e", "#2b5fa0", "#d0a52b", "#6d7478")):
            drum(canvas, 880 + k * 76, 800 + k % 2 * 30, tone, 110)
        scatter(canvas, 74, (260, 830), (170, 50), PAINTS, 40, (10, 24))
        return
    for y in steps(440, 690, 36):
        canvas.paint(rect(400, y, 800, y + 5), "#3a6277")
    canvas.paint(rect(850, 470, 1060, 690), "#dfe5e5")
    board(canvas, 890, 540, 130, 80)
    duct(canvas, 930, 60, 472, 70)
    for x in (150, 260):
        canvas.paint(rect(x, 560, x + 70, 690), "#d7dedd")


def garbage_odour(canvas: Canvas, bad: bool) -> None:
    """A refuse transfer station: open skips under a sour haze, then closed and washed."""
    sky(canvas, bad, 520, 81)
    distance(canvas, bad, 500, 82)
    block(canvas, 40, 210, 200, 560, "#b9b3a3" if bad else "#cfd3ce")
    shed(canvas, 560, 620, 560, 260, "#7f8d80" if bad else "#7fa690")
    paving(canvas, 83, 612, "#86847c")
    canvas.paint(rect(640, 430, 840, 622), "#20231f" if bad else "#dfe7e1")
    for x in (180, 400):
        skip = ((x, 640), (x + 190, 640), (x + 165, 770), (x + 25, 770))
        canvas.paint(disc(x + 95, 772, 120, 8, 14), "#23231f", 0.5)
        canvas.paint(poly(*skip), "#4d5a41" if bad else "#2f7f5d")
    if bad:
        scatter(
            canvas,
            84,
            (280, 660),
            (190, 90),
            ["#2a2b2c", "#e8e3d5", "#7c6b45", "#a84b38"],
            120,
            (14, 34),
        )
        scatter(
            canvas, 85, (760, 640), (170, 110), ["#2a2b2c", "#d7d0be", "#75633d"], 110, (16, 40)
        )
        leak = (
            stretch(noise(86, 220, 40, 5), 0.46, 5) * (YY > 700) * np.clip((1100 - XX) / 300, 0, 1)
        )
        canvas.paint(leak, "#2a2413", 0.8)
        smoke(canvas, 87, Plume((300, 650), (140, 160), (120, 330), "#a9a05c", "#cfc98f", 0.7))
        smoke(canvas, 88, Plume((760, 600), (980, 120), (120, 330), "#a09858", "#c9c388", 0.7))
        return
    for x in (180, 400):
        canvas.paint(poly((x - 8, 640), (x + 30, 606), (x + 160, 606), (x + 198, 640)), "#256a4c")
    for y in steps(450, 620, 30):
        canvas.paint(rect(640, y, 840, y + 4), "#b9c6be")
    shine = stretch(noise(89, 260, 16, 4), 0.52, 4) * (YY > 690)
    canvas.paint(shine, "#dcebf0", 0.35)
    shrubs(canvas, 80, (900, 1200), 700, 60)
