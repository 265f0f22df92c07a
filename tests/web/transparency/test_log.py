"""The public log as anybody meets it: pages, files, proofs, a receipt held against it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.merkle import is_consistent, leaf_hash, root_by_inclusion, root_of
from portal.core.signing import head_text, is_signed
from portal.domain.openlog.entries import leaf_of
from portal.domain.openlog.proofs import receipt_of
from portal.domain.reports.states import Action
from tests.domain.openlog.ledger import seal_all, sealing, tamper
from tests.factories import city, file_full, walk
from tests.web.transparency.conftest import PRIVATE, Cases

Receipt = dict[str, Any]


@pytest.fixture
def receipt(app: Flask) -> Receipt:
    """Two heads, and a receipt under the first."""
    with app.app_context():
        city()
        with transaction():
            filed = file_full()
            leaf = leaf_of(filed.event, filed.report)
            mine = receipt_of(filed.report, filed.event, leaf)
        seal_all()
        with transaction():
            walk(filed.report, Action.ACCEPT, Action.DISPATCH)
        seal_all()
    return mine


def told(client: FlaskClient, path: str, status: int = 200) -> Any:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return json.loads(answer.text)


def leaves(client: FlaskClient) -> list[str]:
    return client.get("/open/log/leaves").text.splitlines()


def test_an_empty_log_says_what_will_come(client: FlaskClient) -> None:
    page = client.get("/open/log")
    assert page.status_code == 200
    assert "第一件举报封存以后" in page.text
    assert told(client, "/open/log/heads.json") == {"from": 0, "total": 0, "heads": [], "keys": []}
    assert leaves(client) == []
    told(client, "/open/log/consistency?first=1", 422)


def test_heads_are_signed_and_add_to_each_other(client: FlaskClient, receipt: Receipt) -> None:
    book = told(client, "/open/log/heads.json")
    (key,) = book["keys"]
    hashes = [leaf_hash(entry.encode()) for entry in leaves(client)]
    for head in book["heads"]:
        root = bytes.fromhex(head["root"])
        assert root == root_of(hashes[: head["size"]])
        at = now().fromisoformat(head["at"])
        text = head_text(head["origin"], head["size"], root, at)
        assert is_signed(text, bytes.fromhex(head["signature"]), bytes.fromhex(key["public"]))
    first, last = book["heads"][0], book["heads"][-1]
    assert first["size"] < last["size"] == len(hashes)
    path = f"/open/log/consistency?first={first['size']}&second={last['size']}"
    steps = [bytes.fromhex(step) for step in told(client, path)["path"]]
    ends = [(h["size"], bytes.fromhex(h["root"])) for h in (first, last)]
    assert is_consistent(ends[0], ends[1], steps)
    notes = client.get("/open/log/heads").text
    assert notes.count("\n— localhost/open/log ") == book["total"]


def test_a_leaf_is_proved_by_its_beginning(client: FlaskClient, receipt: Receipt) -> None:
    typed = "-".join(receipt["leaf"][n : n + 4] for n in range(0, 16, 4)).upper()
    proof = told(client, f"/open/log/proof?leaf={typed}")
    assert proof["leaf"] == receipt["leaf"] == leaf_hash(proof["entry"].encode()).hex()
    steps = [bytes.fromhex(step) for step in proof["path"]]
    leaf, head = bytes.fromhex(proof["leaf"]), proof["head"]
    root = root_by_inclusion(leaf, proof["index"], head["size"], steps)
    assert root is not None
    assert root.hex() == head["root"]
    assert told(client, f"/open/log/proof?leaf={receipt['leaf']}&size=1")["path"] == []
    for wrong, status in (("ab" * 32, 404), ("xyz", 422), ("abc", 422)):
        assert told(client, f"/open/log/proof?leaf={wrong}", status)["type"].startswith("/about")
    told(client, f"/open/log/proof?leaf={receipt['leaf']}&size=999", 404)


def test_only_what_a_head_reaches_is_public(
    app: Flask, client: FlaskClient, receipt: Receipt
) -> None:
    before = leaves(client)
    with app.app_context():
        with transaction():
            filed = file_full(at=now())
            leaf = leaf_of(filed.event, filed.report)
        sealing().run()
    assert leaves(client) == before
    assert told(client, f"/open/log/proof?leaf={leaf}", 404)["code"] == "not_published_yet"
    with app.app_context():
        assert sealing().sign()
    assert len(leaves(client)) == len(before) + 1
    assert told(client, f"/open/log/proof?leaf={leaf}")["leaf"] == leaf


def test_what_cannot_change_is_kept_for_good(client: FlaskClient, receipt: Receipt) -> None:
    whole = client.get("/open/log/leaves?from=0&to=2")
    assert "immutable" in whole.headers["Cache-Control"]
    assert len(whole.text.splitlines()) == 2
    open_end = client.get("/open/log/leaves?from=0")
    assert open_end.headers["Cache-Control"] == "public, no-cache"
    again = client.get(
        "/open/log/leaves?from=0", headers={"If-None-Match": open_end.headers["ETag"]}
    )
    assert again.status_code == 304
    assert told(client, "/open/log/leaves?from=-1", 422)["code"] == "invalid_fields"
    assert client.get("/open/log/leaves?from=99999999").text == ""


def test_the_page_tells_how_the_log_stands(client: FlaskClient, receipt: Receipt) -> None:
    page = client.get("/open/log").text
    book = told(client, "/open/log/heads.json")
    assert book["heads"][-1]["root"] in page
    assert "五句话说明白" in page
    assert page.count('<th scope="row">') >= 2
    assert client.get("/open/log/verify.py").text.startswith("#!/usr/bin/env python3")
    client.set_cookie("lang", "en")
    assert "Public log" in client.get("/open/log").text


def check(client: FlaskClient, status: int = 200, **form: str) -> str:
    answer = client.post("/open/log", data=form)
    assert answer.status_code == status
    return answer.text


def test_a_receipt_is_held_against_the_log_without_scripts(
    client: FlaskClient, receipt: Receipt
) -> None:
    page = check(client, receipt=json.dumps(receipt))
    assert "查到了：封存在第1条" in page
    assert page.count("<b>通过</b>") == 4
    assert "等于您信我们一次" in page
    wrapped = check(client, receipt=json.dumps({"receipt": receipt, "proof": {}}))
    assert "查到了：封存在第1条" in wrapped
    typed = check(client, leaf=receipt["leaf"][:16], number=receipt["number"])
    assert "查到了：封存在第1条" in typed
    assert typed.count("<b>没查</b>") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"number": "SP261122000123K"},
        {"content_commitment": "ab" * 32},
        {"nonce": "00" * 16},
        {"received_at": "2020-01-01T00:00:00.000+08:00"},
        {"leaf": "ab" * 32},
    ],
)
def test_a_false_receipt_fails(
    client: FlaskClient, receipt: Receipt, change: dict[str, str]
) -> None:
    page = check(client, receipt=json.dumps({**receipt, **change}))
    assert "对不上" in page
    assert page.count("<b>不通过</b>") == 1
    assert "查到了" not in page.partition("data-words")[0]


@pytest.mark.parametrize(
    "form",
    [
        {"receipt": "不是回执"},
        {"receipt": "[1]"},
        {"receipt": '{"leaf": 7}'},
        {
            "receipt": '{"leaf":"a","number":"b","nonce":"zz","content_commitment":"",'
            '"received_at":""}'
        },
        {"leaf": "短"},
        {},
    ],
)
def test_what_is_no_receipt_gets_a_kind_word(client: FlaskClient, form: dict[str, str]) -> None:
    page = check(client, 422, **form)
    assert "还有1处要改" in page


def test_a_fresh_receipt_waits_for_its_head(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        city()
        with transaction():
            file_full()
        seal_all()
        with transaction():
            filed = file_full(at=now())
            mine = receipt_of(filed.report, filed.event, leaf_of(filed.event, filed.report))
    assert (
        "账本里没有这个封存码" in check(client, receipt=json.dumps(mine)).partition("data-words")[0]
    )
    with app.app_context():
        sealing().run()
    assert "等账头公布以后再来查" in check(client, receipt=json.dumps(mine))


def test_a_tampered_tree_fails_for_every_receipt(
    app: Flask, client: FlaskClient, receipt: Receipt
) -> None:
    with app.app_context():
        tamper("UPDATE seal SET entry = :other WHERE seq = 1", other=b'\x80{"v": 1}')
    page = check(client, receipt=json.dumps(receipt)).partition("data-words")[0]
    assert "得不到账头" in page


def test_nothing_private_stands_in_the_log(app: Flask, client: FlaskClient, cases: Cases) -> None:
    with app.app_context():
        seal_all()
    numbers = (cases.published, cases.listed)
    paths = ("/open/log", "/open/log/heads", "/open/log/heads.json", "/open/log/leaves")
    for path in paths:
        text = client.get(path).text
        assert not [words for words in (*PRIVATE, *numbers) if words in text], path


def test_the_page_is_asked_for_again_only_when_it_changed(
    app: Flask, client: FlaskClient, receipt: Receipt
) -> None:
    first = client.get("/open/log")
    asked = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/open/log", headers=asked).status_code == 304
    with app.app_context(), transaction():
        file_full(at=now() - timedelta(minutes=1))
    with app.app_context():
        seal_all()
    assert client.get("/open/log", headers=asked).status_code == 200
