"""Role × department × route (quality.md, safety 29): what is not yours does not exist for you."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from werkzeug.test import TestResponse

from portal.core.clock import now
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Role
from portal.domain.casework.desk_filters import QueueFilter
from portal.domain.casework.desk_queries import Queue, matching_count, queue_counts
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW
from portal.web.desk.offers import OF_THE_LEAD
from tests.apps import application
from tests.conftest import USUAL, empty_database
from tests.factories import (
    LEAD,
    make_department,
)
from tests.routes import methods_of
from tests.safety.eyes import BLIND, FOREIGN, SEEING, Eye
from tests.safety.matrix import CROSSED, MATRIX, SEARCHES, Holds, Row
from tests.safety.planted import said
from tests.safety.world import ADDRESS, SECRET, World
from tests.web.desk.conftest import Desk

_NAMED = re.compile(r"<(?:[^<>:]+:)?(\w+)>")


@pytest.fixture(scope="module")
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    instance = tmp_path_factory.mktemp("matrix")
    with empty_database(request, USUAL, instance) as settings, application(settings) as app:
        yield World(app)


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
        form = {"csrf_token": desk.token(), "note": "看过了。", "told": "正在办。"}
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
        data = {"csrf_token": desk.token(), "pick": f"{self.number}:5"}
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


def _plain(eye: Eye) -> tuple[Holds, ...]:
    """Pages without reports are the same for everybody: two eyes read them."""
    return (Holds.NONE,) if eye in {Eye(None), Eye(Role.CLERK, FOREIGN)} else ()


def _leaks(world: World, asked: Asked, text: str) -> list[str]:
    """The secret words in an answer, but for those the reader typed into the address."""
    return [word for word in _words(world, text, asked.is_public) if word not in asked.path]


def _words(world: World, text: str, numbers_told: bool = False) -> list[str]:
    words = [SECRET, ADDRESS, "密先生", *([] if numbers_told else world.secrets)]
    return [word for word in words if word in text]
