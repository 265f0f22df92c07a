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


def test_a_weak_password_is_a_sentence_and_adds_nobody(app: Flask) -> None:
    words = ["add", "lisi", "--name", "李四", "--role", "triage", "--password", "password123"]
    result = app.test_cli_runner().invoke(user_cli, words)
    assert result.exit_code == 1
    assert "太容易被猜到" in result.output
    with app.app_context():
        assert user_by_name("lisi") is None
