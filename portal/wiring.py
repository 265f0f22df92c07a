"""Who hears of what, and which adapter serves which setting. Nobody imports this but the app."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from portal.adapters.basemaps import basemap_from_settings
from portal.adapters.channels.console import ConsoleChannel
from portal.adapters.channels.webhook import WebhookChannel
from portal.adapters.classifiers.bayes import ComplementBayes
from portal.adapters.counters import counters_from_url
from portal.adapters.keystore import SqliteKeyStore, ensure_lookup_key
from portal.adapters.logkeys import LogKeys
from portal.adapters.storage import storage_from_url
from portal.config import Settings
from portal.core import clock
from portal.core.crypto import KeyRing
from portal.domain.accounts import services as accounts
from portal.domain.reports import photos, vault
from portal.domain.reports.states import Action
from portal.domain.timeline import services as timeline
from portal.jobs.advice import learn_anew, note_advice
from portal.jobs.duty import Alarm
from portal.jobs.figures import refresh_figures
from portal.jobs.listing import refresh_listing
from portal.jobs.lookbacks import plan_for
from portal.jobs.outbox import Handler, Outbox
from portal.jobs.photos import Derivatives, PublicRenditions, seal_positions
from portal.jobs.queue import Queue, Timely
from portal.jobs.recounting import recount
from portal.jobs.repeats import judge_repeat
from portal.jobs.sealing import Sealing
from portal.jobs.webhooks import Webhooks

# Kinds that are kept in the timeline and owed to nobody.
SILENT = frozenset(
    {
        "alert_acknowledged",
        "exposure_approved",
        "exposure_corrected",
        "exposure_correcting",
        "exposure_correction_returned",
        "exposure_drafted",
        "exposure_ended",
        "exposure_hidden",
        "exposure_shown",
        "exposure_withdrawn",
        "extension_asked",
        "extension_refused",
        "follower_added",
        "follower_removed",
        "handed_to",
        "info_added",
        "inspected",
        "inspection_cancelled",
        "objection_answered",
        "objection_drafted",
        "objection_received",
        "objection_returned",
        "order_answered",
        "order_issued",
        "order_lifted",
        "original_opened",
        "part_reported",
        "part_signed",
        "payload_erased",
        "talked",
        "term_set",
        "term_taken_back",
        "unstarred",
        "urged",
        "withdraw_noted",
        "writer_added",
        "writer_revoked",
    }
)


def subscriptions(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Event kind → subscribers, in the order they are owed."""
    moved = ("listing", "figures", *(("webhooks",) if settings.webhook_urls else ()))
    table: dict[str, tuple[str, ...]] = dict.fromkeys(Action, moved)
    # What nobody has taken on yet is not listed.
    table[Action.FILE] = (*moved[1:], "positions", "alarm")
    table[Action.PUBLISH] = ("public_renditions", *moved)
    for step in (Action.ACCEPT, Action.MERGE, Action.UNMERGE, Action.WITHDRAW):
        table[step] = (*moved, "repeats")
    for step in (Action.ACCEPT, Action.DISPATCH):
        table[step] = (*table[step], "advice")
    table[Action.DEREGISTER] = (*moved, "lookbacks")
    table["checked"] = moved
    table["looked_back"] = moved
    table["starred"] = ("lookbacks",)
    table["checked_in"] = moved
    table["term_moved"] = ("listing", "figures")
    table["calendar_changed"] = ("recount",)
    table["extension_granted"] = moved
    for kind in ("copy_hidden", "copy_shown", "copy_corrected"):
        table[kind] = moved
    table["contacted"] = ("figures",)
    table["photo_received"] = ("derivatives",)
    table["photos_added"] = ("positions",)
    return table


def handlers(settings: Settings, outbox: Outbox) -> dict[str, Handler]:
    """Subscriber name → what it does."""
    die_at = outbox.die_at
    return {
        "advice": note_advice,
        "alarm": Alarm(ConsoleChannel()),
        "derivatives": Derivatives(die_at),
        "figures": refresh_figures,
        "listing": refresh_listing,
        "lookbacks": plan_for,
        "positions": seal_positions,
        "public_renditions": PublicRenditions(die_at),
        "recount": recount,
        "repeats": judge_repeat,
        "webhooks": Webhooks(WebhookChannel(), settings.webhook_urls, die_at),
    }


def connect(app: Flask, settings: Settings) -> None:
    """Join the rooms to their adapters and subscribers."""
    instance: Path = settings.instance_path
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    clock.configure(
        settings.clock_offset, instance / "clock" if settings.demo else None, settings.city_tz
    )
    app.extensions["portal.basemap"] = basemap_from_settings(settings)
    ring = KeyRing.parse(settings.field_keys)
    store = SqliteKeyStore(instance / "vault-keys.db")
    vault.connect(ring, store, ensure_lookup_key(store, ring))
    accounts.connect(ring)
    photos.connect(storage_from_url(settings.media))
    wanted = subscriptions(settings)

    def outbox() -> Outbox:
        dying = Outbox({}, settings.kill_point)
        return Outbox(handlers(settings, dying), settings.kill_point)

    alarm = Alarm(ConsoleChannel())
    timely = Timely(every_minute=alarm.sound, by_night=lambda: learn_anew(ComplementBayes()))
    queue = Queue(app, instance / "queue.db", outbox, timely)
    timeline.connect(wanted, queue.wake)
    app.extensions["portal.counters"] = counters_from_url(
        settings.redis_url, instance / "limits.db"
    )
    app.extensions["portal.queue"] = queue
    app.extensions["portal.subscribers"] = wanted
    app.extensions["portal.outbox"] = outbox
    app.extensions["portal.log_keys"] = log_keys = LogKeys(settings.log_keys, instance / "log.keys")
    app.extensions["portal.sealing"] = Sealing(
        log_keys.signers,
        f"{urlsplit(settings.base_url).netloc}/open/log",
        timedelta(minutes=settings.log_head_minutes),
        Outbox({}, settings.kill_point).die_at,
    )
