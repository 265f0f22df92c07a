"""The national limits every city starts from: GB 3095-2012 grade 2, GB 3838-2002 class III.

Indicator, least, most (in its unit), standard, what of it is compared, in force from. Monthly
means of air are held against the yearly limit, as monthly bulletins do.
"""

from __future__ import annotations

from datetime import date

_AIR, _WATER = "GB 3095-2012 二级", "GB 3838-2002 Ⅲ类"
_YEAR, _DAY, _HOURS, _MONTH = "年平均", "日均值第95百分位", "日最大8小时第90百分位", "月均值"
_AIR_ON, _WATER_ON = date(2016, 1, 1), date(2002, 6, 1)
LIMITS: tuple[tuple[str, float | None, float | None, str, str, date], ...] = (
    ("pm2_5", None, 35.0, _AIR, _YEAR, _AIR_ON),
    ("pm10", None, 70.0, _AIR, _YEAR, _AIR_ON),
    ("so2", None, 60.0, _AIR, _YEAR, _AIR_ON),
    ("no2", None, 40.0, _AIR, _YEAR, _AIR_ON),
    ("co", None, 4.0, _AIR, _DAY, _AIR_ON),
    ("o3", None, 160.0, _AIR, _HOURS, _AIR_ON),
    ("ph", 6.0, 9.0, _WATER, _MONTH, _WATER_ON),
    ("do", 5.0, None, _WATER, _MONTH, _WATER_ON),
    ("codmn", None, 6.0, _WATER, _MONTH, _WATER_ON),
    ("cod", None, 20.0, _WATER, _MONTH, _WATER_ON),
    ("bod5", None, 4.0, _WATER, _MONTH, _WATER_ON),
    ("nh3_n", None, 1.0, _WATER, _MONTH, _WATER_ON),
    ("tp", None, 0.2, _WATER, _MONTH, _WATER_ON),
    ("petroleum", None, 0.05, _WATER, _MONTH, _WATER_ON),
    ("phenol", None, 0.005, _WATER, _MONTH, _WATER_ON),
    ("fluoride", None, 1.0, _WATER, _MONTH, _WATER_ON),
    ("surfactant", None, 0.2, _WATER, _MONTH, _WATER_ON),
    ("coliform", None, 10_000.0, _WATER, _MONTH, _WATER_ON),
)
