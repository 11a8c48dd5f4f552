"""Results in Redis: one hash per result, written segment by segment, read back verified. See docs/formats.md.

Nothing here trusts what it reads. What is damaged, truncated, of the wrong type, foreign or of another engine is no
result: it is computed again, and replaced. That also makes concurrent writers harmless. After a restart of the
scheduler an old worker may still write beside a new one: both write the same bytes; bytes of another engine fail the
manifest's digests; a chunk that one deletes under the other's manifest is missing. In each case every reader sees a
miss, asks again, and the next graph looks at everything before it believes anything.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, cast

from redis import exceptions

from porta.cache.connection import PATIENCE_S, patiently
from porta.failure import CacheLost, CannotBeStored
from porta.manifest import Damaged, read_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import redis

    from porta.manifest import Manifest
    from porta.result import Result
    from porta.run import Run
    from porta.segment import Segment, SegmentMeta

CHUNKS: Final = ("records", "arrow", "windows")
"""The fields of a segment, each followed by ``/<index>``."""

SHARE_OF_MEMORY: Final = 4
"""A result over a quarter of ``maxmemory`` is not stored: it would evict the others, and then itself."""


class Results:
    """The results in one Redis. Each method waits out a short absence of Redis; see `patiently` for what it raises."""

    def __init__(self, client: redis.Redis, patience: float = PATIENCE_S) -> None:
        self._redis = client
        self._patience = patience

    def find(self, run: Run) -> bytes | None:
        """Return the summary of a whole and sound result, or None. Verifies every chunk."""
        manifest = self.manifest(run)
        if manifest is None:
            return None
        summary, overview = self._get(run.key, ["summary", "overview"])
        if not _is(summary, manifest.summary) or not _is(overview, manifest.overview):
            return None
        sound = all(self.chunks(run, index, meta) for index, meta in enumerate(manifest.segments))
        return summary if sound else None

    def manifest(self, run: Run) -> Manifest | None:
        """Return the manifest of a result where it is sound and ours, else None. Says nothing about the chunks."""
        (data,) = self._get(run.key, ["manifest"])
        if data is None:
            return None
        try:
            return read_manifest(data, run.key)
        except Damaged:
            return None

    def chunks(self, run: Run, index: int, meta: SegmentMeta) -> dict[str, bytes] | None:
        """Return the chunks of segment ``index``, verified against ``meta``, or None where one is not what it was."""
        values = self._get(run.key, [f"{name}/{index}" for name in CHUNKS])
        if any(value is None for value in values):
            return None
        chunks = dict(zip(CHUNKS, cast("list[bytes]", values), strict=True))
        return chunks if meta.verify(chunks) else None

    def write(self, run: Run, index: int, chunks: Mapping[str, bytes]) -> None:
        """Store one segment's chunks with one command."""
        fields = {f"{name}/{index}": chunks[name] for name in CHUNKS}
        patiently(lambda: self._redis.hset(run.key, items=_items(fields)), self._patience)

    def write_whole(self, run: Run, segments: Sequence[Segment], result: Result) -> None:
        """Store a small result at once, instead of whatever is there."""
        chunks = {f"{name}/{segment.index}": segment.chunks[name] for segment in segments for name in CHUNKS}

        def store() -> None:
            with self._redis.pipeline(transaction=True) as transaction:
                transaction.delete(run.key)
                transaction.hset(run.key, items=_items(chunks | result.fields))
                transaction.execute()

        patiently(store, self._patience)

    def finish(self, run: Run, segments: int, result: Result) -> None:
        """Store summary, overview and manifest: from here on the result exists.

        Raises
        ------
        CacheLost : not all chunks are there any more, since Redis was emptied or has evicted them meanwhile
        """

        def store() -> int:
            with self._redis.pipeline(transaction=True) as transaction:
                transaction.hset(run.key, items=_items(result.fields))
                transaction.hlen(run.key)
                return cast("int", transaction.execute()[-1])

        stored, expected = patiently(store, self._patience), segments * len(CHUNKS) + len(result.fields)
        if stored != expected:
            self.delete(run)
            raise CacheLost(f"the cache lost parts of {run.key} while it was written ({stored} of {expected} left)")

    def delete(self, run: Run) -> None:
        """Remove what stands under the key of ``run``, whatever it is."""
        patiently(lambda: self._redis.delete(run.key), self._patience)

    def require_room(self, needed: int) -> None:
        """Refuse a result of ``needed`` bytes where it would take more than a quarter of the cache.

        Raises
        ------
        CannotBeStored : says how large the result is, and how large the cache would have to be
        """
        memory = cast("dict[str, int]", patiently(lambda: self._redis.info("memory"), self._patience))
        limit = memory.get("maxmemory", 0)
        if limit and needed > limit / SHARE_OF_MEMORY:
            raise CannotBeStored(
                f"the result takes about {_mib(needed)} and may take a quarter of the cache, which has {_mib(limit)}: "
                f"give Redis a maxmemory of {_mib(needed * SHARE_OF_MEMORY)}, or ask for fewer steps"
            )

    def _get(self, key: str, fields: list[str]) -> list[bytes | None]:
        """HMGET; a key of another type holds nothing of ours, and is deleted."""

        def read() -> list[bytes | None]:
            try:
                return cast("list[bytes | None]", self._redis.hmget(key, fields))
            except exceptions.ResponseError as error:
                if not str(error).startswith("WRONGTYPE"):
                    raise
                self._redis.delete(key)
                return [None] * len(fields)

        return patiently(read, self._patience)


def _is(stored: bytes | None, described: Mapping[str, Any]) -> bool:
    return stored is not None and hashlib.sha256(stored).hexdigest() == described["sha256"]


def _items(fields: Mapping[str, bytes]) -> list[str | bytes]:
    return [item for pair in fields.items() for item in pair]


def _mib(count: int) -> str:
    return f"{count / 2**20:,.0f} MiB"
