"""The environment becomes settings, or an error that names variable, value and what is allowed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from porta.config import ConfigError, DispatchSettings, RedisSettings


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", RedisSettings("localhost", 6379)),
        ("cache", RedisSettings("cache", 6379)),
        ("cache:7000", RedisSettings("cache", 7000)),
        ("[::1]:7000", RedisSettings("::1", 7000)),
        ("redis://cache", RedisSettings("cache", 6379)),
        ("redis://cache:7000/3", RedisSettings("cache", 7000, 3)),
        ("rediss://me:p%40ss@cache", RedisSettings("cache", 6379, 0, tls=True, username="me", password="p@ss")),
        ("redis://:secret@cache", RedisSettings("cache", 6379, password="secret")),
    ],
)
def test_an_address_is_read(address: str, expected: RedisSettings) -> None:
    assert RedisSettings.from_env({"REDIS_ADDR": address}) == expected


@pytest.mark.parametrize(
    "address",
    [
        *("http://cache", "cache:x", "cache:0", "cache:70000", ":7000", "redis://", "redis://cache/x"),
        *("redis://cache?db=1", "redis://[::1", "[::1"),
    ],
)
def test_another_address_is_refused_with_its_name_and_what_is_allowed(address: str) -> None:
    with pytest.raises(ConfigError, match=r"REDIS_ADDR=.* is not allowed: host, host:port, redis://") as error:
        RedisSettings.from_env({"REDIS_ADDR": address})
    assert error.value.variable == "REDIS_ADDR"


@pytest.mark.parametrize("scheme", ["", "redis://", "rediss://", "http://"])
@pytest.mark.parametrize("password", ["secret", "a@secret", "secret@a", "a/secret", "a#secret", "a\nsecret", "[secret"])
def test_a_password_is_never_shown(scheme: str, password: str) -> None:
    settings = RedisSettings.from_env({"REDIS_ADDR": f"redis://me:{quote(password, '')}@cache"})
    assert settings.password == password
    assert "secret" not in repr(settings)
    with pytest.raises(ConfigError) as error:
        RedisSettings.from_env({"REDIS_ADDR": f"{scheme}me:{password}@cache:x"})
    assert f"REDIS_ADDR='{scheme}***@cache:x'" in str(error.value)
    assert "secret" not in str(error.value)


ROWS = json.loads((Path(__file__).parents[1] / "golden" / "redis-settings.json").read_text())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: json.dumps(row["env"]))
def test_settings_mean_what_they_mean_to_the_frontend(row: dict[str, Any]) -> None:
    if "is" in row:
        assert RedisSettings.from_env(row["env"]) == RedisSettings(**row["is"])
        return
    with pytest.raises(ConfigError) as error:
        RedisSettings.from_env(row["env"])
    for name in row["refused"]:
        assert name in str(error.value)
    assert "secret" not in str(error.value)


def test_credentials_stand_beside_the_address() -> None:
    settings = RedisSettings.from_env({"REDIS_ADDR": "cache", "REDIS_USERNAME": "worker", "REDIS_PASSWORD": "secret"})
    assert (settings.username, settings.password) == ("worker", "secret")


def test_a_password_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"REDIS_PASSWORD_FILE=.* is not allowed: a readable file"):
        RedisSettings.from_env({"REDIS_PASSWORD_FILE": str(tmp_path / "missing")})


def test_dispatch_has_defaults() -> None:
    assert DispatchSettings.from_env({}) == DispatchSettings("127.0.0.1", 8788, 1_000_000, 100_000, 10**10, 64, 4096)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        *(("MAX_STEPS", value) for value in ("0", "-1", "10000000", "1e6", "1 000", "٥", "01", "many")),
        *(("MAX_RUNS", value) for value in ("0", "1000000", "1e3")),
        *(("MAX_ENSEMBLE_STEPS", value) for value in ("0", "1000000000001", "1e10", "10_000")),
        *(("PORTA_DISPATCH_PORT", value) for value in ("65536", "-1", "http", "8788.0")),
        *(("PORTA_DISPATCH_HOST", value) for value in ("example.org", "256.0.0.1", "127.0.0.1:80")),
        ("PORTA_MAX_FLIGHTS", "0"),
        ("PORTA_MAX_WAITERS", "none"),
    ],
)
def test_a_setting_out_of_range_is_refused_with_name_and_value(variable: str, value: str) -> None:
    with pytest.raises(ConfigError) as error:
        DispatchSettings.from_env({variable: value})
    assert str(error.value).startswith(f"{variable}={value!r} is not allowed: ")


def test_settings_are_read() -> None:
    env = {"MAX_STEPS": "9999999", "PORTA_DISPATCH_HOST": "::", "PORTA_DISPATCH_PORT": "0"}
    env |= {"MAX_RUNS": "999999", "MAX_ENSEMBLE_STEPS": "1000000000000"}
    settings = DispatchSettings.from_env(env)
    assert (settings.max_steps, settings.host, settings.port) == (9_999_999, "::", 0)
    assert (settings.max_runs, settings.max_ensemble_steps) == (999_999, 10**12)
