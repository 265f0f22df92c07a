"""The notices on the tracking page: behind the query code, on paper and as a file."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.clock import now
from portal.domain.reports.states import Action
from tests import factories
from tests.web.citizen.test_tracking import TO_REVIEW, enter


@pytest.fixture
def resolved(app: Flask, city: None) -> tuple[str, str]:
    """Number and query code of a case that has been answered."""
    with app.app_context():
        filed = factories.file_full(at=now())
        factories.walk(filed.report, *TO_REVIEW, Action.RESOLVE)
        return filed.report.number, filed.query_code


def test_the_reporter_reads_and_saves_the_notices(
    client: FlaskClient, resolved: tuple[str, str]
) -> None:
    number, code = resolved
    enter(client, number, code)
    page = client.get(f"/track/{number}").text
    found = re.findall(rf'href="(/track/{number}/notices/\d+)"', page)
    assert len(found) == 2
    assert "答复意见书" in client.get(found[0]).text
    assert "受理告知书" in client.get(found[1]).text
    file = client.get(f"{found[0]}.docx")
    assert file.data.startswith(b"PK")
    assert "no-store" in file.headers["Cache-Control"]


def test_without_the_code_there_is_only_the_entry_form(
    client: FlaskClient, resolved: tuple[str, str]
) -> None:
    number, _code = resolved
    for path in (f"/track/{number}/notices/1", f"/track/{number}/notices/1.docx"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(f"/track/{number}")
