from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.core.images import close_decoders


@pytest.fixture(scope="package", autouse=True)
def _no_decoder_left() -> Iterator[None]:
    yield
    close_decoders()
