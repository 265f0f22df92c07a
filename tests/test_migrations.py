"""The migrations make exactly the tables that the models describe, on both engines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from flask_sqlalchemy.session import Session
from sqlalchemy import text
from sqlalchemy.orm import scoped_session

from portal.core.db import db
from portal.domain.accounts.permissions import Role
from portal.domain.inspections.models import Inspection
from portal.domain.inspections.planning import Plan, plan_inspection
from portal.domain.reports.states import State
from tests.engines import ROOT
from tests.factories import START, at_state, staff, writing

# Search and map indexes of an engine's own, made by migrations and known to core/search.py and
# core/bbox.py only.
ENGINE_TABLES = ("_fts", "_rtree")
# The migration behind this one rebuilds the inspections, which their lines name.
BEFORE_REBUILT = "0039"


def is_ours(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Whether a model must describe this table."""
    return kind != "table" or not any(mark in (name or "") for mark in ENGINE_TABLES)


@pytest.mark.engine
def test_models_equal_migrations(session: scoped_session[Session]) -> None:
    options = {"compare_type": True, "include_object": is_ours}
    context = MigrationContext.configure(session.connection(), opts=options)
    differences = [
        d for d in compare_metadata(context, db.metadata) if "alembic_version" not in str(d)
    ]
    assert not differences, "make a migration, or bring the model in step"


@pytest.mark.sqlite
def test_a_rebuilt_table_keeps_what_names_it(db_city: scoped_session[Session]) -> None:
    """Batch operations drop and make a table anew, here one whose lines name it."""
    at_state(State.HANDLING)
    boss, at = staff(Role.SUPERVISOR), START + timedelta(days=4)
    with writing():
        plan = Plan([boss.staff_id], 5)
        row = plan_inspection(date(2026, 3, 16), plan, "a seed", by=boss, at=at)
    kept = (row.id, [line.id for line in row.lines])
    assert kept[1]
    db.session.remove()
    downgrade(str(ROOT / "migrations"), BEFORE_REBUILT)
    upgrade(str(ROOT / "migrations"))
    found = db.session.get_one(Inspection, kept[0])
    assert (found.id, [line.id for line in found.lines]) == kept
    assert [one.id for one in found.inspectors] == [boss.staff_id]
    assert db.session.scalar(text("PRAGMA foreign_keys")) == 1, "checked again afterwards"


def test_there_is_one_line_of_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1
