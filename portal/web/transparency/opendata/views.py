"""The open data: the cases of any public filter as CSV, GeoJSON or Atom, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Response, render_template, request, url_for
from flask.globals import app_ctx
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.errors import PortalError
from portal.domain.figures.disclosure import LEAST
from portal.domain.publication.conditions import Case, PublicFilter, StateGroup
from portal.domain.publication.exports import last_event_at, latest_changes, some_cases
from portal.domain.publication.queries import content_version
from portal.web.access import public
from portal.web.errors import problem
from portal.web.transparency.caching import cached_data, cached_page
from portal.web.transparency.door import bp
from portal.web.transparency.filtering import BadParameterError, Filtering, filtering
from portal.web.transparency.opendata.catalog import catalog, dataset_markup
from portal.web.transparency.opendata.columns import COLUMNS
from portal.web.transparency.opendata.formats import BOM, as_atom, as_csv, as_geojson
from portal.web.transparency.opendata.package import datapackage
from portal.web.transparency.opendata.publisher import base_url, licence, organiser, source
from portal.web.transparency.opendata.records import Names, Record
from portal.web.transparency.opendata.turns import AllTakenError, turns
from portal.web.transparency.standing import hourly

_FEED = 100  # entries: a week of a busy city
_SECOND = timedelta(seconds=1)


@bp.get("/open/data")
@public
def data() -> Response:
    """What there is, how it may be used, and what every column means."""

    def render() -> str:
        markup = dataset_markup(base_url(), source(), organiser())
        return render_template(
            "open/data.html", columns=COLUMNS, fewest=LEAST, feed=_FEED, markup=markup
        )

    return cached_page(render)


@bp.get("/open/data/datapackage.json")
@public
def package() -> Response:
    """The description of the CSV for programs (Frictionless Data Package)."""
    return cached_data(
        lambda: Response(datapackage(base_url(), source()), mimetype="application/json")
    )


@bp.get("/open/data/catalog.jsonld")
@public
def data_catalog() -> Response:
    """The data set for catalogues (DCAT-AP)."""

    def write() -> Response:
        text = catalog(base_url(), source(), organiser())
        return Response(text, content_type="application/ld+json")

    return cached_data(write)


@bp.get("/open/data/reports.csv")
@public
def reports_csv() -> Response:
    """Every case of the filter; `bom=1` begins with the mark that Excel needs."""
    mark = BOM if request.args.get("bom") == "1" else ""

    def write(records: Iterable[Record]) -> Iterator[str]:
        yield mark
        yield from as_csv(records)

    answer = _streamed(write, "text/csv")
    if answer.status_code == HTTPStatus.OK:
        answer.headers["Content-Disposition"] = "attachment; filename=reports.csv"
    return answer


@bp.get("/open/data/reports.geojson")
@public
def reports_geojson() -> Response:
    """Every case of the filter; those without a public place have no geometry."""
    head = {"licence": licence(), "source": source(), "about": f"{base_url()}/open/data"}
    return _streamed(lambda records: as_geojson(records, head), "application/geo+json")


@bp.get("/open/data/reports.atom")
@public
def reports_atom() -> Response:
    """The newest changes within the filter; the order asked for means nothing here."""
    at = now()

    def write() -> Response:
        asked = _asked()
        names = Names.read(base_url(), source())
        cases = latest_changes(asked.wanted, at, _FEED)
        words = [chip["words"] for chip in asked.chips()]
        query = asked.query()
        page = url_for("transparency.reports") + (f"?{query}" if query else "")
        feed = {
            "self": base_url() + request.full_path.rstrip("?"),
            "page": base_url() + page,
            "title": _(
                "%(name)s：%(what)s", name=source(), what=_("、").join(words) or _("全部举报")
            ),
            "author": source(),
            "licence": licence(),
            "tag": f"tag:{urlsplit(base_url()).hostname},2026:report",
        }
        text = as_atom((names.record(case) for case in cases), feed, at)
        return Response(text, content_type="application/atom+xml; charset=utf-8")

    return _answered(write, at)


def _streamed(write: Callable[[Iterable[Record]], Iterator[str]], mimetype: str) -> Response:
    at = now()

    def begin() -> Response:
        cases, rest = some_cases(_asked().wanted, at)
        turn = turns().take() if rest else None
        pieces = write(_records(cases, rest, at))
        kind = f"{mimetype}; charset=utf-8"
        if turn is None:
            return Response(pieces, content_type=kind)
        response = Response(turn.during(pieces), content_type=kind)
        response.call_on_close(turn.give_back)  # also when nothing of it was ever sent
        return response

    return _answered(begin, at)


def _asked() -> Filtering:
    """The filter. Raises BadParameterError for a day that is none: all would pass for some."""
    asked = filtering(request.args)
    if asked.errors:
        raise BadParameterError(" ".join(asked.errors.values()))
    return asked


def _answered(begin: Callable[[], Response], at: datetime) -> Response:
    try:
        return _explained(cached_data(begin, *_state(at)))
    except (AllTakenError, BadParameterError) as fault:
        if any(kind == "text/html" for kind, _quality in request.accept_mimetypes):
            raise  # a person: as a page
        return _refused(fault)


def _explained(response: Response) -> Response:
    """A table has no room to say on which terms it comes: the header does."""
    about = f"{base_url()}/open/data"
    response.headers["Link"] = f'<{licence()}>; rel="license", <{about}>; rel="describedby"'
    return response


def _refused(fault: PortalError) -> Response:
    response = problem(fault)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _records(cases: Sequence[Case], rest: PublicFilter | None, at: datetime) -> Iterator[Record]:
    """These cases and all behind them, read in portions while they are sent.

    Each portion has a context and a session of its own: the request is long over, and a snapshot
    held for minutes would keep SQLite's log growing.
    """
    app, names = app_ctx.app, Names.read(base_url(), source())

    def each(cases: Sequence[Case], rest: PublicFilter | None) -> Iterator[Record]:
        yield from map(names.record, cases)
        while rest is not None:
            with app.app_context():
                cases, rest = some_cases(rest, at)
            yield from map(names.record, cases)

    return each(cases, rest)


def _state(at: datetime) -> tuple[str, datetime | None]:
    """The version of what is public, and since when it is so; None while something is on its way.

    Only what is overdue changes by time alone, and with it what the figures count.
    """
    version = content_version()
    if request.args.get("state") == StateGroup.OVERDUE or request.args.get("figure"):
        return hourly(version, at), None
    newest = last_event_at() if version.endswith("-0") else None
    if newest is None:
        return version, None
    since = newest.replace(microsecond=0) + _SECOND  # nothing that follows within it is missed
    return version, since if since <= at else None
