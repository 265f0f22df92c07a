"""Staff and residents with a real browser: every press and every word goes through the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.journeys.people import PASSWORD
from tests.journeys.visitor import File

_PANE_FROM = 704  # px: on a narrower screen the row itself opens the case
_PICKED = frozenset({"radio", "checkbox"})


@dataclass
class Desk:
    """One computer on a desk; whoever works on it logs in and out."""

    page: Page
    who: str = ""

    def sit_down(self, username: str) -> None:
        """Log out whoever sits there, and log in."""
        if self.who == username:
            return
        if self.who:
            self.page.goto("/desk/queue/all")
            self.page.get_by_role("button", name="退出").click()
        self.page.goto("/desk/login")
        self.page.get_by_label("账号").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("navigation", name="办理台")).to_be_visible()
        self.who = username

    def find(self, queue: str, number: str) -> None:
        """Open the report from a queue, as staff do; AssertionError when it is not there."""
        self.page.goto(f"/desk/queue/{queue}?q={number}")
        pane = self.page.locator(f"[data-pane][data-number='{number}']")
        if not pane.count():
            self.page.locator(f"[data-row='{number}'] h3 a:visible").click()
        if (self.page.viewport_size or {"width": 0})["width"] >= _PANE_FROM:
            pane.get_by_role("link", name="打开这一件").click()
        expect(self.page.locator(".case")).to_be_visible()

    def open(self, number: str) -> None:
        """Open the report by its address."""
        self.page.goto(f"/desk/reports/{number}")

    def form(self, what: str) -> Locator:
        """The form that posts to …/<what>, unfolded."""
        form = self.page.locator(f"form[action$='/{what}']")
        fold = self.page.locator(f"details:has(form[action$='/{what}'])").last
        if fold.count() and fold.get_attribute("open") is None:
            fold.locator("summary").first.click()
        return form

    def take(self, action: str, files: Sequence[File] = (), **answers: str | Sequence[str]) -> None:
        """Take a step on the open report, and see the page that follows."""
        self.send(f"actions/{action}", files, answers)

    def send(
        self, what: str, files: Sequence[File] = (), answers: Mapping[str, str | Sequence[str]] = {}
    ) -> None:
        """Fill in and send one of the forms of the open report."""
        form = self.form(what)
        for name, answer in answers.items():
            fill_in(form, name, [answer] if isinstance(answer, str) else list(answer))
        if files:
            form.locator("input[type=file]").first.set_input_files([payload(f) for f in files])
        with self.page.expect_navigation():
            form.locator("button[type=submit]").last.click()


def fill_in(form: Locator, name: str, values: Sequence[str]) -> None:
    """Type or pick `values` in the field called `name`, or `name[]`."""
    field = form.locator(f"[name='{name}'],[name='{name}[]']")
    kind = field.first.evaluate("e => e.type")
    if kind in _PICKED:
        for value in values:
            press_label(form, name, value)
    elif kind.startswith("select"):
        field.first.select_option(list(values))
    else:
        field.first.fill(values[0])


def press_label(form: Locator | Page, name: str, value: str) -> None:
    """Pick a radio or tick a box by pressing what is written beside it."""
    selector = ",".join(f"input[name='{n}'][value='{value}']" for n in (name, f"{name}[]"))
    page = form if isinstance(form, Page) else form.page
    box = form.locator(selector)
    if not box.is_checked():
        form.locator("label", has=page.locator(selector)).click()
    expect(box).to_be_checked()


def payload(file: File) -> FilePayload:
    """A file as the browser's file chooser hands it over."""
    return {"name": file.filename, "mimeType": file.media_type, "buffer": file.body}


@dataclass
class Camera:
    """Takes pictures of pages, numbered in the order of the journey."""

    folder: Path
    count: int = 0

    def shoot(self, page: Page, name: str) -> None:
        """Keep a picture of the whole page."""
        self.count += 1
        page.screenshot(path=self.folder / f"{self.count:02}-{name}.png", full_page=True)
