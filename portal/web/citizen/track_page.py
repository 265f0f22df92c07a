"""The tracking page, assembled once: state, words, photos, the city's question and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import jsonify, make_response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.clock import local
from portal.core.errors import InvalidFieldsError, PortalError
from portal.domain.casework.models import Finding, Verdict
from portal.domain.casework.queries import check_ins_of, current_plan, findings_of
from portal.domain.departments.queries import departments
from portal.domain.reports.models import Photo, PhotoKind, PhotoStatus, Report, ThreadKind
from portal.domain.reports.photos import is_told, photos_of
from portal.domain.reports.states import Action, State
from portal.domain.reports.thread import thread_of
from portal.domain.timeline.models import TimelineEvent
from portal.domain.timeline.queries import events_of
from portal.domain.triage.services import children_of
from portal.web.citizen.fields import messages
from portal.web.citizen.progress import ENDED, Progress, phases, progress
from portal.web.citizen.receipt_views import category_words, place_words
from portal.web.citizen.reporter_actions import allowed
from portal.web.citizen.sealed_views import sealed_case
from portal.web.errors import translated
from portal.web.filters import day
from portal.web.letters import notice_rows
from portal.web.reporter_timeline import Sources, Told, reporter_timeline

_SHOWABLE = frozenset({PhotoStatus.READY, PhotoStatus.WITHHELD, PhotoStatus.RELEASED})
_UNREADABLE = frozenset({PhotoStatus.BROKEN, PhotoStatus.REFUSED})


@dataclass(frozen=True)
class Reply:
    """The city's answer as it stood when the case was resolved."""

    finding: Finding
    is_earlier: bool

    @property
    def verdict(self) -> Verdict:
        """What was found."""
        return Verdict(self.finding.verdict)


@dataclass(frozen=True)
class Case:
    """A report as its reporter follows it."""

    report: Report
    events: Sequence[TimelineEvent]
    told: Sequence[Told]
    allowed: Sequence[str]


def load_case(report: Report, at: datetime) -> Case:
    """The report with its story."""
    events = events_of("report", report.id)
    by_code = {department.code: department for department in departments()}
    told = reporter_timeline(events, Sources(by_code, thread_of(report)))
    return Case(report, events, told, allowed(report, events, at))


def case_json(report: Report, at: datetime) -> Response:
    """The contract's JSON of a tracked report."""
    case = load_case(report, at)
    return jsonify(
        number=report.number,
        state=report.state,
        state_label=_(State(report.state).label),
        timeline=[
            {
                "at": local(entry.at).isoformat(timespec="seconds"),
                "kind": entry.kind,
                "text": entry.words,
                "department": entry.department,
            }
            for entry in case.told
        ],
        allowed=list(case.allowed),
    )


def case_page(
    report: Report,
    at: datetime,
    *,
    fault: PortalError | None = None,
    typed: Mapping[str, str] | None = None,
    kept: Sequence[str] = (),
) -> Response:
    """The page; with `fault`, what was `typed` and the photos `kept` stand in its forms again."""
    case = load_case(report, at)
    faults = messages(fault.faults) if isinstance(fault, InvalidFieldsError) else {}
    context: dict[str, Any] = {
        "case": case,
        "report": report,
        "state": State(report.state),
        "progress": progress(report, at),
        "phases": phases(report),
        "question": _question(report),
        "refusal": _refusal(case),
        "reply": _reply(report),
        "plan": _plan(report, at),
        "notices": notice_rows(report, case.events, "/track"),
        "children": [_child(child, at) for child in children_of(report)],
        "category": category_words(report),
        "place": place_words(report),
        "sealed": sealed_case(case.events),
        "photos": [_cell(photo, n) for n, photo in enumerate(_own(report), start=1)],
        "pair": _pair(report),
        "faults": faults,
        "problems": [(name, words) for name, group in faults.items() for words in group],
        "notice": translated(fault) if fault and not faults else "",
        "typed": typed or {},
        "kept": kept,
    }
    page = render_template("citizen/track.html", **context)
    return make_response(page, fault.http_status if fault else 200)


def _own(report: Report) -> list[Photo]:
    return photos_of(report, PhotoKind.EVIDENCE)


def _question(report: Report) -> str:
    """The city's question, while it waits for an answer."""
    if report.state != State.NEED_INFO:
        return ""
    questions = thread_of(report, ThreadKind.QUESTION)
    return questions[-1].text if questions else _("请补充情况")


def _refusal(case: Case) -> Told | None:
    """Why the report was not taken on, and where to go instead, while that stands."""
    if case.report.state != State.DECLINED:
        return None
    return next((told for told in reversed(case.told) if told.kind == Action.DECLINE), None)


def _reply(report: Report) -> Reply | None:
    """The reply, once the case is resolved; while it is done again, the one of the last round."""
    closed = [finding for finding in findings_of(report) if finding.reviewed_at is not None]
    if State(report.state) in ENDED:
        return Reply(closed[-1], is_earlier=False) if closed else None
    earlier = [finding for finding in closed if finding.round < report.reopened_count]
    return Reply(earlier[-1], is_earlier=True) if earlier else None


def _plan(report: Report, at: datetime) -> list[dict[str, Any]]:
    """The steps to come, with what the department said about each for the reporter."""
    plan = current_plan(report) if report.state == State.STAGE_CLOSED else None
    if plan is None:
        return []
    said = check_ins_of(report)
    return [
        {
            "text": step.text,
            "due_on": step.due_on,
            "done_at": step.done_at,
            "is_late": step.done_at is None and step.due_on < local(at).date(),
            "said": [row for row in said if row.milestone_id == step.id and row.told],
        }
        for step in plan.milestones
    ]


def _child(child: Report, at: datetime) -> dict[str, Any]:
    said: Progress = progress(child, at)
    return {"number": child.number, "title": child.title, "state": State(child.state), "say": said}


def _cell(photo: Photo, n: int) -> dict[str, Any]:
    """A cell of the photo grid: shown, still being made, or unreadable."""
    cell: dict[str, Any] = {"alt": _("您拍的照片%(n)s", n=n), "width": 400, "height": 400}
    if photo.status in _SHOWABLE:
        return {**cell, "src": f"/media/{photo.key}/400.jpg"}
    return {**cell, "status": "broken" if photo.status in _UNREADABLE else "processing"}


def _pair(report: Report) -> dict[str, Any] | None:
    """Before and after, once the case was resolved and there is a picture of each."""
    if report.first_resolved_at is None:
        return None
    before = [photo for photo in _own(report) if photo.status in _SHOWABLE]
    fixed = photos_of(report, PhotoKind.AFTER)
    after = [p for p in fixed if p.status in _SHOWABLE and is_told(p, report)]
    if not before or not after:
        return None
    return {
        "before": _picture(before[0], _("整改前：您拍的照片")),
        "after": _picture(after[-1], _("整改后：复拍的照片")),
        "before_tag": (_("您拍的"), day(before[0].taken_at or before[0].received_at)),
        "after_tag": (_("复拍"), day(after[-1].taken_at or after[-1].received_at)),
    }


def _picture(photo: Photo, alt: str) -> dict[str, Any]:
    return {
        "src": f"/media/{photo.key}/400.jpg",
        "alt": alt,
        "width": photo.width or 400,
        "height": photo.height or 300,
    }
