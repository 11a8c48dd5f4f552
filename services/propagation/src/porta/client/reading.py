"""Reads from the cache, as an account that may do nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from redis import exceptions

from porta.cache.connection import connect
from porta.cache.trouble import trouble_with
from porta.client.errors import PlatformAway, PlatformError, Refused

if TYPE_CHECKING:
    from porta.client.places import Places


class Reader:
    """The cache, read only. It connects with its first read; damage is for who knows what the bytes should be."""

    def __init__(self, places: Places) -> None:
        self._places = places
        # The open account on one machine may read, and not even give itself a name.
        self._redis = connect(places.redis, name=None)

    def fields(self, key: str, names: Sequence[str]) -> list[bytes | None]:
        """Return fields of a hash, None for each that is not there, as for a key that is no hash at all.

        Raises
        ------
        PlatformAway : Redis is absent, slow, or says that it is not ready
        Refused : it does not let us in, or not at this key
        PlatformError : what answers is not a Redis that could be read, such as a node of a Redis Cluster
        """
        try:
            return cast("list[bytes | None]", self._redis.hmget(key, list(names)))
        except exceptions.NoPermissionError as error:
            raise Refused(
                f"Redis at {self._places.cache} lets {self._who} in, but not read {key} ({error}). "
                "REDIS_USERNAME has to name an account with the rights in porta/acl.json: notebook."
            ) from error
        except (exceptions.RedisError, OSError) as error:
            if isinstance(error, exceptions.ResponseError) and str(error).startswith("WRONGTYPE"):
                return [None] * len(names)
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> PlatformError:
        trouble = trouble_with(self._redis, error)
        if isinstance(error, exceptions.AuthenticationError):
            return Refused(f"{trouble.words} The user here is {self._who}; notebooks use the account notebook.")
        if trouble.lasting:
            return PlatformError(trouble.words)
        if trouble.name in ("nothing listens", "unknown host", "no way"):
            return PlatformAway(f"{trouble.words} Is the platform running (npm start)?")
        return PlatformAway(trouble.words)

    @property
    def _who(self) -> str:
        return f"the user {self._places.redis.username}" if self._places.redis.username else "the open account"
