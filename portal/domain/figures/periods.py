"""Spans of whole months, and the spans they are compared with: 环比 and 同比."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_LONGEST = 120


@dataclass(frozen=True)
class Months:
    """From the first to the last month, both inclusive; each is named by its first day."""

    first: date
    last: date

    @property
    def count(self) -> int:
        """How many months."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def before(self) -> Months:
        """The span of the same length before this one 环比."""
        return Months(moved(self.first, -self.count), moved(self.last, -self.count))

    @property
    def year_before(self) -> Months:
        """The same months of the year before 同比."""
        return Months(moved(self.first, -12), moved(self.last, -12))

    @property
    def end(self) -> date:
        """The last day."""
        return date.fromordinal(moved(self.last, 1).toordinal() - 1)

    def each(self) -> list[date]:
        """Every month, oldest first; the last ten years of a longer span."""
        skipped = max(0, self.count - _LONGEST)
        return [moved(self.first, n) for n in range(skipped, self.count)]

    @classmethod
    def of_year(cls, year: int) -> Months:
        """January to December."""
        return cls(date(year, 1, 1), date(year, 12, 1))

    @classmethod
    def until(cls, last: date, count: int) -> Months:
        """The `count` months that end with the month of `last`."""
        month = last.replace(day=1)
        return cls(moved(month, 1 - count), month)


def moved(month: date, by: int) -> date:
    """The first day of the month `by` months later."""
    total = month.year * 12 + month.month - 1 + by
    return date(total // 12, total % 12 + 1, 1)
