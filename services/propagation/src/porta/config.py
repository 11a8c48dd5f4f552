"""What the pool reads from its environment, checked once at start.

=======================  ========================  =====================================================================
variable                 default                   meaning
=======================  ========================  =====================================================================
``REDIS_ADDR``           ``localhost:6379``        ``host``, ``host:port``, or ``redis://user:password@host:port/db``;
                                                   ``rediss://`` for TLS
``REDIS_USERNAME``       none                      ACL user, where the address names none
``REDIS_PASSWORD``       none                      its password, where the address holds none
``REDIS_PASSWORD_FILE``  none                      a file that holds the password; read again at each connect, so that
                                                   a password can change under a running worker
``MAX_STEPS``            from ``contract.json``    the most steps of a run, 1 to 9,999,999
``MAX_RUNS``             from ``contract.json``    the most runs of an ensemble, 1 to 999,999
``MAX_ENSEMBLE_STEPS``   from ``contract.json``    the most steps of an ensemble, of all its runs together, 1 to 10¹²
``PORTA_DISPATCH_HOST``  ``127.0.0.1``             the address on which dispatch listens
``PORTA_DISPATCH_PORT``  ``8788``                  its port; 0 takes a free one
``PORTA_MAX_FLIGHTS``    ``64``                    propagations computed or waiting for a worker at one time
``PORTA_MAX_WAITERS``    ``4096``                  open streams at one time, over all runs
=======================  ========================  =====================================================================

An empty variable counts as unset. Workers need the ``REDIS_…`` ones, dispatch all others.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast
from urllib.parse import unquote, urlsplit

from porta.contract import MAX_ENSEMBLE_STEPS, MAX_RUNS, MAX_STEPS
from porta.run import quote

LARGEST_MAX_STEPS: Final = 9_999_999
"""Seven digits: what the pattern of a step count lets through."""

LARGEST_MAX_RUNS: Final = 999_999
"""Six digits: what the pattern of a count of runs lets through."""

LARGEST_MAX_ENSEMBLE_STEPS: Final = 10**12
"""A hundred times the default: some hours of a few workers."""

REDIS_PORT: Final = 6379
DISPATCH_PORT: Final = 8788
MAX_FLIGHTS: Final = 64
MAX_WAITERS: Final = 4096


_HOST: Final = re.compile(r"[A-Za-z0-9._:-]+")

_STRAY_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
"""A percent sign that begins no escape: in a password it has to be written %25."""


class ConfigError(ValueError):
    """A variable of the environment holds what it must not. Says which, what it holds, and what it may hold."""

    def __init__(self, variable: str, value: str, allowed: str) -> None:
        self.variable, self.value, self.allowed = variable, quote(value), allowed
        super().__init__(f"{variable}={self.value!r} is not allowed: {allowed}")


@dataclass(frozen=True, slots=True)
class RedisSettings:
    """Where the cache is and as whom to speak to it. The password stays out of the representation."""

    host: str = "localhost"
    port: int = REDIS_PORT
    db: int = 0
    tls: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    password_file: Path | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> RedisSettings:
        """Read ``REDIS_ADDR`` and the credentials beside it. Raises `ConfigError`."""
        address = env.get("REDIS_ADDR") or "localhost"
        allowed = "host, host:port, redis://user:password@host:port/db or rediss://…"
        shown = re.sub(r"^([a-z]*://)?.*@", r"\1***@", address, flags=re.DOTALL)
        try:
            url = urlsplit(address if "://" in address else f"redis://{address}")
            port, host = url.port, url.hostname
        except ValueError:
            raise ConfigError("REDIS_ADDR", shown, f"{allowed}, with a port from 1 to 65535") from None
        db = url.path.removeprefix("/")
        if url.scheme not in ("redis", "rediss") or not _HOST.fullmatch(host or "") or port == 0 or url.query:
            raise ConfigError("REDIS_ADDR", shown, allowed)
        short = "://" not in address
        if url.fragment or (short and (url.path or "@" in address)) or _STRAY_PERCENT.search(url.netloc):
            raise ConfigError("REDIS_ADDR", shown, allowed)
        if db and not re.fullmatch(r"0|[1-9][0-9]{0,2}", db):
            raise ConfigError("REDIS_ADDR", shown, f"{allowed}, with a database from 0 to 999")
        for variable, inside in (("REDIS_USERNAME", url.username), ("REDIS_PASSWORD", url.password)):
            if inside and env.get(variable):
                value = "***" if variable == "REDIS_PASSWORD" else env[variable]
                raise ConfigError(variable, value, "unset, since REDIS_ADDR names it too: it may be given once")
        password_file = Path(env["REDIS_PASSWORD_FILE"]) if env.get("REDIS_PASSWORD_FILE") else None
        if password_file is not None:
            try:
                password_file.read_text()
            except OSError as error:
                raise ConfigError("REDIS_PASSWORD_FILE", str(password_file), f"a readable file ({error})") from None
        return cls(
            host=cast("str", host),
            port=port or REDIS_PORT,
            db=int(db or 0),
            tls=url.scheme == "rediss",
            username=unquote(url.username or "") or env.get("REDIS_USERNAME") or None,
            password=unquote(url.password or "") or env.get("REDIS_PASSWORD") or None,
            password_file=password_file,
        )


@dataclass(frozen=True, slots=True)
class DispatchSettings:
    """How dispatch listens, and how much it takes on."""

    host: str = "127.0.0.1"
    port: int = DISPATCH_PORT
    max_steps: int = MAX_STEPS
    max_runs: int = MAX_RUNS
    max_ensemble_steps: int = MAX_ENSEMBLE_STEPS
    max_flights: int = MAX_FLIGHTS
    max_waiters: int = MAX_WAITERS

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> DispatchSettings:
        """Read the ``MAX_…`` and the ``PORTA_…`` variables. Raises `ConfigError`."""
        return cls(
            host=_address(env, "PORTA_DISPATCH_HOST", "127.0.0.1"),
            port=_integer(env, "PORTA_DISPATCH_PORT", DISPATCH_PORT, 0, 65535),
            max_steps=_integer(env, "MAX_STEPS", MAX_STEPS, 1, LARGEST_MAX_STEPS),
            max_runs=_integer(env, "MAX_RUNS", MAX_RUNS, 1, LARGEST_MAX_RUNS),
            max_ensemble_steps=_integer(env, "MAX_ENSEMBLE_STEPS", MAX_ENSEMBLE_STEPS, 1, LARGEST_MAX_ENSEMBLE_STEPS),
            max_flights=_integer(env, "PORTA_MAX_FLIGHTS", MAX_FLIGHTS, 1, 100_000),
            max_waiters=_integer(env, "PORTA_MAX_WAITERS", MAX_WAITERS, 1, 1_000_000),
        )


def _integer(env: Mapping[str, str], variable: str, default: int, least: int, most: int) -> int:
    text = env.get(variable) or str(default)
    if not re.fullmatch(r"0|[1-9][0-9]{0,12}", text) or not least <= int(text) <= most:
        raise ConfigError(variable, text, f"a whole number from {least} to {most}")
    return int(text)


def _address(env: Mapping[str, str], variable: str, default: str) -> str:
    text = env.get(variable) or default
    if text == "localhost":
        return text
    try:
        ipaddress.ip_address(text)
    except ValueError:
        raise ConfigError(variable, text, "an IP address of this machine, 0.0.0.0 for all, or localhost") from None
    return text
