"""Results as one process computes them, to compare with what the pool has stored."""

from __future__ import annotations

import functools
import hashlib
import tempfile
from pathlib import Path
from typing import Final, cast

import orjson
from services import Answer, Pool, Valkey, eventually

from porta.ensembles.request import Chunk, Ensemble
from porta.ensembles.result import reduce
from porta.ensembles.sampling import compute as compute_chunk
from porta.ensembles.sketch import Sketch, merge
from porta.propagate import compute
from porta.run import Run

KEPT: Final = Path(__file__).parents[4] / ".porta" / "differing"
KINDS: Final = ("records", "arrow", "windows")
_WHOLE: Final = (b"manifest", b"summary")

CHUNKS, SEGMENTS = "porta_chunks_total", "porta_segments_total"


class Fields(dict[bytes, bytes]):
    """All fields of a result, by name."""


def differences(left: Fields, right: Fields) -> list[str]:
    """In words, a line for each field that is not the same in both."""

    def told(name: bytes) -> str:
        one, other = left.get(name), right.get(name)
        if one is None or other is None:
            return f"{name.decode()}: only {'right' if one is None else 'left'}"
        same = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), "the end")
        return f"{name.decode()}: {len(one)} and {len(other)} bytes, the same up to {same}"

    return [told(name) for name in sorted(left.keys() | right.keys()) if left.get(name) != right.get(name)]


def keep(left: Fields, right: Fields, kept: Path = KEPT) -> Path:
    """Leave what differs in a folder that outlives the tests: a difference that comes once can be looked at later."""
    kept.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=kept))
    for side, fields in (("left", left), ("right", right)):
        for name, value in fields.items():
            if name in _WHOLE or left.get(name) != right.get(name):
                (folder / f"{side}.{name.decode().replace('/', '-')}").write_bytes(value)
    return folder


def explained(fields: Fields) -> list[str]:
    """Say where a result contradicts its manifest: it was damaged later. A result without contradiction was made so."""
    said = []
    try:
        manifest = orjson.loads(fields[b"manifest"])
        described = {
            f"{kind}/{index}": segment[kind]
            for index, segment in enumerate(manifest["segments"])
            for kind in KINDS
            if kind in segment
        }
        described |= {name: manifest[name] for name in ("summary", "overview")}
        for name, about in described.items():
            value = fields.get(name.encode())
            if value is None:
                said.append(f"{name} is missing")
            elif hashlib.sha256(value).hexdigest() != about["sha256"]:
                said.append(f"{name} is not what its manifest describes")
    except (KeyError, ValueError) as error:
        said.append(f"no manifest to tell what was made: {error!r}")
    return said


@functools.lru_cache(maxsize=4)
def computed(request: Run | Ensemble) -> Fields:
    """All fields of a result, computed here."""
    if isinstance(request, Run):
        result, segments = compute(request)
        chunks = {f"{kind}/{s.index}": chunk for s in segments for kind, chunk in s.chunks.items()}
        return Fields({name.encode(): value for name, value in (result.fields | chunks).items()})
    reduced = reduce(request, merge([sketch(chunk) for chunk in request.chunks()]))
    chunks = {f"{kind}/0": chunk for kind, chunk in reduced.chunks.items()}
    return Fields({name.encode(): value for name, value in (reduced.fields | chunks).items()})


@functools.lru_cache(maxsize=32)
def sketch(chunk: Chunk) -> Sketch:
    """A chunk's sketch, computed here. Ensembles of different tests share chunks."""
    return compute_chunk(chunk)


def stored(valkey: Valkey, request: Run | Ensemble) -> Fields:
    """All fields of a result, as they are in the cache."""
    return Fields(cast("dict[bytes, bytes]", valkey.client.hgetall(request.key)))


def store(valkey: Valkey, request: Run | Ensemble, fields: dict[bytes, bytes]) -> None:
    """Put a result into the cache."""
    valkey.client.hset(request.key, mapping=fields)  # type: ignore[arg-type]


def ask_anew(pool: Pool, request: Run | Ensemble) -> Answer:
    """Start a computation, past the two seconds in which dispatch itself remembers the last one."""

    def started() -> Answer | None:
        answer = pool.ask(f"/{request.key}")
        if answer.until(lambda line: "started" in line)["started"]:
            return answer
        answer.close()
        return None

    return cast("Answer", eventually(started, "it is forgotten"))


class Counted:
    """How many parts of each kind came about in which way, since it was made."""

    def __init__(self, pool: Pool, parts: str) -> None:
        self._pool, self._parts = pool, parts
        self._before: dict[str, float] = {}
        self._before = {how: self[how] for how in ("encoded", "copied", "computed", "found")}

    def __getitem__(self, how: str) -> int:
        return int(self._pool.metric(f'{self._parts}{{how="{how}"}}') - self._before.get(how, 0))
