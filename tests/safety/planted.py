"""What the matrix plants and reads that needs more than a line."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

from werkzeug.test import TestResponse

from portal.core.clock import local, now
from portal.domain.accounts.permissions import Role
from portal.domain.inspections.planning import Plan, plan_inspection
from portal.domain.inspections.running import start_inspection
from tests.factories import staff


def plant_inspection() -> None:
    """This week's inspection, under way, with every case that can be listed."""
    boss, today = staff(Role.SUPERVISOR), local(now()).date()
    monday = today - timedelta(days=today.weekday())
    week = plan_inspection(monday, Plan([boss.staff_id], 50), "s", by=boss, at=now())
    start_inspection(week, by=boss, at=now())


def said(answer: TestResponse) -> str:
    """What an answer says; of a .docx the text inside."""
    if answer.data[:2] != b"PK":
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.data)) as letter:
        return letter.read("word/document.xml").decode()
