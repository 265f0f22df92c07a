"""The land of the demo city 示例市: an invented outline, six towns, thirty villages.

The villages are the Voronoi cells of relaxed points, clipped to the outline; towns and the county
are unions of them, so the three levels partition the city without gaps. Nothing here exists.
All coordinates are WGS-84 degrees, longitude first.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from random import Random
from zlib import crc32

import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.ops import unary_union

CENTRE = (112.4, 30.4)
REACH = (0.25, 0.2)
"""Half the extent of the city in degrees, east and north."""
COUNTY_CODE = "999901"
PRECISION = 1e-5  # about one metre

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TownPlan:
    """A town before it has land: names, where its seat lies, and its villages' names."""

    zh: str
    en: str
    owner: str
    seat: Pair
    villages: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One grid of the demo city; ``polygon`` is closed GeoJSON rings in WGS-84."""

    code: str
    level: str
    zh: str
    en: str
    owner: str
    phone: str
    parent: str | None
    department: str | None
    polygon: Polygon
    inhabitants: int

    def geojson(self) -> str:
        """Return the outline as GeoJSON text."""
        return json.dumps(shapely.geometry.mapping(self.polygon), separators=(",", ":"))

    def feature(self) -> dict[str, object]:
        """Return the place as a GeoJSON feature, as ``flask import-grids`` reads it."""
        return {
            "type": "Feature",
            "geometry": shapely.geometry.mapping(self.polygon),
            "properties": {
                "code": self.code, "level": self.level, "name_zh": self.zh, "name_en": self.en,
                "owner_name": self.owner, "phone": self.phone,
                "parent": self.parent, "department": self.department,
                "inhabitants": self.inhabitants,
            },
        }  # fmt: skip

    def spot(self, rng: Random) -> Pair:
        """Return a random (lat, lng) inside, well away from the border."""
        inner = self.polygon.buffer(-0.0015)
        west, south, east, north = inner.bounds
        while True:
            x, y = rng.uniform(west, east), rng.uniform(south, north)
            if inner.contains(Point(x, y)):
                return round(y, 6), round(x, 6)


TOWNS = (
    TownPlan("石桥镇", "Shiqiao Town", "覃书恒", (0.0, 0.0), (
        ("石桥社区", "Shiqiao Community", "韦敏之"), ("东风村", "Dongfeng Village", "陆开明"),
        ("桥头村", "Qiaotou Village", "莫小满"), ("新和村", "Xinhe Village", "蒙远志"),
        ("麻石村", "Mashi Village", "梁翠微"))),
    TownPlan("南坪镇", "Nanping Town", "罗景行", (0.02, -0.62), (
        ("南坪社区", "Nanping Community", "黎晚晴"), ("大塘村", "Datang Village", "岑立秋"),
        ("马鞍村", "Ma'an Village", "欧阳谷"), ("龙井村", "Longjing Village", "唐既白"),
        ("上湾村", "Shangwan Village", "农思齐"))),
    TownPlan("柳溪镇", "Liuxi Town", "潘若水", (-0.6, 0.26), (
        ("柳溪社区", "Liuxi Community", "甘怀瑾"), ("杨柳村", "Yangliu Village", "卢望舒"),
        ("溪口村", "Xikou Village", "詹子衿"), ("竹山村", "Zhushan Village", "温如故"),
        ("青坡村", "Qingpo Village", "骆知秋"))),
    TownPlan("白石镇", "Baishi Town", "邓怀山", (-0.5, -0.42), (
        ("白石社区", "Baishi Community", "凌一凡"), ("石灰村", "Shihui Village", "滕见山"),
        ("岩口村", "Yankou Village", "闭月明"), ("老鹰村", "Laoying Village", "兰采薇"),
        ("田心村", "Tianxin Village", "隆守正"))),
    TownPlan("平湖镇", "Pinghu Town", "冯听澜", (0.2, 0.62), (
        ("平湖社区", "Pinghu Community", "苏问渠"), ("湖滨村", "Hubin Village", "黄知远"),
        ("渔家村", "Yujia Village", "仇小舟"), ("荷叶村", "Heye Village", "廖清欢"),
        ("北岭村", "Beiling Village", "石不移"))),
    TownPlan("城东街道", "Chengdong Subdistrict", "宁致远", (0.64, -0.06), (
        ("朝阳社区", "Chaoyang Community", "曾晓岚"), ("建设社区", "Jianshe Community", "龚以宁"),
        ("纺织社区", "Fangzhi Community", "陶长风"), ("东园社区", "Dongyuan Community", "韩若谷"),
        ("三里村", "Sanli Village", "覃星野"))),
)  # fmt: skip

RIVER_ZH, RIVER_EN = "清溪河", "Qingxi River"


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """Return county, towns and villages, in the order of their codes."""
    cells = _village_cells()
    towns: list[Place] = []
    villages: list[Place] = []
    for number, plan in enumerate(TOWNS, 1):
        code, department = f"{COUNTY_CODE}{number:03}", f"zhen-{number:02}"
        phone = f"0999-55{number:02}00"
        land = _union(cells[number - 1])
        people = [_inhabitants(zh) for zh, _, _ in plan.villages]
        office = (code, "town", plan.zh, plan.en, plan.owner, phone, COUNTY_CODE, department)
        towns.append(Place(*office, land, sum(people)))
        for index, (cell, names) in enumerate(
            zip(cells[number - 1], plan.villages, strict=True), 1
        ):
            village = f"{code}{index:03}"
            line = f"0999-55{number:02}{index:02}"
            villages.append(
                Place(village, "village", *names, line, code, department, cell, people[index - 1])
            )
    county = Place(
        COUNTY_CODE, "county", "示例市", "Shili City", "秦怀民", "0999-550000", None, None,
        _union([town.polygon for town in towns]), sum(town.inhabitants for town in towns),
    )  # fmt: skip
    return (county, *towns, *villages)


def villages() -> tuple[Place, ...]:
    """Return the thirty villages and communities."""
    return tuple(place for place in places() if place.level == "village")


def feature_collection() -> dict[str, object]:
    """Return every grid as one GeoJSON FeatureCollection."""
    return {"type": "FeatureCollection", "features": [place.feature() for place in places()]}


def sketch_lines() -> dict[str, object]:
    """Return the river and two roads as GeoJSON lines for the sketch map."""
    lines = (
        ("river", RIVER_ZH, RIVER_EN, _winding(-1.05, 0.7, 1.05, -0.55, 0.13)),
        ("road", "示例大道", "Shili Avenue", _winding(-1.05, -0.1, 1.05, 0.1, 0.03)),
        ("road", "环湖路", "Lakeside Road", _winding(-0.1, -1.05, 0.25, 1.05, 0.05)),
    )
    outline = places()[0].polygon
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": shapely.geometry.mapping(outline.intersection(line)),
                "properties": {"kind": kind, "name_zh": zh, "name_en": en},
            }
            for kind, zh, en, line in lines
        ],
    }


def _inhabitants(name: str) -> int:
    """An invented number: a community 社区 has more people than a village."""
    least, most = (9_000, 16_000) if name.endswith("社区") else (2_200, 5_600)
    return Random(f"people:{name}").randrange(least, most, 10)


def _at(x: float, y: float) -> Pair:
    """Turn shares of the city's reach into degrees."""
    return CENTRE[0] + x * REACH[0], CENTRE[1] + y * REACH[1]


def _winding(x0: float, y0: float, x1: float, y1: float, swing: float) -> LineString:
    points = []
    for step in range(41):
        t = step / 40
        bend = swing * (math.sin(t * 9.4) + 0.4 * math.sin(t * 23))
        x, y = _at(x0 + (x1 - x0) * t + bend * 0.3, y0 + (y1 - y0) * t + bend)
        points.append((round(x, 5), round(y, 5)))
    return LineString(points)


def _outline() -> Polygon:
    """An invented blob: five harmonics around the centre."""
    ring = []
    for step in range(72):
        angle = step / 72 * math.tau
        radius = 0.9 + 0.05 * math.sin(3 * angle + 1) + 0.035 * math.sin(5 * angle)
        radius += 0.025 * math.cos(8 * angle + 2)
        ring.append(_at(radius * math.cos(angle), radius * math.sin(angle)))
    return Polygon(ring)


def _village_cells() -> list[list[Polygon]]:
    """The land of each town's villages, seat first, then clockwise from the north."""
    outline = _outline()
    seeds: list[Pair] = []
    for plan in TOWNS:
        ring = len(plan.villages) - 1
        turn = Random(plan.zh).uniform(0, 1.5)
        seeds.append(_at(*plan.seat))
        for k in range(ring):
            angle = turn + k / ring * math.tau
            x, y = plan.seat[0] + 0.26 * math.sin(angle), plan.seat[1] + 0.27 * math.cos(angle)
            seeds.append(_at(x, y))
    cells = _voronoi(seeds, outline)
    drawn = [_natural(cell) for cell in cells]
    size = len(TOWNS[0].villages)
    return [drawn[k : k + size] for k in range(0, len(drawn), size)]


def _voronoi(seeds: list[Pair], outline: Polygon) -> list[Polygon]:
    """Cells in the order of their seeds, clipped to the outline and snapped to a common grid."""
    diagram = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=outline.buffer(1))
    cells = []
    for seed in seeds:
        cell = next(cell for cell in diagram.geoms if cell.contains(Point(seed)))
        snapped = shapely.set_precision(cell.intersection(outline), PRECISION)
        cells.append(Polygon(shapely.get_coordinates(snapped)))
    return cells


def _union(cells: list[Polygon]) -> Polygon:
    """Neighbouring cells as one piece of land; a partition of it leaves no holes."""
    return Polygon(shapely.get_coordinates(unary_union(cells)))


def _natural(cell: Polygon) -> Polygon:
    """Replace each straight border by a crooked one, the same seen from both sides."""
    ring: list[Pair] = [(x, y) for x, y, *_ in cell.exterior.coords]
    bent: list[Pair] = []
    for start, end in pairwise(ring):
        first, last = min(start, end), max(start, end)
        path = _crooked(first, last, 3)
        bent.extend((path if start == first else path[::-1])[:-1])
    return Polygon([*bent, bent[0]])


def _crooked(a: Pair, b: Pair, depth: int) -> list[Pair]:
    """Displace the middle of a border sideways by up to 6 % of its length, repeatedly."""
    length = math.dist(a, b)
    if depth == 0 or length < 0.004:
        return [a, b]
    share = Random(crc32(repr((a, b)).encode())).uniform(-0.07, 0.07)
    middle = (
        round((a[0] + b[0]) / 2 - (b[1] - a[1]) * share, 5),
        round((a[1] + b[1]) / 2 + (b[0] - a[0]) * share, 5),
    )
    return [*_crooked(a, middle, depth - 1)[:-1], *_crooked(middle, b, depth - 1)]
