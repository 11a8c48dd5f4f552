"""What dispatch counts, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


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
        self.segments = Counter(
            "porta_segments", "Segments stored, by how they came about.", ["how"], registry=registry
        )
        self.refused = Counter(
            "porta_requests_refused", "Requests refused, by HTTP status.", ["status"], registry=registry
        )
        self.flights = Gauge("porta_flights", "Computations in the air.", registry=registry)
        self.waiters = Gauge("porta_waiters", "Requests that wait for one.", registry=registry)
        for how in ("encoded", "copied"):
            self.segments.labels(how)

    def text(self) -> bytes:
        """All of them, in Prometheus' text format."""
        return generate_latest(self._registry)
