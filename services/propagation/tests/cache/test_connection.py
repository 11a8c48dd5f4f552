"""Redis may be away for a moment, may want a password, and may change it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from services import Valkey, free_ports

from porta.cache import open_cache
from porta.config import RedisSettings
from porta.failure import CacheAway
from porta.run import Run


def test_a_short_absence_is_waited_out(valkey: Valkey) -> None:
    cache = open_cache(RedisSettings(port=valkey.port), patience=60)
    assert cache.results.find(Run(1)) is None
    valkey.kill()
    back = threading.Timer(0.5, valkey.start)
    back.start()
    assert cache.results.find(Run(1)) is None
    back.join()


def test_a_long_absence_is_said(tmp_path: Path) -> None:
    (nobody,) = free_ports(1)
    with pytest.raises(CacheAway, match=f"127.0.0.1:{nobody} is not there: nothing listens") as failure:
        open_cache(RedisSettings("127.0.0.1", nobody), patience=0.2).results.find(Run(1))
    assert (failure.value.retryable, failure.value.status) == (True, 503)
    assert tmp_path.exists()


def test_a_password_file_is_read_again_when_the_password_changes(valkey: Valkey, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("first\n")
    valkey.client.acl_setuser("rotating", enabled=True, passwords=["+first"], commands=["+@all"], keys=["*"])
    settings = RedisSettings(port=valkey.port, username="rotating", password_file=file)
    cache = open_cache(settings, patience=10)
    assert cache.results.find(Run(1)) is None
    file.write_text("second\n")
    valkey.client.acl_setuser("rotating", enabled=True, passwords=["-first", "+second"])
    admin: Any = valkey.client
    admin.client_kill_filter(user="rotating")
    assert cache.results.find(Run(1)) is None


def test_a_user_without_rights_is_told_at_once(valkey: Valkey) -> None:
    valkey.client.acl_setuser("nobody", enabled=True, nopass=True, commands=["-@all", "+hello"])
    cache = open_cache(RedisSettings(port=valkey.port, username="nobody", password="any"))
    with pytest.raises(CacheAway, match="does not allow it what Porta needs"):
        cache.results.find(Run(1))


def test_a_connection_says_whose_it_is(valkey: Valkey) -> None:
    cache = open_cache(RedisSettings(port=valkey.port))
    cache.results.find(Run(1))
    clients: Any = valkey.client.client_list()
    assert "porta-worker" in {client["name"] for client in clients}
