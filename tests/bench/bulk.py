"""A city of many reports, made in minutes: the demo's own reports, again and again in older years.

`python -m tests.bench.bulk <portal.db> <reports>` fills the embedded database of a portal that is
not running. For measuring pages only: the copies have no events, photos or deadlines.
"""

from __future__ import annotations

import itertools
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from portal.core.ids import compose_number

_BATCH = 20_000
_OWN = ("id", "number", "report_id", "main_id", "parent_id")
_DAYS = ("received_at", "received_on")


def fill(path: Path, reports: int) -> int:
    """Add copies until there are `reports` reports; returns how many were added."""
    with closing(sqlite3.connect(path)) as rows:
        rows.execute("PRAGMA synchronous=OFF")
        have, last = rows.execute("SELECT count(*), max(id) FROM report").fetchone()
        wanted = range(last + 1, last + 1 + max(reports - have, 0))
        for first in range(wanted.start, wanted.stop, _BATCH):
            _copy(rows, range(first, min(first + _BATCH, wanted.stop)))
            rows.commit()
        rows.execute("ANALYZE")
        rows.commit()
        return len(wanted)


def _copy(rows: sqlite3.Connection, ids: range) -> None:
    numbers = {row_id: _number(row_id) for row_id in ids}
    public = rows.execute("SELECT report_id FROM public_case ORDER BY report_id LIMIT 250")
    originals = itertools.cycle([row_id for (row_id,) in public.fetchall()])
    plan = [(next(originals), row_id, number) for row_id, number in numbers.items()]
    for table, key in (("report", "id"), ("public_case", "report_id")):
        names = [row[1] for row in rows.execute(f"PRAGMA table_info({table})")]
        kept = [name for name in names if name not in _OWN]
        picked = ", ".join(_shifted(name) for name in kept)
        rows.executemany(
            f"INSERT INTO {table} ({key}, number, {', '.join(kept)})"  # noqa: S608 - own names
            f" SELECT ?, ?, {picked} FROM {table} WHERE {key} = ?",
            [(row_id, number, original) for original, row_id, number in plan],
        )


def _shifted(name: str) -> str:
    """Received at a day that depends on the new id, within the ten years before."""
    if name not in _DAYS:
        return name
    kind = "date" if name == "received_on" else "datetime"
    return f"{kind}({name}, '-' || (1 + abs(random()) % 3650) || ' days')"


def _number(row_id: int) -> str:
    day = date(2016, 1, 1) + timedelta(days=row_id % 3650)
    return compose_number(f"{day:%y%m%d}", row_id)


def _main() -> Iterator[str]:
    path, reports = Path(sys.argv[1]), int(sys.argv[2])
    yield f"{fill(path, reports)} reports added"


if __name__ == "__main__":
    print(*_main())
