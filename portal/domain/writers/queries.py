"""Finding systems that may write, and what they filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.core.crypto import blind_index, hmac_code
from portal.core.db import db
from portal.domain.reports.models import Channel, Report
from portal.domain.reports.vault import lookup_key
from portal.domain.writers.models import CHANNELS, ApiFiling, ApiKey, ApiUpdate


def key_mac(key: str) -> str:
    """How a key is stored: HMAC-SHA256 under the lookup key."""
    return hmac_code(key, lookup_key(), "api")


def twin_mac(*parts: object) -> str:
    """The digest of what makes two filings the same; keyed, for it holds what somebody wrote."""
    return blind_index("\n".join(map(str, parts)), key=lookup_key(), purpose="open311-twin")


def writer_by_key(key: str, *, in_demo: bool) -> ApiKey | None:
    """The system whose key this is, while it may write; a demo's key is good in a demo only."""
    found = db.session.scalar(select(ApiKey).where(ApiKey.key_mac == key_mac(key)))
    if found is None or not found.is_active or (found.is_demo and not in_demo):
        return None
    return found


def writer_by_name(name: str) -> ApiKey | None:
    """The system of this name, also when it may not write any more."""
    return db.session.scalar(select(ApiKey).where(ApiKey.name == name))


def writers() -> list[ApiKey]:
    """Every system, by name."""
    return list(db.session.scalars(select(ApiKey).order_by(ApiKey.name)))


def writer_by_id(writer_id: int) -> ApiKey | None:
    """The system with this id."""
    return db.session.get(ApiKey, writer_id)


@dataclass(frozen=True)
class Use:
    """A system, how many reports it filed, and when it filed or told something last."""

    writer: ApiKey
    filings: int
    last_at: datetime | None

    @property
    def channel(self) -> Channel:
        """By which its reports come."""
        return Channel(self.writer.channel)


def uses() -> list[Use]:
    """Every system with what it did, by name; three statements."""
    filed, told = _done(ApiFiling), _done(ApiUpdate)
    found = []
    for writer in writers():
        (filings, filed_at), (_updates, told_at) = (
            done.get(writer.id, (0, None)) for done in (filed, told)
        )
        found.append(Use(writer, filings, max(filter(None, (filed_at, told_at)), default=None)))
    return found


def _done(rows: type[ApiFiling | ApiUpdate]) -> dict[int, tuple[int, datetime]]:
    """How many rows each system has, and the moment of the last."""
    query = select(rows.api_key_id, func.count(), func.max(rows.at)).group_by(rows.api_key_id)
    return {key: (count, at) for key, count, at in db.session.execute(query)}


def writer_of(report: Report) -> ApiKey | None:
    """The system that filed this report; None for everybody else's."""
    if report.channel not in CHANNELS:
        return None
    filed = ApiFiling.report_id == report.id
    return db.session.scalar(select(ApiKey).join(ApiFiling).where(filed))


def twin_of(writer: ApiKey, mac: str, at: datetime) -> ApiFiling | None:
    """What this system filed of the same within its window."""
    since = at - timedelta(minutes=writer.window_minutes)
    query = (
        select(ApiFiling)
        .where(ApiFiling.api_key_id == writer.id, ApiFiling.twin_mac == mac, ApiFiling.at > since)
        .order_by(ApiFiling.at.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def number_by_token(token: str) -> str | None:
    """The number of the report that a token was given for."""
    query = select(Report.number).join(ApiFiling, ApiFiling.report_id == Report.id)
    return db.session.scalar(query.where(ApiFiling.token == token))


def own_report(writer: ApiKey, number: str) -> Report | None:
    """The report with this number, when this system filed it."""
    query = select(Report).join(ApiFiling, ApiFiling.report_id == Report.id)
    return db.session.scalar(
        query.where(Report.number == number, ApiFiling.api_key_id == writer.id)
    )


def update_is_known(writer: ApiKey, update_id: str) -> bool:
    """Whether this system has told this already."""
    return db.session.get(ApiUpdate, (writer.id, update_id)) is not None
