"""Results in Redis: one hash per result, written segment by segment, read back verified. See docs/formats.md.

Nothing here trusts what it reads. What is damaged, truncated, of the wrong type, foreign or of another engine is no
result: it is computed again, and replaced. That also makes concurrent writers harmless. After a restart of the
scheduler an old worker may still write beside a new one: both write the same bytes; bytes of another engine fail the
manifest's digests; a chunk that one deletes under the other's manifest is missing. In each case every reader sees a
miss, asks again, and the next graph looks at everything before it believes anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

from porta.cache.connection import PATIENCE_S, patiently
from porta.cache.fields import holds_another_type, read_fields
from porta.failure import CacheLost, CannotBeStored
from porta.manifest import Damaged, read_manifest
from porta.segment import SegmentMeta

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import redis

    from porta.manifest import AnyManifest, Manifest
    from porta.request import Request
    from porta.result import Result
    from porta.run import Run
    from porta.segment import Meta

ReadManifest = Callable[[bytes, str], "AnyManifest[Any, Any]"]
"""Reads a manifest of the key; raises `Damaged`."""

SHARE_OF_MEMORY: Final = 4
"""A result over a quarter of ``maxmemory`` is not stored: it would evict the others, and then itself."""


class Results:
    """The results in one Redis. Each method waits out a short absence of Redis; see `patiently` for what it raises."""

    def __init__(self, client: redis.Redis, patience: float = PATIENCE_S) -> None:
        self._redis = client
        self._patience = patience

    def find(self, request: Request, read: ReadManifest = read_manifest) -> bytes | None:
        """Return the summary of a whole and sound result, or None. Verifies every chunk.

        Parameters
        ----------
        read : how the manifests of this kind of request are read
        """
        (data,) = self._get(request.key, ["manifest"])
        return self._summary(request, data, read)

    def find_or_require_room(self, request: Request, needed: int, read: ReadManifest = read_manifest) -> bytes | None:
        """Return what `find` does; where that is None, refuse a result of ``needed`` bytes for which there is no room.

        One round trip for both: a short run is computed in the time that two take.

        Raises
        ------
        CannotBeStored : it would take more than a quarter of the cache; says how large the cache would have to be
        """

        def look() -> tuple[bytes | None, dict[str, int]]:
            with self._redis.pipeline(transaction=False) as pipeline:
                pipeline.hget(request.key, "manifest")
                pipeline.info("memory")
                data, memory = pipeline.execute(raise_on_error=False)
            if holds_another_type(data):
                self._redis.delete(request.key)
                data = None
            for answer in (data, memory):
                if isinstance(answer, Exception):
                    raise answer
            return data, memory

        data, memory = patiently(self._redis, look, self._patience)
        summary = self._summary(request, data, read)
        if summary is None:
            _require_room(needed, memory)
        return summary

    def _summary(self, request: Request, data: bytes | None, read: ReadManifest) -> bytes | None:
        """Return the summary of the result with this manifest where all of it is sound, else None."""
        manifest = _read(request, data, read)
        if manifest is None:
            return None
        summary, overview = self._get(request.key, ["summary", "overview"])
        if not _is(summary, manifest.summary) or not _is(overview, manifest.overview):
            return None
        sound = all(self.chunks(request, index, meta) for index, meta in enumerate(manifest.segments))
        return summary if sound else None

    def manifest(self, run: Run) -> Manifest | None:
        """Return the manifest of a run where it is sound and ours, else None. Says nothing about the chunks."""
        (data,) = self._get(run.key, ["manifest"])
        return cast("Manifest | None", _read(run, data, read_manifest))

    def chunks(self, request: Request, index: int, meta: Meta) -> dict[str, bytes] | None:
        """Return the chunks of segment ``index``, verified against ``meta``, or None where one is not what it was."""
        values = self._get(request.key, [_field(kind, index) for kind in meta.kinds])
        if any(value is None for value in values):
            return None
        chunks = dict(zip(meta.kinds, cast("list[bytes]", values), strict=True))
        return chunks if meta.verify(chunks) else None

    def write(self, request: Request, index: int, chunks: Mapping[str, bytes]) -> None:
        """Store one segment's chunks with one command."""
        fields = {_field(kind, index): chunk for kind, chunk in chunks.items()}
        patiently(self._redis, lambda: self._redis.hset(request.key, items=_items(fields)), self._patience)

    def write_whole(
        self, request: Request, segments: Sequence[Mapping[str, bytes]], fields: Mapping[str, bytes]
    ) -> None:
        """Store a small result at once, instead of whatever is there: the chunks of its segments, and its fields."""
        chunks = {_field(kind, index): chunk for index, one in enumerate(segments) for kind, chunk in one.items()}

        def store() -> None:
            with self._redis.pipeline(transaction=True) as transaction:
                transaction.delete(request.key)
                transaction.hset(request.key, items=_items({**chunks, **fields}))
                transaction.execute()

        patiently(self._redis, store, self._patience)

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

        stored, expected = (
            patiently(self._redis, store, self._patience),
            segments * len(SegmentMeta.kinds) + len(result.fields),
        )
        if stored != expected:
            self.delete(run)
            raise CacheLost(f"the cache lost parts of {run.key} while it was written ({stored} of {expected} left)")

    def delete(self, request: Request) -> None:
        """Remove what stands under the key of ``request``, whatever it is."""
        patiently(self._redis, lambda: self._redis.delete(request.key), self._patience)

    def _get(self, key: str, fields: list[str]) -> list[bytes | None]:
        return read_fields(self._redis, key, fields, self._patience)


def _read(request: Request, data: bytes | None, read: ReadManifest) -> AnyManifest[Any, Any] | None:
    if data is None:
        return None
    try:
        return read(data, request.key)
    except Damaged:
        return None


def _require_room(needed: int, memory: Mapping[str, int]) -> None:
    limit = memory.get("maxmemory", 0)
    if limit and needed > limit / SHARE_OF_MEMORY:
        raise CannotBeStored(
            f"the result takes about {_mib(needed)} and may take a quarter of the cache, which has {_mib(limit)}: "
            f"give Redis a maxmemory of {_mib(needed * SHARE_OF_MEMORY)}, or ask for less"
        )


def _field(kind: str, index: int) -> str:
    return f"{kind}/{index}"


def _is(stored: bytes | None, described: Mapping[str, Any]) -> bool:
    return stored is not None and hashlib.sha256(stored).hexdigest() == described["sha256"]


def _items(fields: Mapping[str, bytes]) -> list[str | bytes]:
    return [item for pair in fields.items() for item in pair]


def _mib(count: int) -> str:
    return f"{count / 2**20:,.0f} MiB"
