"""The vault 身份库: the reporter's name, phone and mail, and where photos were taken.

Each report has a data key of its own, wrapped by FIELD_KEYS and kept outside the database, so that
deleting that key shreds the identity in every backup at once (个人信息保护法 47).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Protocol

from portal.core.contact import mask_email, mask_name, mask_phone
from portal.core.crypto import (
    DecryptionError,
    KeyRing,
    blind_index,
    decrypt_field,
    encrypt_field,
    new_data_key,
)
from portal.core.db import db
from portal.core.ids import random_key
from portal.domain.ports import KeyStore
from portal.domain.reports.models import Identity, Photo, Report

_TABLE = "identity"


@dataclass(frozen=True)
class Contact:
    """What a reporter left of themselves; `phone` already normalised (core.contact)."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)

    @property
    def is_given(self) -> bool:
        """Whether somebody can be reached or named at all."""
        return bool(self.name or self.phone or self.email)

    @property
    def is_reachable(self) -> bool:
        """Whether there is a phone or a mail address: only then CONTACT runs."""
        return bool(self.phone or self.email)


@dataclass(frozen=True)
class MaskedContact:
    """What staff see without a reveal."""

    name: str
    phone: str
    email: str


class Sealed(Protocol):
    """A row that holds a contact, each part encrypted under the key called `key_id`."""

    key_id: Any
    name: Any
    phone: Any
    email: Any


class _Keys:
    """The ring, the key store and the lookup key; set once by portal.wiring."""

    ring: KeyRing
    store: KeyStore
    lookup: bytes


def connect(ring: KeyRing, store: KeyStore, lookup: bytes) -> None:
    """Tell the vault which keys to use."""
    _Keys.ring, _Keys.store, _Keys.lookup = ring, store, lookup


def lookup_key() -> bytes:
    """The pepper of blind indexes and of query and reward codes."""
    return _Keys.lookup


def seal_identity(report: Report, contact: Contact) -> None:
    """Encrypt `contact` under a fresh key and remember that somebody can be reached."""
    if not contact.is_given:
        return
    report.has_contact = contact.is_reachable
    record = _record(report)
    _seal(record, contact, _data_key(record), table=_TABLE, row=report.id)
    if contact.phone:
        record.phone_index = phone_index(contact.phone)


def phone_index(phone: str) -> str:
    """The blind index of a normalised phone number."""
    return blind_index(phone, key=_Keys.lookup, purpose="phone")


def masked_contact(report: Report) -> MaskedContact | None:
    """The contact as staff may see it: 138****0000. None when nothing is left of it."""
    record = db.session.get(Identity, report.id)
    return masked_contact_in(record, table=_TABLE, row=report.id) if record else None


def seal_contact(record: Sealed, contact: Contact, *, table: str, row: int) -> None:
    """Encrypt `contact` into a row of its own, under a fresh key that only this row has."""
    if not contact.is_given:
        return
    record.key_id, key = random_key(), new_data_key()
    _Keys.store.put(record.key_id, _Keys.ring.wrap(key, record.key_id))
    _seal(record, contact, key, table=table, row=row)


def masked_contact_in(record: Sealed, *, table: str, row: int) -> MaskedContact | None:
    """The contact sealed in a row, as staff may see it. None when nothing is left of it."""
    wrapped = _Keys.store.get(record.key_id) if record.key_id else None
    is_given = record.name or record.phone or record.email
    if record.key_id is None or wrapped is None or not is_given:
        return None
    key = _Keys.ring.unwrap(wrapped, record.key_id)

    def read(column: str) -> str:
        sealed: bytes | None = getattr(record, column)
        if not sealed:
            return ""
        return decrypt_field(sealed, key, table=table, column=column, row=row).decode()

    name, phone, email = read("name"), read("phone"), read("email")
    return MaskedContact(
        name=mask_name(name) if name else "",
        phone=mask_phone(phone) if phone else "",
        email=mask_email(email) if email else "",
    )


def seal_position(report: Report, photo: Photo, lat: float, lng: float) -> None:
    """Keep the exact place a photo was taken, WGS-84, readable only through a reveal."""
    key = _data_key(_record(report))
    photo.sealed_position = encrypt_field(
        json.dumps([lat, lng]), key, table="photo", column="sealed_position", row=photo.id
    )


def shred_identity(report: Report) -> None:
    """Destroy the report's data key: what it sealed can never be read again."""
    record = db.session.get(Identity, report.id)
    if record is not None:
        _Keys.store.delete(record.key_id)


def _seal(record: Sealed, contact: Contact, key: bytes, *, table: str, row: int) -> None:
    for column in ("name", "phone", "email"):
        value: str = getattr(contact, column)
        if value:
            sealed = encrypt_field(value, key, table=table, column=column, row=row)
            setattr(record, column, sealed)


def _record(report: Report) -> Identity:
    record = db.session.get(Identity, report.id)
    if record is None:
        record = Identity(report_id=report.id, key_id=random_key())
        db.session.add(record)
    return record


def _data_key(record: Identity) -> bytes:
    """The record's data key, made on first use; stored before the row commits."""
    wrapped = _Keys.store.get(record.key_id)
    if wrapped is not None:
        return _Keys.ring.unwrap(wrapped, record.key_id)
    if record.name or record.phone or record.email:
        raise DecryptionError("the key of this identity has been shredded")
    key = new_data_key()
    _Keys.store.put(record.key_id, _Keys.ring.wrap(key, record.key_id))
    return key
