"""The pages about the portal."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from portal.core.errors import PortalError


@pytest.mark.parametrize("name", ["scope", "privacy", "accessibility", "licence", "problems"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_open(client: FlaskClient, name: str, lang: str) -> None:
    client.set_cookie("lang", lang)
    answer = client.get(f"/about/{name}")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


def test_every_code_has_its_anchor(client: FlaskClient) -> None:
    def codes(kind: type[PortalError]) -> set[str]:
        return {kind.code}.union(*(codes(child) for child in kind.__subclasses__()))

    page = client.get("/about/problems").text
    anchors = set(re.findall(r'<h2 id="([^"]+)"', page))
    assert codes(PortalError) | {"csrf", "internal"} <= anchors
