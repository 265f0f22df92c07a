"""The public figures: every number is its list and a line, whatever happened in which order."""

from __future__ import annotations

import html
import re
from datetime import date
from urllib.parse import parse_qsl, urlencode

from flask import Flask
from flask.testing import FlaskClient

from portal.core.clock import now
from portal.domain.figures.definitions import FIGURES
from portal.domain.figures.disclosure import LEAST, Shown, shown
from portal.domain.figures.models import Kind
from portal.domain.figures.periods import Months
from portal.domain.figures.queries import Tally, tallies, value_of
from portal.domain.reports.states import State
from tests.domain.figures.restless import City
from tests.factories import TOWN, at_state, city, drain, grid, make_department, writing
from tests.web.transparency.conftest import PRIVATE, Cases
from tests.web.transparency.test_list import NUMBER, statements

TOLD = re.compile(r'id="behind">[^<]*<b class="num">([\d,]+)</b></h2>\n<p>([^<]*)</p>')
LINK = re.compile(r'<a href="(/open/reports\?[^"]+)" aria-label="[^"]*：([\d,.]+)件，看')
SHARE = re.compile(r'<a class="ib" href="(/open/reports\?[^"]+)">([\d,]+)件里有([\d,]+)件</a>')
SPRING = Months(date(2026, 3, 1), date(2026, 3, 1))


def whole(words: str) -> int:
    return int(words.replace(",", ""))


def listed(client: FlaskClient, path: str) -> list[str]:
    """Every number the list names, page by page."""
    found: list[str] = []
    while path:
        page = client.get(path)
        assert page.status_code == 200, path
        found += NUMBER.findall(page.text)
        more = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = html.unescape(more[1]) if more else ""
    assert len(set(found)) == len(found)
    return found


def told(client: FlaskClient, path: str) -> tuple[int, int, int]:
    """The figure, how many the page says it lists, and how many more it counts."""
    page = client.get(path).text
    found = TOLD.search(page)
    assert found, path
    total, (first, *rest) = whole(found[1]), re.findall(r"([\d,]+)件", found[2]) or [found[1]]
    return total, whole(first), whole(rest[0]) if rest else 0


def sides(code: str) -> list[str]:
    figure = FIGURES[code]
    if figure.part is None:
        return []
    return [code] if figure.whole is None else [code, f"{code}:whole", f"{code}:rest"]


def live_restlessly() -> None:
    """Let four hundred things happen at random."""
    city()
    restless, done = City(seed=11, most=60), 0
    while done < 400:
        with writing():
            for _ in range(100):
                done += restless.step()
    drain()


def test_every_number_is_its_list_and_a_line(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        live_restlessly()
        _every_figure_of_every_scope(client)
        _every_link_of_the_page(client)


def _every_figure_of_every_scope(client: FlaskClient) -> None:
    """Of the city, a town and a department; of all months and of one."""
    lead = make_department("sthj")
    scopes = [
        (Kind.CITY, frozenset({0}), {}),
        (Kind.TOWN, frozenset({grid(TOWN).id}), {"town": TOWN}),
        (Kind.DEPARTMENT, frozenset({lead.id}), {"department": "sthj"}),
    ]
    checked, rests = 0, 0
    for kind, keys, narrowed in scopes:
        for months in (None, SPRING):
            tally = sum(tallies(kind, months, keys).values(), Tally())
            days = {"from": "2026-03-01", "to": "2026-03-31"} if months else {}
            for code in FIGURES:
                value = value_of(FIGURES[code], tally)
                for wanted in sides(code):
                    path = "/open/reports?" + urlencode({"figure": wanted, **narrowed, **days})
                    total, says, rest = told(client, path)
                    side = wanted.partition(":")[2]
                    counts = {
                        "": value.part,
                        "whole": value.whole,
                        "rest": value.whole - value.part,
                    }
                    assert total == counts[side], path
                    assert len(listed(client, path)) == says == total - rest, path
                    checked, rests = checked + 1, rests + (rest > 0)
    assert checked > 300
    assert rests > 40


def _every_link_of_the_page(client: FlaskClient) -> None:
    page = html.unescape(client.get("/open/figures?from=2026-03&to=2026-12").text)
    links = LINK.findall(page)
    assert len(links) >= 5
    for path, number in links:
        assert told(client, path)[0] == whole(number), path
    shares = SHARE.findall(page)
    assert len(shares) >= 12
    for path, of, part in shares:
        assert told(client, path)[0] == whole(of), path
        query = dict(parse_qsl(path.partition("?")[2]))
        query["figure"] = query["figure"].removesuffix(":whole")
        assert told(client, "/open/reports?" + urlencode(query))[0] == whole(part), path


def test_what_nobody_rated_is_not_zero(client: FlaskClient, cases: Cases) -> None:
    page = client.get("/open/figures").text
    satisfaction = page.partition('id="g-satisfaction"')[2].partition("</section>")[0]
    assert satisfaction.count('<b class="none">暂无</b>') == 3
    assert 'class="num' not in satisfaction


def test_it_says_how_and_when_it_was_counted(client: FlaskClient, cases: Cases) -> None:
    page = client.get("/open/figures").text
    for figure in FIGURES.values():
        assert html.escape(figure.formula) in page, figure.code
    assert "更新。" in page


def test_months_that_make_no_sense_are_told(client: FlaskClient, cases: Cases) -> None:
    for query in ("from=xx", "from=2026-05&to=2026-01", "to=2026-03", "from=2026-13&to=x"):
        assert "选的月份没看懂" in client.get(f"/open/figures?{query}").text, query
    for query in ("", "from=2026-01&to=2026-05", "from=&to="):
        assert "选的月份没看懂" not in client.get(f"/open/figures?{query}").text, query


def test_few_cases_are_not_ranked(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        city()
        for _ in range(3):
            at_state(State.PUBLISHED)
        drain()
    page = client.get("/open/figures?from=2026-03&to=2026-03").text
    assert "件数都还太少，不排名" in page
    assert "件数少，不排名" in page
    assert 'class="bar-l"' not in page


def test_a_share_of_a_handful_is_not_told(app: Flask, client: FlaskClient) -> None:
    """Whether the only case of a town was found true would be told before it is published."""
    with app.app_context():
        city()
        at_state(State.RESOLVED)
        drain()
    town = client.get(f"/open/figures?kind=town&key={TOWN}&from=2026-03&to=2026-03").text
    assert f"不到{LEAST}件" in town
    path = f"/open/reports?figure=verified_rate&town={TOWN}"
    assert 'id="behind"' not in client.get(path).text
    assert not listed(client, path)


def test_lists_name_nobody_they_should_not(client: FlaskClient, cases: Cases) -> None:
    """The listed case left a phone number; the published one is known to be true."""
    both = listed(client, "/open/reports?figure=problems")
    assert sorted(both) == sorted([cases.published, cases.listed])
    assert not listed(client, "/open/reports?figure=contact_on_time:whole")
    assert listed(client, "/open/reports?figure=verified_rate") == [cases.published]
    assert shown("contact_on_time") is Shown.NONE
    assert shown("verified_rate:rest") is Shown.PUBLISHED
    assert shown("verified_rate:whole") is Shown.LISTED


def test_nothing_private_and_no_unknown_scope(client: FlaskClient, cases: Cases) -> None:
    for path in (
        "/open/figures",
        f"/open/figures?kind=town&key={TOWN}",
        "/open/reports?figure=open",
    ):
        page = client.get(path).text
        assert not [words for words in PRIVATE if words in page]
    for query in ("kind=town&key=1", "kind=x&key=y", "kind=category&key=water.outfall"):
        assert client.get(f"/open/figures?{query}").status_code == 404, query


def test_an_unknown_figure_is_left_out(client: FlaskClient, cases: Cases) -> None:
    page = client.get("/open/reports?figure=nonsense")
    assert len(NUMBER.findall(page.text)) == 2


def test_it_costs_the_same_for_any_city(app: Flask, client: FlaskClient) -> None:
    def count(path: str) -> int:
        with statements(app) as ran:
            assert client.get(path).status_code == 200
        return len(ran)

    paths = (
        "/open/figures",
        f"/open/figures?kind=town&key={TOWN}",
        "/open/reports?figure=received",
    )
    with app.app_context():
        city()
        at_state(State.PUBLISHED)
        drain()
    few = [count(path) for path in paths]
    with app.app_context():
        for state in (State.ACCEPTED, State.HANDLING, State.PUBLISHED) * 2:
            at_state(state)
        drain()
    assert [count(path) for path in paths] == few
    assert max(few) <= 20


def test_an_unchanged_page_is_not_sent_again(app: Flask, client: FlaskClient, cases: Cases) -> None:
    first = client.get("/open/figures")
    again = client.get("/open/figures", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    with app.app_context():
        at_state(State.ACCEPTED, at=now())
        drain()
    after = client.get("/open/figures", headers={"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200
    assert after.text != first.text
