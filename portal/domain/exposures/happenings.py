"""The events of an exposure: in the timeline of its case, sealed into the public log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.domain.accounts.actor import Actor
from portal.domain.exposures.models import Exposure, ExposureCorrection
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.services import Happening, record_event


def tell_drafted(row: Exposure, by: Actor, at: datetime) -> None:
    """A typical case is proposed."""
    _tell(row, "exposure_drafted", by, at)


def tell_approved(row: Exposure, by: Actor, at: datetime) -> None:
    """A second person let it be seen."""
    _tell(row, "exposure_approved", by, at)


def tell_withdrawn(row: Exposure, by: Actor, at: datetime) -> None:
    """It was taken back."""
    _tell(row, "exposure_withdrawn", by, at)


def tell_hidden(row: Exposure, by: Actor, at: datetime) -> None:
    """It is not shown while an objection is looked into."""
    _tell(row, "exposure_hidden", by, at)


def tell_shown(row: Exposure, by: Actor, at: datetime) -> None:
    """It is shown again."""
    _tell(row, "exposure_shown", by, at)


def tell_ended(row: Exposure, by: Actor, at: datetime) -> None:
    """Its time is over; `last_on` is its last local day."""
    _tell(row, "exposure_ended", by, at, last_on=row.expires_on.isoformat())


def tell_correcting(row: Exposure, draft: ExposureCorrection, by: Actor, at: datetime) -> None:
    """Other words are proposed."""
    _tell(row, "exposure_correcting", by, at, correction=draft.id)


def tell_returned(row: Exposure, draft: ExposureCorrection, by: Actor, at: datetime) -> None:
    """The proposed words were put aside."""
    _tell(row, "exposure_correction_returned", by, at, correction=draft.id)


def tell_corrected(row: Exposure, draft: ExposureCorrection, by: Actor, at: datetime) -> None:
    """Other words hold."""
    _tell(row, "exposure_corrected", by, at, correction=draft.id)


def _tell(row: Exposure, kind: str, by: Actor, at: datetime, **more: Any) -> None:
    actor = (by.kind, by.user_id, by.department_id)
    data = {"exposure": row.id, **more}
    record_event(Happening(SUBJECT, row.report_id, kind, at, *actor, data=data))
