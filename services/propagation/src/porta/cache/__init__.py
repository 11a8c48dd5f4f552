"""The cache: results, checkpoints and chunks of ensembles in Redis, verified whenever they are read."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass

import redis

from porta.cache.checkpoints import Checkpoints
from porta.cache.chunks import Chunks
from porta.cache.connection import PATIENCE_S, connect
from porta.cache.results import Results
from porta.config import RedisSettings

__all__ = ["Cache", "Checkpoints", "Chunks", "Results", "from_env", "open_cache"]


@dataclass(frozen=True, slots=True)
class Cache:
    """What a worker keeps in Redis."""

    client: redis.Redis
    results: Results
    checkpoints: Checkpoints
    chunks: Chunks

    def answers(self) -> bool:
        """Whether Redis answers now. Leaves a connection for the next command."""
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False


def open_cache(settings: RedisSettings, patience: float = PATIENCE_S) -> Cache:
    """Make a cache over one pool of connections. It connects with its first command."""
    client = connect(settings)
    return Cache(client, Results(client, patience), Checkpoints(client, patience), Chunks(client, patience))


@functools.cache
def from_env() -> Cache:
    """Make this process's cache, once, from its environment. Raises `ConfigError`."""
    return open_cache(RedisSettings.from_env(os.environ))
