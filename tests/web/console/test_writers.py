"""Keys of other systems: made and revoked by an administrator, seen by security and auditor."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.domain.accounts.permissions import Role
from portal.domain.timeline.models import TimelineEvent
from portal.domain.writers.models import ApiKey
from portal.domain.writers.queries import uses, writer_by_name
from portal.domain.writers.services import NewWriter, add_writer
from tests.web.desk.conftest import Desk, Enter, enter

__all__ = ["enter"]
NEW: dict[str, Any] = {
    "name": "东江市12345",
    "channel": "hotline",
    "window_minutes": "30",
    "per_hour": "50",
    "gives_token": "1",
}
FILING = {"service_code": "air.odor", "lat": "30.4", "long": "112.4", "description": "臭。"}


def make(desk: Desk, **changes: Any) -> str:
    """Make a key; returns it as the page shows it."""
    answer = desk.send("/console/writers", **{**NEW, **changes})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.search(r"<code>(o311-[0-9a-f]+)</code>", answer.text)
    assert found
    return found[1]


def id_of(app: Flask, name: str = NEW["name"]) -> int:
    with app.app_context():
        writer = writer_by_name(name)
        assert writer is not None
        return writer.id


def test_an_administrator_makes_a_key_that_is_shown_once(
    app: Flask, enter: Enter, client: FlaskClient
) -> None:
    desk = enter(Role.ADMIN)
    key = make(desk)
    answer = client.post("/open311/v2/requests.json", data={**FILING, "api_key": key})
    assert answer.status_code == 200
    assert "token" in answer.get_json()[0]
    with app.app_context():
        (use,) = uses()
        assert (use.filings, use.channel, use.writer.window_minutes) == (1, "hotline", 30)
        assert use.last_at
    for path in ("/console/writers", f"/console/writers/{id_of(app)}"):
        page = desk.page(path).text
        assert NEW["name"] in page
        assert key not in page


def test_a_key_is_revoked_once_that_is_confirmed(
    app: Flask, enter: Enter, client: FlaskClient
) -> None:
    desk = enter(Role.ADMIN)
    key = make(desk)
    path = f"/console/writers/{id_of(app)}"
    unsure = desk.send(f"{path}/revoke")
    assert (unsure.status_code, "请先勾选确认" in unsure.text) == (422, True)
    assert desk.send(f"{path}/revoke", confirm="1").headers["Location"] == path
    page = desk.page(path).text
    assert "停用了密钥" in page
    assert f"{path}/revoke" not in page
    refused = client.post("/open311/v2/requests.json", data={**FILING, "api_key": key})
    assert refused.status_code == 403


def test_who_did_what_is_kept(app: Flask, enter: Enter) -> None:
    desk = enter(Role.ADMIN)
    make(desk)
    for _ in range(2):
        desk.send(f"/console/writers/{id_of(app)}/revoke", confirm="1")
    with app.app_context():
        rows = db.session.query(TimelineEvent).filter_by(subject_kind="writer").all()
        assert [row.kind for row in rows] == ["writer_added", "writer_revoked"]
        assert all(row.actor_id for row in rows)
        assert rows[0].data["name"] == NEW["name"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"channel": "web"}, "channel"),
        ({"channel": ""}, "channel"),
        ({"per_hour": "0"}, "per_hour"),
        ({"per_hour": "很多"}, "per_hour"),
        ({"window_minutes": "-1"}, "window_minutes"),
        ({"window_minutes": "99999"}, "window_minutes"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    app: Flask, enter: Enter, changes: dict[str, Any], field: str
) -> None:
    answer = enter(Role.ADMIN).send("/console/writers", **{**NEW, **changes})
    assert answer.status_code == 422
    assert re.findall('id="writer-([a-z_]+)-err"', answer.text) == [field]
    assert 'name="gives_token" value="1" checked' in answer.text
    with app.app_context():
        assert db.session.query(ApiKey).count() == 0


def test_a_name_is_given_once(enter: Enter) -> None:
    desk = enter(Role.ADMIN)
    make(desk)
    assert desk.send("/console/writers", **NEW).status_code == 422


@pytest.mark.parametrize("role", [Role.SECURITY, Role.AUDITOR])
def test_the_other_two_offices_only_look(app: Flask, enter: Enter, role: Role) -> None:
    desk = enter(role)
    with app.app_context(), transaction():
        add_writer(NewWriter("邻市"), created_by="t", at=now())
    path = f"/console/writers/{id_of(app, '邻市')}"
    for page in (desk.page("/console/writers"), desk.page(path)):
        assert page.status_code == 200
        assert "邻市" in page.text
        assert page.text.count("<form") == 2  # the search and the way out
    assert desk.send("/console/writers", **NEW).status_code == 403
    assert desk.send(f"{path}/revoke", confirm="1").status_code == 403


def test_nobody_else_sees_it(enter: Enter, client: FlaskClient) -> None:
    assert client.get("/console/writers").headers["Location"].startswith("/desk/login")
    desk = enter(Role.SUPERVISOR)
    assert desk.page("/console/writers").status_code == 403
    assert "/console" not in desk.page("/desk/help").text


def test_the_rail_leads_there_and_back(enter: Enter) -> None:
    desk = enter(Role.ADMIN)
    assert 'href="/console/writers"' in desk.page("/desk/help").text
    assert desk.page("/console/").headers["Location"] == "/console/writers"
    assert 'href="/desk/"' in desk.page("/console/writers").text
    assert desk.page("/console/writers/99").status_code == 404
