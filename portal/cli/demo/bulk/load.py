"""Adding very many reports: copies of the histories there are, in large transactions.

What is derived (figures, map, words to search by) is made in one go at the end; the public log
is sealed on the way.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from random import Random

from flask import Flask, current_app
from sqlalchemy import func, insert, select, text, update

from portal.cli.demo.bulk.copying import Copier, Counters
from portal.cli.demo.bulk.ground import villages_by_town
from portal.cli.demo.bulk.indexes import put_aside, put_back, room_to_write
from portal.cli.demo.bulk.moulds import Mould, World
from portal.cli.demo.bulk.plan import Planned, planned, runs, shift_of
from portal.cli.demo.bulk.sealing import BulkSealer, Waiting
from portal.cli.demo.bulk.templates import BELOW, OWN, Template, table, templates
from portal.cli.demo.bulk.words import find_by_words
from portal.cli.demo.bulk.writing import insert_rows, layout
from portal.cli.demo.ledger import read_receipts
from portal.cli.demo.sealed import hold_log, sign_history, wait_for_log
from portal.config import Settings
from portal.core.clock import local, now
from portal.core.db import db, transaction
from portal.domain.categories.models import Category
from portal.domain.figures.rollup import sum_up
from portal.domain.grids.models import Grid
from portal.domain.publication.map_recount import rebuild_map
from portal.domain.reports.models import NumberSeries, Report

_BATCH = 2_000
_FIRST_SERIAL = 2_000  # behind those that the services gave out
_SAY_EVERY = 20
_FILLED = ("report", *OWN, *BELOW)
_DERIVED = ("map_case", "seal")
Say = Callable[[str], None]


def fill_up(app: Flask, count: int, seed: int, say: Say) -> int:
    """Copy what was walked until the city has `count` reports; returns how many were added."""
    missing = max(count - (db.session.scalar(select(func.count(Report.id))) or 0), 0)
    settings: Settings = app.extensions["portal.settings"]
    numbers = [receipt["number"] for receipt in read_receipts(settings.instance_path)]
    if missing:
        add_copies(numbers, missing, seed, say)
    put_back(_FILLED + _DERIVED)
    return missing


def add_copies(numbers: Collection[str], count: int, seed: int, say: Say) -> None:
    """Add `count` copies of the reports with these numbers, sealed, and all that is derived.

    The same seed on the same day gives the same copies, but for the codes that open them.
    """
    began = time.monotonic()

    def told(what: str) -> None:
        say(f"{what}, {time.monotonic() - began:.0f} s")

    with room_to_write():
        _Filling(numbers, count, seed, told)()


class _Filling:
    """One such load, step by step."""

    def __init__(self, numbers: Collection[str], count: int, seed: int, say: Say) -> None:
        self.count, self.say = count, say
        self.app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        self.found, self.copier = templates(numbers), copier(seed)
        self.world = World(_midnight(), self.copier.forms)
        self.copies = planned(self.found, count, seed, self.world.midnight)
        self.sealer = BulkSealer() if wait_for_log(self.app) else None
        self.is_large = count > (db.session.scalar(select(func.count(Report.id))) or 0)
        db.session.rollback()

    def __call__(self) -> None:
        """Copy, seal, sign, derive."""
        if self.sealer:
            self.sealer.wait_for_old(self.copier.waiting)
        if self.is_large:
            put_aside(_FILLED + _DERIVED)
        done = 0
        for until, moulds in batches(self.found, self.copies, self.world):
            for mould, copies in moulds:
                for _ in range(copies):
                    self.copier.copy(mould)
                done += copies
            self._write(until)
            if done // _BATCH % _SAY_EVERY == 0 or done == self.count:
                self.say(f"{done} of {self.count} copies")
        with transaction():
            _number_on(self.copier.counters)
        if self.sealer:
            sign_history(self.app, by_week=self.sealer.is_first)
            self.say(f"{self.sealer.size} events sealed into the public log")
        else:
            self.say("somebody else holds the public log: the worker seals their events")
        self._derive()

    def _write(self, until: datetime | None) -> None:
        """Insert what was copied, parents first; and seal what lies before `until`."""
        hold_log(self.app)
        with transaction():
            for name in _FILLED:
                rows = self.copier.rows.pop(name, None)
                if rows:
                    insert_rows(name, rows)
            for leaves in self.copier.waiting.before(until):
                if self.sealer:
                    self.sealer.seal(leaves)

    def _derive(self) -> None:
        """Words, map and figures of everything that was added."""
        find_by_words()
        self.say("words")
        rebuild_map(now())
        self.say("map")
        with transaction():
            sum_up()
        self.say("figures")
        put_back(_FILLED + _DERIVED)
        if db.session.get_bind().dialect.name == "sqlite":
            with transaction():
                db.session.execute(text("ANALYZE"))
        self.say("indexes")


def batches(
    found: Sequence[Template], copies: Sequence[Planned], world: World
) -> Iterator[tuple[datetime | None, Iterator[tuple[Mould, int]]]]:
    """The copies in batches: moulds with their numbers, and when the next batch begins."""
    for low in range(0, len(copies), _BATCH):
        these, rest = copies[low : low + _BATCH], copies[low + _BATCH : low + _BATCH + 1]
        moulds = (
            (Mould(found[place], shift_of(weeks), world), number)
            for (_, place, weeks), number in runs(these)
        )
        yield rest[0][0] if rest else None, moulds


def copier(seed: int) -> Copier:
    """What makes the copies, behind everything there is."""
    ids = Counter(
        {
            name: db.session.scalar(select(func.max(table(name).c.id))) or 0
            for name in _FILLED
            if "id" in table(name).c
        }
    )
    return Copier(
        rng=Random(f"bulk:{seed}"),
        counters=Counters(ids, _serials()),
        villages=villages_by_town(seed),
        codes={row.id: row.code for row in db.session.scalars(select(Category))},
        names={row.id: row.name_zh for row in db.session.scalars(select(Grid))},
        forms={name: layout(name) for name in _FILLED},
        waiting=Waiting(),
    )


def _midnight() -> datetime:
    return local(now()).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _serials() -> defaultdict[date, int]:
    """The last serial of each day, also of those that an interrupted load gave out."""
    number = table("report").c.number
    day, last = func.substr(number, 3, 6), func.max(func.substr(number, 9, 6))
    found: defaultdict[date, int] = defaultdict(lambda: _FIRST_SERIAL)
    for written, serial in db.session.execute(select(day, last).group_by(day)):
        when = date(2000 + int(written[:2]), int(written[2:4]), int(written[4:]))
        found[when] = max(int(serial), _FIRST_SERIAL)
    for row in db.session.scalars(select(NumberSeries)):
        found[row.on] = max(row.next_serial, found[row.on])
    return found


def _number_on(counters: Counters) -> None:
    """Let the services go on behind the ids and serials that were given out."""
    known = frozenset(db.session.scalars(select(NumberSeries.on)))
    for day, serial in counters.serials.items():
        values = {"on": day, "next_serial": serial + 1}
        if day in known:
            db.session.execute(update(NumberSeries).where(NumberSeries.on == day).values(values))
        else:
            db.session.execute(insert(NumberSeries).values(values))
    if db.session.get_bind().dialect.name == "postgresql":
        for name, last in counters.ids.items():
            to = text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), :last)")
            db.session.execute(to, {"last": max(last, 1)})
