"""The keys of the public log: made once, kept private, never quoted."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from portal.adapters.logkeys import LogKeyError, LogKeys, parse_log_keys
from portal.config import Settings, SettingsError

SEED = base64.b64encode(b"s" * 32).decode()


def test_the_first_key_is_made_once(tmp_path: Path) -> None:
    keys = LogKeys("", tmp_path / "new" / "log.keys")
    (made,) = keys.signers()
    assert LogKeys("", tmp_path / "new" / "log.keys").signers() == [made]
    keys.rotate()
    fresh, old = keys.signers()
    assert old == made != fresh
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["log.keys"]
    assert repr(made) == "Signer()"


def test_the_setting_comes_first(tmp_path: Path) -> None:
    keys = LogKeys(SEED, tmp_path / "log.keys")
    assert [signer.seed for signer in keys.signers()] == [b"s" * 32]
    with pytest.raises(LogKeyError, match="LOG_KEYS"):
        keys.rotate()
    assert not (tmp_path / "log.keys").exists()


@pytest.mark.parametrize("text", ["", "c2hvcnQ=", "no base64", f"{SEED},c2hvcnQ="])
def test_no_key_is_a_clear_word(text: str, tmp_path: Path) -> None:
    with pytest.raises(LogKeyError) as fault:
        parse_log_keys(text)
    assert SEED not in str(fault.value)
    if text:
        with pytest.raises(SettingsError, match="LOG_KEYS: key"):
            Settings.from_env({"DEMO": "1", "LOG_KEYS": text, "INSTANCE_PATH": str(tmp_path)})
