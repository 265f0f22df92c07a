"""Residents and staff over plain HTTP: each reads the page, fills in its form and sends it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.journeys.reading import Form, Page
from tests.journeys.visitor import Answer, File, Visitor, until
from tests.live import LivePortal

PASSWORD = "suishoupai-demo"
HERE = ("30.4000", "112.4000")  # contracts.md: in town 999901001 of the demo city
TOWN = "999901001"
NUMBER = re.compile(r"SP\d{12}[0-9A-Z]")
_DECISION = "photo_decisions["
_NOTICE_ENDS = re.compile(r"公示到(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日\s*24:00")
CITY = ZoneInfo("Asia/Shanghai")
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b")


@dataclass(frozen=True)
class Receipt:
    """What a resident keeps."""

    number: str
    query_code: str


@dataclass
class Resident:
    """Somebody who files and follows a report."""

    portal: LivePortal
    web: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.web = Visitor(self.portal.base_url)

    def file(self, words: str, photos: Iterable[File] = (), **answers: str) -> Receipt:
        """File through the form of the page: dust in TOWN unless told otherwise."""
        return self.send(self.filing_form(words, **answers), photos)

    def send(self, form: Form, photos: Iterable[File] = ()) -> Receipt:
        """Send a filing form and read the receipt it leads to."""
        done = self.web.send(form, photos)
        assert done.location == "/report/done"
        return read_receipt(self.web.follow(done))

    def filing_form(self, words: str, **answers: str) -> Form:
        """The form of /report, filled in as far as every filing needs."""
        form = self.web.page("/report").form("/report")
        consent = form.choices("consent")[0]
        place = {"address": "解放路与建设街口的工地", "grid_code": TOWN}
        given = {"category": "air.dust", **place, **answers}
        return form.fill(description=words, consent=consent, **given)

    def open(self, receipt: Receipt) -> Page:
        """Open the report with number and code; a fresh visit, as after half an hour."""
        self.web = Visitor(self.portal.base_url)
        form = self.web.page("/track").form("/track")
        form.fill(number=receipt.number, query_code=receipt.query_code)
        return self.web.follow(self.web.send(form))

    def say(self, receipt: Receipt, what: str, **answers: str) -> Page:
        """Answer, appeal, withdraw … on the page of the report, which must be open."""
        page = self.web.page(f"/track/{receipt.number}")
        form = page.form(f"/track/{receipt.number}/{what}").fill(**answers)
        return self.web.follow(self.web.send(form))

    def state(self, receipt: Receipt) -> str:
        """The state the reporter is told."""
        told: dict[str, Any] = self.web.json(f"/track/{receipt.number}")
        return str(told["state"])


@dataclass
class Office:
    """The city's staff, each logged in when first needed."""

    portal: LivePortal
    _inside: dict[str, Visitor] = field(default_factory=dict)

    def who(self, username: str) -> Visitor:
        """This member of staff, logged in."""
        if username not in self._inside:
            self._inside[username] = log_in(Visitor(self.portal.base_url), username)
        return self._inside[username]

    def everybody_leaves(self) -> None:
        """Forget every login, as when the clock jumped."""
        self._inside.clear()

    def page(self, username: str, number: str) -> Page:
        """The report as this person sees it."""
        return self.who(username).page(f"/desk/reports/{number}")

    def facts(self, username: str, number: str) -> dict[str, Any]:
        """The report as this person's program reads it."""
        facts: dict[str, Any] = self.who(username).json(f"/desk/reports/{number}")
        return facts

    def state(self, number: str) -> str:
        """Where the report stands."""
        return str(self.facts("supervisor", number)["state"])

    def form(self, username: str, number: str, action: str) -> Form:
        """The form of an action on this person's page of the report."""
        return self.page(username, number).form(_action_url(number, action))

    def take(
        self,
        username: str,
        number: str,
        action: str,
        files: Iterable[File] = (),
        **answers: str | Sequence[str],
    ) -> Page:
        """Take a step with the form that the page offers; returns the page that follows."""
        form = self.form(username, number, action).fill(**answers)
        visitor = self.who(username)
        return visitor.follow(visitor.send(form, files))

    def try_to(
        self, username: str, number: str, action: str, answers: Mapping[str, str], status: int
    ) -> Answer:
        """Post an action whatever the page offers, and expect to be refused with `status`."""
        token = self.token(username)
        pairs = [("csrf_token", token), *answers.items()]
        visitor = self.who(username)
        return visitor.post(_action_url(number, action), pairs).expect(status)

    def note(self, username: str, number: str, what: str, note: str) -> Page:
        """Record a contact or a site check."""
        visitor = self.who(username)
        form = self.page(username, number).form(f"/desk/reports/{number}/{what}").fill(note=note)
        return visitor.follow(visitor.send(form))

    def token(self, username: str) -> str:
        """The CSRF token of this person's session."""
        return self.who(username).page("/desk/queue/all").form("/desk/logout").value("csrf_token")

    def lists(self, username: str, queue: str, number: str) -> bool:
        """Whether this person finds the report in a queue."""
        page = self.who(username).page(f"/desk/queue/{queue}?q={number}")
        return any(link.href.endswith(f"/desk/reports/{number}") for link in page.links)


def log_in(visitor: Visitor, username: str) -> Visitor:
    """Log in as staff."""
    form = visitor.page("/desk/login").form("/desk/login")
    form.fill(username=username, password=PASSWORD)
    visitor.send(form)
    return visitor


def read_receipt(page: Page) -> Receipt:
    """The number and the query code that the receipt page shows."""
    number, code = NUMBER.search(page.words), CODE.search(page.words)
    assert number is not None, page.words
    assert code is not None, page.words
    return Receipt(number[0], code[0])


def photos_decidable(office: Office, number: str, count: int) -> Form:
    """The publisher's form, once the worker has made `count` photos ready to decide on."""

    def look() -> Form | None:
        form = office.form("publisher", number, "publish")
        return form if len(decisions_in(form)) == count else None

    return until(f"{count} photos to decide on", look)


def decisions_in(form: Form) -> list[str]:
    """The ids of the photos a publisher's form asks about, in the order of the page."""
    names = dict.fromkeys(control.name for control in form.controls)
    return [name[len(_DECISION) : -1] for name in names if name.startswith(_DECISION)]


def read_due(words: str, now: datetime) -> datetime:
    """The end of the notice period as the page says it: 公示到12月7日 24:00.

    The year is left out while it is this one's, and words stand for days that are near.
    """
    found = _NOTICE_ENDS.search(words)
    assert found is not None, words
    year, month, day = (int(part) if part else 0 for part in found.groups())
    start = now.astimezone(CITY)
    midnight = datetime(year or start.year, month, day, tzinfo=CITY) + timedelta(days=1)
    assert midnight > start, f"{found[0]} has passed"
    return midnight


def _action_url(number: str, action: str) -> str:
    return f"/desk/reports/{number}/actions/{action}"
