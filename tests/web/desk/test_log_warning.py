"""Administrators hear on the desk that the public log falls behind."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from portal.core.clock import now
from portal.domain.accounts.permissions import Role
from tests.factories import file
from tests.web.desk.conftest import Enter

WORDS = "没有封存进公开存证"


def test_only_administrators_are_warned_and_only_while_it_lasts(app: Flask, enter: Enter) -> None:
    admin, triage = enter(Role.ADMIN), enter(Role.TRIAGE)
    assert WORDS not in admin.page("/desk/help").text
    with app.app_context():
        file(at=now() - timedelta(seconds=61))
    assert WORDS in admin.page("/desk/help").text
    assert WORDS not in triage.page("/desk/help").text
    with app.app_context():
        app.extensions["portal.sealing"].run()
    assert WORDS not in admin.page("/desk/help").text
