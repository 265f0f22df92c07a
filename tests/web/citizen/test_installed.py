"""What a phone asks for to open the portal without network and from its home screen."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.house import ROOT


def test_the_worker_serves_the_whole_site_and_is_asked_for_anew(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["ETag"]
    again = client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_manifest_starts_at_home_with_small_icons_and_ways_in(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    described = answer.get_json(force=True)
    assert (described["start_url"], described["display"]) == ("/", "standalone")
    assert described["lang"] == "zh-CN"
    assert [one["url"] for one in described["shortcuts"]] == ["/report", "/track"]
    assert client.get("/lang?to=en").status_code == 303
    assert client.get("/manifest.webmanifest").get_json(force=True)["lang"] == "en"
    assert {one["sizes"] for one in described["icons"]} == {"192x192", "512x512"}
    assert {one["purpose"] for one in described["icons"]} == {"any", "maskable"}
    for one in described["icons"]:
        assert len((ROOT / one["src"].lstrip("/")).read_bytes()) < 30_000
