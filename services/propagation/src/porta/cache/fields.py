"""Fields of a hash, where the key may hold anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from redis import exceptions

from porta.cache.connection import patiently

if TYPE_CHECKING:
    import redis


def holds_another_type(answer: object) -> bool:
    """Tell whether a command on a hash was refused because its key holds something else."""
    return isinstance(answer, exceptions.ResponseError) and str(answer).startswith("WRONGTYPE")


def read_fields(client: redis.Redis, key: str, fields: list[str], patience: float) -> list[bytes | None]:
    """HMGET; a key of another type holds nothing of ours, and is deleted. Raises as `patiently`."""

    def read() -> list[bytes | None]:
        try:
            return cast("list[bytes | None]", client.hmget(key, fields))
        except exceptions.ResponseError as error:
            if not holds_another_type(error):
                raise
            client.delete(key)
            return [None] * len(fields)

    return patiently(client, read, patience)
