"""Noise: night building sites, roof fans, dancing squares, elevated roads."""

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
from portal.cli.demo.scenes.nature import hills, paving, shrubs, sky, tree, wood
from portal.cli.demo.scenes.props import (
    block,
    board,
    crane,
    fan,
    fence,
    glow,
    lamp_windows,
    loudness,
    person,
    planter,
    speaker,
    standing_board,
    truck,
)


def night_site(canvas: Canvas, bad: bool) -> None:
    """A building site by night: floodlit and at work, then dark behind its hoarding."""
    canvas.fill(gradient("#0d1626", "#35405a", 0, 640))
    hills(canvas, 17, 640, 150, "#1b2435")
    for x, w, top in ((60, 170, 300), (260, 140, 380), (900, 190, 260)):
        lamp_windows(canvas, x, top, w, 700, 0.5 if bad else 0.16)
    canvas.paint(rect(470, 330, 800, 700), "#3d3a36" if bad else "#20232b")
    for y in range(330, 700, 46):
        canvas.paint(rect(470, y, 800, y + 10), "#25221f" if bad else "#171a21")
    for x in range(470, 800, 54):
        canvas.paint(rect(x, 330, x + 9, 700), "#57524b" if bad else "#2a2e38")
    crane(canvas, 640, 700, 90, "#b98a2a" if bad else "#4a4334")
    if bad:
        _floodlights(canvas)
    else:
        canvas.paint(disc(860, 150, 44, 2), "#f5f0d8")
        glow(canvas, 860, 150, 120, "#c7d3ea", 0.35)
    canvas.paint(rect(0, 690, UNITS_W, UNITS_H), "#2a2d30")
    wet = stretch(noise(180, 220, 12, 4), 0.5, 3) * np.clip((YY - 700) / 40, 0, 1)
    canvas.paint(wet, "#e2b96a" if bad else "#5a6a86", 0.4)
    fence(canvas, 720, 80, "#2f6b57" if bad else "#24483c")
    if bad:
        truck(canvas, 180, 830, 0.9, "#b5432f", "#6d5c40")
        canvas.paint(poly((552, 770), (1150, 700), (1150, 890), blur=24), "#fff0c2", 0.4)
    else:
        board(canvas, 820, 650, 130, 62)


def _floodlights(canvas: Canvas) -> None:
    """Lamps over the shell of the building, and welding inside it."""
    for x, y in ((480, 350), (800, 350), (640, 200)):
        glow(canvas, x, y, 130, "#fff3cf", 0.6)
        canvas.paint(disc(x, y, 18, 5), "#ffffff")
        canvas.paint(poly((x, y), (x - 150, 800), (x + 150, 800), blur=50), "#ffe9b0", 0.28)
    for x, y in ((520, 500), (690, 420), (760, 590)):
        glow(canvas, x, y, 46, "#bfe3ff", 0.95)
        canvas.paint(disc(x, y, 9, 2), "#ffffff")


def roof_fans(canvas: Canvas, bad: bool) -> None:
    """Fans facing bedroom windows: bare and rusty, then boxed in behind louvres."""
    sky(canvas, bad, 560, 303)
    block(canvas, 30, 60, 430, 640, "#c9bfae" if bad else "#e4e2d9")
    for y in (120, 220, 320, 420):
        for x in (80, 250):
            canvas.paint(rect(x, y, x + 120, y + 60), "#8fa7b3")
            canvas.paint(rect(x + 58, y, x + 62, y + 60), "#e8e8e4")
    block(canvas, 980, 220, 220, 640, "#b7b6ae")
    paving(canvas, 304, 630, "#a09d94")
    if bad:
        for x in (520, 700, 880):
            canvas.paint(rect(x, 500, x + 160, 690), mix("#a9927a", "#6f5f50", noise(305, 60, 60)))
            fan(canvas, x + 80, 595, 72, "#8a8378")
            canvas.paint(rect(x + 14, 690, x + 40, 760), "#4a4640")
            canvas.paint(rect(x + 118, 690, x + 144, 760), "#4a4640")
        loudness(canvas, 530, 590, -1, "#d9662b", 0.9)
        rust = stretch(noise(306, 60, 120, 5), 0.5, 4) * (YY > 690) * (XX > 500)
        canvas.paint(rust, "#7a4a28", 0.6)
        return
    canvas.paint(rect(500, 430, 1070, 770), "#dfe6e6")
    for slat in steps(450, 750, 20):
        canvas.paint(rect(520, slat, 1050, slat + 10), "#a4b2b4")
    canvas.paint(rect(490, 416, 1080, 438), "#2f7a58")
    board(canvas, 700, 540, 170, 100)
    shrubs(canvas, 307, (480, 1100), 810, 50)


def square_speakers(canvas: Canvas, bad: bool) -> None:
    """A square at dusk: loudspeakers and a crowd dancing, then a quiet square with a meter."""
    canvas.fill(gradient("#2d3656", "#c98a6a" if bad else "#8fa4bd", 0, 560))
    for x, w, top in ((0, 200, 180), (220, 160, 260), (800, 180, 220), (1000, 200, 140)):
        lamp_windows(canvas, x, top, w, 600, 0.55)
    canvas.paint(np.clip((YY - 590) / 2, 0, 1), mix("#7c7a80", "#4f4e56", noise(311, 120, 30, 6)))
    for x in (470, 720):
        tree(canvas, x, 610, 180, 312 + x)
    if not bad:
        for x in (180, 500, 820):
            planter(canvas, x, 820)
            shrubs(canvas, 313 + x, (x + 14, x + 176), 705, 60)
        canvas.paint(rect(990, 420, 1002, 720), "#d7dde0")
        canvas.paint(rect(900, 350, 1090, 450), "#101820")
        for k, x in enumerate((920, 975, 1030)):
            canvas.paint(rect(x, 372, x + 36, 428), "#52e08a" if k < 2 else "#2b6f49")
        person(canvas, 420, 760, 150, "#8a5a6a")
        person(canvas, 700, 740, 140, "#4a6a8a")
        return
    for x, side in ((90, 1), (990, -1)):
        speaker(canvas, x, 760)
        loudness(canvas, x + 65, 600, side, "#ffd36b")
    _dancers(canvas)
    glow(canvas, 600, 560, 300, "#ff7fb0", 0.22)


def _dancers(canvas: Canvas) -> None:
    """A crowd with raised arms, the nearer the larger."""
    rng = np.random.default_rng(314)
    places = sorted((rng.uniform(660, 870), rng.uniform(250, 970)) for _ in range(34))
    for y, x in places:
        tone = str(rng.choice(["#d23c4b", "#e6a233", "#c94f8f", "#3f6fb5", "#e7e2d5", "#7a3fa0"]))
        h = 120 + (y - 640) * 0.35
        arms = [(x - h * 0.22, y - h * 1.02), (x, y - h * 0.72), (x + h * 0.22, y - h)]
        canvas.paint(line(arms, h * 0.06), tone)
        person(canvas, x, y, h, tone)


def viaduct(canvas: Canvas, bad: bool) -> None:
    """A ring road beside flats: bare and crowded, then with a sound barrier and a hedge."""
    sky(canvas, bad, 520, 323)
    for x, w, top in ((60, 190, 80), (300, 170, 140), (700, 190, 60), (940, 200, 120)):
        block(canvas, x, top, w, 480, "#c5bcab" if bad else "#dcdcd5")
    if bad:
        for x, tone in ((80, "#b5432f"), (480, "#3f6fb5"), (860, "#d29a2a")):
            truck(canvas, x, 556, 0.66, tone, "#7a7468")
        canvas.paint(line([(0, 560), (UNITS_W, 560)], 10), "#9a9c98")
    else:
        _sound_barrier(canvas)
    canvas.paint(rect(0, 556, UNITS_W, 640), mix("#a7a59d", "#83817a", noise(324, 120, 40)))
    canvas.paint(rect(0, 636, UNITS_W, 650), "#66645e")
    for x in (150, 560, 970):
        canvas.paint(rect(x, 648, x + 90, UNITS_H), mix("#9d9b93", "#6f6d67", (XX - x) / 90))
    paving(canvas, 325, 800, "#76756f")
    wood(canvas, 326, 806, 90 if bad else 150, bad)
    if not bad:
        standing_board(canvas, 700, 850, 150)
        return
    fog = np.exp(-(((YY - 540) / 60) ** 2))
    canvas.paint(fog * noise(327, 200, 60), "#8d8779", 0.6)
    for x, side in ((300, -1), (560, 1), (900, 1)):
        loudness(canvas, x, 440, side, "#d9662b", 0.7)


def _sound_barrier(canvas: Canvas) -> None:
    """Glass above green panels along the edge of the road."""
    glass = mix("#bfe0e6", "#8fbccb", (YY - 330) / 230)
    canvas.paint(rect(0, 330, UNITS_W, 560), glass, 0.78)
    for x in range(0, UNITS_W + 1, 80):
        canvas.paint(rect(x - 5, 300, x + 5, 560), "#3d7f6d")
    canvas.paint(rect(0, 430, UNITS_W, 560), "#2f7a63")
    canvas.paint(line([(0, 304), (UNITS_W, 304)], 14), "#2f7a63")
