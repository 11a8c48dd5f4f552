"""The cache: results, checkpoints and chunks of ensembles in Redis, verified whenever they are read."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from typing import Final

import redis

from porta.cache.checkpoints import Checkpoints
from porta.cache.chunks import Chunks
from porta.cache.connection import PATIENCE_S, connect
from porta.cache.results import Results
from porta.cache.trouble import trouble_with
from porta.config import RedisSettings

UNUSED: Final = "propagation/0"

__all__ = ["Cache", "Checkpoints", "Chunks", "Results", "from_env", "open_cache"]


@dataclass(frozen=True, slots=True)
class Cache:
    """What a worker keeps in Redis."""

    client: redis.Redis
    results: Results
    checkpoints: Checkpoints
    chunks: Chunks

    def trouble(self) -> str | None:
        """Why a worker cannot use Redis now, in words; None where it can. Leaves a connection for the next command."""
        try:
            # As a task does: reads, then writes. The key is no result's, since steps are counted from 1.
            self.client.hmget(UNUSED, ["manifest"])
            self.client.delete(UNUSED)
        except (redis.RedisError, OSError) as error:
            return trouble_with(self.client, error).words
        return None


def open_cache(settings: RedisSettings, patience: float = PATIENCE_S) -> Cache:
    """Make a cache over one pool of connections. It connects with its first command."""
    client = connect(settings)
    return Cache(client, Results(client, patience), Checkpoints(client, patience), Chunks(client, patience))


@functools.cache
def from_env() -> Cache:
    """Make this process's cache, once, from its environment. Raises `ConfigError`."""
    return open_cache(RedisSettings.from_env(os.environ))
