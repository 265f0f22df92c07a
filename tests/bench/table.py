"""Rows of the table, and the JSON that keeps them."""

from __future__ import annotations

import json
import os
import platform
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure: what was measured, beside what in the same run, and what is asked for."""

    what: str
    measured: str
    baseline: str = ""
    must: str = ""
    is_met: bool | None = None
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """How it stands; `-` where nothing is asked."""
        return {True: "met", False: "OVER", None: "-"}[self.is_met]


_HEAD = Row("what", "measured", "baseline of this run", "must")


def show(rows: Sequence[Row]) -> str:
    """The rows as a table for a terminal."""
    lines = [
        (row.what, row.measured, row.baseline, row.must, row.verdict if row is not _HEAD else "")
        for row in (_HEAD, *rows)
    ]
    widths = [max(_width(line[column]) for line in lines) for column in range(5)]
    return "\n".join(
        "  ".join(
            cell + " " * (wide - _width(cell)) for cell, wide in zip(line, widths, strict=True)
        )
        for line in lines
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def keep(rows: Sequence[Row], path: Path, reports: int) -> None:
    """Write the rows with the machine's circumstances."""
    circumstances = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpus": os.cpu_count(),
        "load": os.getloadavg(),
        "python": platform.python_version(),
        "reports": reports,
    }
    content = {**circumstances, "rows": [asdict(row) for row in rows]}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
