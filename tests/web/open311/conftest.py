"""Two public cases of the transparency tests, made once, and programs that ask for them."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import make_url
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.reports.models import Channel
from portal.domain.writers.services import NewWriter, add_writer
from tests.apps import application
from tests.conftest import USUAL, empty_database, make_settings
from tests.engines import Postgres
from tests.web.transparency.conftest import Cases, make_cases

__all__ = ["BASE", "HERE", "KEY", "SENSOR_KEY", "TOKEN_KEY", "Ask", "Cases", "Send"]
BASE = "/open311/v2"
Ask = Callable[..., Any]
Send = Callable[..., TestResponse]
KEY, SENSOR_KEY, TOKEN_KEY = "key-of-an-app", "key-of-a-sensor", "key-for-tokens"
KEYS = {
    NewWriter("app", window_minutes=60): KEY,
    NewWriter("sensor", Channel.SENSOR, window_minutes=0): SENSOR_KEY,
    NewWriter("batch", Channel.HOTLINE, gives_token=True): TOKEN_KEY,
}
HERE = {"lat": "30.4", "long": "112.4"}


@pytest.fixture(scope="session")
def city_of_cases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """An instance with a city and both cases in it, ready to be copied."""
    instance = tmp_path_factory.mktemp("open311") / "instance"
    with empty_database(request, USUAL, instance) as settings:
        _settle(settings)
        yield settings


def _settle(settings: Settings) -> None:
    with application(settings) as app:
        made = make_cases(app)
        with app.app_context(), transaction():
            for writer, key in KEYS.items():
                add_writer(writer, created_by="test", at=now(), key=key)
    kept = settings.instance_path / "cases.json"
    kept.write_text(json.dumps(asdict(made)), encoding="ascii")


@pytest.fixture
def settings(
    request: pytest.FixtureRequest, city_of_cases: Settings, tmp_path: Path
) -> Iterator[Settings]:
    """Settings of a portal that has both cases already."""
    shutil.copytree(city_of_cases.instance_path, tmp_path / "instance")
    copied = make_settings(tmp_path / "instance")
    if not city_of_cases.database_url:
        yield copied
        return
    server: Postgres = request.getfixturevalue("postgres")
    name, url = server.copy_template(make_url(city_of_cases.database_url).database or "")
    yield dataclasses.replace(copied, database_url=url)
    server.drop(name)


@pytest.fixture
def cases(city_of_cases: Settings) -> Cases:
    """The numbers of both."""
    return Cases(**json.loads((city_of_cases.instance_path / "cases.json").read_bytes()))


def tree(answer: TestResponse) -> ET.Element:
    """The XML of an answer."""
    return ET.fromstring(answer.data)  # noqa: S314 - our own answer


def as_data(element: ET.Element) -> Any:
    """What a client makes of XML: lists of children, objects, text."""
    children = list(element)
    if not children:
        return element.text
    names = {child.tag for child in children}
    if len(names) == 1 and element.tag.endswith(f"{children[0].tag}s"):
        return [as_data(child) for child in children]
    return {child.tag: as_data(child) for child in children}


def the_error(answer: TestResponse, code: str) -> str:
    """The one description of an error answer in either format."""
    if answer.headers["Content-Type"] == "application/json; charset=utf-8":
        found = answer.get_json()
    else:
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        root = tree(answer)
        assert root.tag == "errors"
        found = as_data(root)
    assert [fault["code"] for fault in found] == [code]
    assert found[0]["description"]
    return str(found[0]["description"])


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    """GET below the production endpoint, as JSON; the status is checked."""

    def get(path: str, status: int = 200, /, **query: Any) -> Any:
        answer = client.get(f"{BASE}/{path}.json", query_string=query)
        assert answer.status_code == status, answer.text
        return answer.get_json()

    return get


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """POST a smell here, with changes; None leaves a field out."""

    def post(form: str = "json", base: str = BASE, headers: Any = None, **changes: Any) -> Any:
        fields = {"api_key": KEY, "service_code": "air.odor", "description": "夜里有臭味。", **HERE}
        named = {name.replace("__", "[").replace("_end", "]"): v for name, v in changes.items()}
        data = {name: v for name, v in {**fields, **named}.items() if v is not None}
        return client.post(f"{base}/requests.{form}", data=data, headers=headers)

    return post
