"""What residents wrote, photographed or are called never reaches a public page."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.transparency.conftest import PRIVATE, Cases


def public_pages(cases: Cases) -> list[str]:
    searches = [f"/open/reports?q={words}" for words in ("欧阳", "秘密巷", "绿色", "13912345678")]
    numbers = [f"/open/reports/{number}" for number in (cases.published, cases.listed)]
    maps = ["/open/map", "/open/map?bbox=112,30,113,31&zoom=18", "/open/map/cells?zoom=18"]
    return ["/", "/open", "/open/reports", *maps, *searches, *numbers]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_private_word_on_any_page(client: FlaskClient, cases: Cases, lang: str) -> None:
    client.set_cookie("lang", lang)
    for path in public_pages(cases):
        page = client.get(path, headers={"Accept": "*/*"})
        assert page.status_code == 200, path
        asked = path.partition("q=")[2]
        leaked = [words for words in PRIVATE if words in page.text and words != asked]
        assert not leaked, path


def test_private_words_find_nothing(client: FlaskClient, cases: Cases) -> None:
    for words in ("欧阳举报", "秘密巷", "绿色废水", "黑心"):
        page = client.get("/open/reports", query_string={"q": words})
        assert cases.published not in page.text
        assert cases.listed not in page.text


def test_a_listed_case_has_its_listed_facts_and_no_more(client: FlaskClient, cases: Cases) -> None:
    whole = client.get(f"/open/reports/{cases.listed}").text
    page = whole.partition("同一个地方的同类举报")[0]
    for words in (cases.listed, "水污染", "东河镇", "水利局", "已交办"):
        assert words in page
    for words in ("排污口", "网格999901001001", "/media/", "办理经过", "示意图"):
        assert words not in page


def test_only_released_photos_are_shown(client: FlaskClient, cases: Cases) -> None:
    page = client.get(f"/open/reports/{cases.published}").text
    assert f"/media/{cases.public_key}/400.jpg" in page
    assert cases.withheld_key not in page
    assert client.get(f"/media/{cases.public_key}/400.jpg", buffered=True).status_code == 200
    assert client.get(f"/media/{cases.withheld_key}/400.jpg").status_code == 404


def test_the_point_is_rounded(client: FlaskClient, cases: Cases) -> None:
    page = client.get(f"/open/reports/{cases.published}").text
    assert "位置约100米内" in page
