"""What is in the cache and is not whole is never served: it is computed again."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable

import orjson
import pytest
from services import Pool, Valkey

from pool.results import computed, store, stored
from porta.contract import ENGINE
from porta.run import Run

Fields = dict[bytes, bytes]

_steps = itertools.count(20_001)


def flip(value: bytes) -> bytes:
    """Change one bit in the middle."""
    middle = len(value) // 2
    return value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]


def resealed(manifest: bytes, **changes: object) -> bytes:
    """Change members of a manifest and make its own digest right again."""
    fields = orjson.loads(manifest) | changes
    del fields["sha256"]
    content = orjson.dumps(fields)[:-1]
    return content + b',"sha256":"%s"}' % hashlib.sha256(content).hexdigest().encode()


def set_field(name: bytes, change: Callable[[bytes], bytes]) -> Callable[[Fields], Fields]:
    """Damage by changing a field."""
    return lambda fields: fields | {name: change(fields[name])}


def without(name: bytes) -> Callable[[Fields], Fields]:
    """Damage by losing a field."""
    return lambda fields: {key: value for key, value in fields.items() if key != name}


DAMAGE: dict[str, Callable[[Fields], Fields]] = {
    "no manifest": without(b"manifest"),
    "a truncated manifest": set_field(b"manifest", lambda value: value[:-1]),
    "a flipped bit in the manifest": set_field(b"manifest", flip),
    "a manifest that is no JSON": set_field(b"manifest", lambda _: b"\x00\xff"),
    "another engine": set_field(b"manifest", lambda value: resealed(value, engine=ENGINE + 1)),
    "another key": set_field(b"manifest", lambda value: resealed(value, key="propagation/7", steps=7)),
    "a manifest of another shape": set_field(b"manifest", lambda value: resealed(value, segments=[{}])),
    "no summary": without(b"summary"),
    "a flipped bit in the summary": set_field(b"summary", flip),
    "a flipped bit in the overview": set_field(b"overview", flip),
    "a flipped bit in a chunk": set_field(b"records/1", flip),
    "a truncated chunk": set_field(b"arrow/0", lambda value: value[:-1]),
    "an empty chunk": set_field(b"windows/1", lambda _: b""),
    "a missing chunk": without(b"windows/0"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_result_is_computed_again(pool: Pool, valkey: Valkey, damage: Callable[[Fields], Fields]) -> None:
    run = Run(next(_steps), 1)
    sound = computed(run)
    store(valkey, run, damage(sound))
    assert "ready" in pool.ask(f"/{run.key}").last()
    assert stored(valkey, run) == sound


def test_a_sound_result_is_not_computed_again(pool: Pool, valkey: Valkey) -> None:
    run, encoded = Run(next(_steps), 1), pool.metric('porta_segments_total{how="encoded"}')
    store(valkey, run, computed(run))
    assert pool.ask(f"/{run.key}").last()["ready"] == orjson.loads(computed(run)[b"summary"])
    assert pool.metric('porta_segments_total{how="encoded"}') == encoded


@pytest.mark.parametrize("kind", ["string", "list", "set"])
def test_a_key_of_another_type_is_replaced(pool: Pool, valkey: Valkey, kind: str) -> None:
    run = Run(next(_steps), 1)
    put = {"string": valkey.client.set, "list": valkey.client.rpush, "set": valkey.client.sadd}[kind]
    put(run.key, "not a hash")  # type: ignore[operator]
    assert "ready" in pool.ask(f"/{run.key}").last()
    assert stored(valkey, run) == computed(run)
