"""Adding staff on the command line, as docs/operations.md tells it."""

from __future__ import annotations

import pyotp
from flask import Flask

from portal.cli.users import user_cli
from portal.core.clock import now
from portal.domain.accounts.permissions import Role
from portal.domain.accounts.queries import user_by_name
from portal.domain.accounts.services import check_second_factor
from tests.factories import city, make_department

PASSWORD = "correct horse battery staple"


def run(app: Flask, *words: str) -> str:
    """What the command prints."""
    result = app.test_cli_runner().invoke(user_cli, list(words))
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_staff_are_added_with_the_role_s_code_and_a_second_factor(app: Flask) -> None:
    with app.app_context():
        city()
        make_department("cg")
    words = ("--name", "张三", "--role", "clerk", "--department", "cg", "--password", PASSWORD)
    said = run(app, "add", "zhangsan", *words)
    with app.app_context():
        added = user_by_name("zhangsan")
        assert added is not None
        assert [posting.role for posting in added.postings] == [Role.CLERK]
        factor = pyotp.parse_uri(said.strip())
        assert isinstance(factor, pyotp.TOTP)
        check_second_factor(added, factor.at(now()), now())
