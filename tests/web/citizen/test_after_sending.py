"""After sending, and around it: the receipt, sharing, sizes of type, WeChat, questions."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from portal.core.clock import now
from portal.domain.categories.queries import category_tree
from portal.domain.reports.models import PhotoStatus
from portal.domain.reports.photos import unclaimed_photos
from portal.domain.reports.tracking import report_by_number
from tests.house import ROOT
from tests.web.citizen.conftest import Send, filing, hidden, picture, token

WECHAT = {"User-Agent": "Mozilla/5.0 (Linux; Android 12) Chrome/86 MicroMessenger/8.0.40(0x28)"}
_SHARED = re.compile(r'<meta property="og:image" content="([^"]+)">')


@pytest.fixture(autouse=True)
def _city(city: None) -> None:
    """Every test here needs the city."""


@pytest.fixture
def receipt(client: FlaskClient) -> str:
    """The page after a filing."""
    client.post("/report", data=filing(form_token=token(client)))
    return client.get("/report/done").text


# --- the receipt ----------------------------------------------------------------------------------
def test_the_receipt_says_that_the_code_is_shown_once(receipt: str) -> None:
    assert "查询码只显示这一次，我们也查不到、补不了。" in receipt
    for button in ("data-copy=", "data-picture", "data-print"):
        assert re.search(rf"<button[^>]* hidden [^>]*{button}|<button[^>]*hidden>", receipt), button


def test_a_phone_is_offered_the_number_and_only_asked_about_the_code(receipt: str) -> None:
    assert re.search(r'<section[^>]* data-keep hidden [^>]*data-category="大气污染·扬尘"', receipt)
    ticks = re.findall(r'<input type="checkbox" id="(\w+)"[^>]*>', receipt)
    assert ticks == ["noted", "with_code"]
    assert " checked" not in "".join(re.findall(r'<input type="checkbox"[^>]*>', receipt))


def test_the_second_button_leads_to_where_photos_are_added(
    client: FlaskClient, receipt: str
) -> None:
    names = ("form_token", "number", "query_code")
    fields = {name: hidden(receipt, name)[0] for name in names}
    answer = client.post("/track", data={**fields, "then": "add"})
    assert answer.headers["Location"] == f"/track/{fields['number']}?add=1#add"
    case = client.get(answer.headers["Location"]).text
    assert re.search(r'<details class="card more" id="add" open>', case)
    assert not re.search(r'id="add" open>', client.get(f"/track/{fields['number']}").text)


# --- sharing --------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/", "/report", "/open", "/open/reports"])
def test_a_shared_link_has_title_words_and_a_large_picture(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert re.search(r'<meta property="og:title" content="[^"]+">', page)
    assert re.search(r'<meta property="og:description" content="[^"]+">', page)
    found = _SHARED.search(page)
    assert found
    assert found[1].startswith("http://localhost/static/")
    with Image.open(ROOT / found[1].removeprefix("http://localhost/")) as shown:
        assert min(shown.size) >= 300


def test_a_page_of_ones_own_tells_nothing_where_it_is_shared(
    client: FlaskClient, receipt: str
) -> None:
    number = hidden(receipt, "number")[0]
    names = ("form_token", "number", "query_code")
    client.post("/track", data={name: hidden(receipt, name)[0] for name in names})
    case = client.get(f"/track/{number}").text
    assert "当前状态" in case
    for page in (receipt, case, client.get("/track").text, client.get("/offline").text):
        assert '<meta name="robots" content="noindex">' in page
        assert "og:title" not in page
        assert "og:image" not in page


# --- sizes of type --------------------------------------------------------------------------------
def size_of(page: str) -> str:
    """The step of elder mode that the page wears."""
    found = re.search(r'<html[^>]* data-elder="(\w+)"', page)
    return found[1] if found else ""


def test_type_grows_in_two_steps_and_back(client: FlaskClient) -> None:
    steps = [("", "1", "长辈版"), ("1", "xl", "更大字"), ("xl", "0", "标准版")]
    for worn, on, words in steps:
        page = client.get("/track").text
        assert size_of(page) == worn
        assert f'href="/elder?on={on}&amp;next=/track"><span>{words}<' in page
        assert client.get(f"/elder?on={on}&next=/track").headers["Location"] == "/track"
    assert not size_of(client.get("/track").text)


@pytest.mark.parametrize("worn", ["0", "2", '"><script>', "XL"])
def test_an_unknown_size_is_the_usual_one(client: FlaskClient, worn: str) -> None:
    client.set_cookie("elder", worn)
    assert not size_of(client.get("/").text)


# --- WeChat ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/report", "/report/poster"])
def test_the_way_out_of_wechat_is_shown_only_inside_it(client: FlaskClient, path: str) -> None:
    assert "在浏览器打开" in client.get(path, headers=WECHAT).text
    assert "在浏览器打开" not in client.get(path).text


@pytest.mark.parametrize("path", ["/", "/open", "/open/reports", "/about/scope"])
def test_pages_that_are_kept_do_not_depend_on_the_browser(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers=WECHAT).text == client.get(path).text


# --- what a category asks -------------------------------------------------------------------------
def asked(page: str) -> set[str]:
    """The questions that the page shows."""
    shown = re.findall(r'<div data-for="[^"]*" >\s*<div class="field">(.*?)</div>', page, re.DOTALL)
    return {name for part in shown for name in re.findall(r'name="answers\[(\w+)\]"', part)}


def test_without_script_the_questions_are_a_step_of_their_own(
    app: Flask, client: FlaskClient
) -> None:
    blank = client.get("/report").text
    assert asked(blank) == set()
    assert re.search(
        r'<noscript>.*?name="ask" value="1" formaction="/report#questions"', blank, re.DOTALL
    )
    fields = filing(category="air.odor", form_token=token(client), photos=[picture()])
    step = client.post("/report", data={**fields, "ask": "1"})
    assert step.status_code == 200
    assert {"smell", "time_of_day"} <= asked(step.text)
    assert "工地土堆没盖" in step.text
    assert 'role="alert"' not in step.text
    kept = hidden(step.text, "photo_ids")
    with app.app_context():
        assert [photo.status for photo in unclaimed_photos(kept, now())] == [PhotoStatus.RECEIVED]
    again = filing(category="air.odor", form_token=hidden(step.text, "form_token")[0])
    sent = client.post("/report", data={**again, "photo_ids": kept, "answers[smell]": "rotten"})
    assert sent.status_code == 303


def test_no_question_must_be_answered(send: Send, app: Flask) -> None:
    with app.app_context():
        offered = [c for branch in category_tree() for c in (branch.top, *branch.children)]
        every = [category for category in offered if category.questions]
        assert all(len(category.questions) <= 3 for category in every)
        assert not any(question["required"] for one in every for question in one.questions)
        code = every[0].code
    assert send(category=code).status_code == 201


def test_answers_are_kept_and_unknown_ones_refused(send: Send, app: Flask) -> None:
    right = send(category="air.odor", **{"answers[smell]": "rotten"})
    with app.app_context():
        report = report_by_number(right.get_json()["number"])
        assert report is not None
        assert report.answers == {"smell": "rotten"}
    wrong = send(category="air.odor", **{"answers[smell]": "roses"})
    assert wrong.status_code == 422


def test_a_stop_notice_has_its_numbers_as_buttons(client: FlaskClient) -> None:
    page = client.get("/report?category=air.odor").text
    notice = re.search(r'data-for="air.odor" >(.*?)</div></div>', page, re.DOTALL)
    assert notice
    assert page.index('id="questions"') < notice.start()  # where the step without script arrives
    assert re.findall(r'href="tel:(\d+)"', notice[1]) == ["119", "120"]
    assert re.search(r'data-for="air.odor" hidden>', client.get("/report").text)


@pytest.mark.parametrize("query", ["category=nothing&grid=1", "category=%00&grid=%27&source=x"])
def test_unknown_prefills_are_ignored(client: FlaskClient, query: str) -> None:
    page = client.get(f"/report?{query}")
    assert page.status_code == 200
    assert not re.search(r'name="category"[^>]* checked', page.text)
    assert "selected" not in page.text
