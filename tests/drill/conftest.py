"""Drills work where the tests of the jobs do."""

from tests.jobs.conftest import workplace

__all__ = ["workplace"]
