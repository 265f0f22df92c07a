"""Waste: litter by a wall, rubble by a road, chemical drums, slag heaps."""

from __future__ import annotations

import numpy as np

from portal.cli.demo.scenes.canvas import (
    UNITS_W,
    XX,
    YY,
    Canvas,
    disc,
    line,
    noise,
    poly,
    rect,
    steps,
    stretch,
)
from portal.cli.demo.scenes.nature import distance, meadow, paving, shrubs, sky, tree, wood
from portal.cli.demo.scenes.props import (
    BAGS,
    RUBBLE,
    board,
    brick_wall,
    drum,
    fence,
    heap,
    house,
    planter,
    scatter,
    shed,
    standing_board,
    tyre,
    warning,
)


def wall_litter(canvas: Canvas, bad: bool) -> None:
    """Household rubbish dumped against a wall, then planters and a notice."""
    brick_wall(canvas, 520, "#d9d2c2", 0.5 if bad else 0.12)
    canvas.paint(rect(0, 0, UNITS_W, 62), "#6f8f86")
    paving(canvas, 122, 520, "#8b8982")
    if bad:
        scatter(canvas, 11, (540, 770), (430, 260), BAGS, 330, (16, 48))
    else:
        for x in (130, 400, 670):
            planter(canvas, x, 712)
            shrubs(canvas, 124 + x, (x + 6, x + 184), 600, 90)
        board(canvas, 430, 150, 330, 150)
        lane = np.clip(1 - np.abs(YY - 800) / 8, 0, 1) * ((XX % 210) < 130)
        canvas.paint(lane, "#f5f3ea", 0.55)
    _scooter(canvas)


def _scooter(canvas: Canvas) -> None:
    """A parked scooter, its plate already in blocks."""
    canvas.paint(disc(1030, 806, 150, 14, 20), "#2c2b28", 0.5)
    for x in (930, 1120):
        canvas.paint(disc(x, 770, 46), "#1c1c1c")
        canvas.paint(disc(x, 770, 24), "#8b9093")
    body = (
        (915, 740),
        (950, 660),
        (1000, 700),
        (1060, 720),
        (1080, 640),
        (1150, 640),
        (1165, 745),
        (1070, 770),
        (980, 768),
    )
    canvas.paint(poly(*body), "#27667f")
    canvas.paint(poly((1060, 640), (1170, 632), (1165, 660), (1064, 664)), "#1a1d1f")
    canvas.paint(line([(950, 664), (925, 590), (965, 578)], 10), "#1a1d1f")
    rng = np.random.default_rng(1)
    for row in range(3):
        for column in range(5):
            tone = str(rng.choice(["#3f6fb5", "#5d86c2", "#2d5596", "#8aa7d0"]))
            x, y = 1126 + column * 12, 690 + row * 12
            canvas.paint(rect(x, y, x + 12, y + 12, 0), tone)


def roadside_rubble(canvas: Canvas, bad: bool) -> None:
    """Building rubble tipped beside a country road, then cleared and planted."""
    sky(canvas, bad, 430, 403)
    distance(canvas, bad, 430, 404)
    wood(canvas, 405, 450, 80, bad)
    meadow(canvas, 406, 446, bad)
    road = poly((780, 450), (840, 450), (1300, 900), (640, 900))
    canvas.paint(road, "#77756f")
    for y0, y1 in ((480, 510), (560, 610), (690, 770)):
        x0, x1 = 808 + (y0 - 450) * 0.36, 808 + (y1 - 450) * 0.36
        canvas.paint(line([(x0, y0), (x1, y1)], 8), "#f1efe6", 0.8)
    for x in (860, 1010):
        tree(canvas, x + 90, 520 + (x - 860) // 3, 170, 407 + x, bare=False)
    if bad:
        heap(canvas, 408, 330, 760, 380, 250, "#b3aa9a #6f685c")
        scatter(canvas, 409, (340, 800), (330, 260), RUBBLE, 260, (14, 50))
        for x, y in ((180, 700), (420, 640), (520, 780)):
            canvas.paint(line([(x, y), (x + 90, y - 60)], 9), "#8a6b48")
            canvas.paint(line([(x + 30, y), (x - 30, y - 70)], 5), "#8f4a38")
        return
    for x, y in ((120, 690), (300, 640), (450, 720), (220, 820)):
        tree(canvas, x, y, 150, 411 + x)
    shrubs(canvas, 412, (60, 560), 860, 56)
    standing_board(canvas, 520, 680, 150)


def drum_yard(canvas: Canvas, bad: bool) -> None:
    """Chemical drums in the open, leaking, then locked away on a bunded pad."""
    sky(canvas, bad, 440, 423)
    shed(canvas, 40, 520, 520, 240, "#85847d" if bad else "#9db0b0")
    wood(canvas, 424, 524, 90, bad)
    paving(canvas, 425, 516, "#8f8a7d" if bad else "#b0afa8")
    rng = np.random.default_rng(426)
    tones = ["#2f5f9a", "#a53a2a", "#c79a2a", "#5a6a5a", "#6d4a34"]
    if bad:
        leak = stretch(noise(427, 240, 60, 5), 0.4, 5) * np.clip((YY - 640) / 60, 0, 1)
        canvas.paint(leak * np.clip(1.3 - np.abs(XX - 640) / 520, 0, 1), "#2c1f10", 0.9)
        sheen = stretch(noise(428, 120, 30, 4), 0.55, 5) * (YY > 720)
        canvas.paint(sheen * np.clip(1 - np.abs(XX - 560) / 380, 0, 1), "#b08a2c", 0.8)
        for k in range(26):
            y = 620 + k * 9
            x = rng.uniform(180, 1120)
            drum(canvas, x, y, str(rng.choice(tones)), 120 + k * 2, lying=bool(rng.random() < 0.35))
        return
    canvas.paint(rect(300, 360, 1120, 760), "#d7dcd8")
    canvas.paint(rect(280, 330, 1140, 372), "#2f7a58")
    for x in steps(330, 1100, 26):
        canvas.paint(rect(x, 390, x + 5, 750), "#7f8f8a")
    canvas.paint(rect(270, 750, 1150, 800), "#e0b62a")
    for x in steps(270, 1150, 60):
        canvas.paint(poly((x, 800), (x + 28, 800), (x + 56, 750), (x + 28, 750)), "#23231f")
    warning(canvas, 520, 520, 80)
    board(canvas, 700, 450, 220, 150)


def slag_heap(canvas: Canvas, bad: bool) -> None:
    """An industrial slag heap by the works, then capped with earth and grass."""
    sky(canvas, bad, 450, 443)
    distance(canvas, bad, 440, 444)
    shed(canvas, 640, 560, 520, 190, "#777b7d" if bad else "#a2adb0")
    canvas.paint(rect(1010, 180, 1060, 380), "#8d867c")
    meadow(canvas, 445, 550, bad)
    if bad:
        heap(canvas, 446, 380, 760, 440, 400, "#6d6a68 #1f1e20")
        heap(canvas, 447, 860, 820, 330, 210, "#8a5a42 #3c2418")
        run = stretch(noise(448, 200, 30, 5), 0.44, 5) * np.clip((YY - 770) / 40, 0, 1)
        canvas.paint(run, "#7a3a16", 0.85)
        return
    heap(canvas, 446, 380, 760, 440, 300, "#8cc257 #33702f")
    heap(canvas, 447, 860, 820, 330, 170, "#86b954 #3a7a35")
    for k in range(6):
        tree(canvas, 150 + k * 100, 640 - (k % 3) * 40, 110, 449 + k)
    fence(canvas, 860, 80, "#cfdcd5")
    standing_board(canvas, 820, 800, 160)


def alley_skips(canvas: Canvas, bad: bool) -> None:
    """A village collection point overflowing, then sorted bins under a roof."""
    sky(canvas, bad, 420, 463)
    house(canvas, 30, 560, 360, 260, "#d6cdbb #6a5c52" if bad else "#f0ebdf #8a5d4d")
    house(canvas, 820, 560, 360, 240, "#cdc5b4 #5f5a55" if bad else "#e8eee8 #5f7480")
    wood(canvas, 464, 560, 60, bad)
    paving(canvas, 465, 552, "#8f8b82")
    bins = (
        ("#4c4f45", "#55584c", "#474a42") if bad else ("#2f6fb0", "#2f8a55", "#c23b35", "#7b8487")
    )
    if not bad:
        canvas.paint(rect(300, 420, 316, 760), "#5a6a66")
        canvas.paint(rect(950, 420, 966, 760), "#5a6a66")
        canvas.paint(poly((260, 430), (1010, 430), (960, 370), (310, 370)), "#2f7a58")
        board(canvas, 520, 450, 230, 90)
    for k, tone in enumerate(bins):
        x = 350 + k * (200 if bad else 150)
        canvas.paint(disc(x + 60, 764, 80, 6, 10), "#23231f", 0.5)
        canvas.paint(poly((x, 590), (x + 124, 590), (x + 112, 760), (x + 12, 760)), tone)
        if not bad:
            canvas.paint(rect(x - 6, 570, x + 130, 592), tone)
            canvas.paint(disc(x + 62, 670, 26), "#ffffff", 0.85)
    if bad:
        scatter(canvas, 466, (600, 640), (330, 110), BAGS, 120, (14, 36))
        scatter(canvas, 467, (560, 830), (420, 90), BAGS, 150, (14, 40))
        for x, y in ((980, 800), (1070, 840)):
            tyre(canvas, x, y, 62)
