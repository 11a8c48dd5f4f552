"""Reads from the cache, as an account that may do nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from redis import exceptions

from porta.cache.connection import PASSING, connect
from porta.client.errors import PlatformAway, Refused

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
        PlatformAway : Redis does not answer
        Refused : it does not let us in, or not at this key
        """
        try:
            return cast("list[bytes | None]", self._redis.hmget(key, list(names)))
        except exceptions.NoPermissionError as error:
            raise Refused(
                f"Redis at {self._places.cache} lets {self._who} in, but not read {key} ({error}). "
                "REDIS_USERNAME has to name an account with the rights in porta/acl.json: notebook."
            ) from error
        except exceptions.AuthenticationError as error:
            raise Refused(
                f"Redis at {self._places.cache} does not let {self._who} in ({error}). Set REDIS_USERNAME, and "
                "REDIS_PASSWORD or REDIS_PASSWORD_FILE, to those of the account notebook."
            ) from error
        except PASSING as error:
            raise PlatformAway(
                f"Redis does not answer at {self._places.cache} ({error}). Is the platform running (npm start)? "
                "Where it is elsewhere, REDIS_ADDR has to name its Redis."
            ) from error
        except exceptions.ResponseError as error:
            if str(error).startswith("WRONGTYPE"):
                return [None] * len(names)
            raise PlatformAway(f"Redis at {self._places.cache} refused a read ({error}).") from error

    @property
    def _who(self) -> str:
        return f"the user {self._places.redis.username}" if self._places.redis.username else "the open account"
