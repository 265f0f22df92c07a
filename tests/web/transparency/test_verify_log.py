"""The stand-alone script: right about a live log, and about every way of tampering with a copy."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.signing import Signer
from portal.domain.openlog.entries import leaf_of
from portal.domain.openlog.proofs import receipt_of
from portal.domain.openlog.services import sign_head
from portal.domain.reports.states import Action
from tests.domain.openlog.ledger import heads, seal_all, sealing
from tests.factories import city, file, file_full, walk
from tests.house import ROOT

SCRIPT = ROOT / "tools" / "verify_log.py"
RECEIPT_SCRIPT = SCRIPT.with_name("verify_receipt.py")
Book = dict[str, Any]


def run(*arguments: str | Path, script: Path = SCRIPT) -> str:
    """What the script says at last, with its exit status in front."""
    command = [sys.executable, str(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return f"{done.returncode} {done.stdout}{done.stderr}".strip()


@pytest.fixture
def receipt(app: Flask, tmp_path: Path) -> Path:
    """A log with three heads, and a receipt in it as a file."""
    with app.app_context():
        city()
        file(at=now())
        seal_all()
        with transaction():
            filed = file_full(at=now())
            mine = receipt_of(filed.report, filed.event, leaf_of(filed.event, filed.report))
        seal_all()
        walk(filed.report, Action.ACCEPT, Action.DISPATCH)
        file(at=now())
        seal_all()
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps({"receipt": mine}), encoding="utf-8")
    return path


@pytest.fixture
def address(app: Flask, receipt: Path) -> Iterator[str]:
    """The portal on a port of its own."""
    app.config["TRUSTED_HOSTS"] = None
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def copy(address: str, tmp_path: Path) -> Path:
    """What the script has saved of the log."""
    folder = tmp_path / "copy"
    assert run(address, "--save", folder).startswith("0 OK")
    return folder


def test_a_live_log_is_right(address: str, receipt: Path, copy: Path) -> None:
    said = "0 OK: 5 leaves, 3 heads"
    assert run(address + "/", "--kept", copy / "heads.json") == run(copy) == said


def test_a_receipt_is_found_with_its_steps(receipt: Path, copy: Path) -> None:
    lines = run(copy, receipt, script=RECEIPT_SCRIPT).removeprefix("0 ").splitlines()
    number = json.loads(receipt.read_text())["receipt"]["number"]
    assert [line.split()[-1] for line in lines] == ["file", "accept"]
    assert all(line.startswith(f"{number}: leaf ") for line in lines)


def test_many_pages_are_read_to_the_end(
    address: str, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.transparency.log_data_views.MOST", 2)
    again = tmp_path / "again"
    assert run(address, "--save", again).endswith("OK: 5 leaves, 3 heads")
    for name in ("heads.json", "leaves"):
        assert (again / name).read_bytes() == (copy / name).read_bytes()


def _leaf(change: Callable[[list[bytes]], object]) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        lines = (folder / "leaves").read_bytes().splitlines(keepends=True)
        change(lines)
        (folder / "leaves").write_bytes(b"".join(lines))

    return tamper


def _with_heads(change: Callable[[list[Book]], object]) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        book = json.loads((folder / "heads.json").read_bytes())
        change(book["heads"])
        book["total"] = len(book["heads"])
        (folder / "heads.json").write_text(json.dumps(book), encoding="utf-8")

    return tamper


def _swap(lines: list[bytes]) -> None:
    lines[1], lines[2] = lines[2], lines[1]


def _redate(lines: list[bytes]) -> None:
    lines[0] = lines[0].replace(b'"on":"20', b'"on":"19')


def _backdate(heads: list[Book]) -> None:
    heads[1]["at"] = heads[0]["at"]
    heads[0]["at"] = "2020-01-01T00:00:00Z"


FIT = ": a leaf below was changed, dropped or moved"
UNSIGNED = ": not signed by a key of the log"


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (_leaf(_redate), FIT),
        (_leaf(lambda lines: lines.pop(0)), FIT),
        (_leaf(_swap), FIT),
        (_leaf(lambda lines: lines.insert(1, lines[0])), FIT),
        (_with_heads(_backdate), UNSIGNED),
        (_with_heads(lambda heads: heads.reverse()), "backdated"),
        (_with_heads(lambda heads: heads[1].update(root="ab" * 32)), FIT),
        (_with_heads(lambda heads: heads[1].update(signature="ab" * 64)), UNSIGNED),
        (_with_heads(lambda heads: heads[1].update(key_id="another")), UNSIGNED),
    ],
    ids=[
        "changed",
        "dropped",
        "swapped",
        "slipped in",
        "backdated",
        "reversed",
        "root",
        "signature",
        "key",
    ],
)
def test_a_tampered_copy_fails(copy: Path, tamper: Callable[[Path], None], sentence: str) -> None:
    tamper(copy)
    said = run(copy)
    assert said.startswith("1 FAIL: the head of ")
    assert sentence in said


def test_a_history_cut_off_does_not_match_what_was_kept(copy: Path, tmp_path: Path) -> None:
    """The city forgets the last head and everything under it: alone, that looks whole."""
    kept = tmp_path / "kept.json"
    shutil.copyfile(copy / "heads.json", kept)
    _with_heads(lambda heads: heads.pop())(copy)
    lines = (copy / "leaves").read_bytes().splitlines(keepends=True)
    (copy / "leaves").write_bytes(b"".join(lines[:2]))
    assert run(copy) == "0 OK: 2 leaves, 2 heads"
    said = run(copy, "--kept", kept)
    assert said.startswith("1 FAIL: 5 leaves of ")
    assert said.endswith("are cut off")


def test_a_history_told_anew_does_not_match_what_was_kept(
    app: Flask, copy: Path, receipt: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.json"
    shutil.copyfile(copy / "heads.json", kept)

    def other(heads: list[Book]) -> None:
        for head in heads[:2]:
            head["root"] = "cd" * 32

    folder = tmp_path / "other"
    folder.mkdir()
    book = json.loads(kept.read_bytes())
    other(book["heads"])
    (folder / "heads.json").write_text(json.dumps(book), encoding="utf-8")
    said = run(copy, "--kept", folder / "heads.json")
    assert said.startswith("1 FAIL: rewritten since ")


def test_a_receipt_that_is_not_in_the_log_fails(copy: Path, receipt: Path) -> None:
    mine = json.loads(receipt.read_text())["receipt"]
    receipt.write_text(json.dumps({**mine, "leaf": "ab" * 32}))
    assert "is not in the log: keep the receipt" in run(copy, receipt, script=RECEIPT_SCRIPT)
    receipt.write_text(json.dumps({**mine, "content_commitment": "ab" * 32}))
    assert "with another number, content or day" in run(copy, receipt, script=RECEIPT_SCRIPT)


@pytest.fixture
def rotated(app: Flask, address: str, tmp_path: Path) -> Path:
    """What the script has saved of a log whose key was changed once."""
    with app.app_context(), transaction():
        keys = [Signer(b"n" * 32), *sealing().signers()]
        sign_head(keys, "here", heads()[-1].at + timedelta(minutes=1))
    folder = tmp_path / "rotated"
    assert run(address, "--save", folder) == "0 OK: 5 leaves, 4 heads"
    return folder


def _key(folder: Path, **change: Any) -> None:
    book = json.loads((folder / "heads.json").read_bytes())
    book["keys"][1].update(change)
    (folder / "heads.json").write_text(json.dumps(book), encoding="utf-8")


def test_the_endorsement_of_a_new_key_must_be_true(rotated: Path) -> None:
    _key(rotated, endorsement="ab" * 64)
    assert run(rotated).startswith("1 FAIL: the key ")
    assert " did not endorse " in run(rotated)


def test_a_new_key_that_nobody_endorsed_is_named(rotated: Path) -> None:
    """As after the loss of the old one; or another city's key, put in with its heads."""
    _key(rotated, endorsed_by=None, endorsement=None)
    note, last = run(rotated).splitlines()
    assert note.startswith("0 NOTE: no key before ")
    assert last == "OK: 5 leaves, 4 heads"


def test_a_case_slipped_in_late_is_noted(app: Flask, address: str, copy: Path) -> None:
    """Properly sealed, but it gives a day long before the head that did not know of it."""
    with app.app_context():
        file(at=now() - timedelta(days=9))
        seal_all()
    first, last = run(address, "--kept", copy / "heads.json").splitlines()
    assert first.startswith("0 NOTE: leaf 5 gives a day before ")
    assert last == "OK: 6 leaves, 4 heads"


def test_it_is_short_and_needs_nothing_but_python() -> None:
    source = SCRIPT.read_text(encoding="utf-8").removeprefix("#!/usr/bin/env python3")
    tree = ast.parse(source)
    told = {
        line
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef)) and ast.get_docstring(node)
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    code = [n for n, line in enumerate(source.splitlines(), 1) if line.strip() and n not in told]
    assert len(code) <= 60
    assert max(map(len, source.splitlines())) <= 100
    isolated = [sys.executable, "-I", "-S", str(SCRIPT), "nowhere"]
    done = subprocess.run(isolated, capture_output=True, text=True, check=False)
    assert "ModuleNotFoundError" not in done.stderr
    assert "FileNotFoundError" in done.stderr
