"""A number that was public says where its case went; one that never was says nothing."""

from __future__ import annotations

from flask_sqlalchemy.session import Session
from sqlalchemy import func, select
from sqlalchemy.orm import scoped_session

from portal.core.db import db
from portal.domain.publication.listing import refresh_public_case
from portal.domain.publication.merged import MergedCase, merged_case
from portal.domain.publication.models import PublicMerged, PublicUpdate
from portal.domain.publication.queries import public_case
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action
from portal.domain.triage.services import merge_report
from tests.factories import actor_for, drain, file, take, walk, writing

A = Action


def merge(report: Report, main: Report) -> None:
    with writing():
        by, at = actor_for(report, A.MERGE), max(report.state_since, main.state_since)
        merge_report(report, main.number, expected=report.version, by=by, at=at)
    drain()


def told(report: Report) -> MergedCase | None:
    return merged_case(report.number)


def main_of(report: Report) -> str | None:
    found = told(report)
    assert found is not None
    return found.main_number


def test_a_listed_case_says_where_it_went(db_city: scoped_session[Session]) -> None:
    report, main = walk(file("water.outfall"), A.ACCEPT), walk(file(), A.ACCEPT)
    merge(report, main)
    found = told(report)
    assert found is not None
    assert (found.main_number, found.category.code) == (main.number, "water")
    assert public_case(report.number) is None
    assert told(main) is None


def test_what_was_never_listed_stays_unknown(db_city: scoped_session[Session]) -> None:
    report, main = file(), walk(file(), A.ACCEPT)
    merge(report, main)
    assert told(report) is None
    assert db.session.scalar(select(func.count()).select_from(PublicUpdate)) == 1


def test_a_main_that_is_not_public_is_not_named(db_city: scoped_session[Session]) -> None:
    report, main = walk(file(), A.ACCEPT), file()
    merge(report, main)
    assert main_of(report) is None
    walk(main, A.ACCEPT)
    drain()
    assert main_of(report) == main.number
    walk(main, A.WITHDRAW)
    drain()
    assert main_of(report) is None


def test_it_goes_on_with_its_main(db_city: scoped_session[Session]) -> None:
    first, second, third = (walk(file(), A.ACCEPT) for _ in range(3))
    merge(first, second)
    merge(second, third)
    assert main_of(first) == main_of(second) == third.number


def test_apart_again_it_is_listed_again(db_city: scoped_session[Session]) -> None:
    report = walk(file(), A.ACCEPT)
    take(report, A.MERGE)
    drain()
    assert told(report) is not None
    take(report, A.UNMERGE)
    drain()
    assert told(report) is None
    assert public_case(report.number) is not None


def test_twice_changes_nothing(db_city: scoped_session[Session]) -> None:
    report = walk(file(), A.ACCEPT)
    take(report, A.MERGE)
    drain()
    with writing():
        refresh_public_case(report, report.state_since)
    query = select(PublicUpdate.state).where(PublicUpdate.report_id == report.id)
    assert list(db.session.scalars(query)) == ["merged"]
    assert db.session.scalar(select(func.count()).select_from(PublicMerged)) == 1
