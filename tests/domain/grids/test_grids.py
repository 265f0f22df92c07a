"""Finding the grid of a point, walking the tree, and loading outlines."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask_sqlalchemy.session import Session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import scoped_session

from portal.core.errors import InvalidFieldsError
from portal.domain.grids.models import GridLevel
from portal.domain.grids.queries import (
    grid_by_code,
    grid_ids_below,
    grids,
    grids_below,
    is_inside_city,
    locate,
    outline_geojson,
    path_of,
    town_of,
)
from portal.domain.grids.services import GridRow, import_grids, read_grid_features, set_polygon
from tests.factories import make_city, make_department, make_grid, square

pytestmark = pytest.mark.engine


def feature(code: str, level: str, outline: str | None = None, **more: str) -> dict[str, Any]:
    geometry = json.loads(outline) if outline else None
    properties = {"code": code, "level": level, "name": f"网格{code}", **more}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


@pytest.mark.parametrize(
    ("lat", "lng", "code"),
    [
        (30.40, 112.40, "999901001001"),  # inside a village
        (30.25, 112.25, "999901001"),  # inside a town, between its villages
        (30.25, 112.95, "999901"),  # inside the county, in no town
        (30.45, 112.45, "999901001001"),  # a corner shared by two villages: the lower code
        (31.50, 112.40, None),
    ],
)
def test_the_most_specific_grid_is_found(
    session: scoped_session[Session], lat: float, lng: float, code: str | None
) -> None:
    make_city()
    found = locate(lat, lng)
    assert (found.code if found else None) == code
    assert is_inside_city(lat, lng) is (code is not None)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(30.1, 31.1), st.floats(112.1, 113.1))
def test_a_found_grid_holds_the_point(
    session: scoped_session[Session], lat: float, lng: float
) -> None:
    if grid_by_code("999901") is None:
        make_city()
    found = locate(lat, lng)
    if found is None:
        assert not (30.2 <= lat <= 31.0 and 112.2 <= lng <= 113.0)
        return
    box = (found.min_lat, found.min_lng, found.max_lat, found.max_lng)
    south, west, north, east = (edge or 0.0 for edge in box)
    assert south <= lat <= north
    assert west <= lng <= east


def test_a_city_without_polygons_turns_nobody_away(session: scoped_session[Session]) -> None:
    make_grid("999901")
    assert is_inside_city(0, 0)
    assert locate(30.4, 112.4) is None


def test_a_redrawn_polygon_is_seen_at_once(session: scoped_session[Session]) -> None:
    city = make_city()
    assert locate(30.40, 112.40) is city["999901001001"]
    set_polygon(city["999901001001"], square(30.21, 112.21, 0.01))
    assert locate(30.40, 112.40) is city["999901001"]
    set_polygon(city["999901001"], None)
    assert locate(30.40, 112.40) is city["999901"]


def test_the_tree(session: scoped_session[Session]) -> None:
    city = make_city()
    village, town, county = city["999901001001"], city["999901001"], city["999901"]
    assert path_of(village) == (county, town, village)
    assert town_of(village) is town
    assert town_of(town) is town
    assert town_of(county) is None
    assert [g.code for g in grids_below(town.id)] == ["999901001", "999901001001", "999901001002"]
    assert grid_ids_below(county.id) == {g.id for g in city.values()}
    assert [g.code for g in grids(GridLevel.TOWN)] == ["999901001", "999901002"]
    assert len(grids(parent_id=town.id)) == 2


def test_the_sketch_names_towns_and_villages(session: scoped_session[Session]) -> None:
    make_city()
    sketch = outline_geojson()
    found = {f["properties"]["code"]: f["properties"] for f in sketch["features"]}
    assert "999901" not in found
    assert found["999901001001"]["parent"] == "999901001"
    assert sketch["bbox"] == pytest.approx([112.2, 30.2, 113.0, 31.0])
    json.dumps(sketch)


def test_import_takes_any_order_and_updates(session: scoped_session[Session]) -> None:
    make_department("zhen-01")
    rows = read_grid_features(
        collection(
            feature("999901001", "town", square(30.2, 112.2, 0.4), parent="999901"),
            feature("999901", "county", square(30.2, 112.2, 0.8)),
        )
    )
    assert import_grids(rows) == 2
    renamed = GridRow("999901001", GridLevel.TOWN, "东河镇", parent="999901", department="zhen-01")
    assert import_grids([renamed]) == 1
    town = grid_by_code("999901001")
    assert town is not None
    assert (town.name_zh, town.polygon, town.min_lat) == ("东河镇", None, None)
    assert town.department_id is not None


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (GridRow("999901001", GridLevel.TOWN, "镇", parent="888"), "parent"),
        (GridRow("999901001", GridLevel.TOWN, "镇"), "parent"),
        (GridRow("999901", GridLevel.COUNTY, "市", department="nobody"), "department"),
        (GridRow("999901", GridLevel.COUNTY, "市", polygon='{"type":"Point"}'), "polygon"),
    ],
)
def test_import_names_what_is_wrong(
    session: scoped_session[Session], row: GridRow, code: str
) -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        import_grids([row])
    assert [f.code for f in caught.value.faults[row.code]] == [code]


def test_unreadable_features_are_counted() -> None:
    broken = collection({"type": "Feature"}, feature("1", "planet"), feature("999901", "county"))
    with pytest.raises(InvalidFieldsError) as caught:
        read_grid_features(broken)
    assert set(caught.value.faults) == {"features[0]", "features[1]"}
    with pytest.raises(InvalidFieldsError):
        read_grid_features({})
