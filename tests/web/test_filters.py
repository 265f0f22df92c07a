"""Dates, deadlines and numbers in words; the look of every state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.domain.deadlines.clocks import Colour
from portal.domain.reports.states import State
from portal.web import filters

NOW = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)  # Sunday 14:05 in Shanghai


@pytest.fixture(autouse=True)
def _page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with app.test_request_context("/"):
        yield


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/", headers={"Cookie": "lang=en"}):
        yield


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (timedelta(), "今天14:05"),
        (timedelta(days=-1), "昨天14:05"),
        (timedelta(days=2), "周二14:05"),
        (timedelta(days=-6), "周一14:05"),
        (timedelta(days=7), "11月29日 14:05"),
        (timedelta(days=-400), "2025年10月18日 14:05"),
    ],
)
def test_near_times_say_the_day(shift: timedelta, words: str) -> None:
    assert filters.near(NOW + shift) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=11, hours=1), "剩11天"),
        (timedelta(days=2), "周二14:05前"),
        (timedelta(hours=3, minutes=5), "剩3小时"),
        (timedelta(minutes=20), "不到1小时"),
        (timedelta(minutes=-20), "逾期1小时"),
        (timedelta(days=-2, hours=-1), "逾期2天"),
    ],
)
def test_deadlines_use_hours_only_under_one_day(left: timedelta, words: str) -> None:
    assert filters.deadline(NOW + left) == words


def test_a_term_that_ends_at_midnight_ends_at_24() -> None:
    end = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert filters.due(end) == "周二24:00"
    assert filters.due(end + timedelta(days=30)) == "12月24日 24:00"


def test_a_day_needs_no_time() -> None:
    assert filters.day(date(2026, 12, 1)) == "12月1日"


@pytest.mark.usefixtures("english")
def test_english_dates() -> None:
    assert filters.language() == "en"
    assert filters.moment(NOW) == "22 Nov 14:05"
    assert filters.near(NOW + timedelta(days=2)) == "Tue 14:05"


def test_time_elements_carry_the_offset() -> None:
    expected = '<time datetime="2026-11-22T14:05:00+08:00">11月22日 14:05</time>'
    assert filters.timetag(NOW) == expected
    assert filters.timetag(None) == ""


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13800000000", "138****0000"), ("1234567", "****67"), ("", ""), (None, "")],
)
def test_phones_are_masked(phone: str | None, shown: str) -> None:
    assert filters.masked_phone(phone) == shown


def test_figures_keep_their_unit_small() -> None:
    assert filters.unit(4816, "<件>") == "4,816<small>&lt;件&gt;</small>"


def test_titles_break_between_clauses_only() -> None:
    expected = '<span class="ib">柳溪河，</span><span class="ib">流黑&lt;水</span>'
    assert filters.phrases("柳溪河，流黑<水") == expected


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_family_and_a_glyph(app: Flask, state: State) -> None:
    assert filters.state_family(state) in {"wait", "move", "done"}
    assert f"g-s-{state}" in app.extensions["portal.assets"].symbols


def test_every_colour_has_its_tone() -> None:
    tones = {colour: filters.deadline_tone(colour) for colour in Colour}
    assert tones == {"none": "", "blue": "blue", "yellow": "amber", "red": "red"}
