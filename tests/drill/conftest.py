"""Drills work where the tests of the jobs do."""

from tests.jobs.conftest import city_settings, city_template, db_city, workplace

__all__ = ["city_settings", "city_template", "db_city", "workplace"]
