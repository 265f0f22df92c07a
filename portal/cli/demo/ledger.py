"""The two files beside the demo: receipts that open reports, and what was planted where."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portal.cli.demo.plans import Plan

RECEIPTS, TRUTH = "demo-receipts.json", "demo-truth.json"


def write_receipts(instance: Path, receipts: Sequence[Any]) -> None:
    """Write the codes of all demo reports, readable only by the owner."""
    _write(instance / RECEIPTS, receipts)


def read_receipts(instance: Path) -> list[Any]:
    """Return what an earlier load left; empty when there was none."""
    try:
        found = json.loads((instance / RECEIPTS).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    return list(found)


def has_truth(instance: Path) -> bool:
    """Whether a load came to its end: the truth is written last."""
    return (instance / TRUTH).exists()


def write_truth(instance: Path, seed: int, plans: Sequence[Plan]) -> None:
    """Write what a tool that finds duplicates or personal data should find."""
    truth = {
        "seed": seed,
        "duplicates": [
            {"main": p.twin_of.number, "duplicate": p.number, "merged": bool(p.life.steps)}
            for p in plans
            if p.twin_of is not None
        ],
        "phones": [
            {"number": p.number, "phone": p.complaint.phone} for p in plans if p.complaint.phone
        ],
        "names": [
            {"number": p.number, "name": p.complaint.name} for p in plans if p.complaint.name
        ],
    }
    _write(instance / TRUTH, truth)


def _write(path: Path, content: Any) -> None:
    part = path.with_suffix(".part")
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    with open(part, "w", encoding="utf-8", opener=_private) as file:
        file.write(text)
    part.replace(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
