"""What is measured: its names in files, its unit, and what it is in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from portal.core.text import N_
from portal.domain.quality import wording


class Medium(StrEnum):
    """What a station measures in."""

    AIR = "air"
    WATER = "water"

    @property
    def label(self) -> str:
        """The heading on screen."""
        return {Medium.AIR: N_("空气"), Medium.WATER: N_("地表水")}[self]


MICRO, MILLI, COUNT, NONE = "μg/m³", "mg/L", wording.PER_LITRE, ""
MILLI_AIR = "mg/m³"


@dataclass(frozen=True)
class Indicator:
    """One thing measured; `names` are those files use beside code and label."""

    code: str
    label: str
    medium: Medium
    unit: str
    names: tuple[str, ...] = ()


_ALL = (
    Indicator(
        "pm2_5", N_("细颗粒物PM2.5"), Medium.AIR, MICRO, ("PM2.5", "PM25", wording.FINE_DUST)
    ),
    Indicator("pm10", N_("可吸入颗粒物PM10"), Medium.AIR, MICRO, ("PM10", wording.DUST)),
    Indicator("so2", N_("二氧化硫"), Medium.AIR, MICRO, ("SO2",)),
    Indicator("no2", N_("二氧化氮"), Medium.AIR, MICRO, ("NO2",)),
    Indicator("co", N_("一氧化碳"), Medium.AIR, MILLI_AIR, ("CO",)),
    Indicator("o3", N_("臭氧"), Medium.AIR, MICRO, ("O3", "O3-8H", "O3_8H")),
    Indicator("ph", N_("酸碱度pH"), Medium.WATER, NONE, ("PH", wording.PH)),
    Indicator("do", N_("溶解氧"), Medium.WATER, MILLI, ("DO",)),
    Indicator("codmn", N_("高锰酸盐指数"), Medium.WATER, MILLI, ("CODMN",)),
    Indicator("cod", N_("化学需氧量"), Medium.WATER, MILLI, ("COD", "CODCR")),
    Indicator("bod5", N_("五日生化需氧量"), Medium.WATER, MILLI, ("BOD5",)),
    Indicator("nh3_n", N_("氨氮"), Medium.WATER, MILLI, ("NH3-N", "NH3N")),
    Indicator("tp", N_("总磷"), Medium.WATER, MILLI, ("TP",)),
    Indicator("petroleum", N_("石油类"), Medium.WATER, MILLI),
    Indicator("phenol", N_("挥发酚"), Medium.WATER, MILLI),
    Indicator("fluoride", N_("氟化物"), Medium.WATER, MILLI, ("F-",)),
    Indicator("surfactant", N_("阴离子表面活性剂"), Medium.WATER, MILLI, ("LAS",)),
    Indicator("coliform", N_("粪大肠菌群"), Medium.WATER, COUNT),
)
INDICATORS: dict[str, Indicator] = {one.code: one for one in _ALL}


def _plain(name: str) -> str:
    """A name without blanks, of one width and one case: ＰＭ２.５ and pm2.5 are the same."""
    return "".join(unicodedata.normalize("NFKC", name).upper().split())


_BY_NAME = {_plain(name): one for one in _ALL for name in (one.code, one.label, *one.names)}


def indicator_named(name: str) -> Indicator | None:
    """The indicator a file means."""
    return _BY_NAME.get(_plain(name))


# What a file may write for a unit, and how many of ours it is.
_UNITS = {
    MICRO: {"UG/M3": 1.0, "MG/M3": 1000.0, wording.MICRO_AIR: 1.0, wording.MILLI_AIR: 1000.0},
    MILLI_AIR: {"MG/M3": 1.0, "UG/M3": 0.001, wording.MILLI_AIR: 1.0, wording.MICRO_AIR: 0.001},
    MILLI: {"MG/L": 1.0, "UG/L": 0.001, wording.MILLI_WATER: 1.0, wording.MICRO_WATER: 0.001},
    COUNT: {wording.PER_LITRE: 1.0, "MPN/L": 1.0, wording.COUNT_WATER: 1.0},
    NONE: {"": 1.0, wording.WITHOUT: 1.0, "-": 1.0, "/": 1.0},
}


def factor_of(indicator: Indicator, unit: str) -> float | None:
    """What to multiply a number in `unit` by to have it in ours; None for a unit that cannot be."""
    # NFKC turns ³ into 3 and the micro sign into the Greek letter.
    plain = _plain(unit).replace("Μ", "U")
    return _UNITS[indicator.unit].get(plain)
