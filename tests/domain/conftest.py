"""Tests of the domain may ask for a city."""

from tests.seeded import city_settings, city_template, db_city

__all__ = ["city_settings", "city_template", "db_city"]
