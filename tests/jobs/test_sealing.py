"""The worker's sealer: it hands over at once, and goes on after what it could not do."""

from __future__ import annotations

from flask import Flask

from portal.core.ids import random_key
from portal.jobs.sealing import Sealing
from tests.domain.openlog.ledger import heads, sealing, seals
from tests.factories import city, file


def another() -> Sealing:
    first = sealing()
    return Sealing(first.signers, first.origin, first.every, holder=random_key())


def test_the_next_one_may_seal_at_once(app: Flask) -> None:
    with app.app_context():
        city()
        file()
        assert sealing().run() == 1
        file()
        assert another().run() == 1
        assert another().sign()
        assert sealing().sign()
        assert [seal.seq for seal in seals()] == [0, 1]
        assert [head.size for head in heads()] == [1, 2, 2]
