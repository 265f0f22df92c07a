"""Adding very many reports: copies of the histories there are, in large transactions.

What is derived (figures, map, words to search by) is made in one go at the end; what the public log
has not sealed yet, the worker seals.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, date
from random import Random

from flask import Flask
from sqlalchemy import func, insert, select, text, update

from portal.cli.demo.bulk.copying import Copier, Counters
from portal.cli.demo.bulk.ground import villages_by_town
from portal.cli.demo.bulk.templates import BELOW, OWN, Template, table, templates
from portal.cli.demo.bulk.words import find_by_words
from portal.cli.demo.bulk.writing import insert_rows
from portal.cli.demo.ledger import read_receipts
from portal.config import Settings
from portal.core.clock import local, now
from portal.core.db import db, transaction
from portal.domain.categories.models import Category
from portal.domain.figures.rollup import sum_up
from portal.domain.grids.models import Grid
from portal.domain.publication.map_recount import rebuild_map
from portal.domain.reports.models import NumberSeries, Report

_BATCH = 1_000
_AT_ONCE = 500
_OPEN_SHARE = 0.05
_FIRST_SERIAL = 2_000  # behind those that the services gave out
_SAY_EVERY = 20
# Indexes are written all over: with room for their pages each is written once, not ten times.
_ROOMY = ("PRAGMA cache_size=-600000", "PRAGMA wal_autocheckpoint=50000")
Say = Callable[[str], None]


def fill_up(app: Flask, count: int, seed: int, say: Say) -> int:
    """Copy what was walked until the city has `count` reports; returns how many were added."""
    missing = max(count - (db.session.scalar(select(func.count(Report.id))) or 0), 0)
    settings: Settings = app.extensions["portal.settings"]
    numbers = [receipt["number"] for receipt in read_receipts(settings.instance_path)]
    if missing:
        add_copies(numbers, missing, seed, say)
        say("the worker seals their events into the public log from now on")
    return missing


def add_copies(numbers: Collection[str], count: int, seed: int, say: Say) -> None:
    """Add `count` copies of the reports with these numbers.

    The same seed on the same day gives the same copies, but for the codes that open them.
    """
    began = time.monotonic()
    copier = _copier(seed)
    chosen = _chosen(numbers, count, seed)
    done = 0
    for batch in iter(lambda: _take(chosen, copier), 0):
        with transaction():
            _write(copier)
        done += batch
        if done % (_SAY_EVERY * _BATCH) == 0 or done == count:
            say(f"{done} of {count} copies, {time.monotonic() - began:.0f} s")
    with transaction():
        _number_on(copier.counters)
    _derive(lambda what: say(f"{what}, {time.monotonic() - began:.0f} s"))


def _copier(seed: int) -> Copier:
    midnight = local(now()).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    ids = Counter(
        {
            name: db.session.scalar(select(func.max(table(name).c.id))) or 0
            for name in ("report", *OWN, *BELOW)
            if "id" in table(name).c
        }
    )
    return Copier(
        rng=Random(f"bulk:{seed}"),
        midnight=midnight,
        counters=Counters(ids, _serials()),
        villages=villages_by_town(seed),
        codes={row.id: row.code for row in db.session.scalars(select(Category))},
        names={row.id: row.name_zh for row in db.session.scalars(select(Grid))},
    )


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


def _chosen(numbers: Collection[str], count: int, seed: int) -> Iterator[Template]:
    """Histories to copy: most are over, and short ones happen more often than long ones."""
    rng = Random(f"chosen:{seed}")
    found = templates(numbers)
    db.session.rollback()
    ended = [one for one in found if one.is_ended]
    rest = [one for one in found if not one.is_ended] or ended
    for _ in range(count):
        kinds = rest if rng.random() < _OPEN_SHARE else ended or rest
        yield rng.choices(kinds, [1 / one.size for one in kinds])[0]


def _take(chosen: Iterator[Template], copier: Copier) -> int:
    """Copy the next batch; how many there were."""
    taken = 0
    for template in chosen:
        copier.copy(template)
        taken += 1
        if taken == _BATCH:
            break
    return taken


def _write(copier: Copier) -> None:
    """Insert what was copied, parents first, and forget it."""
    if db.session.get_bind().dialect.name == "sqlite":
        for pragma in _ROOMY:
            db.session.connection().exec_driver_sql(pragma)
    for name in ("report", *OWN, *BELOW):
        rows = copier.rows.pop(name, None)
        if rows:
            insert_rows(name, rows)


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


def _derive(say: Say) -> None:
    """Words, map and figures of everything that was added."""
    find_by_words()
    say("words")
    rebuild_map(now())
    say("map")
    with transaction():
        sum_up()
    if db.session.get_bind().dialect.name == "sqlite":
        with transaction():
            db.session.execute(text("ANALYZE"))
    say("figures")
