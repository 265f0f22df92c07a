"""What other sites of the city may show in an iframe, and that nothing else can be shown there."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.config import Settings, SettingsError
from tests.web.transparency.conftest import PRIVATE, Cases

EMBEDS = ("/open/embed/figures", "/open/embed/map")
CITY_HALL = "https://www.example.gov.cn"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, embed_origins=(CITY_HALL, "https://*.example.cn"))


@pytest.mark.parametrize("path", EMBEDS)
def test_named_sites_may_frame_them(client: FlaskClient, cases: Cases, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    for answer in (first, again):
        policy = answer.headers["Content-Security-Policy"]
        assert f"frame-ancestors 'self' {CITY_HALL} https://*.example.cn;" in policy
        assert "X-Frame-Options" not in answer.headers
    assert "sha256-" in first.headers["Content-Security-Policy"]


def test_nothing_else_can_be_framed(client: FlaskClient, cases: Cases) -> None:
    for path in ("/", "/open", "/open/figures", "/open/data", "/report", "/desk/login", "/nowhere"):
        answer = client.get(path)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
        assert answer.headers["X-Frame-Options"] == "DENY", path


@pytest.mark.parametrize("path", EMBEDS)
def test_links_leave_the_frame(client: FlaskClient, cases: Cases, path: str) -> None:
    page = client.get(path).text
    links = re.findall(r"<a [^>]+>", page)
    assert len(links) >= 2
    assert all('target="_blank" rel="noopener"' in link for link in links)
    assert "<form" not in page
    assert "<script" not in page
    assert not [words for words in PRIVATE if words in page]


def test_it_speaks_the_language_of_the_site(client: FlaskClient, cases: Cases) -> None:
    assert 'lang="en"' in client.get(f"{EMBEDS[0]}?lang=en").text
    assert 'lang="zh-CN"' in client.get(EMBEDS[0]).text


def test_figures_of_a_town(client: FlaskClient, cases: Cases) -> None:
    page = client.get(f"{EMBEDS[0]}?kind=town&key=999901001").text
    assert "东河镇统计" in page
    assert "/open/figures?kind=town&amp;key=999901001" in page
    assert client.get(f"{EMBEDS[0]}?kind=town&key=1").status_code == 404


def test_the_snippets_lead_here(app: Flask, client: FlaskClient, cases: Cases) -> None:
    page = client.get("/open/data").text
    for path in EMBEDS:
        assert f"&lt;iframe src=&#34;http://localhost{path}&#34;" in page


@pytest.mark.parametrize(
    "origin", ["https://a.cn/page", "javascript:alert(1)", "'none'", "*", "https://a.cn; img-src *"]
)
def test_what_is_no_site_is_refused(tmp_path: Path, origin: str) -> None:
    with pytest.raises(SettingsError, match="EMBED_ORIGINS"):
        Settings.from_env({"INSTANCE_PATH": str(tmp_path), "EMBED_ORIGINS": origin, "DEMO": "1"})
