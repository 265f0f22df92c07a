"""Which passwords are refused (quality.md, safety 2): those that are tried first.

zxcvbn carries the commonest passwords, names and keyboard runs with it and asks nobody; it knows no
Chinese habits, so that those stand here.
"""

from __future__ import annotations

from portal.core.errors import InvalidFieldsError
from portal.core.text import N_

LEAST_LENGTH = 10
_LEAST_SCORE = 3  # of 4: more than 10^8 guesses, which argon2id and the throttle make years
_LONGEST_JUDGED = 72  # zxcvbn's own limit; what is longer is not weaker
_HABITS = (
    "woaini", "woaiwojia", "wodemima", "mima", "nihao", "zhongguo", "beijing", "wuhan", "hubei",
    "5201314", "1314520", "1314", "520", "888888", "666666", "iloveyou", "huanbao", "shengtai",
    "jubao", "anquan", "guanliyuan", "admin", "root", "portal",
)  # fmt: skip


def refuse_weak(password: str, *about: str) -> None:
    """Raise InvalidFieldsError for a password that is soon guessed; `about` are words about its
    owner, such as names.
    """
    if len(password) < LEAST_LENGTH:
        raise InvalidFieldsError.one("password", "too_short", N_("密码太短，至少要10个字符。"))
    # 0.3 s and 10 MB that no process needs which sets no password.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    judged = zxcvbn(password[:_LONGEST_JUDGED], user_inputs=[*filter(None, about), *_HABITS])
    if judged["score"] < _LEAST_SCORE:
        words = N_("这个密码太容易被猜到。请换一个，比如四个不相干的词连在一起。")
        raise InvalidFieldsError.one("password", "weak", words)
