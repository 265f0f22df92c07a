"""The demo's public log once more, after a load that was taken up again."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask_sqlalchemy.session import Session
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from portal.cli.demo.sealed import seal_history
from portal.core.db import db
from portal.domain.openlog.models import Seal
from portal.domain.openlog.queries import latest_head, sealed_count
from tests.factories import START, file


def test_a_second_load_within_the_hour_signs_what_it_sealed(
    app: Flask, db_city: scoped_session[Session]
) -> None:
    for description in ("河边夜里有刺鼻气味。", "工地土堆没有盖住。"):
        file(description=description, at=START)
        assert seal_history(app) == 1
        head = latest_head()
        assert head is not None
        assert head.size == sealed_count()


def test_what_is_told_late_is_not_sealed_before_what_was_there(
    app: Flask, db_city: scoped_session[Session]
) -> None:
    for at in (START, START - timedelta(days=3)):
        file(at=at)
        seal_history(app)
    moments = list(db.session.scalars(select(Seal.sealed_at).order_by(Seal.seq)))
    assert moments == [START, START]
