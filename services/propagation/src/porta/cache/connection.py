"""How to reach Redis, as whom, and how long to wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

import redis
from redis import exceptions
from redis.backoff import NoBackoff
from redis.connection import PythonRespSerializer
from redis.credentials import CredentialProvider
from redis.maint_notifications import MaintNotificationsConfig
from redis.retry import Retry

from porta.cache.trouble import trouble_with
from porta.failure import CacheAway, CannotBeStored

if TYPE_CHECKING:
    from porta.config import RedisSettings

T = TypeVar("T")

PATIENCE_S: Final = 15.0
"""How long a task waits for Redis to come back: longer than a restart takes, shorter than a client's 25 s."""

LONGEST_PAUSE_S: Final = 0.5
"""The back-off's ceiling: somebody is waiting, and a refused connection costs next to nothing."""

READ_BYTES: Final = 2**17
"""Read at once: a chunk has a megabyte or two, and the library's 32 KiB are fifty system calls for it."""

SMALL_BYTES: Final = 6000
"""Values up to this go to the socket together, as in the library itself."""

SOCKET_TIMEOUT_S: Final = 10
CONNECT_TIMEOUT_S: Final = 2

PASSING: Final = (
    exceptions.ConnectionError,  # also: loading its data, wrong password (which may be about to change)
    exceptions.TimeoutError,
    exceptions.ReadOnlyError,  # a replica that is about to be promoted
    exceptions.MasterDownError,
    exceptions.TryAgainError,
    OSError,  # a password file that is being replaced
)
"""Errors that time may cure."""


class _Credentials(CredentialProvider):
    """Reads the password file at each connect, so that a rotated password needs no restart."""

    def __init__(self, settings: RedisSettings) -> None:
        self._settings = settings

    def get_credentials(self) -> tuple[str] | tuple[str, str]:
        """User and password, or the password alone."""
        file, password = self._settings.password_file, self._settings.password or ""
        if file is not None:
            password = file.read_text().removesuffix("\n")
        return (self._settings.username, password) if self._settings.username else (password,)


def connect(settings: RedisSettings, name: str | None = "porta-worker") -> redis.Redis:
    """Make a client for ``settings``, called ``name`` in Redis' list of clients. It connects with its first command."""
    secret = settings.username or settings.password or settings.password_file
    client = redis.Redis(
        host=settings.host,
        port=settings.port,
        db=settings.db,
        ssl=settings.tls,
        credential_provider=_Credentials(settings) if secret else None,
        socket_timeout=SOCKET_TIMEOUT_S,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
        socket_read_size=READ_BYTES,
        client_name=name,
        # `patiently` retries whole operations and bounds the time; the library would bound attempts at single commands.
        retry=Retry(NoBackoff(), 0),
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
    )
    # hiredis reads faster, but writes a command by copying it together: 3.1 ms for a segment's chunks, where this hands
    # each to the socket as it is: 0.75 ms.
    packer = PythonRespSerializer(SMALL_BYTES, client.get_encoder().encode)
    client.connection_pool.connection_kwargs["command_packer"] = packer
    return client


def patiently(client: redis.Redis, do: Callable[[], T], patience: float = PATIENCE_S) -> T:
    """Do an operation of a client, again and again with back-off while its Redis is away. It must be safe to repeat.

    Raises
    ------
    CacheAway : Redis was away for ``patience`` seconds, or refused the command; says why, and the way out
    CannotBeStored : Redis is full and configured to evict nothing
    """
    give_up, pause = time.monotonic() + patience, 0.02
    while True:
        try:
            return do()
        except PASSING as error:
            if time.monotonic() + pause > give_up:
                raise CacheAway(_reason(client, error)) from error
        except exceptions.OutOfMemoryError as error:
            raise CannotBeStored(
                "the cache is full and evicts nothing: give Redis more maxmemory, or maxmemory-policy allkeys-lru"
            ) from error
        except exceptions.RedisError as error:
            raise CacheAway(_reason(client, error)) from error
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_S)


def _reason(client: redis.Redis, error: Exception) -> str:
    """As all reasons: without a full stop, since sentences are made of them."""
    return trouble_with(client, error).words.removesuffix(".")
