"""Buttons say what to do; English has another word for what was done, Chinese has not."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.domain.reports.states import Action
from portal.web.desk.offers import LOOKS
from portal.web.desk.verbs import verb


@pytest.mark.parametrize("action", LOOKS)
def test_in_chinese_a_button_says_what_its_step_is_called(app: Flask, action: Action) -> None:
    with app.test_request_context():
        assert verb(action) == action.label or action is Action.RESOLVE


def test_in_english_the_step_to_take_differs_from_the_step_taken(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert verb(Action.DECLINE) == "Decline"
        assert _(Action.DECLINE.label) == "Declined"
        assert verb(Action.PUBLISH) == "Publish"
        assert _(Action.PUBLISH.label) == "Published"
