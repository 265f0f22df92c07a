"""The stages that journeys share: what the office does with a report, step by step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from portal.core.clock import read_shift
from tests.journeys.album import GRASS, Seen, phone_jpeg
from tests.journeys.people import TOWN, Office
from tests.journeys.visitor import File, Visitor, until
from tests.live import LivePortal

REPLY = "已要求工地覆盖裸土，每天洒水四次，今后扬尘请随时告诉我们。"
PUBLIC_TEXT = "经查，该工地裸土未覆盖，已责令改正，现已全部覆盖并每天洒水四次。"
INTERNAL_TEXT = "现场负责人姓周，三号门摄像头有记录，仅供内部。"


def after_photo() -> File:
    """What the place looks like when it is put right."""
    return File("after_photos", "after.jpg", phone_jpeg(GRASS))


def accept(office: Office, number: str, by: str = "triage") -> None:
    """Take the report on, with what triage finds filled in, and a town where that is open."""
    form = office.form(by, number, "accept")
    if not form.value("grid_code"):
        form.fill(grid_code=TOWN)
    office.who(by).send(form)
    assert office.state(number) == "accepted"


def dispatch(office: Office, number: str) -> str:
    """Hand the case to whom the suggestion names; returns the lead's code."""
    form = office.form("triage", number, "dispatch")
    lead = form.value("lead")
    office.take("triage", number, "dispatch", note="请三日内到现场核查。")
    assert office.state(number) == "dispatched"
    return lead


def sign(office: Office, number: str, lead: str) -> None:
    """The lead's clerk takes the case."""
    office.take(f"clerk-{lead}", number, "sign")
    assert office.state(number) == "handling"


def propose(office: Office, number: str, lead: str, photos: Iterable[File] = ()) -> None:
    """The clerk proposes how to close it."""
    office.take(
        f"clerk-{lead}",
        number,
        "propose",
        photos,
        finding="verified",
        measures=["order", "prompt"],
        reply=REPLY,
        public_text=PUBLIC_TEXT,
        internal_text=INTERNAL_TEXT,
        without_parts="1",
    )
    assert office.state(number) == "head_review"


def submit(office: Office, number: str, lead: str) -> None:
    """The head puts the case forward."""
    office.take(f"head-{lead}", number, "submit")
    assert office.state(number) == "submitted_review"


def resolve(office: Office, number: str) -> None:
    """The reviewer closes it."""
    office.take("reviewer", number, "resolve")
    assert office.state(number) == "resolved"


def to_resolved(office: Office, number: str) -> str:
    """The shortest way from filed to resolved; returns the lead's code."""
    accept(office, number)
    lead = dispatch(office, number)
    sign(office, number, lead)
    propose(office, number, lead, [after_photo()])
    submit(office, number, lead)
    resolve(office, number)
    return lead


def portal_time(portal: LivePortal) -> datetime:
    """What the demo's clock says."""
    return datetime.now(UTC) + read_shift(portal.instance / "clock")


def move_past(portal: LivePortal, office: Office, moment: datetime) -> None:
    """Move the demo's clock past `moment`, and wait until the running portal follows."""
    days = (moment - portal_time(portal)) // timedelta(days=1) + 1
    before = office.who("supervisor")
    portal.flask("demo", "clock", f"+{days}d")
    until("everybody to be out", lambda: before.call("GET", "/desk/queue/all").status != 200)
    office.everybody_leaves()


def public_photos(portal: LivePortal, number: str) -> tuple[Seen, Seen]:
    """The released photos, before and after, once the worker has painted them anew."""
    anybody = Visitor(portal.base_url)

    def look() -> list[str] | None:
        shown = anybody.page(f"/open/reports/{number}").images
        # Cases like this one are listed below with thumbnails.
        own = [src for src in shown if src.startswith("/media/") and "/160." not in src]
        keys = list(dict.fromkeys(src.split("/")[2] for src in own))
        return keys if len(keys) == 2 else None

    keys = until("two public photos", look)
    before, after = (Seen(anybody.get(f"/media/{key}/1600.jpg").body) for key in keys)
    return before, after
