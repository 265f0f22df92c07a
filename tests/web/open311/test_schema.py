"""Every XML document is what the grammar says (georeport.rng), and holds what its JSON holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from portal.domain.reports.states import Action
from tests.factories import drain, walk
from tests.web.open311.conftest import (
    BASE,
    TOKEN_KEY,
    Cases,
    Send,
    as_data,
    tree,
)
from tests.web.transparency.conftest import _report as report_of

GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_name("georeport.rng")))


def check(data: bytes) -> None:
    document = etree.fromstring(data)
    assert GRAMMAR.validate(document), GRAMMAR.error_log


def plain(value: Any) -> Any:
    """JSON as XML spells it."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value] or None
    if isinstance(value, bool):
        return str(value).lower()
    return None if value in {None, ""} else str(value)


@pytest.mark.parametrize(
    "path",
    [
        "/open311/discovery",
        f"{BASE}/services",
        f"{BASE}/services/air.odor",
        f"{BASE}/services/air",
        f"{BASE}/requests",
        f"{BASE}/servicerequestupdates",
        f"{BASE}/nothing",
        f"{BASE}/tokens/none",
    ],
)
@pytest.mark.parametrize("query", ["", "?extensions=true&locale=en"])
def test_both_formats_say_the_same(
    client: FlaskClient, cases: Cases, path: str, query: str
) -> None:
    as_xml, as_json = (client.get(f"{path}.{form}{query}") for form in ("xml", "json"))
    check(as_xml.data)
    assert (as_data(tree(as_xml)) or None) == plain(as_json.get_json())


def test_a_merged_request_and_its_update(app: Flask, client: FlaskClient, cases: Cases) -> None:
    with app.app_context():
        walk(report_of(cases.listed), Action.MERGE)
        drain()
    check(client.get(f"{BASE}/requests/{cases.listed}.xml?extensions=true").data)
    check(client.get(f"{BASE}/servicerequestupdates.xml").data)


def test_what_writing_answers(client: FlaskClient, send: Send, cases: Cases) -> None:
    for answer in (send("xml"), send("xml", api_key=TOKEN_KEY), send("xml", api_key="wrong")):
        check(answer.data)
    (row,) = send(api_key=TOKEN_KEY).get_json()
    check(client.get(f"{BASE}/tokens/{row['token']}.xml").data)
    check(client.get(f"{BASE}/requests/{cases.published}.xml?extensions=true").data)
