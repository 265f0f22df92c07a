"""Soil and radiation: stained fields, seeps, plastic film; masts, substations, sources."""

from __future__ import annotations

import numpy as np

from portal.cli.demo.scenes.canvas import (
    UNITS_W,
    YY,
    Canvas,
    disc,
    line,
    mix,
    noise,
    poly,
    rect,
    steps,
    stretch,
)
from portal.cli.demo.scenes.nature import distance, meadow, paving, rows, shrubs, sky, tree, wood
from portal.cli.demo.scenes.props import (
    block,
    board,
    drum,
    fence,
    heap,
    loudness,
    lump,
    mesh_fence,
    person,
    shed,
    standing_board,
    warning,
)


def stained_field(canvas: Canvas, bad: bool) -> None:
    """A field dead and rust-red below a tailings bank, then dug out and planted."""
    sky(canvas, bad, 400, 503)
    distance(canvas, bad, 400, 504)
    wood(canvas, 505, 414, 44, bad)
    tones = ("#6d5a3a", "#a08a5c") if bad else ("#3a6f30", "#a8d064")
    rows(canvas, 506, 410, tones, 420)
    if bad:
        heap(canvas, 507, 950, 520, 340, 150, "#9a8f80 #5c544a")
        patch = stretch(noise(508, 360, 90, 5), 0.36, 4) * np.clip((YY - 430) / 60, 0, 1)
        canvas.paint(patch, mix("#b5531f", "#6d2410", noise(509, 90, 40)), 0.92)
        crust = stretch(noise(510, 120, 30, 4), 0.6, 6) * patch
        canvas.paint(crust, "#e0c79a", 0.8)
        rng = np.random.default_rng(511)
        for _ in range(60):
            x, y = rng.uniform(60, 1140), rng.uniform(560, 880)
            canvas.paint(line([(x, y), (x + rng.uniform(-20, 20), y - 40)], 4), "#4a3a20")
        return
    standing_board(canvas, 900, 560, 170)
    for x in (150, 330, 640, 800):
        canvas.paint(rect(x, 470, x + 6, 520), "#f2f0e6")


def plating_seep(canvas: Canvas, bad: bool) -> None:
    """Green and yellow seepage at the foot of a plating works, then a sealed, drained strip."""
    sky(canvas, bad, 330, 523)
    shed(canvas, 60, 470, 1080, 230, "#8b8a86" if bad else "#a9b6b8")
    fence(canvas, 560, 130, "#98948a" if bad else "#e3e8e5")
    if bad:
        meadow(canvas, 524, 556, True)
        seep = stretch(noise(525, 300, 80, 5), 0.38, 5) * np.clip((YY - 570) / 30, 0, 1)
        canvas.paint(seep, mix("#3fae5a", "#b7c22a", noise(526, 160, 60)), 0.95)
        rim = np.clip(1 - np.abs(seep - 0.4) * 4, 0, 1) * (YY > 575)
        canvas.paint(rim, "#f0eaa2", 0.9)
        for x in (180, 520, 860):
            stain = poly((x, 470), (x + 70, 470), (x + 110, 580), (x - 40, 580), blur=8)
            canvas.paint(stain, "#5f8f3a", 0.85)
        drum(canvas, 980, 790, "#3a5f8a", 130)
        drum(canvas, 1070, 810, "#8a4a2a", 130, lying=True)
        return
    paving(canvas, 527, 556, "#c4c3bc")
    canvas.paint(rect(0, 620, UNITS_W, 690), "#8f9694")
    for x in range(0, UNITS_W, 24):
        canvas.paint(rect(x, 624, x + 10, 686), "#4b5153")
    shrubs(canvas, 528, (0, 1200), 880, 80)
    board(canvas, 460, 450, 240, 84)
    for x in (220, 900):
        canvas.paint(rect(x, 700, x + 46, 770), "#2f7a58")
        canvas.paint(rect(x - 6, 690, x + 52, 706), "#e8ecea")


def film_field(canvas: Canvas, bad: bool) -> None:
    """Torn plastic film all over a vegetable field, then clean rows."""
    sky(canvas, bad, 380, 543)
    distance(canvas, bad, 380, 544)
    wood(canvas, 545, 394, 50, bad)
    tones = ("#7a6244", "#a88c64") if bad else ("#5a4630", "#7fb64a")
    rows(canvas, 546, 390, tones, 760)
    if not bad:
        for x, y, s in ((180, 560, 60), (1010, 600, 70)):
            canvas.paint(rect(x, y - s, x + s * 2, y), "#e9ede9")
            canvas.paint(rect(x, y - s * 0.6, x + s * 2, y - s * 0.45), "#2f7a58")
        standing_board(canvas, 440, 560, 140)
        return
    rng = np.random.default_rng(547)
    for _ in range(240):
        y = 420 + 460 * rng.uniform(0, 1) ** 0.7
        size = (y - 380) / 480 * rng.uniform(14, 60)
        tone = str(rng.choice(["#e9ebea", "#d3d8d8", "#bfc6c8", "#1f2224", "#f5f6f4"]))
        lump(canvas, rng, (rng.uniform(-20, 1220), y), size, tone)


def roof_mast(canvas: Canvas, bad: bool) -> None:
    """A phone mast on a roof: open and unmarked, then fenced, signed and measured."""
    sky(canvas, bad, 640, 563)
    for x, w, top in ((0, 170, 420), (980, 220, 380)):
        block(canvas, x, top, w, 720, "#bdb6a8" if bad else "#d5d7d1")
    canvas.paint(rect(100, 640, 1120, 900), "#a8a294" if bad else "#cfcfc8")
    canvas.paint(rect(80, 620, 1140, 660), "#8d877a" if bad else "#b9bab4")
    _lattice(canvas)
    if bad:
        for side in (-1, 1):
            loudness(canvas, 600 + side * 60, 220, side, "#d9452b", 1.1)
        canvas.paint(rect(690, 560, 800, 640), "#6f6a60")
        canvas.paint(line([(640, 600), (760, 610), (820, 660)], 7), "#1d1d1d")
        canvas.paint(line([(560, 620), (420, 650), (300, 640)], 7), "#1d1d1d")
        return
    mesh_fence(canvas, 380, 860, 800, 170)
    warning(canvas, 480, 715, 52)
    board(canvas, 680, 660, 150, 96)
    person(canvas, 960, 850, 220, "#e08a1f")
    canvas.paint(line([(1000, 850), (1030, 700), (1060, 850)], 6), "#2b2f33")
    canvas.paint(disc(1030, 690, 24), "#f2f4f4")


def _lattice(canvas: Canvas) -> None:
    """A lattice mast with four aerials and a dish."""
    for side in (-1, 1):
        canvas.paint(line([(600 + side * 60, 640), (600 + side * 14, 120)], 10), "#7d8285")
    for k in range(9):
        y, w = 120 + 520 * k / 9, 14 + 46 * k / 9
        canvas.paint(line([(600 - w, y), (600 + w + 4, y + 56)], 4), "#7d8285")
    for dx in (-95, -40, 30, 85):
        canvas.paint(rect(600 + dx, 150, 620 + dx, 290), "#e6e8e8")
    canvas.paint(line([(505, 220), (705, 220)], 8), "#7d8285")
    canvas.paint(disc(600, 380, 46), "#d7dada")


def substation(canvas: Canvas, bad: bool) -> None:
    """A transformer yard by a playground: gate open, then walled, planted and measured."""
    sky(canvas, bad, 520, 583)
    for x, w, top in ((30, 190, 150), (960, 200, 190)):
        block(canvas, x, top, w, 560, "#bdb6a8" if bad else "#d9dbd5")
    paving(canvas, 584, 560, "#8e8b83")
    for x in (330, 560, 790):
        canvas.paint(rect(x, 430, x + 140, 640), "#7f8a88")
        for fin in range(x + 8, x + 136, 18):
            canvas.paint(rect(fin, 460, fin + 8, 620), "#5c6665")
        for dx in (24, 66, 108):
            canvas.paint(rect(x + dx, 370, x + dx + 12, 432), "#a0522d")
            canvas.paint(line([(x + dx + 6, 370), (600, 200)], 3), "#2d2f31")
    canvas.paint(line([(300, 660), (340, 130), (900, 130), (940, 660)], 12), "#8d9396")
    if bad:
        for x in (250, 330, 410, 900, 980):
            canvas.paint(rect(x, 600, x + 8, 760), "#6b5a48")
        canvas.paint(line([(250, 640), (410, 700)], 4), "#6b5a48")
        canvas.paint(line([(900, 700), (980, 620)], 4), "#6b5a48")
        oil = disc(600, 730, 320, 12, 60)
        canvas.paint(oil, "#1d1a14", 0.85)
        for x, y in ((470, 190), (720, 210)):
            canvas.paint(
                line([(x, y), (x + 26, y + 40), (x + 6, y + 46), (x + 34, y + 96)], 7), "#9fd3ff"
            )
            canvas.paint(disc(x + 16, y + 50, 60, 30), "#cfe8ff", 0.55)
        person(canvas, 180, 840, 120, "#d23c4b")
        return
    canvas.paint(rect(200, 500, 1020, 780), "#e4e2d8")
    canvas.paint(rect(190, 486, 1030, 508), "#2f7a58")
    warning(canvas, 420, 640, 70)
    board(canvas, 620, 570, 240, 130)
    shrubs(canvas, 586, (180, 1040), 830, 64)
    tree(canvas, 110, 800, 200, 587)
    tree(canvas, 1100, 800, 200, 588)


def source_store(canvas: Canvas, bad: bool) -> None:
    """A disused gauge with its source left in a yard, then taken away under guard."""
    sky(canvas, bad, 420, 603)
    shed(canvas, 100, 560, 1000, 300, "#86837b" if bad else "#a9b2b0")
    canvas.paint(rect(400, 330, 800, 562), "#1d1e1f" if bad else "#c3ccca")
    paving(canvas, 605, 552, "#948f84" if bad else "#b9b8b1")
    if bad:
        weeds = stretch(noise(606, 60, 40, 5), 0.6, 5) * (YY > 620)
        canvas.paint(weeds, "#6d7240", 0.9)
        heap(canvas, 607, 240, 790, 220, 120, "#8f877a #57503f")
        for x, y, h in ((560, 760, 210), (730, 800, 150)):
            drum(canvas, x, y, "#d6b21f", h)
            _trefoil(canvas, x, y - h * 0.5, h * 0.24)
        drum(canvas, 930, 820, "#8a8f8a", 130, lying=True)
        canvas.paint(disc(640, 800, 260, 60, 70), "#e2ef5a", 0.28)
        return
    for slat in steps(350, 560, 30):
        canvas.paint(rect(400, slat, 800, slat + 4), "#9aa6a3")
    board(canvas, 500, 400, 200, 110)
    for edge in steps(120, 1100, 140):
        canvas.paint(poly((edge, 800), (edge + 44, 800), (edge + 22, 690)), "#e0662a")
        canvas.paint(rect(edge + 10, 745, edge + 34, 758), "#ffffff")
    canvas.paint(line([(142, 700), (1100, 700)], 10), "#e8c52a")
    person(canvas, 880, 700, 190, "#f2f4f4")
    person(canvas, 960, 700, 180, "#e08a1f")


def _trefoil(canvas: Canvas, x: float, y: float, r: float) -> None:
    """The radiation sign: three blades around a dot."""
    for angle in (0.52, 2.62, 4.71):
        blade = [(x, y)] + [
            (x + r * np.cos(angle + d), y + r * np.sin(angle + d)) for d in (-0.5, -0.2, 0.2, 0.5)
        ]
        canvas.paint(poly(*blade), "#1a1a18")
    canvas.paint(disc(x, y, r * 0.34), "#d6b21f")
    canvas.paint(disc(x, y, r * 0.2), "#1a1a18")
