"""What dispatch counts, for Prometheus."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

PARTS: Final = {"segments": ("encoded", "copied"), "chunks": ("computed", "found")}
"""What computations consist of, and how each can come about; workers report them under these names."""


class Metrics:
    """The counters of one dispatch, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.started = Counter("porta_graphs_started", "Graphs started, one per key and need.", registry=registry)
        self.found = Counter(
            "porta_graphs_found", "Graphs whose first task found the result in the cache.", registry=registry
        )
        self.attempts = Counter("porta_graph_attempts", "Graphs submitted, repetitions included.", registry=registry)
        self.failed = Counter("porta_graphs_failed", "Graphs that failed, by reason.", ["reason"], registry=registry)
        self.seconds = Histogram(
            "porta_graph_duration_seconds",
            "From the first request to the result, of graphs that computed one.",
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 180),
            registry=registry,
        )
        self.deserted = Counter(
            "porta_graphs_deserted", "Graphs given up since nobody waited any more.", registry=registry
        )
        self.parts = {
            name: Counter(
                f"porta_{name}", f"{name.title()} in the cache, by how they came there.", ["how"], registry=registry
            )
            for name in PARTS
        }
        self.refused = Counter(
            "porta_requests_refused", "Requests refused, by HTTP status.", ["status"], registry=registry
        )
        self.flights = Gauge("porta_flights", "Computations in the air.", registry=registry)
        self.line = Gauge("porta_flights_in_line", "Computations that wait in line for their turn.", registry=registry)
        self.waiters = Gauge("porta_waiters", "Requests that wait for one.", registry=registry)
        for name, ways in PARTS.items():
            for how in ways:
                self.parts[name].labels(how)

    def text(self) -> bytes:
        """All of them, in Prometheus' text format."""
        return generate_latest(self._registry)
