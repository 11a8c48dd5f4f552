"""Finding a result and checking the room for one: one round trip, and the same answers as one by one."""

from __future__ import annotations

import pytest
from services import Valkey

from porta.cache import open_cache
from porta.config import RedisSettings
from porta.failure import CannotBeStored
from porta.propagate import compute
from porta.run import Run

RUN = Run(40, 5)


def test_a_result_is_found_whether_or_not_there_is_room_for_another(valkey: Valkey) -> None:
    cache = open_cache(RedisSettings(port=valkey.port))
    result, segments = compute(RUN)
    cache.results.write_whole(RUN, [segment.chunks for segment in segments], result.fields)
    needed = 2**40  # more than any quarter of it
    assert cache.results.find_or_require_room(RUN, needed) == result.fields["summary"]


def test_a_result_that_is_not_there_is_refused_where_it_would_take_too_much_of_the_cache(valkey: Valkey) -> None:
    cache = open_cache(RedisSettings(port=valkey.port))
    valkey.client.config_set("maxmemory", 400 * 2**20)
    assert cache.results.find_or_require_room(RUN, 100 * 2**20) is None
    with pytest.raises(CannotBeStored, match="a quarter of the cache, which has 400 MiB"):
        cache.results.find_or_require_room(RUN, 100 * 2**20 + 1)


def test_what_stands_under_the_key_and_is_no_hash_is_removed(valkey: Valkey) -> None:
    cache = open_cache(RedisSettings(port=valkey.port))
    valkey.client.set(RUN.key, "not a hash")
    assert cache.results.find_or_require_room(RUN, 1) is None
    assert not valkey.client.exists(RUN.key)
