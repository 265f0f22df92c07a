"""The invented land: codes, partition, and the two points that contracts.md names."""

import random

import pytest
import shapely
from shapely.geometry import Point

from portal.cli.demo.city import feature_collection, places, sketch_lines, villages

BY_CODE = {place.code: place for place in places()}


def test_codes_and_levels() -> None:
    assert [p.code for p in places() if p.level == "town"] == [f"999901{n:03}" for n in range(1, 7)]
    assert BY_CODE["999901"].level == "county"
    assert all(len(v.code) == 12 and v.code[:9] == v.parent for v in villages())
    assert {t: sum(v.parent == t for v in villages()) for t in {v.parent for v in villages()}} == {
        f"999901{n:03}": 5 for n in range(1, 7)
    }


def test_the_two_points_of_the_contract() -> None:
    assert BY_CODE["999901001"].polygon.contains(Point(112.4, 30.4))
    assert not BY_CODE["999901"].polygon.contains(Point(112.4, 31.5))


def test_extent_is_about_half_a_degree() -> None:
    west, south, east, north = BY_CODE["999901"].polygon.bounds
    assert 0.4 < east - west < 0.55
    assert 0.3 < north - south < 0.45


def test_villages_partition_the_city() -> None:
    cells = [v.polygon for v in villages()]
    assert all(cell.is_valid and cell.geom_type == "Polygon" for cell in cells)
    assert shapely.coverage_is_valid(cells)
    whole = BY_CODE["999901"].polygon
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert sum(cell.area for cell in cells) == pytest.approx(whole.area)


def test_towns_are_one_piece_and_names_are_unique() -> None:
    assert all(p.polygon.geom_type == "Polygon" for p in places())
    assert len({p.zh for p in places()}) == len(places()) == len({p.en for p in places()})
    assert len({p.owner for p in places()}) == len(places())


def test_a_spot_lies_inside_its_village() -> None:
    rng = random.Random(1)
    for village in villages():
        lat, lng = village.spot(rng)
        assert village.polygon.contains(Point(lng, lat))


def test_geojson_and_lines() -> None:
    features = feature_collection()["features"]
    assert isinstance(features, list)
    assert len(features) == 37
    lines = sketch_lines()["features"]
    assert isinstance(lines, list)
    assert [line["properties"]["kind"] for line in lines] == ["river", "road", "road"]


def test_inhabitants_add_up() -> None:
    assert BY_CODE["999901"].inhabitants == sum(v.inhabitants for v in villages()) > 150_000
    town = BY_CODE["999901001"]
    assert town.inhabitants == sum(v.inhabitants for v in villages() if v.parent == town.code)
