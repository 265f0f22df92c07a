"""Every page of the desk, found by following links: no serious barrier, none wider than a phone."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, RequestRedirect, Rule

from tests.journeys.people import Office
from tests.journeys.screens import faults_of, wear
from tests.journeys.visitor import until
from tests.live import LivePortal
from tests.routes import LIST

pytestmark = pytest.mark.journey
# In an order in which each of them finds pages the ones before do not have.
WHO = ("supervisor", "triage", "head-cg", "clerk-cg", "reviewer", "publisher", "leader", "admin")
# The first leads to all but what is for those who build pages, views nobody has saved yet, and
# orders when other journeys have seen to all that were open.
STARTS = ("/desk/", "/desk/styleguide", "/desk/views", "/desk/orders?view=all")
_HERE = ("/desk/", "/console/")
# A rule is looked at once for each role; pages of a kind are read for links a few times, for a case
# leads to other pages than the next.
_READ, _READ_CASES, CASE = 3, 15, "/desk/reports/<number>"
# What a page without links leads to, or nothing a browser shows.
UNLINKED = frozenset(
    {
        "/console/",  # leads on
        "/desk/login",  # tests/journeys/test_access.py
        "/desk/login/second",  # only while somebody logs in
        "/desk/bulk/<step>",  # only with what was picked: tests/journeys/test_triage.py
        "/desk/hand-out",  # the same: tests/journeys/test_departments.py
        "/desk/reports/<number>/compare/<other>",  # only where two are alike: test_compare.py
    }
)


@dataclass
class Walk:
    """One member of staff following links, and which rules they came by."""

    office: Office
    who: str
    rules: MapAdapter
    seen: Counter[str] = field(default_factory=Counter)

    def paths(self) -> Iterator[tuple[str, str]]:
        """Rule and path of each page, one path a rule."""
        waiting, known = deque(STARTS), set(STARTS)
        while waiting:
            path = waiting.popleft()
            rule = self._rule(path)
            if rule is None or self.seen[rule] >= (_READ_CASES if rule == CASE else _READ):
                continue
            self.seen[rule] += 1
            if self.seen[rule] == 1:
                yield rule, path
            for link in self._links(path):
                address = urlsplit(link)
                target = address.path + (f"?{address.query}" if address.query else "")
                if address.path.startswith(_HERE) and target not in known:
                    known.add(target)
                    waiting.append(target)

    def _links(self, path: str) -> list[str]:
        answer = self.office.who(self.who).call("GET", path, headers={"Accept": "text/html"})
        if answer.status == HTTPStatus.SEE_OTHER:
            return [answer.location]
        return [link.href for link in answer.page.links]

    def _rule(self, path: str) -> str | None:
        try:
            rule, _ = self.rules.match(urlsplit(path).path, "GET", return_rule=True)
        except (HTTPException, RequestRedirect):
            return None
        return str(rule.rule)


def rules_of_the_desk() -> list[str]:
    """The rules of everything a browser may open on the desk."""
    rows = (line.split("  ") for line in LIST.read_text(encoding="utf-8").splitlines())
    return sorted(
        {
            rule
            for rule, methods, *_ in rows
            if rule.startswith(_HERE) and "GET" in methods and not rule.endswith(".docx")
        }
    )


@pytest.fixture
def full_city(city: LivePortal) -> LivePortal:
    """The demo city once all its reports are there: its lists lead somewhere."""
    complete = "the demo city is complete"
    until("the whole demo city", lambda: complete in city.log.read_text(encoding="utf-8"), 180)
    return city


def test_no_page_of_the_desk_shuts_anybody_out(
    full_city: LivePortal, office: Office, page_desktop: Page
) -> None:
    rules = rules_of_the_desk()
    adapter = Map([Rule(rule, endpoint=rule) for rule in rules]).bind("portal")
    faults, found = [], set(UNLINKED)
    for who in WHO:
        walk = Walk(office, who, adapter)
        for rule, path in walk.paths():
            # What another role has shown already is looked at again only where roles differ most.
            if rule in found and rule not in {"/desk/", CASE}:
                continue
            found.add(rule)
            wear(page_desktop, office.who(who))
            faults += [f"{who} {fault}" for fault in faults_of(page_desktop, path)]
    assert not faults, "\n".join(faults)
    missing = set(rules) - found
    assert not missing, f"no link leads to {sorted(missing)}"
