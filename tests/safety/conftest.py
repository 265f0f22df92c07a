"""What an attacker's eye needs: a desk to log in at, and a report opened by its reporter."""

from __future__ import annotations

from tests.seeded import city_settings, city_template, db_city
from tests.web.desk.conftest import enter

__all__ = ["city_settings", "city_template", "db_city", "enter"]
