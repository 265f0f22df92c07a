"""Who stands beside a case in a list, and the days it was given."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from portal.core.clock import local, now
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import last_deadline
from portal.domain.publication.conditions import PublicFilter, Sort
from portal.domain.publication.neighbours import neighbours
from portal.domain.publication.queries import public_case, public_cases
from portal.domain.reports.states import State
from tests.factories import START, at_state, city, drain


def test_beside_is_what_the_list_shows_beside(app: Flask) -> None:
    with app.app_context():
        city()
        for days in range(4):
            at_state(State.RESOLVED, at=START + timedelta(days=days // 2))
        at_state(State.ACCEPTED, at=START + timedelta(days=1))
        drain()
        for wanted in (
            PublicFilter(),
            PublicFilter(sort=Sort.OLD),
            PublicFilter(sort=Sort.DAYS),
            PublicFilter(state="closed"),
        ):
            order = [case.number for case in public_cases(wanted, now()).cases]
            assert len(order) >= 4
            for n, number in enumerate(order):
                case = public_case(number)
                assert case is not None
                found = neighbours(case, wanted, now())
                assert found.before == (order[n - 1] if n else ""), wanted
                assert found.after == (order[n + 1] if n + 1 < len(order) else ""), wanted


def test_an_open_case_has_no_place_among_durations(app: Flask) -> None:
    with app.app_context():
        city()
        number = at_state(State.ACCEPTED).number
        at_state(State.RESOLVED)
        drain()
        case = public_case(number)
        assert case is not None
        found = neighbours(case, PublicFilter(sort=Sort.DAYS), now())
        assert (found.before, found.after) == ("", "")


def test_the_days_given_stand_on_the_public_row(app: Flask) -> None:
    with app.app_context():
        city()
        report = at_state(State.HANDLING)
        untouched = at_state(State.ACCEPTED)
        drain()
        term = last_deadline(report.id, Clock.RESOLVE)
        case, other = public_case(report.number), public_case(untouched.number)
        assert term is not None
        assert case is not None
        assert case.resolve_from == local(term.started_at).date()
        # Fifteen days end at midnight: their last day is the fifteenth, not the one behind it.
        assert case.resolve_by == case.resolve_from + timedelta(days=15)
        assert other is not None
        assert other.resolve_by is None
