"""What is on the list of a week and why, the draw that can be drawn again, lines by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.clock import local
from portal.core.db import db
from portal.core.drawing import chosen_of
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.domain.accounts.permissions import Role
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import open_deadline
from portal.domain.inspections.cancelling import cancel_inspection, redraw_inspection
from portal.domain.inspections.models import (
    Inspection,
    ListReason,
    PublicInspection,
    Result,
    Stage,
)
from portal.domain.inspections.planning import (
    InspectionError,
    Plan,
    RuleValue,
    change_plan,
    inspection_of,
    plan_by_itself,
    plan_inspection,
    rule_for,
    set_rule,
    week_to_plan,
)
from portal.domain.inspections.queries import lines_of
from portal.domain.inspections.running import (
    SignOff,
    add_line,
    close_inspection,
    listed,
    remove_line,
    start_inspection,
)
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.timeline.queries import last_event
from portal.domain.triage.repeats import keep_repeat
from tests.factories import PATHS, START, TOWN, at_state, file, staff, walk, writing

pytestmark = pytest.mark.engine
DAY = timedelta(days=1)
MONDAY = date(2026, 3, 16)
AT = datetime(2026, 3, 13, 4, tzinfo=START.tzinfo)  # the Friday before, noon in the city
KINDS = ("air.odor", "air.cooking", "noise.social", "water.livestock", "noise.construction")


def boss() -> int:
    return staff(Role.SUPERVISOR).staff_id


def plan(size: int = 2, most: int | None = None, at: datetime = AT) -> Inspection:
    with writing():
        wanted, by = Plan([boss()], size, most), staff(Role.SUPERVISOR)
        monday = MONDAY if at == AT else _next_monday(at)
        return plan_inspection(monday, wanted, "a seed", by=by, at=at)


def in_hand(number: int, at: datetime = START) -> list[Report]:
    return [walk(file(category=kind, at=at), *PATHS[State.HANDLING]) for kind in KINDS[:number]]


def why(row: Inspection) -> dict[str, list[str]]:
    return {line.report.number: line.reasons for line in listed(row)}


def test_the_draw_can_be_drawn_again(db_city: scoped_session[Session]) -> None:
    cases = in_hand(5)
    at_state(State.DECLINED)
    row = plan()
    assert row.numbers == sorted(case.number for case in cases)
    drawn = chosen_of(row.numbers, row.draw_size, row.seed)
    assert len(drawn) == 2
    assert why(row) == {number: [ListReason.DRAWN] for number in drawn}


def test_what_is_overdue_is_listed_the_latest_first(db_city: scoped_session[Session]) -> None:
    late, later = in_hand(1)[0], in_hand(2, at=START - 3 * DAY)[1]
    term = open_deadline(late.id, Clock.RESOLVE)
    assert term is not None
    at = term.due_at + DAY
    fresh = walk(file(category="water.livestock", at=at - DAY), *PATHS[State.HANDLING])
    row = plan(size=0, at=at)
    shown = why(row)
    assert shown[late.number] == shown[later.number] == ["overdue"]
    assert fresh.number not in shown
    line = next(one for one in row.lines if one.report_id == late.id)
    assert line.overdue_since == term.due_at
    with writing():
        change_plan(row, Plan([boss()], 0, 1), by=staff(Role.SUPERVISOR), at=at)
    assert len(why(row)) == 1
    assert late.number not in why(row), "the longest overdue comes first"


def test_what_was_told_again_is_listed(db_city: scoped_session[Session]) -> None:
    at_state(State.DEREGISTERED)
    again = walk(file(at=START + 40 * DAY), *PATHS[State.HANDLING])
    with writing():
        keep_repeat(again.id)
    row = plan(size=0, at=again.state_since + DAY)
    assert why(row) == {again.number: ["repeated"]}
    with writing():
        line = listed(row)[0]
        line.result = Result.PUT_RIGHT
    later = plan(size=5, at=again.state_since + 8 * DAY)
    assert why(later) == {}, "what was seen to be put right is not listed again"


def test_making_the_list_again_is_no_second_chance(db_city: scoped_session[Session]) -> None:
    in_hand(5)
    row = plan()
    first, seed = why(row), row.seed
    with writing():
        change_plan(row, Plan([boss()], 2), by=staff(Role.SUPERVISOR), at=AT + DAY)
    assert (why(row), row.seed) == (first, seed)


def test_lines_by_hand_say_why_and_stay(db_city: scoped_session[Session]) -> None:
    cases, by = in_hand(5), staff(Role.SUPERVISOR)
    row = plan(size=1)
    (drawn,) = listed(row)
    other = next(case for case in cases if case.id != drawn.report_id)
    with writing():
        added = add_line(row, other, "群众来电三次。", by=by)
        remove_line(drawn, "昨天刚去过。", by=by, at=AT)
        change_plan(row, Plan([boss()], 1), by=by, at=AT)
    assert why(row) == {other.number: ["added"]}
    assert (added.why, drawn.removed_why, drawn.removed_by_id) == (
        "群众来电三次。", "昨天刚去过。", boss(),
    )  # fmt: skip
    assert chosen_of(row.numbers, 1, row.seed) == {drawn.report.number}
    for report, words in ((other, "又"), (at_state(State.SUBMITTED), "新"), (drawn.report, " ")):
        with writing(), pytest.raises(InvalidFieldsError):
            add_line(row, report, words, by=by)
    with writing(), pytest.raises(InvalidFieldsError):
        remove_line(added, " ", by=by, at=AT)
    with writing():
        add_line(row, drawn.report, "还是去看看。", by=by)
    assert why(row)[drawn.report.number] == ["drawn", "added"]


def test_a_draft_is_drawn_anew_and_kept(db_city: scoped_session[Session]) -> None:
    """The old one stays with its seed and list; what is finished says how often that happened."""
    in_hand(5)
    by, row = staff(Role.SUPERVISOR), plan()
    first = why(row)
    leader = staff(Role.LEADER)
    with writing(), pytest.raises(InvalidFieldsError):
        redraw_inspection(row, " ", "other", by=by, at=AT)
    with writing(), pytest.raises(NotAllowedError):
        redraw_inspection(row, "抽重了。", "other", by=leader, at=AT)
    with writing():
        other = redraw_inspection(row, "抽重了。", "other", by=by, at=AT)
    assert (row.stage, row.seed, row.cancel_reason) == (Stage.CANCELLED, "a seed", "抽重了。")
    assert why(row) == first
    assert (other.seed, other.stage, other.draw_size) == ("other", Stage.DRAFT, 2)
    assert set(why(other)) == chosen_of(other.numbers, 2, "other")
    assert inspection_of(MONDAY) is other
    event = last_event("inspection", row.id, "inspection_cancelled")
    assert event is not None
    assert (event.data["seed"], event.data["next_seed"]) == ("a seed", "other")
    with writing():
        start_inspection(other, by=by, at=AT)
    for late in (row, other):
        with writing(), pytest.raises(InspectionError):
            cancel_inspection(late, "不去了。", by=by, at=AT)
    with writing():
        close_inspection(other, SignOff("看过了。"), by=by, at=AT)
    copy = db.session.get(PublicInspection, other.id)
    assert copy is not None
    assert copy.redrawn == 1


def test_the_portal_leaves_a_cancelled_week_alone(db_city: scoped_session[Session]) -> None:
    boss()
    in_hand(5)
    with writing():
        row = plan_by_itself(MONDAY, "s", AT)
        cancel_inspection(row, "放假。", by=staff(Role.SUPERVISOR), at=AT)
    assert week_to_plan(AT) is None
    assert inspection_of(MONDAY) is None
    assert not lines_of(row.lines[0].report)
    again = plan()
    assert inspection_of(MONDAY) is again, "a person may plan it all the same"


def test_a_list_is_closed_when_it_starts(db_city: scoped_session[Session]) -> None:
    case, by = in_hand(1)[0], staff(Role.SUPERVISOR)
    row = plan()
    with writing():
        start_inspection(row, by=by, at=AT)
    assert row.stage is Stage.UNDER_WAY
    for step in (
        lambda: add_line(row, case, "又", by=by),
        lambda: remove_line(row.lines[0], "不", by=by, at=AT),
        lambda: start_inspection(row, by=by, at=AT),
    ):
        with writing(), pytest.raises(InspectionError):
            step()
    officer = staff(Role.GRID, grid_code=TOWN).staff_id
    with writing():
        change_plan(row, Plan([officer], 9), by=by, at=AT)
    assert ([one.id for one in row.inspectors], row.draw_size) == ([officer], 2)


def test_an_empty_list_does_not_start(db_city: scoped_session[Session]) -> None:
    row = plan()
    with writing(), pytest.raises(InspectionError):
        start_inspection(row, by=staff(Role.SUPERVISOR), at=AT)


def test_who_plans_what(db_city: scoped_session[Session]) -> None:
    by, ids = staff(Role.SUPERVISOR), [boss()]
    stranger = staff(Role.CLERK, department="cg").staff_id
    for monday, wanted, field in (
        (MONDAY + DAY, Plan(ids, 1), "monday"),
        (MONDAY - 14 * DAY, Plan(ids, 1), "monday"),
        (MONDAY, Plan([], 1), "inspectors"),
        (MONDAY, Plan([stranger], 1), "inspectors"),
        (MONDAY, Plan(ids, 201), "draw_size"),
        (MONDAY, Plan(ids, 1, 201), "most_overdue"),
    ):
        with writing(), pytest.raises(InvalidFieldsError) as refused:
            plan_inspection(monday, wanted, "s", by=by, at=AT)
        assert list(refused.value.faults) == [field]
    with writing(), pytest.raises(NotAllowedError):
        plan_inspection(MONDAY, Plan(ids, 1), "s", by=staff(Role.REVIEWER), at=AT)
    plan()
    with writing(), pytest.raises(InvalidFieldsError):
        plan()


def test_the_portal_plans_next_week(db_city: scoped_session[Session]) -> None:
    boss()
    assert week_to_plan(AT) is None, "nothing is in hand"
    in_hand(5)
    friday = AT
    assert local(friday).weekday() == 4
    assert week_to_plan(friday) == MONDAY
    assert week_to_plan(friday - 2 * DAY) is None, "due from Thursday on"
    assert week_to_plan(friday + 3 * DAY) == MONDAY, "a worker that was down catches up on Monday"
    assert week_to_plan(friday + 4 * DAY) is None
    with writing():
        row = plan_by_itself(MONDAY, "s", friday)
    assert (row.planned_by_id, row.draw_size) == (None, 1)
    assert [one.id for one in row.inspectors] == [boss()]
    assert week_to_plan(friday) is None
    officer = staff(Role.GRID, grid_code=TOWN).staff_id
    with writing():
        change_plan(row, Plan([officer], 1), by=staff(Role.SUPERVISOR), at=friday)
        after = plan_by_itself(MONDAY + 7 * DAY, "t", friday + 7 * DAY)
    assert [one.id for one in after.inspectors] == [officer], "those who went last time"
    assert inspection_of(MONDAY) is row


def test_the_rule_is_data(db_city: scoped_session[Session]) -> None:
    in_hand(5)
    by = staff(Role.SUPERVISOR)
    with writing():
        set_rule(RuleValue(1, 50, 3), by=by, at=AT)
        set_rule(RuleValue(2, 60, 4), by=by, at=AT)
    assert rule_for(local(AT).date()) == RuleValue(2, 60, 4)
    assert rule_for(local(AT).date() - DAY) == RuleValue()
    with writing():
        row = plan_by_itself(MONDAY, "s", AT)
    assert (row.draw_size, row.most_overdue) == (3, 4)
    for value in (RuleValue(7), RuleValue(0, 0), RuleValue(0, 101)):
        with writing(), pytest.raises(InvalidFieldsError):
            set_rule(value, by=by, at=AT)
    with writing(), pytest.raises(NotAllowedError):
        set_rule(RuleValue(), by=staff(Role.LEADER), at=AT)


def _next_monday(at: datetime) -> date:
    on = local(at).date()
    return on + timedelta(days=7 - on.weekday())
