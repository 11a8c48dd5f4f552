"""What is wrong with a Redis is said in words, with the way out: to who waits for a worker, and in a notebook."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import redis
from services import Certificate, Valkey, eventually, free_ports

from porta.cache import open_cache
from porta.cache.trouble import trouble_of
from porta.client.errors import PlatformError, Refused
from porta.client.places import Places
from porta.client.reading import Reader
from porta.config import RedisSettings
from porta.failure import CacheAway
from porta.run import Run

ROWS = json.loads((Path(__file__).parents[1] / "golden" / "redis-troubles.json").read_text())

RUN = Run(500)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["said"])[:60])
def test_what_redis_says_is_recognised_as_the_frontend_recognises_it(row: dict[str, str]) -> None:
    assert trouble_of(row["said"], "cache:6379").name == row["name"]


class Server:
    """Starts servers that end with the test."""

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self.directory, self.stack, self._count = directory, stack, 0

    def valkey(self, *options: str) -> Valkey:
        self._count += 1
        directory = self.directory / str(self._count)
        directory.mkdir()
        valkey = Valkey(directory, "--dir", str(directory), *options)
        self.stack.callback(valkey.stop)
        return valkey

    def web(self) -> int:
        server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.stack.callback(server.server_close)
        self.stack.callback(server.shutdown)
        return server.server_port

    def tls(self) -> int:
        """A port that takes only TLS: the server that comes with the environment has none."""
        own = Certificate.new(self.directory)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(own.certificate, own.key)
        listener = socket.create_server(("127.0.0.1", 0))
        self.stack.callback(listener.close)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with suppress(OSError), context.wrap_socket(connection, server_side=True) as wrapped:
                        wrapped.recv(1)

        threading.Thread(target=serve, daemon=True).start()
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Server]:
    with ExitStack() as stack:
        yield Server(tmp_path, stack)


def read(settings: RedisSettings) -> str:
    """What a worker's failure says that only reads."""
    with pytest.raises(CacheAway) as failure:
        open_cache(settings, patience=0.1).results.find(RUN)
    return failure.value.reason


def write(settings: RedisSettings) -> str:
    """What a worker's failure says that writes."""
    with pytest.raises(CacheAway) as failure:
        open_cache(settings, patience=0.1).results.delete(RUN)
    return failure.value.reason


def notebook(settings: RedisSettings) -> PlatformError:
    with pytest.raises(PlatformError) as error:
        Reader(Places(settings, "http://127.0.0.1:1", "tcp://127.0.0.1:1")).fields(RUN.key, ["manifest"])
    return error.value


def cluster(servers: Server) -> RedisSettings:
    """A node of two: the other one has all slots."""
    options = ("--cluster-enabled", "yes", "--cluster-require-full-coverage", "no", "--cluster-port")
    buses = free_ports(2)
    seen, other = (servers.valkey(*options, str(bus)) for bus in buses)
    ours: Any = seen.client
    theirs: Any = other.client
    theirs.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
    ours.execute_command("CLUSTER", "MEET", "127.0.0.1", other.port, buses[1])

    def moved() -> bool:
        try:
            ours.hget("propagation/500", "manifest")
        except redis.exceptions.MovedError:
            return True
        except redis.exceptions.ClusterDownError:
            return False
        return False

    eventually(moved, "the nodes know each other")
    return RedisSettings("127.0.0.1", seen.port)


def replica(servers: Server) -> RedisSettings:
    primary = servers.valkey()
    return RedisSettings("127.0.0.1", servers.valkey("--replicaof", f"127.0.0.1 {primary.port}").port)


def locked(servers: Server) -> RedisSettings:
    valkey = servers.valkey()
    valkey.client.config_set("requirepass", "secret")
    return RedisSettings("127.0.0.1", valkey.port)


def wrong_password(servers: Server) -> RedisSettings:
    return RedisSettings("127.0.0.1", locked(servers).port, password="wrong")


def unreadable(servers: Server) -> RedisSettings:
    valkey = servers.valkey()
    valkey.client.acl_setuser("guest", enabled=True, passwords=["+guest"], commands=["+hello", "+auth"])
    return RedisSettings("127.0.0.1", valkey.port, username="guest", password="guest")


def crowded(servers: Server) -> RedisSettings:
    valkey = servers.valkey()
    valkey.client.config_set("maxclients", 1)
    return RedisSettings("127.0.0.1", valkey.port)


def unsaved(servers: Server) -> RedisSettings:
    """It has to save, and its folder is gone."""
    valkey = servers.valkey("--save", "1 1")
    client: Any = valkey.client
    servers.stack.callback(valkey.kill)  # where it cannot save, it does not end on SIGTERM
    shutil.rmtree(client.config_get("dir")["dir"])
    client.set("filler", "x")

    def failed() -> bool:
        with suppress(redis.exceptions.ResponseError):
            client.bgsave()
        return bool(client.info("persistence")["rdb_last_bgsave_status"] == "err")

    eventually(failed, "saving has failed")
    return RedisSettings("127.0.0.1", valkey.port)


def alone(servers: Server) -> RedisSettings:
    return RedisSettings("127.0.0.1", servers.valkey("--min-replicas-to-write", "1").port)


def absent(_: Server) -> RedisSettings:
    (port,) = free_ports(1)
    return RedisSettings("127.0.0.1", port)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (cluster, "is a node of a Redis Cluster. Porta needs a single Redis"),
        (locked, "asks for a password, and none is set. Set REDIS_PASSWORD"),
        (wrong_password, "refuses this user or password. Set REDIS_USERNAME and REDIS_PASSWORD"),
        (unreadable, "accepts this user, but does not allow it what Porta needs"),
        (crowded, "has as many clients as it takes. Raise its maxclients"),
        (lambda servers: RedisSettings("127.0.0.1", servers.valkey().port, db=77), "has no database of this number"),
        (lambda servers: RedisSettings("127.0.0.1", servers.web()), "is no Redis: it answers as a web server does"),
        (lambda servers: RedisSettings("127.0.0.1", servers.tls()), "as a port does that takes only TLS"),
        (lambda servers: RedisSettings("127.0.0.1", servers.tls(), tls=True), "has a certificate that is not trusted"),
        (absent, "nothing listens at that port"),
        (lambda _: RedisSettings("nowhere.invalid"), "its name is not known here"),
    ],
)
def test_a_cache_that_cannot_be_read_is_told_in_words_by_workers_and_notebooks(
    servers: Server, make: Any, words: str
) -> None:
    settings = make(servers)
    where = f"The cache at {settings.host}:{settings.port} "
    reason = read(settings)
    assert reason.startswith(where)
    assert words in reason
    said = str(notebook(settings))
    assert where.split(" at ")[1].strip() in said
    assert words in said or "lets the user guest in, but not read propagation/500" in said


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (replica, "is a read-only replica, and the workers have to write. REDIS_ADDR of the workers"),
        (unsaved, "takes no writes, since it cannot save its data to disk"),
        (alone, "takes no writes, since it has fewer replicas than it demands"),
        (cluster, "is a node of a Redis Cluster"),
    ],
)
def test_a_cache_that_cannot_be_written_is_told_in_words(servers: Server, make: Any, words: str) -> None:
    settings = make(servers)
    assert words in write(settings)
    assert words in (open_cache(settings).trouble() or ""), "a worker says so when it starts"


def test_what_only_a_person_can_change_is_told_to_a_notebook_at_once(servers: Server) -> None:
    assert type(notebook(cluster(servers))) is PlatformError, "not PlatformAway, which is tried again"
    assert isinstance(notebook(wrong_password(servers)), Refused)


def test_a_second_for_which_redis_is_stopped_is_waited_out_by_workers_and_notebooks(servers: Server) -> None:
    valkey = servers.valkey()
    settings = RedisSettings("127.0.0.1", valkey.port)
    cache = open_cache(settings)
    reader = Reader(Places(settings, "http://127.0.0.1:1", "tcp://127.0.0.1:1"))
    assert cache.results.find(RUN) is None
    for look in (lambda: cache.results.find(RUN), lambda: reader.fields(RUN.key, ["manifest"])[0], cache.trouble):
        valkey.freeze()
        going = threading.Timer(1, valkey.thaw)
        going.start()
        try:
            assert look() is None
        finally:
            going.join()
