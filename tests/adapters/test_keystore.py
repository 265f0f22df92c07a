from __future__ import annotations

import base64
import threading
from pathlib import Path

import pytest

from portal.adapters.keystore import SqliteKeyStore, ensure_lookup_key, rewrap_keys
from portal.core.crypto import DecryptionError, KeyRing, new_data_key

K1, K2 = (base64.b64encode(new_data_key()).decode() for _ in range(2))


@pytest.fixture
def store(tmp_path: Path) -> SqliteKeyStore:
    return SqliteKeyStore(tmp_path / "keys" / "keys.db")


def test_a_key_comes_back_also_after_a_restart(store: SqliteKeyStore) -> None:
    store.put("r1", b"wrapped")
    assert store.get("r1") == b"wrapped"
    assert store.get("r2") is None
    store.close()
    assert SqliteKeyStore(store._path).get("r1") == b"wrapped"


def test_the_file_belongs_to_the_portal_alone(store: SqliteKeyStore) -> None:
    store.put("r1", b"wrapped")
    files = list(store._path.parent.iterdir())
    assert len(files) >= 2
    assert all(f.stat().st_mode & 0o077 == 0 for f in files)


def test_a_deleted_key_is_found_in_no_file(store: SqliteKeyStore) -> None:
    planted = b"PLANTED-" + b"k" * 60
    store.put("other", b"stays")
    store.put("r1", planted)
    store.put("r1", planted + b"rewrapped")
    store.delete("r1")
    store.delete("r1")
    assert store.get("r1") is None
    assert store.get("other") == b"stays"
    for file in store._path.parent.iterdir():
        assert b"PLANTED" not in file.read_bytes(), file


def test_threads_write_at_the_same_time(store: SqliteKeyStore) -> None:
    def work(number: int) -> None:
        for i in range(10):
            store.put(f"{number}-{i}", bytes([number, i]))
        store.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.key_ids()) == 40
    assert store.get("3-7") == bytes([3, 7])


def test_the_lookup_key_is_made_once_and_survives_rotation(store: SqliteKeyStore) -> None:
    old = KeyRing.parse(f"k1:{K1}")
    key = ensure_lookup_key(store, old)
    assert ensure_lookup_key(SqliteKeyStore(store._path), old) == key
    assert store.put_if_absent("lookup", b"a twin that started together") != b"a twin"
    assert rewrap_keys(store, KeyRing.parse(f"k2:{K2},k1:{K1}")) == 1
    assert ensure_lookup_key(store, KeyRing.parse(f"k2:{K2}")) == key
    with pytest.raises(DecryptionError):
        ensure_lookup_key(store, old)


def test_rotation_touches_only_what_an_older_key_wrapped(store: SqliteKeyStore) -> None:
    old, both = KeyRing.parse(f"k1:{K1}"), KeyRing.parse(f"k2:{K2},k1:{K1}")
    first, second = new_data_key(), new_data_key()
    store.put("r1", old.wrap(first, "r1"))
    store.put("r2", both.wrap(second, "r2"))
    assert rewrap_keys(store, both) == 1
    assert rewrap_keys(store, both) == 0
    assert not store.swap("shredded", b"old", b"new")
    assert store.get("shredded") is None
    wrapped = store.get("r1")
    assert wrapped is not None
    assert KeyRing.parse(f"k2:{K2}").unwrap(wrapped, "r1") == first
