"""Clients of others against the running portal: georeport, civicbot, schemathesis."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast
from urllib.request import urlopen

import pytest
from civicbot.http import HttpTransport, RateLimiter
from civicbot.open311 import Open311Client, Open311Error
from civicbot.registry import Endpoint
from georeport import GeoReport

from tests.journeys import stages
from tests.journeys.album import MUD, phone_jpeg
from tests.journeys.people import HERE, Office, Resident, decisions_in, photos_decidable
from tests.journeys.visitor import File
from tests.live import ROOT, LivePortal, new_address

pytestmark = pytest.mark.journey
HOOKS = "tests.journeys.schemathesis_hooks"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance"
)
SECONDS = "45"


@pytest.fixture
def robot(city: LivePortal) -> Open311Client:
    """civicbot, allowed to write."""
    endpoint = Endpoint.from_dict(
        {
            "id": "demo",
            "name": "示例市",
            "base_url": f"{city.base_url}/open311/v2",
            "write": True,
            "api_key_required_for_write": True,
        }
    )
    return Open311Client(endpoint, HttpTransport(rate_limiter=RateLimiter(0.0)))


@pytest.fixture(scope="module")
def published(city: LivePortal) -> str:
    """The number of a report with photos that went all the way to the public."""
    office, resident = Office(city), Resident(city)
    photo = File("photos", "IMG_0001.jpg", phone_jpeg(MUD))
    number = resident.file("河边的管子白天也在冒黑水，味道很大。", [photo]).number
    stages.to_resolved(office, number)
    form = photos_decidable(office, number, 2)
    chosen: dict[str, Any] = {f"photo_decisions[{p}]": "release" for p in decisions_in(form)}
    office.take("publisher", number, "publish", **chosen)
    return number


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_everything(city: LivePortal, published: str, form: str) -> None:
    client = GeoReport(f"{city.base_url}/open311/v2", output_format=form)
    services = client.get_service_list()
    codes = {service["service_code"] for service in services}
    assert {"air", "air.odor", "water.outfall"} <= codes
    found = client.get_service_definition("air.odor")
    assert found["service_code"] == "air.odor"
    rows = client.get_service_requests(status="closed", start_date="2020-01-01T00:00:00Z")
    # Its XML reader hands over a list of one as the one itself.
    rows = rows if isinstance(rows, list) else [rows]
    assert {row["status"] for row in rows} == {"closed"}
    assert published in {row["service_request_id"] for row in rows}
    one = client.get_service_request(published)
    assert one["service_request_id"] == published
    named = client.get_service_requests(service_request_id=published)
    assert (named if isinstance(named, list) else [named])[0] == one


def test_civicbot_files_what_it_has_checked(robot: Open311Client) -> None:
    prepared = robot.create_request(
        "air.odor",
        lat=float(HERE[0]),
        lng=float(HERE[1]),
        description="A smell of burnt plastic every evening.",
        attributes={"smell": "burnt"},
        email="robot@example.org",
        api_key="demo-open311",
        dry_run=False,
        confirm="SEND",
        validate_remote=True,
    )
    assert prepared.warnings == []
    (row,) = cast("list[dict[str, Any]]", prepared.response)
    assert row["service_request_id"].startswith("SP")


def test_civicbot_finds_wrong_answers_before_sending(robot: Open311Client) -> None:
    with pytest.raises(Open311Error, match="smell"):
        robot.create_request(
            "air.odor", lat=30.4, lng=112.4, attributes={"smell": "x"}, validate_remote=True
        )


def test_civicbot_reads(robot: Open311Client, published: str) -> None:
    rows = robot.list_requests(status="closed", page_size=1, start_date="2020-01-01T00:00:00Z")
    assert len(rows) == 1
    with urlopen(_picture_of(robot, published)) as picture:  # noqa: S310 - our own portal
        assert picture.headers["Content-Type"] == "image/jpeg"


def _picture_of(robot: Open311Client, number: str) -> str:
    """The address of its released photo, which the worker renders first."""
    for _ in range(60):
        found = robot.get_request(number)
        assert found is not None
        if found["media_url"]:
            return str(found["media_url"])
        time.sleep(0.5)
    raise AssertionError("no picture was released")


def test_schemathesis_finds_no_accident_and_every_shape_holds(
    city: LivePortal, tmp_path: Path
) -> None:
    program = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [
            str(program),
            *("run", f"{city.base_url}/openapi.json", "--phases", "coverage,fuzzing"),
            *("--max-time", SECONDS, "--checks", CHECKS, "--continue-on-failure"),
            *("--seed", "1", "--header", f"X-Forwarded-For: {new_address()}"),
        ],
        cwd=tmp_path,
        env={**os.environ, "SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout[-6000:]
