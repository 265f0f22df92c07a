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
