"""Limits hold across processes: two servers on one instance let in as many as one would."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import cycle
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from portal.web.citizen.consents import CONSENT_VERSION
from portal.web.limits import FILINGS_OF_ADDRESS
from tests.drill.test_killed_web import Web
from tests.engines import Redis
from tests.jobs.conftest import workplace
from tests.jobs.worker import Workplace

__all__ = ["workplace"]
MOST = FILINGS_OF_ADDRESS[0].amount
BEYOND = 6
SERVERS = 2


@pytest.fixture(params=["sqlite", "redis"])
def servers(
    request: pytest.FixtureRequest, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[Web]]:
    if request.param == "redis":
        server: Redis = request.getfixturevalue("redis")
        monkeypatch.setenv("REDIS_URL", server.url)
    webs = [Web(workplace) for _ in range(SERVERS)]
    try:
        for web in webs:
            web.start()
        for web in webs:
            web.wait()
        yield webs
    finally:
        for web in webs:
            if web.process:
                web.kill()


def file(web: Web) -> tuple[int, str]:
    fields = {
        "category": "air.odor",
        "description": f"河边作坊夜里排放刺鼻气味 {uuid4()}",
        "address": "河堤路老桥下",
        "consent": CONSENT_VERSION,
    }
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
        "Idempotency-Key": str(uuid4()),
        "X-Forwarded-For": "198.51.100.7",
    }
    connection = HTTPConnection("127.0.0.1", web.port, timeout=60)
    try:
        connection.request("POST", "/report", urlencode(fields), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read()).get("code", "")
    finally:
        connection.close()


def test_two_servers_let_in_as_many_as_one(servers: list[Web]) -> None:
    chosen = [web for web, _n in zip(cycle(servers), range(MOST + BEYOND), strict=False)]
    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(file, chosen))
    assert answers == {
        (HTTPStatus.CREATED.value, ""): MOST,
        (HTTPStatus.TOO_MANY_REQUESTS.value, "challenged"): BEYOND,
    }
