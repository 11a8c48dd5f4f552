"""Checkpoints in Redis: where a run of a seed can be continued, and which result holds what came before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from porta.cache.connection import PATIENCE_S, patiently
from porta.checkpoint import Checkpoint, CheckpointError
from porta.contract import SEGMENT_STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import redis

BATCH: Final = 64
"""Checkpoints asked for in one round trip: about a million steps."""

_SOURCE: Final = re.compile(rb"[1-9][0-9]{0,6}")


class Checkpoints:
    """The checkpoints in one Redis, by seed and number: number k is the state after k segments, k ≥ 1."""

    def __init__(self, client: redis.Redis, patience: float = PATIENCE_S) -> None:
        self._redis = client
        self._patience = patience

    def at(self, seed: int, k: int) -> Checkpoint | None:
        """Return checkpoint k, or None where it is missing or damaged."""
        for _, checkpoint, _ in self._read(seed, [k]):
            return checkpoint
        return None

    def latest(self, seed: int, most: int) -> Iterator[tuple[int, Checkpoint, int | None]]:
        """Yield sound checkpoints from number ``most`` down, with the steps of the result that holds their past."""
        for highest in range(most, 0, -BATCH):
            yield from self._read(seed, range(highest, max(highest - BATCH, 0), -1))

    def write(self, seed: int, checkpoints: Iterable[Checkpoint], source: int) -> None:
        """Store checkpoints whose past is in the result of ``source`` steps, instead of whatever is there."""
        states = {_key(seed, c.step // SEGMENT_STEPS): c.to_bytes() for c in checkpoints}

        def store() -> None:
            with self._redis.pipeline(transaction=False) as pipeline:
                for key, state in states.items():
                    pipeline.delete(key)  # it may be of another type
                    pipeline.hset(key, items=["state", state, "source", source])
                pipeline.execute()

        patiently(self._redis, store, self._patience)

    def _read(self, seed: int, numbers: Iterable[int]) -> list[tuple[int, Checkpoint, int | None]]:
        wanted = list(numbers)

        def read() -> list[object]:
            with self._redis.pipeline(transaction=False) as pipeline:
                for k in wanted:
                    pipeline.hmget(_key(seed, k), ["state", "source"])
                return cast("list[object]", pipeline.execute(raise_on_error=False))

        found = []
        for k, answer in zip(wanted, patiently(self._redis, read, self._patience), strict=True):
            if not isinstance(answer, list) or answer[0] is None:
                continue  # missing, or a key of another type: `write` replaces it
            try:
                checkpoint = Checkpoint.from_bytes(answer[0])
            except CheckpointError:
                continue
            if (checkpoint.seed, checkpoint.step) == (seed, k * SEGMENT_STEPS):
                source = answer[1]
                found.append((k, checkpoint, int(source) if source and _SOURCE.fullmatch(source) else None))
        return found


def _key(seed: int, k: int) -> str:
    return f"checkpoint/{seed}/{k}"
