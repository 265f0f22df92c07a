"""What each route holds of a report, for the role × department × route matrix.

A route that is not described here fails `test_matrix.py`: say what it holds when you add one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.domain.accounts.permissions import Permission
from portal.domain.casework.desk_queries import Queue
from portal.domain.reports.states import Action
from portal.web.desk.steps import STEPS


class Holds(StrEnum):
    """What a route may show or change."""

    ONE = "one report, or a part of one: who does not see it gets a 404"
    MANY = "lists, counts or exports: nothing that the reader does not see"
    NONE = "nothing of any report: its pages are read all the same"
    OWN = "told outside, or to the reporter with the code: no words that are not released"
    WRITES = "takes something new, or settings; it names no report"


@dataclass(frozen=True)
class Row:
    """One route; a visible report still demands `right` or `step`; `paths` are ways to ask."""

    holds: Holds
    right: Permission | None = None
    step: Action | None = None
    by_case: bool = False  # who else may depends on the case: its room's own tests say so
    paths: tuple[Mapping[str, str], ...] = ()
    queries: tuple[str, ...] = field(default=("",))


P = Permission
ONE, MANY, NONE, OWN, WRITES = Holds
# Ways to look for what the plain lists do not show; asked beside every queue.
SEARCHES = (
    "/desk/queue/all?q={secret}",
    "/desk/queue/all?q={number}",
    "/desk/queue/all?figure=filed",
    "/desk/queue/all?department=sthj",
    "/desk/queue/mine?q={secret}&sort=new",
    "/desk/queue/overdue?town=999901001",
)
_BULK = ({"step": "accept"}, {"step": "dispatch"}, {"step": "decline"}, {"step": "merge"})
_SPANS = ("", "?from=2026-01&to=2026-12")

MATRIX: dict[str, Row] = {
    "GET /desk/": Row(MANY),
    "GET /desk/queue/<name>": Row(MANY, paths=tuple({"name": q.value} for q in Queue)),
    "GET /desk/figures": Row(MANY, queries=_SPANS),
    "GET /desk/scorecard": Row(MANY, queries=_SPANS),
    "GET /desk/targets": Row(MANY),
    "GET /open": Row(MANY),
    "GET /open/reports": Row(MANY, queries=("", "?q={secret}", "?q={number}")),
    "GET /open/map": Row(MANY, queries=("", "?bbox=112,30,113,31&zoom=16", "?q={number}")),
    "GET /open/map/cells": Row(MANY, queries=("?zoom=18", "?q={secret}", "?q={number}")),
    "GET /": Row(MANY),
    "GET /desk/duty": Row(MANY),
    "GET /desk/accuracy": Row(MANY),
    "POST /desk/alerts/<int:alert_id>/acknowledge": Row(ONE, by_case=True),
    "GET /desk/views": Row(MANY),
    "GET /desk/lookbacks": Row(MANY),
    "POST /desk/reports/<number>/texts/<action>": Row(
        ONE, by_case=True, paths=({"action": "decline"},)
    ),
    "GET /desk/lookbacks/<int:look_back_id>": Row(ONE, by_case=True),
    "POST /desk/lookbacks/<int:look_back_id>": Row(ONE, by_case=True),
    "GET /desk/lookbacks/<int:look_back_id>/record": Row(ONE, by_case=True),
    "GET /desk/lookbacks/<int:look_back_id>/record.docx": Row(ONE, by_case=True),
    "GET /desk/inspections": Row(MANY),
    "GET /desk/inspections/<int:inspection_id>": Row(MANY),
    "GET /desk/inspections/<int:inspection_id>/report": Row(MANY),
    "GET /desk/inspections/<int:inspection_id>/report.docx": Row(MANY),
    "GET /desk/inspections/<int:inspection_id>/lines/<int:line_id>": Row(ONE, by_case=True),
    "POST /desk/inspections/<int:inspection_id>/lines/<int:line_id>": Row(ONE, by_case=True),
    "POST /desk/inspections/<int:inspection_id>/lines/<int:line_id>/remove": Row(ONE, by_case=True),
    "GET /open/inspections": Row(MANY),
    "POST /desk/reports/<number>/star": Row(ONE, P.STAR_REPORT),
    "GET /desk/objections": Row(MANY, P.ANSWER_OBJECTION, queries=("", "?view=answered")),
    "GET /desk/objections/<int:objection_id>": Row(ONE, by_case=True),
    "POST /desk/objections/<int:objection_id>/hide": Row(ONE, by_case=True),
    "POST /desk/objections/<int:objection_id>/draft": Row(ONE, by_case=True),
    "POST /desk/objections/<int:objection_id>/confirm": Row(ONE, by_case=True),
    "GET /open/reports/<number>/objection": Row(OWN),
    "POST /open/reports/<number>/objection": Row(OWN),
    "GET /desk/orders": Row(MANY, P.READ_ORDERS, queries=("", "?view=all")),
    "GET /desk/orders/<int:order_id>": Row(ONE, by_case=True),
    "GET /desk/orders/<int:order_id>.docx": Row(ONE, by_case=True),
    "POST /desk/orders/<int:order_id>/answer": Row(ONE, by_case=True),
    "POST /desk/orders/<int:order_id>/lift": Row(ONE, by_case=True),
    "GET /desk/reports/<number>/press": Row(ONE, P.ISSUE_ORDER),
    "POST /desk/reports/<number>/press/order": Row(ONE, P.ISSUE_ORDER),
    "POST /desk/reports/<number>/press/talk": Row(ONE, P.ISSUE_ORDER),
    "POST /desk/reports/<number>/press/urge": Row(ONE, P.ISSUE_ORDER),
    "GET /open/orders": Row(MANY),
    "GET /open/ogc/collections/reports/items": Row(MANY, queries=("?limit=1000", "?q={secret}")),
    "GET /open/ogc/collections/reports/items/<number>": Row(OWN),
    "GET /open/embed/figures": Row(MANY),
    "GET /open/embed/map": Row(MANY),
    **{
        f"GET /open/data/reports.{kind}": Row(MANY, queries=("", "?q={secret}", "?q={number}"))
        for kind in ("csv", "geojson", "atom")
    },
    "GET /open/figures": Row(MANY, queries=("", "?kind=town&key=999901001", "?by=median_days")),
    "GET /desk/bulk/<step>": Row(MANY, paths=_BULK, queries=("?pick={number}",)),
    "POST /desk/bulk/<step>": Row(MANY, paths=_BULK, queries=("?pick={number}",)),
    "GET /desk/reports/<number>": Row(ONE),
    "POST /desk/reports/<number>/actions/<action>": Row(
        ONE, paths=tuple({"action": a.value} for a in STEPS)
    ),
    "POST /desk/reports/<number>/checks": Row(ONE, P.RECORD_CHECK),
    "POST /desk/reports/<number>/contacts": Row(ONE, P.RECORD_CONTACT),
    "POST /desk/reports/<number>/extension": Row(ONE, P.ASK_EXTENSION),
    "POST /desk/reports/<number>/extension/grant": Row(ONE, P.DECIDE_EXTENSION),
    "POST /desk/reports/<number>/extension/refuse": Row(ONE, P.DECIDE_EXTENSION),
    "POST /desk/reports/<number>/milestones/<int:milestone_id>": Row(ONE, P.RECORD_PROGRESS),
    "GET /desk/reports/<number>/notices/<int:event_id>": Row(ONE),
    "GET /desk/reports/<number>/notices/<int:event_id>.docx": Row(ONE),
    "POST /desk/reports/<number>/parts/sign": Row(ONE, P.SEE_DEPARTMENT),
    "POST /desk/reports/<number>/parts/report": Row(ONE, P.REPORT_PART),
    "POST /desk/reports/<number>/handler": Row(ONE, P.HAND_TO_CLERK),
    "GET /desk/hand-out": Row(MANY, P.HAND_TO_CLERK, queries=("?pick={number}",)),
    "POST /desk/hand-out": Row(MANY, P.HAND_TO_CLERK, queries=("?pick={number}",)),
    "GET /desk/reports/<number>/compare/<other>": Row(ONE),
    "POST /desk/reports/<number>/compare/<other>/again": Row(ONE, step=Action.MERGE),
    "POST /desk/reports/<number>/compare/<other>/apart": Row(ONE, step=Action.MERGE),
    "GET /media/<key>/<int:size>.jpg": Row(ONE, paths=({"size": "160"}, {"size": "400"})),
    "GET /media/share/<number>.jpg": Row(OWN),
    "GET /media/original/<signed>": Row(ONE, by_case=True),
    "POST /media/originals/<key>": Row(ONE, P.OPEN_ORIGINAL),
    "GET /open/reports/<number>": Row(OWN),
    "GET /track/<number>": Row(OWN),
    "GET /track/<number>/withdraw": Row(OWN),
    "GET /track/<number>/proof.json": Row(OWN),
    "GET /track/<number>/notices/<int:event_id>": Row(OWN),
    "GET /track/<number>/notices/<int:event_id>.docx": Row(OWN),
    "POST /track/<number>/appeal": Row(OWN),
    "POST /track/<number>/info": Row(OWN),
    "POST /track/<number>/photos": Row(OWN),
    "POST /track/<number>/withdraw": Row(OWN),
    "GET /report/nearby": Row(MANY, queries=("?lat=30.4&lng=112.4&category=air.odor",)),
    **{
        f"GET {path}": Row(NONE)
        for path in (
            *("/about/accessibility", "/about/licence", "/about/privacy", "/about/problems"),
            *("/open/data", "/open/data/datapackage.json", "/open/data/catalog.jsonld"),
            *("/open/ogc", "/open/ogc/conformance", "/open/ogc/collections"),
            "/open/ogc/collections/reports",
            *("/open/quality", "/desk/quality"),
            *("/about/scope", "/desk/calendar", "/desk/help", "/desk/login"),
            *("/desk/login/second", "/desk/reports/new", "/desk/styleguide", "/desk/terms"),
            *("/favicon.ico", "/healthz", "/manifest.webmanifest", "/metrics", "/offline"),
            *("/open/log", "/open/log/consistency", "/open/log/heads", "/open/log/heads.json"),
            *("/open/log/leaves", "/open/log/proof", "/open/log/verify.py"),
            "/open/log/verify_receipt.py",
            *("/readyz", "/report", "/report/done", "/report/grids.json", "/report/map.json"),
            *(
                "/report/poster",
                "/report/receipt.json",
                "/report/schema.json",
                "/report/token",
                "/robots.txt",
            ),
            *("/sw.js", "/track", "/elder", "/lang", "/desk/texts", "/desk/texts/new"),
            *("/desk/pressure", "/desk/office-hours", "/desk/repeats"),
        )
    },
    "GET /desk/texts/<int:text_id>": Row(NONE, paths=({"text_id": "1"},)),
    "GET /desk/terms/<name>": Row(NONE, paths=({"name": "resolve"},)),
    "GET /static/<path:filename>": Row(NONE, paths=({"filename": "dist/none.js"},)),
    **{
        f"POST {path}": Row(WRITES)
        for path in (
            "/desk/quality",
            *("/desk/calendar/day", "/desk/calendar/import", "/desk/login", "/desk/login/second"),
            *(
                "/desk/logout",
                "/open/log",
                "/desk/lookbacks/share",
                "/desk/reports/new",
                "/desk/scorecard/weights",
                "/desk/targets",
            ),
            *("/desk/views", "/desk/views/<int:view_id>", "/desk/views/<int:view_id>/delete"),
            "/desk/views/<int:view_id>/share",
            *("/desk/duty", "/desk/duty/copy", "/desk/duty/words"),
            *("/desk/inspections", "/desk/inspections/rule"),
            *("/desk/pressure", "/desk/pressure/<int:rule_id>/take-back"),
            *("/desk/repeats", "/desk/repeats/<int:rule_id>/take-back"),
            *("/desk/office-hours", "/desk/office-hours/<on>/take-back"),
            "/desk/inspections/<int:inspection_id>",
            "/desk/inspections/<int:inspection_id>/start",
            "/desk/inspections/<int:inspection_id>/cancel",
            "/desk/inspections/<int:inspection_id>/close",
            "/desk/inspections/<int:inspection_id>/lines",
            *("/desk/duty/<int:shift_id>/remove", "/desk/texts/<int:text_id>/use"),
            *("/desk/texts/new", "/desk/texts/<int:text_id>"),
            *("/desk/terms/<name>", "/desk/terms/<name>/<int:rule_id>/take-back", "/report"),
            *("/report/nearby", "/report/photos", "/report/photos/discard", "/report/place"),
            *("/report/support", "/track", "/track/leave", "/objection"),
        )
    },
}

# Open311: the endpoint that files and the one that only looks have the same routes.
_FORMATS = ({"form": "json"}, {"form": "xml"})
_FORM = "<any(xml,json):form>"
MATRIX["GET /open311/"] = Row(NONE)
for _base in ("/open311/v2", "/open311/test/v2"):
    MATRIX |= {
        f"GET {_base}/": Row(NONE),
        f"GET {_base}/requests.{_FORM}": Row(
            MANY, paths=_FORMATS, queries=("?extensions=true", "?q={secret}")
        ),
        f"GET {_base}/requests/<number>.{_FORM}": Row(OWN, paths=_FORMATS),
        f"GET {_base}/services.{_FORM}": Row(NONE, paths=_FORMATS),
        f"GET {_base}/tokens/<token>.{_FORM}": Row(
            NONE, paths=({"token": "none", "form": "json"},)
        ),
        f"POST {_base}/requests.{_FORM}": Row(WRITES),
        f"GET {_base}/servicerequestupdates.{_FORM}": Row(MANY, paths=_FORMATS),
        f"POST {_base}/servicerequestupdates.{_FORM}": Row(WRITES),
        f"GET {_base}/services/<code>.{_FORM}": Row(
            NONE, paths=({"code": "air.odor", "form": "xml"},)
        ),
    }
MATRIX["GET /openapi.json"] = Row(NONE)
MATRIX["GET /console/"] = Row(NONE)
MATRIX["GET /console/writers"] = Row(NONE)
MATRIX["POST /console/writers"] = Row(WRITES)
MATRIX["GET /console/writers/<int:writer_id>"] = Row(NONE, paths=({"writer_id": "1"},))
MATRIX["POST /console/writers/<int:writer_id>/revoke"] = Row(WRITES)
MATRIX["GET /open/data/api"] = Row(NONE)
MATRIX["GET /sitemap.xml"] = Row(NONE)
MATRIX["GET /sitemap/pages.xml"] = Row(NONE)
MATRIX["GET /sitemap/reports-<int:span>.xml"] = Row(MANY, paths=({"span": "0"},))
MATRIX["GET /open/exposures"] = Row(MANY)
MATRIX["GET /open/exposures/<int:exposure_id>"] = Row(OWN, paths=({"exposure_id": "1"},))
for _method in ("GET", "POST"):
    MATRIX[f"{_method} /open/exposures/<int:exposure_id>/objection"] = Row(
        OWN, paths=({"exposure_id": "1"},)
    )
MATRIX["GET /open/bulletins"] = Row(NONE)
MATRIX["GET /desk/exposures"] = Row(MANY, P.EXPOSE)
MATRIX["GET /desk/reports/<number>/exposure"] = Row(ONE, P.EXPOSE)
MATRIX["POST /desk/reports/<number>/exposure"] = Row(ONE, P.EXPOSE)
MATRIX["GET /desk/exposures/<int:exposure_id>"] = Row(
    ONE, by_case=True, paths=({"exposure_id": "1"},)
)
MATRIX["POST /desk/exposures/<int:exposure_id>/approve"] = Row(
    ONE, by_case=True, paths=({"exposure_id": "1"},)
)
for _deed in ("withdraw", "correction", "correction/confirm"):
    MATRIX[f"POST /desk/exposures/<int:exposure_id>/{_deed}"] = Row(
        ONE, by_case=True, paths=({"exposure_id": "1"},)
    )
MATRIX["GET /objection"] = Row(NONE)
MATRIX[f"GET /open311/discovery.{_FORM}"] = Row(NONE, paths=_FORMATS)

# One's own report with a part of another.
CROSSED = (
    "GET /desk/reports/{own}/compare/{number}",
    "GET /desk/reports/{number}/compare/{own}",
    "GET /desk/reports/{own}/notices/{event_id}",
    "GET /desk/reports/{own}/notices/{event_id}.docx",
    "POST /desk/reports/{own}/compare/{number}/apart",
)
