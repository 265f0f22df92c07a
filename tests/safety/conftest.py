"""What an attacker's eye needs: a desk to log in at, and a report opened by its reporter."""

from __future__ import annotations

from tests.web.desk.conftest import enter

__all__ = ["enter"]
