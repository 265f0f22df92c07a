"""The poster of a grid and a category."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from portal.web.citizen.qr import qr_code
from tests.factories import VILLAGE


def test_the_code_opens_the_form_filled_in(client: FlaskClient, city: None) -> None:
    page = client.get(f"/report/poster?grid={VILLAGE}&category=air.dust").text
    address = f"http://localhost/report?category=air.dust&grid={VILLAGE}"
    assert qr_code(address).path in page
    for words in ("东河镇", "发现扬尘问题？", "12345", "12369", "119", "拍照片"):
        assert words in page, words
    form = client.get(f"/report?category=air.dust&grid={VILLAGE}&source=poster").text
    assert f'<option value="{VILLAGE}" selected' in form
    assert 'value="air.dust" checked' in form


@pytest.mark.parametrize("query", ["", "?grid=1&category=x&source=y", "?grid=%00"])
def test_what_is_unknown_is_left_open(client: FlaskClient, city: None, query: str) -> None:
    answer = client.get(f"/report/poster{query}")
    assert answer.status_code == 200
    assert qr_code("http://localhost/report").path in answer.text
    assert "看见污染？" in answer.text


@pytest.mark.parametrize("path", ["/report", "/report/poster"])
def test_a_village_stays_chosen_where_villages_are_too_many_to_list(
    client: FlaskClient, city: None, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.citizen.questionnaire._MOST_VILLAGES", 0)
    page = client.get(f"{path}?grid={VILLAGE}").text
    assert f'<option value="{VILLAGE}" selected' in page
    assert f'value="{VILLAGE}"' not in client.get(path).text
