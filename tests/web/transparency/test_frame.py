"""What stands around the public pages: the map of the site, the footer, a 404 that helps."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

from flask.testing import FlaskClient

from portal.core.ids import compose_number
from portal.web.transparency.sitemap_views import FIXED
from tests.apps import application
from tests.conftest import make_settings
from tests.web.transparency.conftest import Cases

_LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
_MOD = "{http://www.sitemaps.org/schemas/sitemap/0.9}lastmod"
_OWN = "http://localhost"


def _tree(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - what the portal wrote itself


def test_the_map_of_the_site_names_every_public_page(client: FlaskClient, cases: Cases) -> None:
    assert f"Sitemap: {_OWN}/sitemap.xml" in client.get("/robots.txt").text
    index = client.get("/sitemap.xml")
    assert index.mimetype == "application/xml"
    pages = [loc.text or "" for loc in _tree(index.text).iter(_LOC)]
    found, changed = [], 0
    for page in pages:
        tree = _tree(client.get(page.removeprefix(_OWN)).text)
        found += [(loc.text or "").removeprefix(_OWN) for loc in tree.iter(_LOC)]
        changed += sum(1 for _ in tree.iter(_MOD))
    numbers = {f"/open/reports/{number}" for number in (cases.published, cases.listed)}
    assert set(found) == {*FIXED, *numbers}
    assert changed == len(numbers)
    for path in found:
        assert client.get(path).status_code == 200, path
    led_to = set(re.findall(r'href="(/open/[a-z/]+)[?"]', client.get("/open").text))
    assert led_to - {"/open/data/reports.atom"} <= set(found)
    assert client.get("/sitemap/reports-7.xml").status_code == 404
    assert client.get("/sitemap/reports-99999999999999999999.xml").status_code == 404


def test_the_map_is_not_sent_twice(client: FlaskClient, cases: Cases) -> None:
    tag = client.get("/sitemap.xml").headers["ETag"]
    assert client.get("/sitemap.xml", headers={"If-None-Match": tag}).status_code == 304


def test_a_number_that_is_not_public_is_explained(client: FlaskClient, cases: Cases) -> None:
    number = compose_number("260101", 1)
    page = client.get(f"/open/reports/{number}", headers={"Accept": "text/html"})
    assert page.status_code == 404
    plain = client.get("/nowhere", headers={"Accept": "text/html"})
    for text in (page.text, plain.text):
        assert 'action="/open/reports"' in text
        assert 'href="/open/map"' in text
    assert "没有公开的内容。可能是" in page.text
    assert f'value="{number}"' in page.text
    assert "没有公开的内容。可能是" not in plain.text


def test_a_page_that_is_shared_has_one_address(client: FlaskClient, cases: Cases) -> None:
    for asked, path, kind, card in (
        ("/open/reports?category=water&page=2", "/open/reports", "website", "summary"),
        ("/open/map", "/open/map", "website", "summary"),
        (f"/open/reports/{cases.published}", None, "article", "summary_large_image"),
        (f"/open/reports/{cases.listed}", None, "article", "summary"),
    ):
        page = client.get(asked).text
        own = f"{_OWN}{path or asked}"
        assert page.count('rel="canonical"') == 1
        assert f'<link rel="canonical" href="{own}">' in page
        assert f'<meta property="og:url" content="{own}">' in page
        assert f'<meta property="og:type" content="{kind}">' in page
        assert f'<meta name="twitter:card" content="{card}">' in page
    lost = client.get("/nowhere", headers={"Accept": "text/html"}).text
    assert "canonical" not in lost
    assert "og:url" not in lost


def test_english_pages_name_the_city_in_english(tmp_path: Path) -> None:
    here, office = "荆州市", "荆州市生态环境局"
    city = replace(make_settings(tmp_path), city_name=here, organiser=office)
    english = replace(city, city_name_en="Jingzhou", organiser_en="Jingzhou Ecology Bureau")
    for settings, named, unnamed in (
        (city, (here, office), ()),
        (english, ("Jingzhou", "Jingzhou Ecology Bureau"), (here,)),
    ):
        with application(settings) as app:
            client = app.test_client()
            chinese = client.get("/about/scope").text
            assert office in chinese
            client.set_cookie("lang", "en")
            page = client.get("/about/scope").text
        assert [words for words in named if words not in page] == []
        assert [words for words in unnamed if words in page] == []


def test_the_footer_of_a_government_site(tmp_path: Path, client: FlaskClient) -> None:
    bare = client.get("/about/scope").text
    assert "党政机关网站标识" not in bare
    assert re.search(r'href="/about/problems"[^>]*>网站找错', bare)
    settings = replace(
        make_settings(tmp_path),
        organiser="示例市生态环境局",
        site_code="4210000001",
        icp_no="鄂ICP备00000000号",
        police_no="鄂公网安备42100002000000号",
        gov_mark_url="https://bszs.conac.cn/sitename?method=show&id=1",
    )
    with application(settings) as app:
        page = app.test_client().get("/about/scope").text
    for words in ("主办单位：示例市生态环境局", "网站标识码：4210000001", "鄂ICP备00000000号"):
        assert words in page
    assert "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=4210000001" in page
    assert "https://bszs.conac.cn/sitename?method=show&amp;id=1" in page
