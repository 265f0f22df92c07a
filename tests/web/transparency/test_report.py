"""The page of one case."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.clock import now
from portal.domain.accounts.permissions import Role
from portal.domain.casework.models import Verdict
from portal.domain.lookback.models import Outcome
from portal.domain.lookback.planning import plan_look_backs, planned_for
from portal.domain.lookback.starring import star_report
from portal.domain.lookback.visiting import Seen, record_visit
from portal.domain.publication.listing import refresh_public_case
from portal.domain.publication.models import PublicCase
from portal.domain.reports.states import Action, State
from portal.domain.reports.tracking import report_by_number
from portal.web.transparency.standing_words import (
    allowed_words,
    standing_now,
    verdict_words,
)
from tests.factories import at_state, city, drain, file, staff, walk, writing
from tests.web.transparency.conftest import PRIVATE, Cases


def test_a_published_case_tells_what_was_found(client: FlaskClient, cases: Cases) -> None:
    page = client.get(f"/open/reports/{cases.published}").text
    for words in (
        "东河镇·排污口",
        "属实",
        "责令改正",
        "已责令停产整改",
        "交办生态环境局",
        "已经遮盖",
    ):
        assert words in page
    image = re.search(r'property="og:image" content="http://localhost(/media/share/\w+.jpg)"', page)
    assert image
    assert client.get(image[1], buffered=True).status_code == 200
    assert "/report?category=water.outfall&amp;grid=999901001001" in page


def test_numbers_are_forgiven(client: FlaskClient, cases: Cases) -> None:
    typed = f"{cases.published[:8].lower()}-{cases.published[8:]}"
    answer = client.get(f"/open/reports/{typed}")
    assert answer.headers["Location"] == f"/open/reports/{cases.published}"


def test_what_nobody_took_on_is_unknown(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        city()
        numbers = [
            at_state(state).number for state in (State.SUBMITTED, State.DECLINED, State.WITHDRAWN)
        ]
        numbers.append(walk(file(), Action.MERGE).number)
        drain()
    for number in (*numbers, "SP2601010000010", "nonsense"):
        assert client.get(f"/open/reports/{number}").status_code == 404, number


def test_a_number_that_was_public_says_where_the_case_went(
    app: Flask, client: FlaskClient, cases: Cases
) -> None:
    with app.app_context():
        listed = report_by_number(cases.listed)
        assert listed is not None
        main = walk(listed, Action.MERGE).main
        assert main is not None
        number = main.number
        drain()
    page = client.get(f"/open/reports/{cases.listed}")
    assert page.status_code == 200
    assert f'href="/open/reports/{number}"' in page.text
    assert "noindex" in page.text
    assert not [words for words in PRIVATE if words in page.text]
    assert cases.listed not in client.get("/open/reports").text
    assert client.get(f"/open/reports/{cases.listed}/objection").status_code == 404


def test_a_withheld_case_says_so(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        city()
        number = at_state(State.WITHHELD).number
        drain()
    page = client.get(f"/open/reports/{number}").text
    assert "依法不公开" in page
    assert "已责令停产整改" not in page
    assert "依法不公开" in client.get("/open/reports").text


def test_a_case_done_again_keeps_its_copy(app: Flask, client: FlaskClient, cases: Cases) -> None:
    with app.app_context():
        report = report_by_number(cases.published)
        assert report is not None
        walk(report, Action.REOPEN)
        drain()
    page = client.get(f"/open/reports/{cases.published}").text
    assert "重新办理" in page
    assert "已责令停产整改" in page
    assert cases.published not in client.get("/").text


def test_english_names_units(client: FlaskClient, cases: Cases) -> None:
    client.set_cookie("lang", "en")
    page = client.get(f"/open/reports/{cases.published}").text
    assert 'lang="en"' in page
    assert "Ecology and Environment Bureau" in page


def looked_back(number: str, outcome: Outcome) -> None:
    """Strike the case off unless it is, star it and pay the first open visit."""
    report = report_by_number(number)
    assert report is not None
    if report.state == State.PUBLISHED:
        walk(report, Action.DEREGISTER)
    with writing():
        star_report(report, starred=True, by=staff(Role.SUPERVISOR), at=report.state_since)
        plan_look_backs(report, report.state_since)
        row = next(one for one in planned_for(report) if one.done_at is None)
        seen = Seen(outcome, "又在夜里排。")
        record_visit(row, seen, by=staff(Role.REVIEWER), at=report.state_since)
        refresh_public_case(report, now())  # its notice ends in the future: nothing is due yet


def test_what_a_look_back_found(app: Flask, client: FlaskClient, cases: Cases) -> None:
    path = f"/open/reports/{cases.published}"
    with app.app_context():
        looked_back(cases.published, Outcome.PASSED)
    assert re.search(r"回头看：\S+日现场复查，没有再出现", client.get(path).text)
    with app.app_context():
        looked_back(cases.published, Outcome.FAILED)
    again = client.get(path).text
    assert "没有再出现。</span>" not in again
    for page in (again, client.get("/open/reports").text):
        assert "回头看未通过" in page
    assert "又在夜里排" not in again, "staff's words stay inside"


def test_the_list_one_came_from_is_carried_along(client: FlaskClient, cases: Cases) -> None:
    page = client.get("/open/reports?category=water&sort=old").text
    assert f"/open/reports/{cases.published}?category=water&amp;sort=old" in page
    first = client.get(f"/open/reports/{cases.published}?category=water&sort=old").text
    beside = f'rel="next" href="/open/reports/{cases.listed}?category=water&amp;sort=old"'
    assert beside in first
    assert 'rel="prev"' not in first
    assert 'class="back" href="/open/reports?category=water&amp;sort=old"' in first
    assert f'rel="canonical" href="http://localhost/open/reports/{cases.published}"' in first
    alone = client.get(f"/open/reports/{cases.published}?category=air").text
    assert 'rel="next"' not in alone


def test_programs_read_the_same_as_people(client: FlaskClient, cases: Cases) -> None:
    for number, is_out in ((cases.published, True), (cases.listed, False)):
        page = client.get(f"/open/reports/{number}").text
        block = re.search(r'<script type="application/ld\+json">(.+?)</script>', page)
        assert block
        told, trail = json.loads(block[1])
        assert (told["@type"], told["reportNumber"]) == ("Report", number)
        assert ("image" in told, "abstract" in told) == (is_out, is_out)
        assert ("geo" in told["contentLocation"]) is is_out
        assert told.get("datePublished", "+08:00").endswith("+08:00")
        assert trail["itemListElement"][2]["item"] == told["url"]


@pytest.mark.parametrize("state", sorted({*State} - {State.SUBMITTED, State.DECLINED}))
def test_each_open_state_is_told_in_a_sentence(app: Flask, state: State) -> None:
    ended = {State.WITHDRAWN, State.MERGED, State.PUBLISHED, State.WITHHELD, State.DEREGISTERED}
    with app.test_request_context():
        assert bool(standing_now(PublicCase(state=state))) is (state not in ended)


def test_a_finding_against_the_report_is_explained(app: Flask) -> None:
    with app.test_request_context():
        for verdict in Verdict:
            words = verdict_words(PublicCase(verdict=verdict))
            assert bool(words) is (verdict is not Verdict.VERIFIED)


def test_days_taken_stand_against_days_allowed(app: Flask) -> None:
    given = {"resolve_from": date(2026, 3, 2), "resolve_by": date(2026, 3, 17)}
    today = date(2026, 3, 20)
    with app.test_request_context():
        in_time = allowed_words(PublicCase(closed_on=date(2026, 3, 17), **given), today)
        late = allowed_words(PublicCase(closed_on=date(2026, 3, 19), **given), today)
        running = allowed_words(PublicCase(**given), date(2026, 3, 17))
        over = allowed_words(PublicCase(**given), today)
        none_yet = allowed_words(PublicCase(), today)
    assert in_time == "交办后限15天，用了15天"
    assert late == "交办后限15天，用了17天，超了2天"
    assert "前办结" in running
    assert "超" not in running
    assert "已经逾期" in over
    assert none_yet == ""
