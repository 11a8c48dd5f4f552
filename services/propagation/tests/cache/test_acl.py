"""Each account on Redis can do its own work and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
import redis
from services import Valkey

from porta.cache import open_cache
from porta.config import RedisSettings
from porta.ensembles.request import Ensemble
from porta.propagate import compute
from porta.run import Run

RULES: dict[str, str] = json.loads(files("porta").joinpath("acl.json").read_text())
RUN = Run(16384)
ENSEMBLE = Ensemble(500, 1000)

READS: dict[str, Callable[[Any], Any]] = {
    "HGET": lambda r: r.hget(RUN.key, "summary"),
    "HMGET": lambda r: r.hmget(RUN.key, ["summary", "manifest"]),
    "EXISTS": lambda r: r.exists(RUN.key),
    "HGET of an ensemble": lambda r: r.hget(ENSEMBLE.key, "summary"),
}
WRITES: dict[str, Callable[[Any], Any]] = {
    "HSET": lambda r: r.hset(RUN.key, "x", "y"),
    "DEL": lambda r: r.delete(RUN.key),
    "MULTI": lambda r: r.pipeline(transaction=True).hset(RUN.key, "x", "y").execute(),
    "HSET of an ensemble": lambda r: r.hset(ENSEMBLE.key, "x", "y"),
}
NOBODY: dict[str, Callable[[Any], Any]] = {
    "SET": lambda r: r.set(RUN.key, "x"),
    "GET": lambda r: r.get(RUN.key),
    "another key": lambda r: r.hget("another", "summary"),
    "KEYS": lambda r: r.keys("*"),
    "SCAN": lambda r: r.scan(),
    "FLUSHALL": lambda r: r.flushall(),
    "CONFIG SET": lambda r: r.config_set("maxmemory", "1"),
    "EVAL": lambda r: r.eval("return 1", 0),
    "ACL": lambda r: r.acl_list(),
    "CLIENT KILL": lambda r: r.client_kill_filter(skipme=False),
    "MONITOR": lambda r: r.execute_command("MONITOR"),
    "SAVE": lambda r: r.save(),
    "SHUTDOWN": lambda r: r.execute_command("SHUTDOWN"),
    "REPLICAOF": lambda r: r.execute_command("REPLICAOF", "localhost", "1"),
    "PUBLISH": lambda r: r.publish("channel", "x"),
    "MODULE": lambda r: r.execute_command("MODULE", "LIST"),
}


@pytest.fixture
def login(valkey: Valkey) -> Iterator[Callable[[str], redis.Redis]]:
    """Logs in as a user, as Redis' own words allow it."""
    clients: list[redis.Redis] = []
    admin: Any = valkey.client
    for user, rules in RULES.items():
        admin.execute_command("ACL", "SETUSER", user, "reset", "on", f">{user}-secret", *rules.split())

    def client(user: str) -> redis.Redis:
        clients.append(redis.Redis(port=valkey.port, username=user, password=f"{user}-secret"))
        return clients[-1]

    yield client
    for one in clients:
        one.close()


def refused(action: Callable[[Any], Any], client: redis.Redis) -> bool:
    """Whether Redis says that this user may not."""
    try:
        action(client)
    except redis.exceptions.NoPermissionError:
        return True
    return False


def test_the_worker_can_do_all_of_its_work(valkey: Valkey, login: Callable[[str], redis.Redis]) -> None:
    login("worker")
    cache = open_cache(RedisSettings(port=valkey.port, username="worker", password="worker-secret"))
    result, segments = compute(RUN)
    cache.results.find_or_require_room(RUN, 1)
    cache.results.delete(RUN)
    cache.results.write(RUN, 0, segments[0].chunks)
    cache.results.finish(RUN, 1, result)
    cache.results.write_whole(RUN, [segment.chunks for segment in segments], result.fields)
    assert cache.results.find(RUN) == result.fields["summary"]
    assert cache.checkpoints.at(0, 1) is None


@pytest.mark.parametrize("user", ["frontend", "notebook", "worker"])
@pytest.mark.parametrize("action", READS.values(), ids=READS.keys())
def test_who_reads_can_read(user: str, action: Any, login: Callable[[str], redis.Redis]) -> None:
    assert not refused(action, login(user))


@pytest.mark.parametrize("user", ["frontend", "notebook", "probe"])
@pytest.mark.parametrize("action", WRITES.values(), ids=WRITES.keys())
def test_only_the_worker_can_write(user: str, action: Any, login: Callable[[str], redis.Redis]) -> None:
    assert refused(action, login(user))


@pytest.mark.parametrize("action", READS.values(), ids=READS.keys())
def test_the_probe_can_ping_and_not_read(action: Any, login: Callable[[str], redis.Redis]) -> None:
    probe = login("probe")
    assert probe.ping()
    assert refused(action, probe)


@pytest.mark.parametrize("user", RULES)
@pytest.mark.parametrize("action", NOBODY.values(), ids=NOBODY.keys())
def test_nobody_can_do_anything_else(user: str, action: Any, login: Callable[[str], redis.Redis]) -> None:
    assert refused(action, login(user))


@pytest.mark.parametrize("user", ["frontend", "notebook", "probe"])
@pytest.mark.parametrize(("key", "field"), [("checkpoint/0/1", "state"), (ENSEMBLE.chunks()[0].key, "sketch")])
def test_checkpoints_and_chunks_are_the_workers_alone(
    user: str, key: str, field: str, login: Callable[[str], redis.Redis]
) -> None:
    assert not refused(lambda r: r.hset(key, field, "x"), login("worker"))
    assert refused(lambda r: r.hget(key, field), login(user))
