"""The migrations make exactly the tables that the models describe, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.db import db
from tests.engines import ROOT

# Search and map indexes of an engine's own, made by migrations and known to core/search.py and
# core/bbox.py only.
ENGINE_TABLES = ("_fts", "_rtree")


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


def test_there_is_one_line_of_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1
