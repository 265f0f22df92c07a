"""Air and water of the demo city: the same months of numbers for the same seed."""

from __future__ import annotations

from datetime import date, datetime
from math import cos, pi
from random import Random

from sqlalchemy import select

from portal.core.clock import local
from portal.core.db import db, transaction
from portal.domain.figures.periods import Months, moved
from portal.domain.quality.models import QualityReading
from portal.domain.quality.reading import ReadingRow
from portal.domain.quality.services import import_readings

_MONTHS = 18
# Usual value, and how much more of it there is in January than in July.
_AIR = {
    "pm2_5": (33.0, 0.55), "pm10": (61.0, 0.4), "so2": (9.0, 0.3),
    "no2": (27.0, 0.35), "co": (1.0, 0.3), "o3": (118.0, -0.4),
}  # fmt: skip
_WATER = {
    "ph": (7.6, 0.02), "do": (7.4, 0.25), "codmn": (3.9, -0.1), "cod": (14.5, -0.1),
    "nh3_n": (0.52, 0.35), "tp": (0.11, -0.2), "petroleum": (0.01, 0.0), "fluoride": (0.42, 0.05),
}  # fmt: skip
_STATIONS = {
    "城东空气站": (_AIR, 1.0), "平湖空气站": (_AIR, 0.85), "石桥空气站": (_AIR, 1.12),
    "清水河上游断面": (_WATER, 0.8), "清水河出境断面": (_WATER, 1.25),
    "平湖湖心": (_WATER, 0.95), "柳溪入河口": (_WATER, 1.55),
}  # fmt: skip
_STEADY = frozenset({"ph", "do"})  # dirt moves them little, and the other way


def measure_in_demo(seed: int, at: datetime) -> int:
    """Import the last months' readings unless there are some; returns how many."""
    if db.session.scalar(select(QualityReading.station).limit(1)) is not None:
        return 0
    rng = Random(f"quality-{seed}")
    last = moved(local(at).date().replace(day=1), -1)
    rows = [
        _row(rng, station, month)
        for month in Months.until(last, _MONTHS).each()
        for station in _places()
    ]
    with transaction():
        import_readings(rows, "示例监测数据.csv", by=None, at=at)
    return len(rows)


def _places() -> list[tuple[str, str]]:
    return [(name, code) for name, (usual, _) in _STATIONS.items() for code in usual]


def _row(rng: Random, place: tuple[str, str], month: date) -> ReadingRow:
    name, code = place
    usual, dirt = _STATIONS[name]
    middle, swing = usual[code]
    season = 1 + swing * cos(2 * pi * (month.month - 1) / 12)
    share = 1 - (dirt - 1) / 4 if code in _STEADY else dirt
    if code == "ph":
        share = 1.0
    value = middle * season * share * rng.uniform(0.94, 1.06)
    is_below = code == "petroleum" and value < 0.0105
    return ReadingRow(name, code, month, 0.01 if is_below else float(f"{value:.3g}"), is_below)
