"""Who may file without more ado, and who is asked for a proof first. Nobody is refused.

Filings that were let in are counted, for the address and for the phone left as contact: not forms
sent back with faults, not the repeated request for a receipt already earned. Beyond the limits the
answer is 429 with a puzzle and a waiting ticket; with either, the same filing is let in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.core.errors import PortalError
from portal.web import limits
from portal.web.citizen.proofs import WAIT, Verdict, give_back, judge, new_puzzle, new_ticket
from portal.web.limits import Counted, address_of_one, count, take_back

_NO_PROOF = Verdict(is_good=True)


class ChallengedError(PortalError):
    """Many came from this address or phone: send it again with a proof in `altcha`."""

    code = "challenged"
    http_status = 429

    def __init__(self, words: str, puzzle: Mapping[str, object], ticket: str, wait_s: int) -> None:
        super().__init__(words)
        self.puzzle, self.ticket, self.retry_after = puzzle, ticket, wait_s

    def members(self) -> Mapping[str, object]:
        """`challenge` is ALTCHA's; `ticket` is good for `altcha` after Retry-After seconds."""
        return {"challenge": self.puzzle, "ticket": self.ticket}


@dataclass
class Admission:
    """A filing that was let in and counted."""

    counted: list[Counted]
    proof: Verdict = _NO_PROOF

    def undo(self) -> None:
        """It came to nothing, or had been filed before: it does not count."""
        for one in self.counted:
            take_back(one)
        give_back(self.proof)


@contextmanager
def admitted(phone: str, proof: str, at: datetime) -> Iterator[Admission]:
    """Let a filing in for the length of a `with`; what fails inside does not count.

    Raises ChallengedError beyond the limits when `proof` is not good.
    """
    admission = Admission([count(limits.FILINGS_OF_ADDRESS, address_of_one(), at)])
    if phone:
        admission.counted.append(count(limits.FILINGS_OF_PHONE, phone, at))
    try:
        admission.proof = _let_in(admission.counted, proof, at)
        yield admission
    except BaseException:
        admission.undo()
        raise


@contextmanager
def photo_admitted(proof: str, at: datetime) -> Iterator[Admission]:
    """As `admitted`, for a photo sent by itself."""
    admission = Admission([count(limits.PHOTOS_OF_ADDRESS, address_of_one(), at)])
    try:
        admission.proof = _let_in(admission.counted, proof, at)
        yield admission
    except BaseException:
        admission.undo()
        raise


def _let_in(counted: list[Counted], proof: str, at: datetime) -> Verdict:
    excess = max(one.excess for one in counted)
    if not excess:
        return _NO_PROOF
    verdict = judge(proof, at)
    if not verdict.is_good:
        raise _challenge(excess, counted[0].excess > 0, proof, verdict, at)
    return verdict


def _challenge(
    excess: int, is_address: bool, proof: str, verdict: Verdict, at: datetime
) -> ChallengedError:
    ticket = proof if verdict.is_known else new_ticket(at)
    wait_s = verdict.wait_s if verdict.is_known else int(WAIT.total_seconds())
    words = (
        _("这个网络刚才交得很多，要验证一下再收，几秒钟就好。")
        if is_address
        else _("这个电话今天交得很多，要验证一下再收，几秒钟就好。")
    )
    return ChallengedError(words, new_puzzle(excess, at), ticket, wait_s)
