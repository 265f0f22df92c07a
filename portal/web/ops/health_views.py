"""Alive, ready, and a few numbers."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from portal.core.clock import now
from portal.domain.openlog.queries import latest_head, sealed_count, unsealed_tail
from portal.domain.timeline.models import DeliveryState
from portal.domain.timeline.queries import delivery_counts
from portal.web.access import client_address, public
from portal.web.ops.door import bp
from portal.web.ops.readiness import check_all

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """The process answers; says nothing about what it stands on."""
    return _fresh(Response("ok\n", mimetype="text/plain"))


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Every check by name, 503 when one fails."""
    checks = check_all()
    is_ready = all(said == "ok" for said in checks.values())
    response = jsonify({"ready": is_ready, "checks": checks})
    response.status_code = 200 if is_ready else 503
    return _fresh(response)


@bp.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Deliveries by state and the public log, in Prometheus' text format; only for this machine.

    A proxy on this machine is loopback too: what came through one names its visitor.
    """
    is_forwarded = any(name in request.headers for name in _FORWARDED)
    if is_forwarded or not _is_loopback(client_address()):
        abort(404)
    counts = delivery_counts()
    lines = [
        "# HELP portal_deliveries Events owed to subscribers, by state.",
        "# TYPE portal_deliveries gauge",
        *(f'portal_deliveries{{state="{s}"}} {counts.get(s, 0)}' for s in DeliveryState),
        *_public_log(),
    ]
    return _fresh(Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4"))


def _public_log() -> list[str]:
    at, head = now(), latest_head()
    figures = {
        "unsealed": ("Events that wait to be sealed.", unsealed_tail(at).waiting),
        "size": ("Events sealed into the public log.", sealed_count()),
        "published": ("Leaves under the newest signed head.", head.size if head else 0),
        "head_age_seconds": (
            "Since when the newest head stands.",
            round((at - head.at).total_seconds()) if head else 0,
        ),
    }
    return [
        line
        for name, (words, value) in figures.items()
        for line in (
            f"# HELP portal_log_{name} {words}",
            f"# TYPE portal_log_{name} gauge",
            f"portal_log_{name} {value}",
        )
    ]


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
