"""Ecology and the rest: felling, quarrying, wetlands, reserves; scattered workshops, tyre yards."""

from __future__ import annotations

import numpy as np

from portal.cli.demo.scenes.canvas import (
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
    reeds,
    shrubs,
    sky,
    smoke,
    tree,
    water,
    wood,
)
from portal.cli.demo.scenes.props import (
    BAGS,
    RUBBLE,
    board,
    brick_wall,
    digger,
    drum,
    fence,
    heap,
    house,
    planter,
    scatter,
    shed,
    standing_board,
    truck,
    tyre,
)


def cut_slope(canvas: Canvas, bad: bool) -> None:
    """A felled hillside with stumps and logs, then replanted."""
    sky(canvas, bad, 420, 703)
    distance(canvas, bad, 330, 704)
    slope = np.clip((YY - (520 - 230 * np.exp(-(((XX - 520) / 520) ** 2)))) / 3, 0, 1)
    tone = ("#9a7d55", "#6d5334") if bad else ("#7fae4c", "#3f7a35")
    canvas.paint(
        slope, gradient(tone[0], tone[1], 290) * (0.75 + 0.5 * noise(705, 90, 40))[..., None]
    )
    for edge in (20, 90, 1090, 1160):
        tree(canvas, edge, 560, 200, 706 + edge)
    rng = np.random.default_rng(707)
    spots = sorted((rng.uniform(380, 860), rng.uniform(120, 1080)) for _ in range(70))
    for k, (y, x) in enumerate(spots):
        size = 12 + (y - 360) / 12
        if bad:
            canvas.paint(rect(x - size * 0.6, y - size * 0.7, x + size * 0.6, y), "#5d4228")
            canvas.paint(disc(x, y - size * 0.7, size * 0.6, 0.6, size * 0.26), "#e2c590")
        elif k % 2:
            tree(canvas, x, y, size * 2.6, 800 + k)
    if bad:
        for k in range(9):
            x, y = 640 + k % 3 * 40, 800 - k // 3 * 44
            canvas.paint(line([(x, y), (x + 330, y - 20)], 44), "#7a5634")
            canvas.paint(disc(x, y, 22), "#dcb982")
            canvas.paint(disc(x, y, 9), "#a47f4e")
    else:
        standing_board(canvas, 820, 840, 170)


def open_pit(canvas: Canvas, bad: bool) -> None:
    """A quarry face eating a hill, then terraced and green."""
    sky(canvas, bad, 440, 723)
    hills(canvas, 724, 470, 300, "#8da39a" if not bad else "#a29c8c")
    face = np.clip((YY - (230 + 60 * np.sin(XX / 210))) / 3, 0, 1) * (np.abs(XX - 620) < 470)
    rock = mix("#cdb691", "#8a6f4d", noise(725, 60, 160, 6))
    canvas.paint(face, rock if bad else mix("#7fae4f", "#4a7d3a", noise(726, 60, 40, 6)))
    for k in range(5):
        y = 320 + k * 62
        ledge = np.clip(1 - np.abs(YY - y - 10 * np.sin(XX / 90)) / 10, 0, 1)
        ledge = ledge * (np.abs(XX - 620) < 460)
        canvas.paint(ledge, "#6b5238" if bad else "#c9b98a", 0.9)
        if not bad:
            for x in range(190 + k % 2 * 40, 1060, 84):
                tree(canvas, x, y + 4, 62, 727 + x + k)
    floor = ("#c0a67c", "#8f7550") if bad else ("#8dbb58", "#4d8a3c")
    tone = gradient(floor[0], floor[1], 620) * (0.75 + 0.5 * noise(728, 110, 26, 6))[..., None]
    canvas.paint(np.clip((YY - 625) / 3, 0, 1), tone)
    if bad:
        digger(canvas, 220, 790, 0.9, "#d18f1c")
        truck(canvas, 760, 820, 0.8, "#d29a2a", "#8a6d44")
        heap(canvas, 729, 980, 720, 240, 120, "#d2bb94 #8c7350")
        smoke(canvas, 730, Plume((620, 720), (940, 250), (80, 280), "#cdb892", "#ecdcbd", 0.75))
        haze(canvas, 731, "#d9c8a6", 0.35)
    else:
        canvas.paint(disc(560, 770, 330, 3, 60), mix("#9fd3d8", "#3f8fa0", (YY - 710) / 120))
        standing_board(canvas, 900, 850, 160)


def wetland_fill(canvas: Canvas, bad: bool) -> None:
    """A wetland filled with spoil, then reeds and egrets again."""
    sky(canvas, bad, 400, 743)
    distance(canvas, bad, 410, 744)
    wood(canvas, 745, 424, 40, bad)
    water(
        canvas,
        430,
        ("#8a8a74", "#5a5644") if bad else ("#a8d4d4", "#3f8a8c"),
        746,
        0.55 if bad else 0.35,
    )
    if bad:
        heap(canvas, 747, 860, 880, 560, 330, "#b08d5e #6d5030")
        heap(canvas, 748, 360, 900, 360, 170, "#a38357 #64492c")
        scatter(canvas, 749, (520, 850), (260, 90), RUBBLE, 110, (12, 34))
        truck(canvas, 740, 610, 0.62, "#b5432f", "#7c6a4d")
        digger(canvas, 90, 760, 0.7, "#d18f1c")
        return
    for x0, x1, y in ((0, 260, 640), (60, 420, 890), (780, 1200, 780), (560, 760, 560)):
        reeds(canvas, 750 + x0, (x0, x1), y, 80)
    for x, y, k in ((520, 690, 1.0), (640, 740, 1.2), (460, 610, 0.7)):
        canvas.paint(disc(x, y - 60 * k, 34 * k, 0.8, 17 * k), "#fbfdfc")
        canvas.paint(
            line(
                [(x + 26 * k, y - 66 * k), (x + 42 * k, y - 110 * k), (x + 60 * k, y - 116 * k)],
                8 * k,
            ),
            "#fbfdfc",
        )
        canvas.paint(line([(x + 60 * k, y - 116 * k), (x + 82 * k, y - 110 * k)], 4), "#e0a52a")
        canvas.paint(line([(x, y - 46 * k), (x, y)], 4), "#3b3d35")
    lotus = np.random.default_rng(751)
    for _ in range(26):
        at = lotus.uniform(300, 900), lotus.uniform(780, 890)
        canvas.paint(disc(*at, 34, 0.8, 12), "#4f9a52")


def reserve_road(canvas: Canvas, bad: bool) -> None:
    """A hut and a track cut into a nature reserve, then both gone."""
    sky(canvas, bad, 400, 763)
    distance(canvas, bad, 380, 764)
    for layer, y in enumerate((430, 500, 580)):
        wood(canvas, 765 + layer, y, 120, False)
    meadow(canvas, 768, 570, False)
    if bad:
        scar = poly((520, 420), (600, 420), (700, 560), (1060, 900), (240, 900), (470, 570))
        canvas.paint(scar, mix("#c2a272", "#8f7046", noise(769, 90, 40, 6)))
        for k in range(2):
            rut = [(545 + k * 40, 430), (560 + k * 90, 600), (480 + k * 330, 900)]
            canvas.paint(line(rut, 20, 3), "#6d5332", 0.7)
        house(canvas, 760, 640, 300, 170, "#b8a68a #3f5f8f")
        canvas.paint(rect(880, 540, 940, 640), "#3a2f25")
        scatter(canvas, 770, (980, 740), (150, 70), BAGS, 60, (12, 28))
        truck(canvas, 330, 800, 0.7, "#3f6fb5", "#7c6a4d")
        for x, y in ((150, 760), (220, 840), (120, 860)):
            canvas.paint(line([(x, y), (x + 200, y - 14)], 30), "#7a5634")
            canvas.paint(disc(x, y, 15), "#dcb982")
        return
    for k, (x, y) in enumerate(((520, 600), (640, 650), (820, 640), (960, 700), (380, 690))):
        tree(canvas, x, y, 190, 771 + k)
    shrubs(canvas, 777, (250, 1080), 880, 80)
    standing_board(canvas, 90, 830, 190, "#7a5a2a")


def tyre_yard(canvas: Canvas, bad: bool) -> None:
    """A yard boiling tyres for oil, then torn down and levelled."""
    sky(canvas, bad, 420, 803)
    distance(canvas, bad, 420, 804)
    wood(canvas, 805, 470, 80, bad)
    meadow(canvas, 806, 464, bad)
    if bad:
        shed(canvas, 640, 640, 460, 220, "#6b665c")
        canvas.paint(rect(700, 250, 740, 440), "#3b3733")
        for row in range(4):
            for k in range(9 - row * 2):
                tyre(canvas, 110 + row * 52 + k * 62, 780 - row * 44, 42)
        for k in range(9):
            tyre(canvas, 130 + k * 84, 850, 50)
        drum(canvas, 900, 800, "#3d3f42", 150)
        drum(canvas, 1010, 820, "#6d3a24", 150)
        leak = stretch(noise(807, 220, 40, 5), 0.44, 5) * (YY > 680) * (XX > 560)
        canvas.paint(leak, "#0e0d0b", 0.9)
        smoke(canvas, 808, Plume((720, 255), (260, 40), (36, 240), "#23211f", "#5f594f", 1))
        haze(canvas, 809, "#a59d8c", 0.3)
        return
    tone = gradient("#b9a27a", "#8d7650", 560) * (0.8 + 0.35 * noise(810, 90, 24, 6))[..., None]
    pad = poly((300, 560), (1000, 560), (1120, 800), (160, 800), blur=3)
    canvas.paint(pad, tone)
    for k in range(6):
        tree(canvas, 240 + k * 150, 690 + k % 2 * 40, 100, 811 + k)
    standing_board(canvas, 900, 620, 180)
    fence(canvas, 860, 70, "#dfe7e2")


def shack_works(canvas: Canvas, bad: bool) -> None:
    """A backyard workshop under a tin roof, then doors sealed and power cut."""
    brick_wall(canvas, 470, "#b79f86", 0.55 if bad else 0.15, 823)
    paving(canvas, 824, 466, "#857f74")
    canvas.paint(rect(220, 170, 980, 600), "#7e6f5f" if bad else "#8f9a98")
    ribs = ((XX % 26) < 7) & (XX > 220) & (XX < 980) & (YY > 170) & (YY < 600)
    canvas.paint(ribs.astype(float), "#5f5346" if bad else "#77827f", 0.7)
    canvas.paint(poly((190, 180), (1010, 180), (950, 110), (250, 110)), "#4a5a66")
    canvas.paint(rect(420, 290, 780, 604), "#14120f" if bad else "#aab4b2")
    if bad:
        for x, y in ((520, 430), (660, 470)):
            canvas.paint(disc(x, y, 110, 50), "#ff9a3d", 0.75)
            canvas.paint(disc(x, y, 22, 5), "#fff0b0")
        rng = np.random.default_rng(825)
        for _ in range(90):
            a, r = rng.uniform(0, 6.28), rng.uniform(20, 170)
            x, y = 660 + np.cos(a) * r, 480 + np.sin(a) * r
            canvas.paint(line([(x, y), (x + np.cos(a) * 18, y + np.sin(a) * 18)], 3), "#ffd36b")
        smoke(canvas, 826, Plume((700, 150), (1080, 10), (60, 200), "#5a554d", "#958d80", 0.95))
        smoke(canvas, 827, Plume((520, 300), (160, 40), (70, 220), "#6d675d", "#a59d90", 0.9))
        scatter(
            canvas,
            828,
            (240, 780),
            (230, 130),
            ["#6d6f70", "#8f4a2f", "#b0603a", "#3a3c3e"],
            130,
            (14, 38),
        )
        for k in range(3):
            drum(canvas, 900 + k * 90, 780 + k % 2 * 40, ("#3a5f8a", "#8a4a2a", "#5a6a3a")[k], 140)
        return
    for slat in steps(310, 600, 32):
        canvas.paint(rect(420, slat, 780, slat + 5), "#8b9694")
    for slope in (((440, 330), (760, 570)), ((760, 330), (440, 570))):
        canvas.paint(line(list(slope), 34), "#f6f3e6")
    canvas.paint(disc(600, 450, 40), "#c23b35")
    planter(canvas, 120, 780)
    planter(canvas, 890, 780)
    shrubs(canvas, 829, (126, 304), 670, 70)
    shrubs(canvas, 830, (896, 1074), 670, 70)


def stained_lane(canvas: Canvas, bad: bool) -> None:
    """A lane under an unknown white, foaming liquid, then washed."""
    brick_wall(canvas, 430, "#c9c2b4", 0.4 if bad else 0.1, 843)
    for x in (120, 520, 920):
        canvas.paint(rect(x, 120, x + 160, 300), "#5a6a70")
        canvas.paint(rect(x + 76, 120, x + 84, 300), "#d5d1c6")
    canvas.paint(rect(340, 180, 460, 432), "#6a4a38")
    paving(canvas, 844, 426, "#7c7a74")
    for edge in steps(-200, 1500, 150):
        canvas.paint(line([(600 + (edge - 600) * 0.45, 430), (edge, 900)], 4), "#55534e", 0.7)
    for y in (480, 545, 640, 770):
        canvas.paint(line([(0, y), (UNITS_W, y)], 4), "#55534e", 0.7)
    canvas.paint(rect(880, 690, 1010, 740), "#23252a")
    for k in range(6):
        canvas.paint(rect(886 + k * 21, 694, 896 + k * 21, 736), "#6f7478")
    if bad:
        pool = stretch(noise(845, 320, 110, 5), 0.34, 4) * np.clip((YY - 470) / 60, 0, 1)
        pool = pool * np.clip(1.4 - np.abs(XX - 620) / 480, 0, 1)
        canvas.paint(pool, mix("#8fb7a0", "#dfe9d2", noise(846, 90, 30)), 0.95)
        foam = stretch(noise(847, 60, 30, 5), 0.5, 6) * pool
        canvas.paint(foam, "#ffffff", 0.95)
        drum(canvas, 210, 620, "#3f6fb5", 150)
        drum(canvas, 330, 660, "#8f4a2f", 150, lying=True)
        scatter(canvas, 848, (1020, 640), (130, 60), BAGS, 46, (12, 28))
        return
    shine = stretch(noise(849, 260, 18, 4), 0.5, 4) * (YY > 470)
    canvas.paint(shine, "#cfe0ea", 0.4)
    planter(canvas, 140, 620)
    shrubs(canvas, 850, (146, 324), 510, 70)
    board(canvas, 640, 150, 170, 110)
