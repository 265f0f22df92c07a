"""On site and afterwards: who may, what is put on record, the sign-off, the report, the public."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.db import db
from portal.core.documents.parts import Grid, Paragraph
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.core.geo import Point
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Role
from portal.domain.casework.onsite import Spot
from portal.domain.inspections.models import (
    Inspection,
    InspectionLine,
    PublicInspection,
    Result,
    Stage,
)
from portal.domain.inspections.planning import InspectionError, Plan, plan_inspection
from portal.domain.inspections.queries import (
    inspection_in_scope,
    inspections,
    line_in_scope,
    lines_in_scope,
    lines_of,
    public_inspections,
    public_lines,
    to_inspect_count,
)
from portal.domain.inspections.running import (
    Found,
    SignOff,
    close_inspection,
    record_result,
    remove_line,
    start_inspection,
    tell_public,
)
from portal.domain.inspections.wording import Papers, pressing_words, write_inspection
from portal.domain.reports.models import AccusedDepartment, PhotoKind
from portal.domain.reports.photos import photos_of
from portal.domain.reports.proofs import SeparationError
from portal.domain.reports.states import State
from portal.domain.timeline.queries import events_of
from tests.factories import (
    LEAD,
    OTHER_VILLAGE,
    PATHS,
    START,
    TOWN,
    file,
    make_department,
    photo,
    staff,
    walk,
    writing,
)

pytestmark = pytest.mark.engine
MONDAY = date(2026, 3, 16)
AT = datetime(2026, 3, 16, 2, tzinfo=START.tzinfo)
KINDS = ("air.odor", "air.cooking", "noise.social")


def boss() -> Actor:
    return staff(Role.SUPERVISOR)


def officer() -> Actor:
    return staff(Role.GRID, grid_code=TOWN)


def under_way(number: int = 1, *others: Actor) -> Inspection:
    """An inspection that was started, of which the supervisor and an officer are in charge."""
    for kind in KINDS[:number]:
        walk(file(category=kind), *PATHS[State.HANDLING])
    people = [one.staff_id for one in (boss(), officer(), *others)]
    with writing():
        row = plan_inspection(MONDAY, Plan(people, number), "s", by=boss(), at=AT)
        start_inspection(row, by=boss(), at=AT)
    return row


def put(line: InspectionLine, found: Found, by: Actor | None = None) -> None:
    with writing():
        record_result(line, found, by=by or officer(), at=AT + timedelta(hours=3))


def test_a_result_with_picture_and_position(db_city: scoped_session[Session]) -> None:
    row, by = under_way(), officer()
    (line,) = row.lines
    picture = photo(kind=PhotoKind.INSPECTION, by=by)
    spot = Spot(Point(30.4009, 112.4), 12.0)
    put(line, Found(Result.NOT_PUT_RIGHT, "设备没有开。", [picture], spot))
    (check,) = line.checks
    assert (line.result, check.note, check.accuracy_m) == (
        Result.NOT_PUT_RIGHT, "设备没有开。", 12.0,
    )  # fmt: skip
    assert check.distance_m == pytest.approx(100, abs=2)
    assert check.photos == [picture] == photos_of(line.report, PhotoKind.INSPECTION)
    event = events_of("report", line.report_id)[-1]
    assert (event.kind, event.is_public) == ("inspected", False)
    assert event.data == {"result": "not_put_right", "monday": "2026-03-16"}
    assert line.report.state == State.HANDLING, "an inspection moves nothing by itself"


def test_only_no_entry_is_tried_again(db_city: scoped_session[Session]) -> None:
    (line,) = under_way().lines
    put(line, Found(Result.NO_ENTRY, "大门锁着。"))
    put(line, Found(Result.PUT_RIGHT))
    assert [check.result for check in line.checks] == [Result.NO_ENTRY, Result.PUT_RIGHT]
    with pytest.raises(InspectionError):
        put(line, Found(Result.AS_REPORTED, "又"))


@pytest.mark.parametrize("result", [Result.AS_REPORTED, Result.NOT_PUT_RIGHT, Result.NO_ENTRY])
def test_trouble_needs_words_or_a_picture(db_city: scoped_session[Session], result: Result) -> None:
    (line,) = under_way().lines
    with pytest.raises(InvalidFieldsError):
        put(line, Found(result))
    assert line.result is None


def test_who_may_put_it_on_record(db_city: scoped_session[Session]) -> None:
    insider = staff(Role.GRID, grid_code=TOWN, department="zhen-01", username="insider")
    row = under_way(1, insider)
    (line,) = row.lines
    unnamed = staff(Role.GRID, grid_code=TOWN, username="unnamed")
    for by, fault in (
        (unnamed, NotAllowedError),
        (staff(Role.REVIEWER), NotAllowedError),
        (insider, SeparationError),
    ):
        with pytest.raises(fault):
            put(line, Found(Result.PUT_RIGHT), by)
    put(line, Found(Result.PUT_RIGHT), boss())


def test_who_sees_which_line(db_city: scoped_session[Session]) -> None:
    far = staff(Role.GRID, grid_code=OTHER_VILLAGE, username="far")
    row = under_way(2, far)
    unnamed = staff(Role.GRID, grid_code=TOWN, username="unnamed")
    accused = staff(Role.SUPERVISOR, department="sl", username="accused")
    line, other = lines_in_scope(boss(), row)
    with writing():
        foe = make_department("sl").id
        db.session.add(AccusedDepartment(report_id=line.report_id, department_id=foe))
    seen = {
        who.staff_id: (inspection_in_scope(who, row.id), lines_in_scope(who, row))
        for who in (boss(), officer(), far, unnamed, accused, staff(Role.CLERK, department=LEAD))
    }
    assert seen[boss().staff_id] == (row, [line, other]) == seen[officer().staff_id]
    assert seen[far.staff_id] == (row, [])
    assert seen[unnamed.staff_id][0] is None
    assert seen[accused.staff_id] == (row, [other])
    assert line_in_scope(accused, row.id, line.id) is None
    assert line_in_scope(boss(), row.id + 1, line.id) is None
    assert line_in_scope(officer(), row.id, line.id) is line
    assert [to_inspect_count(who) for who in (officer(), far, unnamed)] == [2, 0, 0]
    assert inspections(unnamed) == []
    assert inspections(staff(Role.LEADER)) == [row]


def test_the_sign_off(db_city: scoped_session[Session]) -> None:
    row = under_way(3)
    fails, fine, silent = row.lines
    put(fails, Found(Result.AS_REPORTED, "现场仍有异味"))
    put(fine, Found(Result.PUT_RIGHT))
    for said, by, fault in (
        (SignOff(" "), boss(), InvalidFieldsError),
        (SignOff("总体好转。"), officer(), NotAllowedError),
    ):
        with writing(), pytest.raises(fault):
            close_inspection(row, said, by=by, at=AT)
    with writing():
        close_inspection(row, SignOff("总体好转。", "请举一反三。"), by=boss(), at=AT)
    assert (row.stage, row.closed_by_id) == (Stage.FINISHED, boss().staff_id)
    with pytest.raises(InspectionError):
        put(silent, Found(Result.PUT_RIGHT))
    with writing(), pytest.raises(InspectionError):
        close_inspection(row, SignOff("再来"), by=boss(), at=AT)
    assert lines_of(fails.report) == [fails]
    orders = {fails.report_id: ["督〔2026〕3号"]}
    paper = write_inspection(row, Papers(row.lines, 1, orders), "示例市", "督查办")
    words = "\n".join(part.text for part in paper.parts if isinstance(part, Paragraph))
    for told in (
        "列入清单3件", "抽查抽中3件", "和反映的一样1件，已经整改1件，没有去看1件",
        "总体好转。", "请举一反三。", "现场仍有异味。已发出督〔2026〕3号", "另有1件", row.seed,
    ):  # fmt: skip
        assert told in words
    (table,) = [part for part in paper.parts if isinstance(part, Grid)]
    assert [r[1] for r in table.rows] == [line.report.number for line in row.lines]
    assert (paper.day, paper.number) == ("2026年3月16日", "（2026年3月16日至2026年3月22日）")
    assert "3月16日这一周督查，现场和反映的一样。现场仍有异味。" in pressing_words(fails)


def test_the_public_copy(db_city: scoped_session[Session]) -> None:
    for kind in KINDS:
        walk(file(category=kind), *PATHS[State.HANDLING])
    with writing():
        row = plan_inspection(MONDAY, Plan([boss().staff_id], 3), "s", by=boss(), at=AT)
        remove_line(row.lines[2], "昨天去过。", by=boss(), at=AT)
        start_inspection(row, by=boss(), at=AT)
    put(row.lines[0], Found(Result.NOT_PUT_RIGHT, "没改。"), boss())
    assert public_inspections() == [], "only finished ones"
    with writing():
        close_inspection(row, SignOff("总体好转。"), by=boss(), at=AT)
        tell_public(row)
    (copy,) = public_inspections()
    assert (copy.listed, copy.reasons) == (2, {"drawn": 2})
    assert copy.results == {"not_put_right": 1, "": 1}
    assert {line.report_id: line.result for line in public_lines([row.id])} == {
        row.lines[0].report_id: Result.NOT_PUT_RIGHT,
        row.lines[1].report_id: None,
    }
    columns = set(PublicInspection.__table__.columns.keys())
    kept = {"inspection_id", "monday", "closed_at", "listed", "reasons", "results", "redrawn"}
    assert columns == kept
