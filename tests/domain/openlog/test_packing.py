"""What is packed comes back letter by letter, whatever it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.openlog.entries import canonical
from portal.domain.openlog.packing import pack, unpack

HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)
CLEAR = st.fixed_dictionaries(
    {"kind": st.sampled_from(["file", "stage_close"]), "on": st.dates().map(str)},
    optional={"case": HASHES, "content": HASHES},
)
ENTRIES = st.builds(
    lambda event, clear: canonical({"v": 1, "event": event, **clear}),
    HASHES,
    st.one_of(st.just({}), CLEAR),
)


@given(st.one_of(ENTRIES, st.text()))
def test_packing_keeps_every_letter(entry: str) -> None:
    assert unpack(pack(entry)) == entry


@given(ENTRIES)
def test_packing_is_worth_it(entry: str) -> None:
    assert len(pack(entry)) <= len(entry) / 2


@pytest.mark.parametrize("garbage", [b"", b"\x00", b"\x07\xff", b"\x04" + b"\xff" * 40])
def test_what_was_never_packed_can_be_read(garbage: bytes) -> None:
    assert isinstance(unpack(garbage), str)
