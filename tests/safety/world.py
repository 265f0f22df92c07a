"""A city full of what only some may see, and a browser for each of those who look."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from portal.core.clock import local, now
from portal.core.db import db, transaction
from portal.domain.accounts.permissions import Role
from portal.domain.casework.assigning import Assigning, dispatch_report
from portal.domain.casework.models import Milestone
from portal.domain.deadlines.clocks import Clock
from portal.domain.duty.models import Alert
from portal.domain.inspections.models import InspectionLine
from portal.domain.lookback.models import LookBack, LookBackReason
from portal.domain.lookback.planning import plan_one
from portal.domain.objections.filing import NewObjection, file_objection
from portal.domain.objections.models import ObjectionKind, PublicObjection
from portal.domain.reports.filing import Place
from portal.domain.reports.models import AccusedDepartment, PhotoKind, Report
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import Action, State
from portal.domain.reports.tracking import report_by_number
from portal.domain.reports.vault import Contact
from portal.domain.supervision.levels import OrderLevel
from portal.domain.supervision.models import SupervisionOrder
from portal.domain.supervision.services import NewOrder, issue_order
from portal.domain.timeline.models import TimelineEvent
from portal.domain.triage.services import merge_report
from portal.web.media.originals_views import sign
from tests.factories import (
    VILLAGE,
    at_state,
    city,
    drain,
    file,
    grid,
    make_department,
    photo,
    staff,
    walk,
)
from tests.safety.eyes import ACCUSED, FOREIGN, FOREIGN_TOWN, Eye
from tests.safety.planted import plant_inspection
from tests.web.desk.conftest import Desk

SECRET = "密井暗号"
ADDRESS = "密巷九号"


class World:
    """A city with secret reports that accuse one department, and a desk for each eye."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            city()
            self.secrets = [self._secret(state) for state in State]
            self.number = self._number(State.HANDLING)
            self.own, self.elsewhere = self._own(), self._elsewhere()
            with transaction():
                self._order()
                self._accuse()
                self._plan()
                self._object()
            drain()
            self.args = self._args()
            self.before = self.marks()

    def _secret(self, state: State) -> str:
        place = Place(30.4, 112.4, 30.4, 112.4, "wgs84", "pin", 10.0, ADDRESS, grid(VILLAGE))
        words = f"{SECRET}{state.value}，井口夜里冒黑水。"
        contact = Contact("密先生", "13912345678")
        report = at_state(state, description=words, place=place, contact=contact, photos=[photo()])
        return report.number

    def _number(self, state: State) -> str:
        return self.secrets[list(State).index(state)]

    def _own(self) -> str:
        """A case of the foreign department, at the same place, with a secret follower."""
        report = walk(file(), Action.ACCEPT)
        at, by = report.state_since + timedelta(minutes=5), staff(Role.TRIAGE)
        assigning = Assigning(make_department(FOREIGN))
        with transaction():
            dispatch_report(report, assigning, expected=report.version, by=by, at=at)
        follower = file(description=f"{SECRET}跟随件", at=at)
        with transaction():
            merge_report(follower, report.number, expected=follower.version, by=by, at=at)
        self.secrets.append(follower.number)
        return report.number

    def _elsewhere(self) -> str:
        where = Place(30.7, 112.7, 30.7, 112.7, "wgs84", "pin", 9.0, "别处", grid(FOREIGN_TOWN))
        return file(place=where).number

    def _accuse(self) -> None:
        accused = make_department(ACCUSED).id
        for number in self.secrets:
            report = report_by_number(number)
            assert report is not None
            db.session.merge(AccusedDepartment(report_id=report.id, department_id=accused))

    def _plan(self) -> None:
        """A look-back, an alert and an inspection, all of secret reports."""
        waiting = report_by_number(self._number(State.SUBMITTED))
        assert waiting is not None
        db.session.add(
            Alert(report_id=waiting.id, reason="word", word="井", raised_at=waiting.received_at)
        )
        report = report_by_number(self._number(State.DEREGISTERED))
        assert report is not None
        plan_one(report, Clock.LOOKBACK, LookBackReason.STARRED, report.state_since)
        plant_inspection()

    def _object(self) -> None:
        published = report_by_number(self._number(State.PUBLISHED))
        assert published is not None
        file_objection(published, NewObjection(ObjectionKind.CORRECTION, SECRET), at=now())

    def _order(self) -> None:
        report = report_by_number(self.number)
        assert report is not None
        new = NewOrder(OrderLevel.YELLOW, "请限期办结。", local(now()).date())
        issue_order(report, new, by=staff(Role.SUPERVISOR), at=now())

    def _args(self) -> dict[str, str]:
        report = report_by_number(self.number)
        planned = report_by_number(self._number(State.STAGE_CLOSED))
        assert report is not None
        assert planned is not None
        photos = photos_of(report, PhotoKind.EVIDENCE)
        event = db.session.query(TimelineEvent).filter_by(
            subject_kind="report", subject_id=report.id, kind=Action.ACCEPT
        )
        milestone = db.session.query(Milestone).first()
        assert milestone is not None
        look_back = db.session.query(LookBack).first()
        assert look_back is not None
        alert = db.session.query(Alert).first()
        assert alert is not None
        line = db.session.query(InspectionLine).filter_by(report_id=report.id).one()
        until = now() + timedelta(minutes=5)
        return {
            "number": report.number,
            "key": photos[0].key,
            "signed": sign(photos[0].key, staff(Role.REVIEWER, username="reviewer"), until),
            "event_id": str(event.one().id),
            "milestone_id": str(milestone.id),
            "look_back_id": str(look_back.id),
            "order_id": str(db.session.query(SupervisionOrder).one().id),
            "objection_id": str(db.session.query(PublicObjection).one().id),
            "alert_id": str(alert.id),
            "inspection_id": str(line.inspection_id),
            "line_id": str(line.id),
            "planned": planned.number,
            "other": self._number(State.DISPATCHED),
        }

    def marks(self) -> list[tuple[str, int, str]]:
        """What would show that somebody changed a report."""
        rows = db.session.query(Report.number, Report.version, Report.state).order_by(Report.id)
        marked = [(number, version, state) for number, version, state in rows]
        return [*marked, ("events", db.session.query(TimelineEvent).count(), "")]

    def enter(self, eye: Eye) -> Desk:
        """The eye's browser."""
        desk = Desk(self.app.test_client())
        if eye.role is not None:
            with self.app.app_context():
                eye.actor()
            assert desk.log_in(str(eye)).status_code == 303
        return desk
