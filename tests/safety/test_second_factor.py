"""A one-time code opens one login, also when two come at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from flask import Flask

from portal.core.db import transaction
from portal.domain.accounts.permissions import Role
from portal.domain.accounts.queries import user_by_id
from portal.domain.accounts.services import LoginRefusedError, check_second_factor, enrol_totp
from tests.factories import START, city, user

_HELD_S = 0.4


@pytest.mark.engine
def test_a_code_works_once_for_two_at_a_time(app: Flask) -> None:
    with app.app_context():
        city()
        user_id = user(Role.TRIAGE).id
        with transaction():
            added = user_by_id(user_id)
            assert added is not None
            code = pyotp.TOTP(enrol_totp(added)).at(START)
    used, both_read = threading.Event(), threading.Barrier(2, timeout=10)

    def log_in(is_first: bool) -> bool:
        with app.app_context():
            try:
                with transaction():
                    one = user_by_id(user_id)
                    assert one is not None
                    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
                        both_read.wait()  # SQLite lets nobody read for writing beside a writer
                    if not is_first:
                        used.wait(10)
                    check_second_factor(one, code, START)
                    used.set()
                    if is_first:
                        threading.Event().wait(_HELD_S)
            except LoginRefusedError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(log_in, True)
        if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
            used.wait(10)
        second = pool.submit(log_in, False)
        assert [first.result(), second.result()] == [True, False]
