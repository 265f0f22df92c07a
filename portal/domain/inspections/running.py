"""From the list to the report: lines by hand, the start, what is found on site, the sign-off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.onsite import Spot, has_handled, on_site
from portal.domain.inspections.composing import is_listable
from portal.domain.inspections.models import (
    Inspection,
    InspectionCheck,
    InspectionLine,
    ListReason,
    PublicInspection,
    PublicInspectionLine,
    Result,
    Stage,
)
from portal.domain.inspections.planning import (
    InspectionError,
    cancelled_drafts,
    demand,
    lock,
)
from portal.domain.reports.models import Photo, Report
from portal.domain.reports.photos import attach_photo
from portal.domain.reports.proofs import SeparationError
from portal.domain.reports.workflow import SUBJECT, lock_reports
from portal.domain.timeline.services import Happening, record_event

EVENT = "inspected"


@dataclass(frozen=True)
class Found:
    """What was found there: the result, words, pictures already received, the position."""

    result: Result
    note: str = ""
    photos: Sequence[Photo] = ()
    spot: Spot | None = None


@dataclass(frozen=True)
class SignOff:
    """What the supervisor signs off with: what it showed as a whole, what is demanded."""

    summary: str
    demands: str = ""


def add_line(inspection: Inspection, report: Report, why: str, *, by: Actor) -> InspectionLine:
    """Put a case on the list by hand, or back on it. Raises as `start_inspection`."""
    _demand_draft(inspection, by)
    if not is_listable(report):
        raise InvalidFieldsError.one(
            "number", "state", N_("这一件还没交办，或者已经销号，不能督查。")
        )
    words = _worded("why", why)
    line = next((one for one in inspection.lines if one.report_id == report.id), None)
    if line is not None and line.removed_at is None:
        raise InvalidFieldsError.one("number", "listed", N_("这一件已经在清单上。"))
    if line is None:
        line = InspectionLine(
            report_id=report.id, report=report, round=report.reopened_count, reasons=[]
        )
        inspection.lines.append(line)
    line.reasons = [*line.reasons, ListReason.ADDED.value]
    line.why, line.added_by_id = words, by.staff_id
    line.removed_at, line.removed_by_id, line.removed_why = None, None, ""
    db.session.flush()
    return line


def remove_line(line: InspectionLine, why: str, *, by: Actor, at: datetime) -> None:
    """Take a case off the list with a reason. Raises as `start_inspection`."""
    _demand_draft(line.inspection, by)
    if line.removed_at is None:
        line.removed_why = _worded("why", why)
        line.removed_at, line.removed_by_id = at, by.staff_id
        db.session.flush()


def start_inspection(inspection: Inspection, *, by: Actor, at: datetime) -> None:
    """Close the list: from now on inspectors put on record what they find.

    Raises NotAllowedError, InspectionError (started, nobody goes, or nothing is listed).
    """
    _demand_draft(inspection, by)
    if not inspection.inspectors:
        raise InspectionError(N_("还没有选督查人员，不能开始。"))
    if not listed(inspection):
        raise InspectionError(N_("清单是空的，不能开始。"))
    inspection.started_at = at
    db.session.flush()


def record_result(line: InspectionLine, found: Found, *, by: Actor, at: datetime) -> None:
    """Put on record what an inspector found; only 进不去 leaves the line open.

    Raises NotAllowedError, SeparationError (of a unit that handles the case), InspectionError
    (not under way, or settled), InvalidFieldsError (trouble without a picture or words).
    """
    report = line.report
    check_may_inspect(line, by)
    lock_reports(report)
    db.session.refresh(line)
    db.session.refresh(line.inspection)
    if line.inspection.stage is not Stage.UNDER_WAY or not line.is_open:
        raise InspectionError(N_("这一件已经有结果，或者这次督查没有在进行。"))
    if found.result is not Result.PUT_RIGHT and not (found.note or found.photos):
        raise InvalidFieldsError.one("note", "required", N_("请拍一张，或者写几个字。"))
    where = on_site(report, found.note, found.spot, by=by, at=at)
    line.checks.append(InspectionCheck(result=found.result, photos=list(found.photos), **where))
    for photo in found.photos:
        attach_photo(photo, report)
    line.result, line.result_at = found.result, at
    db.session.flush()
    data = {"result": found.result, "monday": line.inspection.monday.isoformat()}
    actor = (by.kind, by.user_id, by.department_id)
    record_event(Happening(SUBJECT, report.id, EVENT, at, *actor, data=data))


def check_may_inspect(line: InspectionLine, by: Actor) -> None:
    """Raise NotAllowedError or SeparationError when `by` may not put this line on record."""
    named = {person.id for person in line.inspection.inspectors}
    if not by.may(Permission.INSPECT) or by.user_id not in named:
        raise NotAllowedError(N_("这次督查由指定的督查人员去看。"))
    if has_handled(line.report, by.department_id):
        raise SeparationError(N_("办这一件的单位不能自己督查，请别的督查人员去看。"))


def close_inspection(inspection: Inspection, said: SignOff, *, by: Actor, at: datetime) -> None:
    """Sign the inspection off: the report stands, and everybody may read its counts.

    What nobody got to stays without a result and is told so. Raises NotAllowedError,
    InspectionError (not under way), InvalidFieldsError (no words).
    """
    demand(by, Permission.PLAN_INSPECTION)
    lock(inspection)
    if inspection.stage is not Stage.UNDER_WAY:
        raise InspectionError(N_("这次督查没有在进行。"))
    inspection.summary, inspection.demands = _worded("summary", said.summary), said.demands.strip()
    inspection.closed_at, inspection.closed_by_id = at, by.staff_id
    db.session.flush()
    tell_public(inspection)


def tell_public(inspection: Inspection) -> None:
    """Write the public copy of a finished inspection; written again it is the same."""
    if inspection.closed_at is None:
        return
    lines = listed(inspection)
    copy = db.session.get(PublicInspection, inspection.id)
    copy = copy or PublicInspection(inspection_id=inspection.id)
    copy.monday, copy.closed_at, copy.listed = inspection.monday, inspection.closed_at, len(lines)
    copy.redrawn = len(cancelled_drafts(inspection.monday))
    copy.reasons = dict(Counter(reason for line in lines for reason in line.reasons))
    copy.results = dict(Counter(line.result.value if line.result else "" for line in lines))
    db.session.add(copy)
    own = PublicInspectionLine.inspection_id == inspection.id
    db.session.execute(delete(PublicInspectionLine).where(own))
    db.session.flush()
    db.session.add_all(
        PublicInspectionLine(
            inspection_id=inspection.id, report_id=line.report_id, result=line.result
        )
        for line in lines
    )
    db.session.flush()


def listed(inspection: Inspection) -> list[InspectionLine]:
    """The lines that were not taken off."""
    return [line for line in inspection.lines if line.removed_at is None]


def _demand_draft(inspection: Inspection, by: Actor) -> None:
    demand(by, Permission.PLAN_INSPECTION)
    lock(inspection)
    if inspection.stage is not Stage.DRAFT:
        raise InspectionError(N_("督查已经开始或取消，清单不能再改。"))


def _worded(name: str, text: str) -> str:
    words = text.strip()
    if not words:
        raise InvalidFieldsError.one(name, "required", N_("这里要写明。"))
    return words
