"""Logging in: one message for every failure, throttled, with a second factor unless in a demo."""

from __future__ import annotations

import pyotp
import pytest
from flask import Flask

from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.accounts.permissions import Role
from portal.domain.accounts.queries import user_by_name
from portal.domain.accounts.services import disable_user, enrol_totp
from tests.factories import city, user
from tests.web.desk.conftest import Desk, Enter


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A browser in front of the login page; `triage` exists."""
    with app.app_context():
        city()
        user(Role.TRIAGE)
    return Desk(app.test_client())


def test_strangers_are_led_to_the_login_and_back(desk: Desk) -> None:
    asked = desk.page("/desk/queue/overdue?q=x")
    assert asked.status_code == 303
    assert asked.location == "/desk/login?next=/desk/queue/overdue?q%3Dx"
    entered = desk.log_in("triage", next="/desk/queue/overdue?q=x")
    assert (entered.status_code, entered.location) == (303, "/desk/queue/overdue?q=x")
    assert desk.page("/desk/login").status_code == 303


@pytest.mark.parametrize("target", ["//evil.com", "/\\evil.com", "https://evil.com/"])
def test_the_target_stays_on_this_site(desk: Desk, target: str) -> None:
    assert desk.log_in("triage", next=target).location == "/desk/"


def test_every_failure_says_the_same_and_keeps_the_name(desk: Desk) -> None:
    wrong = desk.log_in("triage", "wrong")
    unknown = desk.log_in("nobody", "wrong")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "用户名或密码不对" in wrong.text
    assert "用户名或密码不对" in unknown.text
    assert 'value="triage"' in wrong.text
    assert "wrong" not in wrong.text


def test_ten_failures_close_the_account_for_a_while(desk: Desk) -> None:
    for _ in range(10):
        assert desk.log_in("triage", "wrong").status_code == 422
    refused = desk.log_in("triage")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "900"
    assert desk.log_in("other", "wrong").status_code == 422


def test_the_session_is_new_at_login_and_dead_after_logout(desk: Desk) -> None:
    desk.page("/desk/login")
    before = desk.client.get_cookie("session")
    desk.log_in("triage")
    after = desk.client.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert desk.send("/desk/logout").status_code == 303
    desk.client.set_cookie("session", after.value)
    assert desk.page("/desk/queue/all").status_code == 303


def test_disabling_a_user_ends_the_session(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context(), transaction():
        found = user_by_name("triage")
        assert found is not None
        disable_user(found)
    assert desk.page("/desk/queue/all").status_code == 303


def test_forms_without_a_token_are_refused(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    assert desk.client.post("/desk/logout").status_code == 400


class TestSecondFactor:
    """As in production."""

    @pytest.fixture
    def totp(self, app: Flask, desk: Desk) -> pyotp.TOTP:
        """The authenticator of `triage`."""
        app.config["SECOND_FACTOR"] = True
        with app.app_context(), transaction():
            found = user_by_name("triage")
            assert found is not None
            secret = enrol_totp(found)
        return pyotp.TOTP(secret)

    def code(self, totp: pyotp.TOTP) -> str:
        return totp.at(now())

    def second(self, desk: Desk, code: str) -> int:
        token = desk.token_on("/desk/login/second")
        form = {"csrf_token": token, "code": code}
        return desk.client.post("/desk/login/second", data=form).status_code

    def test_the_password_alone_opens_nothing(self, desk: Desk, totp: pyotp.TOTP) -> None:
        assert desk.log_in("triage").location == "/desk/login/second"
        assert desk.page("/desk/queue/all").status_code == 303
        assert self.second(desk, "000000") == 422
        assert self.second(desk, self.code(totp)) == 303
        assert desk.page("/desk/queue/all").status_code == 200

    def test_a_code_works_once(self, app: Flask, desk: Desk, totp: pyotp.TOTP) -> None:
        desk.log_in("triage")
        code = self.code(totp)
        assert self.second(desk, code) == 303
        other = Desk(app.test_client())
        other.log_in("triage")
        assert self.second(other, code) == 422

    def test_guessing_codes_closes_the_account(self, desk: Desk, totp: pyotp.TOTP) -> None:
        desk.log_in("triage")
        for _ in range(10):
            assert self.second(desk, "000000") == 422
        assert self.second(desk, self.code(totp)) == 429

    def test_without_a_password_there_is_no_second_step(self, desk: Desk, totp: pyotp.TOTP) -> None:
        assert desk.page("/desk/login/second").location == "/desk/login"
