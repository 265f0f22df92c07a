"""Without DEMO it is production: what would make it unsafe is refused, all faults at once."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from portal.config import Settings, SettingsError
from tests.apps import application

KEY = base64.b64encode(b"k" * 32).decode()
CITY = {
    "BASE_URL": "https://portal.example",
    "SECRET_KEY": KEY,
    "FIELD_KEYS": f"k1:{KEY}",
    "TRUSTED_PROXIES": "1",
}


def read(instance: Path, behind: str = "", **given: str) -> Settings:
    """Settings of a process whose env file says `behind`."""
    instance.mkdir(exist_ok=True)
    (instance / "env").write_text(behind, encoding="utf-8")
    return Settings.from_env({"INSTANCE_PATH": str(instance), **given})


def faults(instance: Path, behind: str = "", **given: str) -> list[str]:
    """Why the settings are refused."""
    with pytest.raises(SettingsError) as caught:
        read(instance, behind, **given)
    return caught.value.faults


def test_a_city_s_own_settings_are_taken(tmp_path: Path) -> None:
    settings = read(tmp_path, **CITY)
    assert settings.second_factor
    assert settings.secure
    assert settings.trusted_hosts == ("portal.example",)


def test_no_other_city_is_called_by_the_sample_s_name(tmp_path: Path) -> None:
    assert read(tmp_path, **CITY).city_name_en == "Sample City"
    assert read(tmp_path, CITY_NAME="荆州市", **CITY).city_name_en == ""
    named = {"CITY_NAME": "荆州市", "CITY_NAME_EN": "Jingzhou"}
    assert read(tmp_path, **named, **CITY).city_name_en == "Jingzhou"


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    said = "\n".join(faults(tmp_path, WEBHOOK_URLS="file:///etc/passwd", CLOCK_OFFSET="+1d"))
    names = ("SECRET_KEY", "FIELD_KEYS", "BASE_URL", "TRUSTED_PROXIES", "WEBHOOK_URLS", "CLOCK")
    assert [name for name in names if name not in said] == []


def test_the_secrets_of_a_demo_are_refused(tmp_path: Path) -> None:
    assert "DEMO=1" in faults(tmp_path, "DEMO_SECRETS=1\n", **CITY)[0]


def test_what_a_demo_left_behind_makes_no_city_a_demo(tmp_path: Path) -> None:
    left = f"DEMO=1\nSECRET_KEY={KEY}\nFIELD_KEYS=k1:{KEY}\nDEMO_SECRETS=1\n"
    assert "earlier demo" in faults(tmp_path, left, **CITY)[0]
    assert read(tmp_path, left).demo
    assert read(tmp_path, left, DEMO="1", BASE_URL="https://demo.example").demo


def test_the_relaxed_settings_of_tests_never_meet_the_public(tmp_path: Path) -> None:
    assert "TESTING" in faults(tmp_path, TESTING="1", **CITY)[0]


def test_over_https_every_answer_and_cookie_says_so(settings: Settings) -> None:
    public = replace(
        settings,
        testing=False,
        base_url="https://portal.example",
        trusted_hosts=("portal.example",),
    )
    with application(public) as app:
        page = app.test_client().get("/desk/login", base_url="https://portal.example")
    assert page.status_code == 200
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "suishoupai-demo" not in page.text


def test_a_foreign_host_is_refused(settings: Settings) -> None:
    public = replace(settings, trusted_hosts=("portal.example",))
    forwarded = {"X-Forwarded-Host": "evil.example"}
    with application(public) as app:
        client = app.test_client()
        assert client.get("/", base_url="http://evil.example").status_code == 400
        answer = client.get("/track", base_url="http://portal.example", headers=forwarded)
    assert answer.status_code == 200
    assert "evil.example" not in answer.text
