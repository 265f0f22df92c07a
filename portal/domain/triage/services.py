"""Merging duplicates and splitting filings with several problems (并案、拆分、拆件)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from portal.core.crypto import hmac_code
from portal.core.db import db
from portal.core.errors import InvalidFieldsError
from portal.core.ids import new_code, random_key
from portal.core.text import N_
from portal.domain.accounts.actor import SYSTEM, Actor
from portal.domain.casework.assigning import close_assignments
from portal.domain.deadlines.clocks import DeadlineClass
from portal.domain.departments.models import Department
from portal.domain.reports.acceptance import Acceptance, accept_report
from portal.domain.reports.models import AccusedDepartment, Report, Track
from portal.domain.reports.numbering import next_number
from portal.domain.reports.proofs import GuardError, proves
from portal.domain.reports.search import keep_words
from portal.domain.reports.states import Action, Guard, State
from portal.domain.reports.tracking import report_by_number
from portal.domain.reports.vault import lookup_key
from portal.domain.reports.workflow import SUBJECT, Move, advance, lock_reports
from portal.domain.timeline.services import Happening, record_event

MOST_PARTS = 10
UNFIT_MAINS = frozenset({State.MERGED, State.DECLINED, State.WITHDRAWN})


@dataclass(frozen=True)
class Part:
    """One problem cut out of a filing: its own description."""

    description: str


def merge_report(
    report: Report, main_number: str, *, expected: int, by: Actor, at: datetime
) -> Report:
    """Make `report` follow its main report; its own followers move along. Returns the main."""
    main = report_by_number(main_number)
    if main is None:
        raise InvalidFieldsError.one("main_number", "unknown", N_("没有这个编号。"))
    lock_reports(report, main)  # or two could be merged into each other at once
    proved = frozenset({_main_fit(report, main)})
    data = {"main": main.number}
    advance(report, Action.MERGE, Move(by, at, expected, proved, data))
    close_assignments(report, "merged", at)
    report.main_id = main.id
    db.session.execute(update(Report).where(Report.main_id == report.id).values(main_id=main.id))
    _tell(main, "follower_added", report.number, by, at)
    return main


def unmerge_report(report: Report, *, expected: int, by: Actor, at: datetime) -> None:
    """Let a merged report stand on its own again."""
    main = report.main
    advance(report, Action.UNMERGE, Move(by, at, expected))
    report.main_id = None
    if main is not None:
        _tell(main, "follower_removed", report.number, by, at)


def split_report(
    report: Report, parts: Sequence[Part], *, expected: int, by: Actor, at: datetime
) -> list[Report]:
    """Cut one filing with several problems into children, each accepted like its parent."""
    proved = frozenset({_parts_fit(parts)})
    advance(report, Action.SPLIT, Move(by, at, expected, proved, {"parts": len(parts)}))
    return [_child(report, part, by, at) for part in parts]


def followers_of(report: Report) -> list[Report]:
    """The reports merged into this one."""
    return list(db.session.scalars(select(Report).where(Report.main_id == report.id)))


def children_of(report: Report) -> list[Report]:
    """The reports split off this one."""
    return list(db.session.scalars(select(Report).where(Report.parent_id == report.id)))


def _child(parent: Report, part: Part, by: Actor, at: datetime) -> Report:
    child = Report(
        number=next_number(at),
        channel=parent.channel,
        received_at=parent.received_at,
        state_since=at,
        category_id=parent.category_id,
        description=part.description,
        accused_name=parent.accused_name,
        occurred=parent.occurred,
        occurred_at=parent.occurred_at,
        lat=parent.lat,
        lng=parent.lng,
        raw_lat=parent.raw_lat,
        raw_lng=parent.raw_lng,
        crs=parent.crs,
        location_source=parent.location_source,
        accuracy_m=parent.accuracy_m,
        address=parent.address,
        grid_id=parent.grid_id,
        town_id=parent.town_id,
        # The reporter follows children through the parent's code; this one opens nothing.
        query_code_mac=hmac_code(new_code(), lookup_key(), "query"),
        content_nonce=random_key(),
        content_commitment=parent.content_commitment,
        parent_id=parent.id,
    )
    db.session.add(child)
    advance(child, Action.FILE, Move(SYSTEM, at, data={"parent": parent.number}))
    acceptance = Acceptance(
        track=Track(parent.track or Track.COMPLAINT),
        deadline_class=DeadlineClass(parent.deadline_class or DeadlineClass.ORDINARY),
        accused=_accused_of(parent),
    )
    accept_report(child, acceptance, expected=child.version, by=by, at=at)
    keep_words(child)
    return child


def _accused_of(report: Report) -> tuple[Department, ...]:
    """Whom a report accuses: its parts stay hidden from them as well."""
    query = (
        select(Department)
        .join(AccusedDepartment, AccusedDepartment.department_id == Department.id)
        .where(AccusedDepartment.report_id == report.id)
    )
    return tuple(db.session.scalars(query))


def _tell(main: Report, kind: str, number: str, by: Actor, at: datetime) -> None:
    record_event(
        Happening(SUBJECT, main.id, kind, at, by.kind, by.user_id, data={"number": number})
    )


@proves(Guard.MAIN_FIT)
def _main_fit(report: Report, main: Report) -> None:
    """A main report must stand on its own and be taken on."""
    if main.id == report.id:
        raise InvalidFieldsError.one("main_number", "self", N_("不能并入自己。"))
    if State(main.state) in UNFIT_MAINS:
        raise GuardError(N_("主件已并案、不予受理或已撤回，请换一件。"))


@proves(Guard.PARTS_FIT)
def _parts_fit(parts: Sequence[Part]) -> None:
    """One to ten parts, each with words."""
    if not 1 <= len(parts) <= MOST_PARTS:
        raise InvalidFieldsError.one("parts", "count", N_("请拆成1到10件。"))
    if any(len(part.description) < 5 for part in parts):
        raise InvalidFieldsError.one("parts", "short", N_("每一件至少写5个字。"))
