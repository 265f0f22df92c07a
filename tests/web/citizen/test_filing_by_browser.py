"""The filing form in a browser without scripts: everything kept, everything said."""

from __future__ import annotations

import io
import re
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.reports.photos import photos_of
from portal.domain.reports.tracking import report_by_number
from tests.web.citizen.conftest import JSON, filing, hidden, picture, token

NUMBER = re.compile(r"SP\d{12}[0-9A-Z]")


def page_token(client: FlaskClient, address: str = "/report") -> str:
    return hidden(client.get(address).text, "form_token")[0]


def post(client: FlaskClient, **changes: object) -> TestResponse:
    fields = filing(**changes)
    fields.setdefault("form_token", page_token(client))
    return client.post("/report", data=fields)


def filed_number(client: FlaskClient, answer: TestResponse) -> str:
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/report/done"
    found = NUMBER.search(client.get("/report/done").text)
    assert found
    return found[0]


@pytest.fixture(autouse=True)
def _city(city: None) -> None:
    """Every test here needs the city."""


def test_a_filing_ends_at_its_receipt(client: FlaskClient) -> None:
    answer = post(client, photos=[picture()], wants_reward="1")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("receipt=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    number = filed_number(client, answer)
    page = client.get("/report/done").text
    codes = re.findall(r'class="code" id="([a-z]+)-code">([0-9A-Z-]{19})<', page)
    assert [name for name, _code in codes] == ["query", "reward"]
    assert number in page
    assert "最晚" in page
    assert client.get("/report/done").headers["Cache-Control"] == "no-store"


def test_the_qr_code_holds_no_query_code(client: FlaskClient) -> None:
    from portal.web.citizen.qr import qr_code

    number = filed_number(client, post(client))
    assert qr_code(f"http://localhost/track/{number}").path in client.get("/report/done").text


def test_the_receipt_leads_straight_to_the_case(client: FlaskClient) -> None:
    number = filed_number(client, post(client))
    page = client.get("/report/done").text
    names = ("form_token", "number", "query_code")
    answer = client.post("/track", data={name: hidden(page, name)[0] for name in names})
    assert answer.headers["Location"] == f"/track/{number}"


def test_the_page_asks_for_a_photo_where_one_helps(client: FlaskClient) -> None:
    words = "这一类有照片更容易查实"
    dust = client.get("/report?category=air.dust").text
    assert not re.search(rf"<p[^>]* hidden>[^<]*(<[^p][^<]*)*{words}", dust)
    assert words in dust


def test_without_the_cookie_the_receipt_is_not_shown(app: Flask, client: FlaskClient) -> None:
    filed_number(client, post(client))
    other = app.test_client().get("/report/done")
    assert other.status_code == 200
    assert not NUMBER.search(other.text)


def test_sending_the_same_form_twice_files_once(client: FlaskClient) -> None:
    once = page_token(client)
    first = filed_number(client, post(client, form_token=once))
    assert filed_number(client, post(client, form_token=once)) == first


def test_a_form_finishes_what_a_script_began_under_the_same_key(client: FlaskClient) -> None:
    key = str(uuid4())
    began = client.post("/report", data=filing(), headers={**JSON, "Idempotency-Key": key})
    number = began.get_json()["number"]
    assert filed_number(client, post(client, idempotency_key=key)) == number
    other = post(client, idempotency_key=key, description="换了一句话，再交一次。")
    assert other.status_code == 409
    assert "data-earned" in other.text
    assert number in client.get("/report/done").text


def test_a_used_form_with_new_words_keeps_them_and_shows_the_receipt(client: FlaskClient) -> None:
    once = page_token(client)
    first = filed_number(client, post(client, form_token=once))
    again = post(client, form_token=once, description="这是另外的一件事情。")
    assert again.status_code == 409
    assert "这是另外的一件事情。" in again.text
    assert first in client.get("/report/done").text
    fresh = hidden(again.text, "form_token")[0]
    assert fresh != once
    second = post(client, form_token=fresh, description="这是另外的一件事情。")
    assert filed_number(client, second) != first


def test_a_refused_form_keeps_every_input(client: FlaskClient) -> None:
    answer = post(
        client, description="短", category="air.odor", address="人民路", grid_code="999901001",
        occurred="at", occurred_at="2026-03-01T08:30", accused_name="红旗厂", contact_name="王",
        contact_phone="138", contact_email="a@example.com", wants_reward="1", lat="30.4",
        lng="112.4", **{"answers[smell]": "chemical"},
    )  # fmt: skip
    page = answer.text
    assert answer.status_code == 422
    for value in ("人民路", "红旗厂", "王", "138", "a@example.com", "2026-03-01T08:30", "30.4"):
        assert f'value="{value}"' in page, value
    assert re.search(r'value="air.odor" checked', page)
    assert re.search(r'value="999901001" selected', page)
    assert re.search(r'value="chemical" selected', page)
    assert re.search(r'name="wants_reward" value="1" checked', page)
    assert re.search(r'id="occurred-at" name="occurred" value="at" checked', page)
    assert 'href="#description"' in page
    assert 'href="#contact_phone"' in page
    assert "说得太短，至少5个字，现在1个字" in page


def test_photos_of_a_refused_form_are_not_sent_again(app: Flask, client: FlaskClient) -> None:
    refused = post(client, description="短", photos=[picture(), picture("x.txt", b"words")])
    kept = hidden(refused.text, "photo_ids")
    assert refused.status_code == 422
    assert len(kept) == 1 or refused.text.count('name="photo_ids"') == 1
    ids = re.findall(r'name="photo_ids" value="([0-9a-f]{32})"', refused.text)
    assert "x.txt" in refused.text
    again = post(client, photo_ids=ids, form_token=hidden(refused.text, "form_token")[0])
    number = filed_number(client, again)
    with app.app_context():
        report = report_by_number(number)
        assert report is not None
        assert len(photos_of(report)) == 1


def test_photos_survive_a_form_without_a_token(client: FlaskClient) -> None:
    answer = post(client, form_token="", photos=[picture()])
    assert answer.status_code == 422
    assert 'name="photo_ids"' in answer.text
    assert hidden(answer.text, "form_token")[0]


def test_the_form_takes_what_its_address_prefills(client: FlaskClient) -> None:
    page = client.get("/report?category=air.cooking&grid=999901001001&source=poster").text
    assert re.search(r'value="air.cooking" checked', page)
    assert re.search(r'value="999901001001" selected', page)


def test_hostile_input_is_shown_as_text(client: FlaskClient) -> None:
    evil = '"><script>alert(1)</script>'
    page = post(client, description=evil[:3], accused_name=evil, address=evil).text
    assert "<script>alert" not in page
    assert "<script>alert" not in client.get(f"/report?category={evil}&grid={evil}").text


def test_an_empty_file_input_is_no_photo(client: FlaskClient) -> None:
    answer = post(client, photos=[(io.BytesIO(), ""), (io.BytesIO(), "")])
    assert filed_number(client, answer)
    assert "没有照片" in client.get("/report/done").text


def test_the_page_works_in_english_and_for_elders(client: FlaskClient) -> None:
    client.set_cookie("lang", "en")
    client.set_cookie("elder", "1")
    page = client.get("/report").text
    assert '<html lang="en" data-elder="1">' in page
    assert "Bad smell" in page


def test_over_https_the_cookie_is_bound_to_the_host(client: FlaskClient, app: Flask) -> None:
    import dataclasses

    settings = app.extensions["portal.settings"]
    app.extensions["portal.settings"] = dataclasses.replace(
        settings, base_url="https://portal.example"
    )
    cookie = post(client, form_token=token(client)).headers["Set-Cookie"]
    assert cookie.startswith("__Host-receipt=")
    assert "Secure" in cookie
