from __future__ import annotations

import base64

import pytest

from portal.core import crypto
from portal.core.crypto import DecryptionError, KeyRing, KeyRingError

# The same in every process: parallel runs compare the names of tests, keys and all.
K1, K2 = (base64.b64encode(letter * 32).decode() for letter in (b"1", b"2"))
PLACE = {"table": "identity", "column": "phone", "row": "41"}


def test_round_trip_with_a_fresh_nonce_each_time() -> None:
    ring = KeyRing.parse(f"k1:{K1}")
    first, second = (ring.encrypt("13800138000", **PLACE) for _ in range(2))
    assert first != second
    assert b"13800138000" not in first
    assert ring.decrypt(first, **PLACE) == b"13800138000"


@pytest.mark.parametrize("change", [{"table": "x"}, {"column": "name"}, {"row": "42"}])
def test_a_ciphertext_is_bound_to_its_place(change: dict[str, str]) -> None:
    ring = KeyRing.parse(f"k1:{K1}")
    data_key = crypto.new_data_key()
    elsewhere = {**PLACE, **change}
    with pytest.raises(DecryptionError):
        ring.decrypt(ring.encrypt("secret", **PLACE), **elsewhere)
    with pytest.raises(DecryptionError):
        crypto.decrypt_field(
            crypto.encrypt_field("secret", data_key, **PLACE), data_key, **elsewhere
        )


def test_a_bar_cannot_blur_the_binding() -> None:
    with pytest.raises(ValueError, match="ambiguous"):
        KeyRing.parse(f"k1:{K1}").encrypt("x", table="a|b", column="c", row=1)


def test_rotation_reads_old_and_writes_new() -> None:
    old = KeyRing.parse(f"k1:{K1}")
    both = KeyRing.parse(f"k2:{K2}, k1:{K1}")
    new = KeyRing.parse(f"k2:{K2}")
    ciphertext = old.encrypt("secret", **PLACE)
    assert both.current == "k2"
    assert both.decrypt(ciphertext, **PLACE) == b"secret"
    assert both.is_stale(ciphertext)
    assert crypto.key_id_of(both.encrypt("x", **PLACE)) == "k2"
    with pytest.raises(DecryptionError, match="not on the ring"):
        new.decrypt(ciphertext, **PLACE)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (K1, "name"),
        ("k1:", "0 bytes"),
        ("k1:nonsense!", "not base64"),
        ("k1:c2hvcnQ=", "5 bytes"),
        (f"k1:{K1},k1:{K2}", "twice"),
        (f"k 1:{K1}", "name"),
    ],
)
def test_a_ring_that_cannot_be_used_says_why_without_quoting_it(text: str, reason: str) -> None:
    with pytest.raises(KeyRingError, match=reason) as caught:
        KeyRing.parse(text)
    assert K1 not in str(caught.value)
    assert "nonsense" not in str(caught.value)


def test_keys_are_not_shown_in_a_traceback() -> None:
    assert repr(KeyRing.parse(f"k1:{K1}")) == "KeyRing()"


def test_a_data_key_opens_only_under_its_own_name() -> None:
    ring, data_key = KeyRing.parse(f"k1:{K1}"), crypto.new_data_key()
    wrapped = ring.wrap(data_key, "report-7")
    assert data_key not in wrapped
    assert ring.unwrap(wrapped, "report-7") == data_key
    with pytest.raises(DecryptionError):
        ring.unwrap(wrapped, "report-8")


def test_fields_under_a_data_key_die_with_it() -> None:
    data_key = crypto.new_data_key()
    ciphertext = crypto.encrypt_field("张三", data_key, **PLACE)
    assert crypto.decrypt_field(ciphertext, data_key, **PLACE).decode() == "张三"
    with pytest.raises(DecryptionError):
        crypto.decrypt_field(ciphertext, crypto.new_data_key(), **PLACE)


@pytest.mark.parametrize("damage", [b"", b"\x01", b"\x01\x02k", b"\x00" * 60, b"\x01\x00" + b"x"])
def test_damage_is_a_clean_error(damage: bytes) -> None:
    with pytest.raises(DecryptionError):
        crypto.decrypt_field(damage, crypto.new_data_key(), **PLACE)
    with pytest.raises(DecryptionError):
        KeyRing.parse(f"k1:{K1}").decrypt(damage, **PLACE)


def test_every_flipped_bit_is_noticed() -> None:
    data_key = crypto.new_data_key()
    ciphertext = crypto.encrypt_field("x", data_key, **PLACE)
    for position in range(len(ciphertext)):
        changed = bytearray(ciphertext)
        changed[position] ^= 1
        with pytest.raises(DecryptionError):
            crypto.decrypt_field(bytes(changed), data_key, **PLACE)


def test_the_blind_index_finds_equals_for_one_purpose_only() -> None:
    key = crypto.new_data_key()
    index = crypto.blind_index("13800138000", key=key, purpose="phone")
    assert len(index) == 64
    assert crypto.is_same(index, crypto.blind_index("13800138000", key=key, purpose="phone"))
    others = {
        crypto.blind_index("13800138001", key=key, purpose="phone"),
        crypto.blind_index("13800138000", key=key, purpose="mail"),
        crypto.blind_index("13800138000", key=crypto.new_data_key(), purpose="phone"),
        crypto.hmac_code("13800138000", key, "phone"),
    }
    assert index not in others
    assert len(others) == 4


def test_codes_for_different_purposes_do_not_match() -> None:
    pepper = crypto.new_data_key()
    code = "0123456789ABCDEF"
    assert crypto.hmac_code(code, pepper, "query") == crypto.hmac_code(code, pepper, "query")
    assert crypto.hmac_code(code, pepper, "query") != crypto.hmac_code(code, pepper, "reward")


def test_hkdf_agrees_with_rfc_5869_when_there_is_no_salt() -> None:
    # RFC 5869, test case 3: no salt, no info.
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    assert crypto.derive_key(b"\x0b" * 22, "").hex() == expected
