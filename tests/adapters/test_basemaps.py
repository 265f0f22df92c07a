"""Base maps: whose tiles, in which datum, and what cannot be set."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from portal.adapters.basemaps import basemap_from_settings
from portal.config import Settings, SettingsError
from portal.core.geo import Crs

KEY = base64.b64encode(b"k" * 32).decode()
CITY = {
    "BASE_URL": "https://portal.example",
    "SECRET_KEY": KEY,
    "FIELD_KEYS": f"k1:{KEY}",
    "TRUSTED_PROXIES": "1",
    "MAP_APPROVAL_NO": "GS(2026)1234号",
}
CUSTOM = {
    "BASEMAP": "custom",
    "BASEMAP_URL": "https://tiles.example/{z}/{x}/{y}.png",
    "BASEMAP_ATTRIBUTION": "示例测绘院",
}


def read(instance: Path, **given: str) -> Settings:
    """Settings of a city in production."""
    return Settings.from_env({"INSTANCE_PATH": str(instance), **CITY, **given})


def faults(instance: Path, **given: str) -> str:
    """Why the settings are refused."""
    with pytest.raises(SettingsError) as caught:
        read(instance, **given)
    return "\n".join(caught.value.faults)


def test_none_is_the_sketch(tmp_path: Path) -> None:
    assert basemap_from_settings(read(tmp_path)) is None


@pytest.mark.parametrize(
    ("name", "datum", "hosts"),
    [
        ("tianditu", Crs.WGS84, {f"https://t{n}.tianditu.gov.cn" for n in range(8)}),
        ("amap", Crs.GCJ02, {f"https://webrd0{n}.is.autonavi.com" for n in range(1, 5)}),
        ("tencent", Crs.GCJ02, {f"https://rt{n}.map.gtimg.com" for n in range(4)}),
    ],
)
def test_known_maps_name_datum_and_hosts(
    tmp_path: Path, name: str, datum: Crs, hosts: set[str]
) -> None:
    found = basemap_from_settings(read(tmp_path, BASEMAP=name, BASEMAP_KEY="abc"))
    assert found is not None
    assert found.datum is datum
    assert set(found.hosts) == hosts
    assert found.attribution
    for layer in found.described()["layers"]:
        assert layer.startswith("https://")
        assert "{key}" not in layer
        assert "{z}" in layer
        assert "{x}" in layer
        assert "{y}" in layer or "{-y}" in layer


def test_tianditu_shows_names_above_the_land(tmp_path: Path) -> None:
    found = basemap_from_settings(read(tmp_path, BASEMAP="tianditu", BASEMAP_KEY="abc"))
    assert found is not None
    land, names = found.described()["layers"]
    assert "LAYER=vec&" in land
    assert "LAYER=cva&" in names
    assert land.endswith("&tk=abc")


def test_a_map_of_one_s_own(tmp_path: Path) -> None:
    keyed = {**CUSTOM, "BASEMAP_URL": CUSTOM["BASEMAP_URL"] + "?k={key}"}
    settings = read(tmp_path, **keyed, BASEMAP_DATUM="gcj02", BASEMAP_KEY="abc")
    found = basemap_from_settings(settings)
    assert found is not None
    assert found.datum is Crs.GCJ02
    assert found.hosts == ("https://tiles.example",)
    assert found.attribution == "示例测绘院"
    assert found.described()["layers"] == ["https://tiles.example/{z}/{x}/{y}.png?k=abc"]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"BASEMAP": "google"}, "BASEMAP must be one of"),
        ({"BASEMAP": "tianditu"}, "BASEMAP_KEY"),
        ({"BASEMAP": "amap", "MAP_APPROVAL_NO": ""}, "MAP_APPROVAL_NO"),
        ({"BASEMAP": "custom"}, "BASEMAP_URL"),
        ({**CUSTOM, "BASEMAP_ATTRIBUTION": ""}, "BASEMAP_ATTRIBUTION"),
        ({**CUSTOM, "BASEMAP_DATUM": "bd09"}, "BASEMAP_DATUM"),
        ({**CUSTOM, "BASEMAP_URL": "http://tiles.example/{z}/{x}/{y}.png"}, "https"),
        ({**CUSTOM, "BASEMAP_URL": "https://tiles.example/{z}/{x}.png"}, "{y}"),
        ({**CUSTOM, "BASEMAP_URL": "https://x; script-src */{z}/{x}/{y}"}, "BASEMAP_URL"),
        ({**CUSTOM, "BASEMAP_URL": "https://x.example/{z}/{x}/{y}?k={key}"}, "BASEMAP_KEY"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, given: dict[str, str], named: str) -> None:
    assert named in faults(tmp_path, **given)


def test_a_demo_may_try_a_map_without_its_number(tmp_path: Path) -> None:
    demo = {"DEMO": "1", "BASE_URL": "http://127.0.0.1:8000", "MAP_APPROVAL_NO": ""}
    settings = read(tmp_path, **demo, BASEMAP="amap")
    assert basemap_from_settings(settings) is not None
    assert basemap_from_settings(replace(settings, basemap="none")) is None
