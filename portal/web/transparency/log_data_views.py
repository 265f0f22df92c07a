"""The public log for programs: heads, leaves, proofs, and the script that checks them all."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, jsonify, request

from portal.config import ROOT
from portal.core.errors import InvalidFieldsError, NotFoundError, PortalError
from portal.core.text import N_
from portal.domain.openlog import proofs, queries
from portal.domain.openlog.models import LogHead, Seal
from portal.domain.openlog.tree import Tree
from portal.web.access import public
from portal.web.errors import problem
from portal.web.transparency.door import bp

MOST = 1_000
SHORTEST = 16  # hexadecimal digits of a leaf that are enough to find it
SCRIPTS = ROOT / "tools"
_LEAF = re.compile(rf"[0-9a-f]{{{SHORTEST},64}}")
_FOREVER = "public, max-age=31536000, immutable"
_FRESH = "public, no-cache"
View = Callable[[], Response]


class NotPublishedYetError(NotFoundError):
    """The leaf is sealed; the next head will reach it."""

    code = "not_published_yet"


def data(view: View) -> View:
    """For programs: refusals are problem documents, any page may read, browsers ask again."""

    @wraps(view)
    def answered() -> Response:
        try:
            response = view()
        except PortalError as fault:
            return _open(problem(fault), "no-store")
        return _open(response, response.headers.get("Cache-Control", _FRESH))

    return answered


def _open(response: Response, kept: str) -> Response:
    response.headers["Cache-Control"] = kept
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    if response.status_code == 200 and not response.is_streamed:
        response.add_etag()
        response.make_conditional(request)
    return response


@bp.get("/open/log/heads.json")
@public
@data
def log_heads_json() -> Response:
    """Every head in the order of signing from `from` on, MOST at once, and the keys."""
    first = _number("from", 0)
    return jsonify(
        total=queries.head_count(),
        heads=[proofs.head_json(head) for head in queries.heads(first, MOST)],
        keys=[proofs.key_json(key) for key in queries.log_keys()],
        **{"from": first},
    )


@bp.get("/open/log/heads")
@public
@data
def log_heads() -> Response:
    """The same heads as signed notes, for archives and other tools."""
    by_id = {key.key_id: key for key in queries.log_keys()}
    found = queries.heads(_number("from", 0), MOST)
    notes = [proofs.note_of(head, by_id[head.key_id]) for head in found]
    return Response("\n".join(notes), mimetype="text/plain")


@bp.get("/open/log/leaves")
@public
@data
def log_leaves() -> Response:
    """Leaves from…to (not included), at most MOST, one a line; each line is a leaf's data."""
    head = queries.latest_head()
    size = head.size if head else 0
    low = _number("from", 0)
    high = min(_number("to", low + MOST), low + MOST)
    told = queries.entries(low, min(high, size))
    response = Response("".join(f"{entry}\n" for entry in told), mimetype="application/x-ndjson")
    response.headers["Cache-Control"] = _FOREVER if low < high <= size else _FRESH
    return response


@bp.get("/open/log/proof")
@public
@data
def log_proof() -> Response:
    """That the leaf whose hash begins with `leaf` stands in the log, under the newest head
    or under one of `size` leaves.
    """
    seal = _sealed(request.args.get("leaf", ""))
    return jsonify(proofs.proof_of(seal, _head_over(seal)))


@bp.get("/open/log/consistency")
@public
@data
def log_consistency() -> Response:
    """That the log of `second` leaves holds that of `first` unchanged; by default the newest."""
    head = queries.latest_head()
    size = head.size if head else 0
    first, second = _number("first", 0), _number("second", size)
    if not 0 < first <= second <= size:
        raise InvalidFieldsError.one("first", "range", N_("要有 0 < first ≤ second ≤ 账头的大小。"))
    path = [step.hex() for step in Tree().consistency(first, second)]
    roots: dict[str, Any] = {"first_root": Tree().root(first).hex()}
    return jsonify(first=first, second=second, path=path, **roots)


@bp.get("/open/log/verify.py")
@public
@data
def log_script() -> Response:
    """The script that checks the whole log on anybody's computer."""
    return _script("verify_log.py")


@bp.get("/open/log/verify_receipt.py")
@public
@data
def log_receipt_script() -> Response:
    """The script that looks for a receipt in what the other one has saved."""
    return _script("verify_receipt.py")


def _script(name: str) -> Response:
    return Response((SCRIPTS / name).read_bytes(), mimetype="text/x-python")


def find_seal(typed: str) -> Seal | None:
    """The one seal whose leaf begins as typed; spaces, hyphens and case are forgiven.

    Raises InvalidFieldsError for what is no leaf, or too little of one.
    """
    beginning = re.sub(r"[\s\-]", "", typed).lower()
    if not _LEAF.fullmatch(beginning):
        message = N_("封存码是16到64位的数字和字母a到f。")
        raise InvalidFieldsError.one("leaf", "invalid", message)
    found = queries.seals_by_leaf(beginning)
    return found[0] if len(found) == 1 else None


def _sealed(typed: str) -> Seal:
    seal = find_seal(typed)
    if seal is None:
        raise NotFoundError(N_("公开存证里没有这个封存码。"))
    return seal


def _head_over(seal: Seal) -> LogHead:
    """The head asked for, or the newest; it must reach the seal."""
    if "size" in request.args:
        head = queries.head_of_size(_number("size", 0))
        if head is None or head.size <= seal.seq:
            raise NotFoundError(N_("没有这个大小的账头，或者它还不到这一号。"))
        return head
    newest = proofs.published(seal)
    if newest is None:
        raise NotPublishedYetError(N_("已经封存，等下一次公布账头就能查。"))
    return newest


def _number(name: str, default: int) -> int:
    typed = request.args.get(name, str(default))
    if not (typed.isascii() and typed.isdigit() and len(typed) < 18):
        raise InvalidFieldsError.one(name, "invalid", N_("要写一个不小于0的整数。"))
    return int(typed)
