"""Role × department × route (quality.md, safety 29): what is not yours does not exist for you."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.core.clock import local, now
from portal.core.db import db, transaction
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Role
from portal.domain.casework.assigning import Assigning, dispatch_report
from portal.domain.casework.desk_filters import QueueFilter
from portal.domain.casework.desk_queries import Queue, matching_count, queue_counts
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
from portal.domain.reports.table import WORKFLOW
from portal.domain.reports.tracking import report_by_number
from portal.domain.reports.vault import Contact
from portal.domain.supervision.levels import OrderLevel
from portal.domain.supervision.models import SupervisionOrder
from portal.domain.supervision.services import NewOrder, issue_order
from portal.domain.timeline.models import TimelineEvent
from portal.domain.triage.services import merge_report
from portal.web.desk.offers import OF_THE_LEAD
from portal.web.media.originals_views import sign
from tests.conftest import make_settings
from tests.factories import (
    LEAD,
    VILLAGE,
    at_state,
    drain,
    file,
    grid,
    make_department,
    photo,
    staff,
    walk,
)
from tests.routes import methods_of
from tests.safety.eyes import ACCUSED, BLIND, FOREIGN, FOREIGN_TOWN, SEEING, Eye
from tests.safety.matrix import CROSSED, MATRIX, SEARCHES, Holds, Row
from tests.safety.planted import plant_inspection, said
from tests.web.desk.conftest import Desk

SECRET = "密井暗号"
ADDRESS = "密巷九号"
_NAMED = re.compile(r"<(?:[^<>:]+:)?(\w+)>")


class World:
    """A city with secret reports that accuse one department, and a desk for each eye."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
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


@pytest.fixture(scope="module")
def world(city_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = make_settings(tmp_path_factory.mktemp("matrix"))
    shutil.copyfile(city_template, settings.instance_path / "portal.db")
    app = create_app(settings)
    yield World(app)
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def test_every_route_is_described(world: World) -> None:
    routes = {
        f"{method} {rule.rule}"
        for rule in world.app.url_map.iter_rules()
        for method in methods_of(rule)
    }
    assert routes - set(MATRIX) == set(), "describe these in tests/safety/matrix.py"
    assert set(MATRIX) - routes == set(), "these are gone"


@pytest.mark.parametrize("eye", BLIND, ids=str)
def test_the_foreign_is_not_there(world: World, eye: Eye) -> None:
    desk, wrong = world.enter(eye), []
    with world.app.app_context():
        before = world.marks()
    for asked in _asked(world, Holds.ONE, Holds.OWN):
        answer, unknown = asked.send(desk), asked.unknown().send(desk)
        # What is refused whatever it names tells nothing; nor does a login page.
        is_own = asked.row.holds is Holds.OWN
        same = is_own or answer.status_code == unknown.status_code
        refused = answer.status_code in {303, 403} and (eye.role is None or asked.is_early)
        is_gone = is_own or answer.status_code == 404 or refused
        if not same or not is_gone or _leaks(world, asked, answer.text):
            wrong.append((asked.path, answer.status_code, unknown.status_code))
    assert not wrong
    with world.app.app_context():
        assert world.marks() == before


def test_ones_own_report_opens_no_part_of_another(world: World) -> None:
    desk, answers = world.enter(Eye(Role.HEAD, FOREIGN)), {}
    assert desk.page(f"/desk/reports/{world.own}").status_code == 200
    for line in CROSSED:
        method, path = line.format(**world.args, own=world.own).split(" ")
        form = {"csrf_token": _token(desk), "note": "看过了。", "told": "正在办。"}
        data = form if method == "POST" else None
        answers[line] = desk.client.open(path, method=method, data=data).status_code
    assert set(answers.values()) == {404}, answers


@pytest.mark.parametrize("eye", BLIND, ids=str)
def test_lists_hold_nothing_foreign(world: World, eye: Eye) -> None:
    desk, wrong = world.enter(eye), []
    for asked in [*_asked(world, Holds.MANY, *_plain(eye)), *_searches(world)]:
        for accept in ("text/html", "application/json")[: 1 + ("queue" in asked.rule)]:
            found = _leaks(world, asked, said(asked.send(desk, accept)))
            wrong += [(asked.path, accept, found)] if found else []
    for number in (world.own, world.elsewhere):
        found = _words(world, desk.page(f"/desk/reports/{number}").text)
        wrong += [(number, "a case shows another", found)] if found else []
    assert not wrong


@pytest.mark.parametrize("eye", [*SEEING, *BLIND[1:]], ids=str)
def test_counts_count_what_the_list_shows(world: World, eye: Eye) -> None:
    desk = world.enter(eye)
    with world.app.app_context():
        who, at = eye.actor(), now()
        counts = queue_counts(list(Queue), who, at)
        matching = {queue: matching_count(queue, QueueFilter(), who, at) for queue in Queue}
    shown = {}
    for queue in Queue:
        page = desk.json(f"/desk/queue/{queue}").json
        assert page is not None
        shown[queue] = len(page["reports"])
    assert shown == counts == matching


@pytest.mark.parametrize("eye", SEEING, ids=str)
def test_a_visible_report_asks_for_the_right(world: World, eye: Eye) -> None:
    desk, wrong = world.enter(eye), []
    with world.app.app_context():
        who = eye.actor()
    assert SECRET in desk.page(f"/desk/reports/{world.number}").text
    for asked in _asked(world, Holds.ONE):
        if asked.is_public or asked.row.by_case:
            continue
        status = asked.send(desk).status_code
        with world.app.app_context():
            may = asked.allows(who)
        if (status == 403) is may or status in {404, 500}:
            wrong.append((asked.path, status, may))
    assert not wrong


@dataclass(frozen=True)
class Asked:
    """One request that the matrix describes, about a secret report."""

    rule: str
    method: str
    row: Row
    path: str
    args: dict[str, str]
    number: str = ""

    @property
    def is_public(self) -> bool:
        """Whether it is a page for everybody, where numbers of listed cases stand."""
        return not self.rule.startswith(("/desk", "/media"))

    @property
    def is_early(self) -> bool:
        """Whether the route itself refuses those without a right, whatever they name."""
        return self.rule == "/media/originals/<key>"

    def unknown(self) -> Asked:
        """The same request about what does not exist."""
        nothing = {
            "number": "SP260309999999K",
            "other": "SP260309999998M",
            "key": "0" * 32,
            "signed": "nothing",
            "event_id": "99999999",
            "milestone_id": "99999999",
            "look_back_id": "99999999",
            "order_id": "99999999",
            "objection_id": "99999999",
            "alert_id": "99999999",
            "inspection_id": "99999999",
            "line_id": "99999999",
        }
        path = _filled(self.rule, {**self.args, **nothing})
        return Asked(self.rule, self.method, self.row, path, self.args)

    def send(self, desk: Desk, accept: str = "text/html") -> TestResponse:
        """Ask; a form is sent empty but for its token."""
        if self.method == "GET":
            return desk.client.get(self.path, headers={"Accept": accept}, buffered=True)
        token = _token(desk)
        data = {"csrf_token": token, "pick": f"{self.number}:5"}
        return desk.client.post(self.path, data=data, buffered=True)

    def allows(self, who: Actor) -> bool:
        """Whether the matrix, or the table of the workflow, grants it on a visible report."""
        action = self.args.get("action") or self.row.step
        if action:
            step = WORKFLOW[Action(action)]
            lead_only = (
                "action" in self.args
                and step.guards & OF_THE_LEAD
                and State.HANDLING in step.sources
            )
            return step.admits(who) and (
                not lead_only or who.department_id == make_department(LEAD).id
            )
        return self.row.right is None or who.may(self.row.right)


def _asked(world: World, *holds: Holds) -> list[Asked]:
    found = []
    for key, row in MATRIX.items():
        method, rule = key.split(" ")
        if row.holds not in holds:
            continue
        for given in row.paths or ({},):
            args = {**world.args, **given}
            if "milestone_id" in rule:
                args["number"] = args["planned"]
            path = _filled(rule, args)
            for query in row.queries:
                asked = path + query.format(secret=SECRET, number=world.number)
                found.append(Asked(rule, method, row, asked, {**given}, world.number))
    return found


def _searches(world: World) -> list[Asked]:
    rule, row = "/desk/queue/<name>", Row(Holds.MANY)
    paths = [path.format(secret=SECRET, number=world.number) for path in SEARCHES]
    return [Asked(rule, "GET", row, path, {}) for path in paths]


def _filled(rule: str, args: dict[str, str]) -> str:
    return _NAMED.sub(lambda match: args[match[1]], rule)


def _token(desk: Desk) -> str:
    if not hasattr(desk, "kept_token"):
        desk.kept_token = desk.token()  # type: ignore[attr-defined]
    return str(desk.kept_token)  # type: ignore[attr-defined]


def _plain(eye: Eye) -> tuple[Holds, ...]:
    """Pages without reports are the same for everybody: two eyes read them."""
    return (Holds.NONE,) if eye in {Eye(None), Eye(Role.CLERK, FOREIGN)} else ()


def _leaks(world: World, asked: Asked, text: str) -> list[str]:
    """The secret words in an answer, but for those the reader typed into the address."""
    return [word for word in _words(world, text, asked.is_public) if word not in asked.path]


def _words(world: World, text: str, numbers_told: bool = False) -> list[str]:
    words = [SECRET, ADDRESS, "密先生", *([] if numbers_told else world.secrets)]
    return [word for word in words if word in text]
