from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL.TiffImagePlugin import IFDRational

from portal.core.images import Inspection, Position, inspect
from portal.core.imaging import pipeline
from tests.core.imaging.pictures import GPS_HERE, corners, exif

ORIGINAL, OFFSET, DIGITIZED = 0x9003, 0x9011, 0x9004


def facts(tmp_path: Path, **what: Any) -> Inspection:
    path = tmp_path / "x.jpg"
    corners().save(path, exif=exif(**what))
    return inspect(path)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({ORIGINAL: "2026:11:22 14:05:09"}, datetime(2026, 11, 22, 6, 5, 9, tzinfo=UTC)),
        (
            {ORIGINAL: "2026:11:22 14:05:09", OFFSET: "+03:00"},
            datetime(2026, 11, 22, 11, 5, 9, tzinfo=UTC),
        ),
        (
            {ORIGINAL: "2026:11:22 14:05:09", OFFSET: "nonsense"},
            datetime(2026, 11, 22, 6, 5, 9, tzinfo=UTC),
        ),
        (
            {ORIGINAL: "    :  :     :  :  ", DIGITIZED: "2026-11-22 14:05:09"},
            datetime(2026, 11, 22, 6, 5, 9, tzinfo=UTC),
        ),
        ({ORIGINAL: "0000:00:00 00:00:00"}, None),
        ({ORIGINAL: "1980:01:01 00:00:00"}, None),
        ({ORIGINAL: "2026:13:45 99:99:99"}, None),
        ({ORIGINAL: "\u4e0d\u662f\u65f6\u95f4"}, None),
        ({}, None),
    ],
)
def test_the_moment_of_exposure(
    tmp_path: Path, tags: dict[int, Any], expected: datetime | None
) -> None:
    assert facts(tmp_path, taken=tags).taken_at == expected


def test_a_camera_without_offset_shows_the_citys_wall_clock(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    corners().save(path, exif=exif(taken={ORIGINAL: "2026:11:22 14:05:09"}))
    found = pipeline.inspect(path, ZoneInfo("Asia/Urumqi"))
    assert found.taken_at == datetime(2026, 11, 22, 8, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("gps", "expected"),
    [
        (GPS_HERE, Position(30.4, 112.41)),
        ({**GPS_HERE, 1: "S", 3: "W"}, Position(-30.4, -112.41)),
        ({**GPS_HERE, 2: (30.0, 24.0, 60.0)}, Position(30.4166667, 112.41)),
    ],
)
def test_a_position_in_every_hemisphere(tmp_path: Path, gps: Any, expected: Position) -> None:
    assert facts(tmp_path, gps=gps).position == expected


@pytest.mark.parametrize(
    "change",
    [
        {1: ""},
        {1: "X"},
        {3: "N"},
        {2: (130.0, 0.0, 0.0)},
        {4: (181.0, 0.0, 0.0)},
        {2: (30.0, 99.0, 0.0)},
        {2: (IFDRational(30, 0), 0.0, 0.0)},
        {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)},
    ],
)
def test_an_odd_position_is_none(tmp_path: Path, change: dict[int, Any]) -> None:
    assert facts(tmp_path, gps={**GPS_HERE, **change}).position is None


@pytest.mark.parametrize("missing", [1, 2, 3, 4])
def test_half_a_position_is_none(tmp_path: Path, missing: int) -> None:
    gps = {tag: value for tag, value in GPS_HERE.items() if tag != missing}
    assert facts(tmp_path, gps=gps).position is None


@pytest.mark.parametrize(
    "block", [b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\xff\xff" * 9]
)
def test_garbage_where_exif_should_be_is_no_error(tmp_path: Path, block: bytes) -> None:
    path = tmp_path / "x.jpg"
    corners().save(path, exif=block)
    found = inspect(path)
    assert (found.taken_at, found.position, found.orientation) == (None, None, 1)


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_other_formats_carry_facts_too(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x.{suffix}"
    taken = {ORIGINAL: "2026:11:22 14:05:09"}
    corners().save(path, exif=exif(orientation=1, taken=taken, gps=GPS_HERE))
    found = inspect(path)
    assert found.taken_at == datetime(2026, 11, 22, 6, 5, 9, tzinfo=UTC)
    assert found.position == Position(30.4, 112.41)
    assert found.format == suffix


def test_facts_survive_the_way_through_a_pipe(tmp_path: Path) -> None:
    found = facts(tmp_path, taken={ORIGINAL: "2026:11:22 14:05:09"}, gps=GPS_HERE)
    assert Inspection.from_json(found.to_json()) == found
    bare = facts(tmp_path)
    assert Inspection.from_json(bare.to_json()) == bare
