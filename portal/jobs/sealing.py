"""Sealing the public log: every few seconds, in a thread of the worker's own.

Photos that take minutes must not keep the log waiting; a worker that is killed loses nothing, for
seals, blocks and heads are each written whole.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from flask import Flask

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.ids import random_key
from portal.core.signing import Signer
from portal.domain.openlog.queries import has_unsealed, is_head_due
from portal.domain.openlog.services import (
    BATCH,
    give_back_lease,
    seal_events,
    sign_head,
    take_lease,
)

log = structlog.get_logger(__name__)
EVERY_S = 3
_LOOK_EVERYWHERE_EACH = 1200  # passes: about once an hour


def _spared(_point: str) -> None:
    """Outside a drill nobody dies."""


@dataclass
class Sealing:
    """Seals what is new and signs heads on their schedule. `origin` names the log in its heads."""

    signers: Callable[[], Sequence[Signer]]
    origin: str
    every: timedelta
    die_at: Callable[[str], None] = _spared
    holder: str = field(default_factory=random_key)

    def run(self, *, everywhere: bool = False) -> int:
        """Seal everything that waits, batch by batch, then sign a head if one is due.

        `everywhere` looks for what was left behind once all that is new has its seal: while a
        long history is sealed, looking through all of it for each batch would never end.
        """
        sealed = 0
        while has_unsealed() and (fresh := self._seal(everywhere=False)):
            sealed += fresh
        while (
            everywhere and has_unsealed(everywhere=True) and (fresh := self._seal(everywhere=True))
        ):
            sealed += fresh
        if is_head_due(now(), self.every):
            self.sign()
        db.session.rollback()
        return sealed

    def _seal(self, *, everywhere: bool) -> int:
        with transaction():
            fresh = seal_events(self.holder, now(), everywhere=everywhere)
            if fresh:
                self.die_at("mid_seal")
            if fresh < BATCH:
                give_back_lease(self.holder)
        if fresh:
            self.die_at("after_seal")
        return fresh

    def sign(self) -> bool:
        """Sign how the log stands, unless another one is at it."""
        with transaction():
            if not take_lease(self.holder, now()):
                return False
            sign_head(self.signers(), self.origin, now())
            give_back_lease(self.holder)
        return True

    def watch(self, app: Flask) -> None:
        """Start the thread that does so for as long as the worker lives."""
        threading.Thread(target=self._watch, args=(app,), name="sealer", daemon=True).start()

    def _watch(self, app: Flask) -> None:
        passes = 0
        while True:
            everywhere = passes % _LOOK_EVERYWHERE_EACH == 0
            with app.app_context():
                try:
                    self.run(everywhere=everywhere)
                    passes += 1
                except Exception as fault:  # noqa: BLE001 - what fails now may work in three seconds
                    log.warning("not sealed", error=repr(fault)[:300])
                finally:
                    db.session.remove()
            threading.Event().wait(EVERY_S)
