"""A desk to log in at."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.accounts.permissions import Role
from tests.factories import PASSWORD, city, user

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_VERSION = re.compile(r'name="version" value="(\d+)"')


class Desk:
    """A member of staff at a browser without scripts."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def token(self) -> str:
        """The form token of the session, read from a page the first time."""
        self._token = self._token or self.token_on("/desk/help")
        return self._token

    def token_on(self, path: str) -> str:
        """The form token of the page at `path`."""
        found = _TOKEN.search(self.client.get(path, follow_redirects=True).text)
        assert found, path
        return found[1]

    def log_in(self, username: str, password: str = PASSWORD, **more: str) -> TestResponse:
        """Send the login form."""
        token = self.token_on("/desk/login")
        form = {"username": username, "password": password, "csrf_token": token}
        self._token = ""
        return self.client.post("/desk/login", data={**form, **more})

    def page(self, path: str) -> TestResponse:
        """A page of the desk."""
        return self.client.get(path)

    def json(self, path: str) -> TestResponse:
        """The same, for a program."""
        return self.client.get(path, headers={"Accept": "application/json"})

    def facts(self, number: str) -> dict[str, Any]:
        """What a program reads about a report."""
        found: dict[str, Any] | None = self.json(f"/desk/reports/{number}").json
        assert found is not None
        return found

    def send(self, path: str, *, as_json: bool = False, **fields: Any) -> TestResponse:
        """Send a form with the session's token."""
        headers = {"Accept": "application/json"} if as_json else {}
        data = {"csrf_token": self.token(), **fields}
        return self.client.post(path, data=data, headers=headers)

    def act(self, number: str, action: str, **fields: Any) -> TestResponse:
        """Take a step, by default on the version that the page shows."""
        if "version" not in fields:
            fields["version"] = self.facts(number)["version"]
        return self.send(f"/desk/reports/{number}/actions/{action}", **fields)


Enter = Callable[..., Desk]


@pytest.fixture
def enter(app: Flask) -> Enter:
    """Log somebody in: `enter(Role.CLERK, department="cg")`."""
    with app.app_context():
        city()

    def log_in(*roles: Role, **more: str) -> Desk:
        with app.app_context():
            username = user(*roles, **more).username
        desk = Desk(app.test_client())
        assert desk.log_in(username).status_code == 303
        return desk

    return log_in
