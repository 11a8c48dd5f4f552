"""Chunks of ensembles in Redis: what some runs come to, for every ensemble that has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, cast

from porta.cache.connection import PATIENCE_S, patiently
from porta.cache.fields import read_fields
from porta.ensembles.sketch import Sketch
from porta.manifest import Damaged

if TYPE_CHECKING:
    import redis

    from porta.ensembles.request import Chunk

FIELD: Final = "sketch"

AT_ONCE: Final = 1000
"""Keys asked for in one round trip: as many as the largest ensembles have chunks, by default."""


class Chunks:
    """The chunks in one Redis. Each method waits out a short absence of Redis; see `patiently` for what it raises."""

    def __init__(self, client: redis.Redis, patience: float = PATIENCE_S) -> None:
        self._redis = client
        self._patience = patience

    def present(self, chunks: Sequence[Chunk]) -> list[bool]:
        """Say of each chunk whether there is something under its key. Whether it is sound, `find` says."""
        answers: list[bool] = []
        for first in range(0, len(chunks), AT_ONCE):
            keys = [chunk.key for chunk in chunks[first : first + AT_ONCE]]

            def ask(keys: list[str] = keys) -> list[int]:
                with self._redis.pipeline(transaction=False) as pipeline:
                    for key in keys:
                        pipeline.exists(key)
                    return cast("list[int]", pipeline.execute())

            answers += map(bool, patiently(self._redis, ask, self._patience))
        return answers

    def find(self, chunk: Chunk) -> Sketch | None:
        """Return the sketch of a chunk where it is whole, sound and of this engine, else None."""
        (data,) = read_fields(self._redis, chunk.key, [FIELD], self._patience)
        if data is None:
            return None
        try:
            return Sketch.from_bytes(data, chunk)
        except Damaged:
            return None

    def write(self, chunk: Chunk, sketch: Sketch) -> None:
        """Store the sketch of a chunk, instead of whatever is there."""
        data = sketch.to_bytes(chunk)

        def store() -> None:
            with self._redis.pipeline(transaction=True) as transaction:
                transaction.delete(chunk.key)  # it may be of another type
                transaction.hset(chunk.key, items=[FIELD, data])
                transaction.execute()

        patiently(self._redis, store, self._patience)
