"""A place in a queue as its address says it: which queue, what narrows it, what is open beside it.

Everything a list shows stands in the URL, so that it can be kept, sent and come back to. A form
beside the list carries its place as text (`back`), and the step leads there again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from flask import url_for

from portal.domain.casework.belonging import Came, Due
from portal.domain.casework.desk_filters import QueueFilter, Sort
from portal.domain.casework.desk_queries import Queue
from portal.domain.figures.queries import counts_as

FILTERS = (
    *("category", "town", "department", "state", "colour", "due", "handler", "came"),
    *("part", "from", "to", "q", "figure"),
)
_KEPT = (*FILTERS, "sort", "after", "notice")
# What stands beside the list: the report, the form, and what was changed in it for a new guess.
_BESIDE = ("open", "do", "kind", "place")
_YEARS = range(1970, 9999)  # what can be told in UTC, with a day after it
_LONGEST = 2000


@dataclass(frozen=True)
class Listing:
    """A queue with the words of its address."""

    queue: Queue
    given: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """What the address says for `name`, without blanks and controls; empty when nothing."""
        return "".join(c for c in self.given.get(name, "") if c.isprintable()).strip()

    def url(self, **changed: str) -> str:
        """The list, with these words changed; what stood beside it only when it is said again."""
        return url_for("desk.queue", name=self.queue) + self._query(_KEPT, changed)

    def narrowing(self) -> str:
        """What narrows and orders the list, always in the same order: what a view keeps."""
        names = tuple(name for name in _KEPT if name != "after")
        return self._query(names, {}).removeprefix("?")

    def beside(self, number: str) -> Listing:
        """The same place with the report of this number open beside the list."""
        return Listing(self.queue, {**self.given, "open": number})

    def words(self, **changed: str) -> str:
        """The same in one word, for a form to carry: `to-accept?category=air`."""
        return self.queue + self._query(_KEPT, changed)

    def _query(self, names: tuple[str, ...], changed: Mapping[str, str]) -> str:
        found = {**{name: self[name] for name in names}, **changed}
        query = urlencode({key: value for key, value in found.items() if value})
        return f"?{query}" if query else ""

    def filter(self) -> QueueFilter:
        """What narrows the list; what cannot be read is left out."""
        usual = Sort.NEW if self.queue in {Queue.ALL, Queue.MINE} else Sort.DUE
        return QueueFilter(
            q=self["q"][:100],
            category=self["category"],
            town=self["town"],
            department=self["department"],
            state=self["state"],
            colour=self["colour"],
            handler=self["handler"],
            due=Due(self["due"]) if self["due"] in set(Due) else None,
            came=Came(self["came"]) if self["came"] in set(Came) else None,
            is_part=self["part"] == "1",
            from_on=_day(self["from"]),
            to_on=_day(self["to"]),
            sort=Sort(self["sort"]) if self["sort"] in set(Sort) else usual,
            after=self["after"][:60],
            in_notice=self["notice"] == "1",
            counted=counts_as(self["figure"]),
        )


def listing_at(name: str, given: Mapping[str, str]) -> Listing | None:
    """The place that an address names; None when there is no such queue."""
    if name not in set(Queue):
        return None
    known = (*_KEPT, *_BESIDE)
    return Listing(Queue(name), {key: value for key, value in given.items() if key in known})


def listing_said(words: str) -> Listing | None:
    """The place that a form carries; None when it carries none, or one that is not ours."""
    name, _, query = words[:_LONGEST].partition("?")
    return listing_at(name, dict(parse_qsl(query)))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None
