"""Passwords that are tried first are refused; long ones of several words are not."""

from __future__ import annotations

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.passwords import refuse_weak
from portal.domain.accounts.permissions import Role
from portal.domain.accounts.services import NewUser, add_user, set_password
from tests.factories import START, user

WEAK = [
    "123456", "password", "password123", "1234567890", "qwertyuiop", "1qaz2wsx3edc", "aaaaaaaaaaaa",
    "iloveyou1234", "13800138000", "Passw0rd!2026", "admin123456", "woaini1314520", "5201314520",
    "zhangsan2026", "asdfghjkl;'", "huanbao123456", "P@ssw0rd1234",
]  # fmt: skip


@pytest.mark.parametrize("password", WEAK)
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        refuse_weak(password, "zhangsan", "张三")
    assert set(refused.value.faults) == {"password"}


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "kite-lamp-7-river",
        "河边老槐树下的三只猫头鹰",
        "x" + "pQ9#" * 30,
    ],
)
def test_long_ones_of_several_words_are_taken(password: str) -> None:
    refuse_weak(password, "zhangsan", "张三")


def test_no_way_of_setting_one_takes_it(session: scoped_session[Session]) -> None:
    new = NewUser("zhangsan", "张三", "zhangsan2026", [Role.TRIAGE])
    with pytest.raises(InvalidFieldsError):
        add_user(new, START)
    somebody = user(Role.TRIAGE)
    before = somebody.password_hash
    with pytest.raises(InvalidFieldsError):
        set_password(somebody, "password123")
    assert somebody.password_hash == before
