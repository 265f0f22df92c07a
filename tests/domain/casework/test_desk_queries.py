"""The desk's lists on both databases: scope, counts, order, cursor and every filter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session, scoped_session

from portal.domain.accounts.permissions import Role
from portal.domain.casework import desk_queries
from portal.domain.casework.desk_filters import QueueFilter, Sort
from portal.domain.casework.desk_queries import (
    Queue,
    first_photos,
    follower_counts,
    matching_count,
    queue_counts,
    queue_page,
)
from portal.domain.deadlines.clocks import Colour
from portal.domain.deadlines.terms import colour_of
from portal.domain.reports.models import PhotoStatus
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import Action, State
from tests.factories import START, at_state, city, file, photo, staff, take, walk, writing

NOW = START + timedelta(days=2)
ALL = QueueFilter(sort=Sort.NEW)

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def _city(session: scoped_session[Session]) -> None:
    city()


def test_counts_agree_with_the_lists() -> None:
    for state in State:
        at_state(state)
    for who in (staff(Role.SUPERVISOR), staff(Role.CLERK), staff(Role.HEAD), staff(Role.GRID)):
        counts = queue_counts(list(Queue), who, NOW)
        for queue in Queue:
            page = queue_page(queue, QueueFilter(), who, NOW)
            assert counts[queue] == len(page.reports), (who.roles, queue)
            assert counts[queue] == matching_count(queue, QueueFilter(), who, NOW)


def test_a_second_return_leaves_triage_and_waits_for_the_supervisor() -> None:
    report = at_state(State.RETURNED)
    triage = staff(Role.TRIAGE)
    assert queue_counts([Queue.TO_DISPATCH], triage, NOW) == {Queue.TO_DISPATCH: 1}
    with writing():
        take(report, Action.DISPATCH)
        take(report, Action.RETURN)
    assert queue_counts([Queue.TO_DISPATCH], triage, NOW) == {Queue.TO_DISPATCH: 0}
    assert queue_counts([Queue.RETURNED], triage, NOW) == {Queue.RETURNED: 1}


def test_an_assisting_department_signs_too() -> None:
    report = at_state(State.HANDLING)
    assist = staff(Role.CLERK, department="zhen-01")
    assert [r.id for r in queue_page(Queue.TO_SIGN, ALL, assist, NOW).reports] == [report.id]
    assert not queue_page(Queue.TO_SIGN, ALL, staff(Role.CLERK), NOW).reports


def test_what_somebody_touched_is_theirs() -> None:
    mine = at_state(State.ACCEPTED)
    file()
    found = queue_page(Queue.MINE, ALL, staff(Role.TRIAGE), NOW).reports
    assert [r.id for r in found] == [mine.id]


@pytest.mark.parametrize("sort", Sort)
def test_cursors_leave_nothing_out(sort: Sort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_queries, "PAGE", 2)
    with writing():
        wanted = {file(at=START + timedelta(hours=n % 3)).id for n in range(4)}
        wanted |= {walk(file(), Action.DECLINE).id for _ in range(3)}  # without a due time
    seen: list[int] = []
    turn = QueueFilter(sort=sort)
    while True:
        page = queue_page(Queue.ALL, turn, staff(Role.LEADER), NOW)
        seen += [r.id for r in page.reports]
        if not page.after:
            break
        turn = replace(turn, after=page.after)
    assert len(seen) == len(wanted)
    assert set(seen) == wanted


def test_colours_in_sql_are_those_of_the_rule() -> None:
    at_state(State.ACCEPTED)
    at_state(State.DECLINED)
    who = staff(Role.LEADER)
    for hours in (0, 8, 30, 60, 24 * 12):
        at = START + timedelta(hours=hours)
        for colour in Colour:
            wanted = QueueFilter(colour=colour)
            for report in queue_page(Queue.ALL, wanted, who, at).reports:
                moments = report.warn_at, report.due_at, report.red_at
                if None in moments:
                    assert colour is Colour.NONE
                else:
                    assert colour_of(*moments, at) is colour  # type: ignore[arg-type]
        total = sum(matching_count(Queue.ALL, QueueFilter(colour=c), who, at) for c in Colour)
        assert total == 2


def test_signs_part_words_and_days_count_inclusively() -> None:
    report = file(description="烟囱排放100%黑烟，_很_呛人。")
    file(description="烟囱排放2000黑烟，很很呛人。")
    who = staff(Role.LEADER)

    def ids(**wanted: object) -> list[int]:
        shown = queue_page(Queue.ALL, replace(ALL, **wanted), who, NOW).reports  # type: ignore[arg-type]
        return [r.id for r in shown]

    assert ids(q="100%黑烟") == [report.id]
    assert ids(q="黑烟%污水") == []
    assert len(ids(q="河堤路")) == 2
    assert ids(q=report.number[:-1].lower()) == [report.id]
    assert len(ids(from_on=date(2026, 3, 9), to_on=date(2026, 3, 9))) == 2
    assert ids(to_on=date(2026, 3, 8)) == []
    assert len(ids(category="air", town="999901001")) == 2
    assert ids(category="ai") == []
    assert ids(department="sthj") == []


def test_thumbnails_and_followers_come_for_all_rows_at_once() -> None:
    with writing():
        report = file(photos=[photo(), photo()])
        first, second = photos_of(report)
        second.status = PhotoStatus.READY
    assert first_photos([report.id])[report.id].id == second.id
    with writing():
        first.status = PhotoStatus.READY
    assert first_photos([report.id])[report.id].id == first.id
    merged = at_state(State.MERGED)
    assert merged.main_id is not None
    assert follower_counts([merged.main_id]) == {merged.main_id: 1}
