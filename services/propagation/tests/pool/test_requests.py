"""Bad requests get a clear answer, and neither Redis nor Dask hears of them."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from services import Pool, Valkey

from porta.contract import ENGINE

STEPS = [
    *("-1", "0", "-0", "+5", "%2B5", "007", "1.0", "1.5", "1e3", "1e309", "Infinity", "NaN", "null", "true"),
    *("0x10", "0b11", "1_000", "1,2", "1000001", "9007199254740993", "1" * 200, "", "%205", "5%20", "5%0A", "5%00"),
    *("%D9%A5", "%EF%BC%95", "%zz", "%ff", "%2535", "..%2f", "%2e%2e", "__proto__", "[5]", "5;6"),
]
QUERIES = [
    *(
        "seed=",
        "seed=-1",
        "seed=01",
        "seed=1.0",
        "seed=1e3",
        "seed=9007199254740992",
        "seed=" + "9" * 60,
        "seed=%D9%A5",
    ),
    *("seed=7%0A", "seed=+7", "seed=7&seed=7", "seed[]=7", "seeds=7", "v=1", "__proto__=1", "seed=7&x", "=7"),
    *("engine=", "engine=0", "engine=x", "engine=1&engine=1"),
]


@pytest.fixture
def silent(pool: Pool, valkey: Valkey) -> Iterator[Pool]:
    """A pool that must hear of nothing."""
    commands, graphs = valkey.commands(), pool.metric("porta_graphs_started_total")
    yield pool
    assert valkey.commands() == commands
    assert pool.metric("porta_graphs_started_total") == graphs


def test_steps_in_any_other_form_are_refused(silent: Pool) -> None:
    for steps in STEPS:
        answer = silent.ask(f"/propagation/{steps}")
        problem = answer.json()
        assert (answer.status, problem["status"], problem["name"]) == (400, 400, "steps"), steps
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert len(problem["value"]) <= 32
        assert "1 to 1000000" in problem["allowed"]
        assert problem["example"] == "500"


def test_runs_in_any_other_form_are_refused(silent: Pool) -> None:
    for runs in [*STEPS, "100001"]:
        problem = silent.ask(f"/ensemble/500/{runs}").json()
        assert (problem["status"], problem["name"]) == (400, "runs"), runs
        assert len(problem["value"]) <= 32
        assert "1 to 100000" in problem["allowed"]
        assert problem["example"] == "1000"
    for steps in STEPS:
        problem = silent.ask(f"/ensemble/{steps}/1000").json()
        assert (problem["status"], problem["name"]) == (400, "steps"), steps


def test_an_ensemble_of_too_many_steps_or_too_high_seeds_is_refused_with_what_is_allowed(silent: Pool) -> None:
    for path, name, allowed in (
        ("/ensemble/1000000/10001", "runs", "1 to 10000 for 1000000 steps"),
        ("/ensemble/500/2?seed=9007199254740991", "seed", "at most 9007199254740990 for 2 runs"),
    ):
        problem = silent.ask(path).json()
        assert (problem["status"], problem["name"]) == (400, name)
        assert allowed in problem["allowed"]


@pytest.mark.parametrize("path", ["/propagation/500", "/ensemble/500/1000"])
def test_a_query_in_any_other_form_is_refused(silent: Pool, path: str) -> None:
    for query in QUERIES:
        answer = silent.ask(f"{path}?{query}")
        problem = answer.json()
        assert (answer.status, problem["status"]) == (400, 400), query
        assert len(problem["value"]) <= 32
        assert {"name", "value", "allowed", "example", "detail"} <= problem.keys()


def test_what_a_web_page_sends_is_refused(silent: Pool) -> None:
    for method, path in (
        ("POST", "/propagation/500"),
        ("POST", "/ensemble/5/5"),
        ("GET", "/health"),
        ("GET", "/metrics"),
        ("GET", "/nowhere"),
    ):
        assert silent.ask(path, method, {"Origin": "http://localhost:8080"}).dropped().status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/propagation",
        "/propagation/5/6",
        "/ensemble/5",
        "/ensemble/5/6/7",
        "/api/v1/retire_workers",
        "/proxy/80/x/y",
    ],
)
def test_other_paths_are_not_found(silent: Pool, path: str) -> None:
    answer = silent.ask(path)
    problem = answer.json()
    assert (answer.status, problem["status"]) == (404, 404)
    assert "POST /propagation/:steps, POST /ensemble/:steps/:runs" in problem["detail"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_computation_is_asked_for_with_post_only(silent: Pool, method: str) -> None:
    for path in ("/propagation/500", "/ensemble/500/1000"):
        answer = silent.ask(path, method).dropped()
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")


def test_an_asker_of_another_engine_is_told_to_come_again(silent: Pool) -> None:
    for path in ("/propagation/500", "/ensemble/500/1000"):
        answer = silent.ask(f"{path}?engine={ENGINE + 1}")
        (line,) = answer.lines()
        assert (answer.status, line["failed"]["retryable"], line["failed"]["status"]) == (200, True, 503)
        assert f"engine {ENGINE + 1}" in line["failed"]["reason"]


def test_an_asker_of_the_same_engine_is_answered(pool: Pool) -> None:
    assert "ready" in pool.ask(f"/propagation/77?engine={ENGINE}").last()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"POST /propagation/500 HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"POST /propagation/500 HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n",
        b"POST /propagation/500 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST /propagation/500 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
    ],
    ids=["no HTTP", "a giant header", "a giant body", "two lengths", "a body that never ends"],
)
def test_malformed_http_is_dropped(silent: Pool, request_bytes: bytes) -> None:
    with socket.create_connection(("127.0.0.1", silent.dispatch), timeout=30) as connection:
        connection.sendall(request_bytes)
        answer = b""
        while part := connection.recv(4096):
            answer += part
    assert answer == b"" or answer.split(b" ")[1] in (b"400", b"413", b"431")


def test_health_tells_engine_versions_workers_and_limits(pool: Pool) -> None:
    answer = pool.get("/health")
    health = answer.json()
    assert answer.status == 200
    assert (health["accepting"], health["reason"], health["engine"], health["workers"]) == (True, None, ENGINE, 2)
    assert {"python", "porta", "numpy", "numba", "distributed", "build"} <= health["versions"].keys()
    assert (health["maxSteps"], health["maxRuns"], health["maxEnsembleSteps"]) == (1_000_000, 100_000, 10**10)
