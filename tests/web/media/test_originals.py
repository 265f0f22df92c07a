"""Originals: on the record, for five minutes, for one user."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.core import clock
from portal.domain.accounts.permissions import Role
from portal.domain.reports.photos import photo_by_key
from portal.domain.timeline.queries import events_of
from tests.web.media.conftest import Keys, Login, csrf_token


def ask(client: FlaskClient, key: str) -> TestResponse:
    """Send the desk's form for the original of photo `key`."""
    form = {"csrf_token": csrf_token(client.application)}
    return client.post(f"/media/originals/{key}", data=form)


def open_link(client: FlaskClient, key: str) -> str:
    answer = ask(client, key)
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_opening_leaves_one_row_and_downloads(app: Flask, login: Login, keys: Keys) -> None:
    client = login(Role.REVIEWER)
    answer = client.get(open_link(client, keys.withheld), buffered=True)
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=SP")
    assert answer.headers["Cache-Control"] == "private, no-store"
    with app.app_context():
        photo = photo_by_key(keys.withheld)
        assert photo is not None
        assert photo.report_id is not None
        opened = [e for e in events_of("report", photo.report_id) if e.kind == "original_opened"]
        assert [(e.data, e.is_public) for e in opened] == [({"photo": photo.id}, False)]


def test_a_link_ends_after_five_minutes(settings: Settings, login: Login, keys: Keys) -> None:
    client = login(Role.REVIEWER)
    link = open_link(client, keys.withheld)
    clock.configure(timedelta(minutes=5, seconds=2), None, settings.city_tz)
    assert client.get(link, buffered=True).status_code == 404
    clock.configure(timedelta(), None, settings.city_tz)


def test_a_link_is_for_one_user(client: FlaskClient, login: Login, keys: Keys) -> None:
    link = open_link(login(Role.REVIEWER), keys.withheld)
    assert login(Role.TRIAGE).get(link).status_code == 404
    assert client.get(link, buffered=True).status_code == 404


def test_a_changed_link_opens_nothing(login: Login, keys: Keys) -> None:
    client = login(Role.REVIEWER)
    link = open_link(client, keys.withheld)
    dot = link.rindex(".")
    # Not the last letter of the signature: two of its six bits mean nothing.
    for place in (link.rindex("/") + 1, dot - 5, dot + 1, len(link) - 2):
        other = "A" if link[place] != "A" else "B"
        assert client.get(link[:place] + other + link[place + 1 :]).status_code == 404, place
    assert client.get("/media/original/WyJ4Il0.x").status_code == 404


def test_who_may_not_gets_no_link(login: Login, keys: Keys) -> None:
    assert ask(login(Role.CLERK, department="cg"), keys.withheld).status_code == 404
    assert ask(login(Role.LEADER), keys.withheld).status_code == 403
    assert ask(login(Role.REVIEWER), "0" * 32).status_code == 404


def test_a_form_without_its_token_is_refused(login: Login, keys: Keys) -> None:
    answer = login(Role.REVIEWER).post(f"/media/originals/{keys.withheld}")
    assert answer.status_code == 400
