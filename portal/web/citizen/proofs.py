"""Proofs that no flood is under way: a puzzle that a phone solves by itself, or a short wait.

The puzzle is ALTCHA's: nobody is asked to recognise anything, and no other company hears of it. A
phone that cannot solve it, and a browser without scripts, hold a waiting ticket: the same form sent
again after half a minute is as good. Either is good once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

import altcha
from flask import current_app
from itsdangerous import BadData

from portal.config import Settings
from portal.core.crypto import derive_key
from portal.core.ids import random_key
from portal.web.citizen.signed_tokens import FORM_LASTS, serializer
from portal.web.limits import address_of_one, seconds_left, subject_digest, take_once, untake

ALGORITHM = "PBKDF2/SHA-256"
COST = 2_000  # rounds of one try: 1 ms on a desktop, some 10 ms on a slow phone
TRIES = (150, 250)  # of which the phone needs one in this range, at the first level
LEVELS = ((10, 1), (40, 2), (100, 4))  # so many filings beyond the limit: so many times as long
HARDEST = 8
PUZZLE_LASTS = timedelta(minutes=10)
WAIT = timedelta(seconds=30)
_TICKET = "wait."
_LONGEST = 4_000
_dice = SystemRandom()


@dataclass(frozen=True)
class Verdict:
    """What a proof was worth. `spent` undoes its use; `wait_s` says when a ticket will be good."""

    is_good: bool
    is_known: bool = False
    wait_s: int = 0
    spent: tuple[str, ...] = ()


def new_puzzle(excess: int, at: datetime) -> dict[str, Any]:
    """An ALTCHA challenge, a little harder the more is filed beyond the limit."""
    factor = next((times for most, times in LEVELS if excess <= most), HARDEST)
    secret, key_secret = _secrets()
    puzzle = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=_dice.randint(*TRIES) * factor,
        expires_at=at + PUZZLE_LASTS,
        hmac_secret=secret,
        hmac_key_secret=key_secret,
    )
    return puzzle.to_dict()


def new_ticket(at: datetime) -> str:
    """A ticket that is good from half a minute on, for as long as a form."""
    ready_at = int((at + WAIT).timestamp())
    return _TICKET + str(serializer("wait").dumps([random_key(), ready_at]))


def judge(proof: str, at: datetime) -> Verdict:
    """Whether `proof`, the form's field altcha, lets a filing in now; if so, it is used up."""
    if not proof or len(proof) > _LONGEST:
        return Verdict(is_good=False)
    if proof.startswith(_TICKET):
        return _judge_ticket(proof.removeprefix(_TICKET), at)
    return _judge_solution(proof, at)


def give_back(verdict: Verdict) -> None:
    """The filing came to nothing: its proof is good again."""
    for name in verdict.spent:
        untake(name)


def _judge_solution(proof: str, at: datetime) -> Verdict:
    secret, key_secret = _secrets()
    try:
        given = altcha.Payload.from_base64(proof)
        found = altcha.verify_solution(given, secret, hmac_key_secret=key_secret)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Verdict(is_good=False)
    expires_at = given.challenge.parameters.expires_at or 0
    if not found.verified or expires_at < at.timestamp():
        return Verdict(is_good=False)
    # The signature is ours and no two challenges have the same: it names this one.
    name = f"puzzle/{given.challenge.signature}"
    is_first = take_once(name, int(PUZZLE_LASTS.total_seconds()))
    return Verdict(is_good=is_first, spent=(name,) if is_first else ())


def _judge_ticket(signed: str, at: datetime) -> Verdict:
    try:
        nonce, ready_at = serializer("wait").loads(
            signed, max_age=int((FORM_LASTS + WAIT).total_seconds())
        )
    except (BadData, ValueError, TypeError):
        return Verdict(is_good=False)
    if (early := int(ready_at) - int(at.timestamp())) > 0:
        return Verdict(is_good=False, is_known=True, wait_s=early)
    once = f"ticket/{nonce}"
    if not take_once(once, int((FORM_LASTS + WAIT).total_seconds())):
        return Verdict(is_good=False)
    # One at a time: of all tickets at one address, one is taken every half minute.
    turn = f"turn/{subject_digest(address_of_one(), at)}"
    if not take_once(turn, int(WAIT.total_seconds())):
        untake(once)
        return Verdict(is_good=False, is_known=True, wait_s=seconds_left(f"once/{turn}"))
    return Verdict(is_good=True, spent=(once, turn))


def _secrets() -> tuple[bytes, bytes]:
    settings: Settings = current_app.extensions["portal.settings"]
    return (
        derive_key(settings.secret_key, "altcha"),
        derive_key(settings.secret_key, "altcha-answer"),
    )
