"""Datums against published points, distances, and which area holds a point."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.geo import (
    AreaIndex,
    Crs,
    GeometryError,
    Point,
    bd09_to_gcj02,
    bounds_of,
    from_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    haversine_m,
    is_position,
    parse_area,
    round_point,
    simplified,
    to_wgs84,
    wgs84_to_gcj02,
)

# The examples printed in the documentation of the npm package coordtransform.
TIANANMEN = Point(39.915, 116.404)
CHINA = st.builds(Point, st.floats(18.5, 53.0), st.floats(74.0, 134.0))


def square(lat: float, lng: float, side: float = 1.0) -> str:
    ring = [[lng, lat], [lng + side, lat], [lng + side, lat + side], [lng, lat + side], [lng, lat]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


@pytest.mark.parametrize(
    ("convert", "expected"),
    [
        (wgs84_to_gcj02, Point(39.91640428150164, 116.41024449916938)),
        (gcj02_to_bd09, Point(39.92133699351021, 116.41036949371029)),
        (bd09_to_gcj02, Point(39.90865673957631, 116.39762729119315)),
    ],
)
def test_published_points(convert: Callable[[Point], Point], expected: Point) -> None:
    assert convert(TIANANMEN) == pytest.approx(expected, abs=1e-9)


# WGS-84, GCJ-02 and BD-09 of the same city seats, longitude first, as they stand in the test
# fixtures of the npm package gcoord (china-cities.json). The published formula keeps within 0.7 m.
SEATS = [
    ((112.1935849, 31.0376011), (112.1994301, 31.0354012), (112.2058231, 31.0417338)),  # 荆门
    ((111.2808211, 30.6944096), (111.2864741, 30.6919691), (111.2930248, 30.6977103)),  # 宜昌
    ((92.0499619, 31.4784436), (92.0512438, 31.4762063), (92.0576832, 31.4824421)),  # 那曲
    ((123.4253306, 41.8032629), (123.4314787, 41.8057023), (123.438095, 41.8114013)),  # 沈阳
    ((116.6775114, 23.3567569), (116.6819735, 23.3540964), (116.6885014, 23.3598884)),  # 汕头
    ((98.4937175, 39.7319946), (98.4943595, 39.7328234), (98.5008441, 39.7388949)),  # 酒泉
]
# WGS-84 and GCJ-02, latitude first, from the tests of eviltransform (Go): five places count.
EVIL = [
    (Point(31.1774276, 121.5272106), Point(31.17530398364597, 121.531541859215)),  # 上海
    (Point(22.543847, 113.912316), Point(22.540796131694766, 113.9171764808363)),  # 深圳
    (Point(39.911954, 116.377817), Point(39.91334545536069, 116.38404722455657)),  # 北京
]


@pytest.mark.parametrize("seat", SEATS)
def test_published_seats_both_ways(seat: tuple[tuple[float, float], ...]) -> None:
    wgs, gcj, bd = (Point(lat, lng) for lng, lat in seat)
    assert haversine_m(from_wgs84(wgs, Crs.GCJ02), gcj) < 1
    assert haversine_m(from_wgs84(wgs, Crs.BD09), bd) < 1
    assert haversine_m(to_wgs84(gcj, Crs.GCJ02), wgs) < 1
    assert haversine_m(to_wgs84(bd, Crs.BD09), wgs) < 1
    assert haversine_m(wgs, gcj) > 100, "the shift itself is what counts"


@pytest.mark.parametrize(("wgs", "gcj"), EVIL)
def test_other_published_pairs_both_ways(wgs: Point, gcj: Point) -> None:
    assert wgs84_to_gcj02(wgs) == pytest.approx(gcj, abs=1e-5)
    assert haversine_m(gcj02_to_wgs84(gcj), wgs) < 1


def test_inverse_is_within_metres_of_the_published_approximation() -> None:
    published = Point(39.91359571849836, 116.39775550083061)
    assert haversine_m(gcj02_to_wgs84(TIANANMEN), published) < 5


@given(CHINA, st.sampled_from(Crs))
def test_round_trip_is_under_a_metre(point: Point, crs: Crs) -> None:
    assert haversine_m(to_wgs84(from_wgs84(point, crs), crs), point) < 1


@given(CHINA)
def test_shift_is_noticeable_but_local(point: Point) -> None:
    assert haversine_m(point, wgs84_to_gcj02(point)) < 1500


def test_no_shift_abroad() -> None:
    assert wgs84_to_gcj02(Point(48.8566, 2.3522)) == Point(48.8566, 2.3522)


def test_distance_of_known_cities() -> None:
    beijing, shanghai = Point(39.9042, 116.4074), Point(31.2304, 121.4737)
    assert haversine_m(beijing, shanghai) == pytest.approx(1_067_000, rel=0.005)
    assert haversine_m(beijing, beijing) == 0


def test_rounding_and_positions() -> None:
    assert round_point(Point(30.40567, 112.40449), 3) == Point(30.406, 112.404)
    assert is_position(30.4, 112.4)
    assert not is_position(float("nan"), 112.4)
    assert not is_position(91, 0)


def test_index_names_every_area_that_holds_the_point() -> None:
    index = AreaIndex.build(
        {7: parse_area(square(30, 112)), 3: parse_area(square(30.2, 112.2, 0.2))}
    )
    assert index.holding(Point(30.3, 112.3)) == [3, 7]
    assert index.holding(Point(30.9, 112.9)) == [7]
    assert index.holding(Point(30, 112)) == [7], "a border point belongs somewhere"
    assert index.holding(Point(29.9, 112.5)) == []
    assert AreaIndex.build({}).holding(Point(30, 112)) == []


def test_hole_is_outside() -> None:
    ring = json.loads(square(30, 112))["coordinates"][0]
    hole = json.loads(square(30.4, 112.4, 0.2))["coordinates"][0]
    area = parse_area(json.dumps({"type": "Polygon", "coordinates": [ring, hole]}))
    assert AreaIndex.build({1: area}).holding(Point(30.5, 112.5)) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"type": "Point", "coordinates": [112, 30]}',
        '{"type": "Polygon", "coordinates": []}',
        '{"type": "Polygon", "coordinates": [[[500, 1], [501, 1], [501, 2], [500, 1]]]}',
        '{"type": "Nonsense", "coordinates": []}',
    ],
)
def test_what_is_no_area_is_refused(text: str) -> None:
    with pytest.raises(GeometryError):
        parse_area(text)


def test_crossed_rings_are_repaired() -> None:
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    assert parse_area(json.dumps(bow_tie)).is_valid


def test_bounds_and_simplified_neighbours() -> None:
    areas = [parse_area(square(30, 112)), parse_area(square(30, 113))]
    assert bounds_of(areas[0]) == (30, 112, 31, 113)
    shapes = simplified(areas, 0.001)
    assert [s["type"] for s in shapes] == ["Polygon", "Polygon"]
    assert simplified([], 0.001) == []
