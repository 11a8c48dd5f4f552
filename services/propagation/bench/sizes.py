"""What a million steps take, seed 0, in bytes: `python bench/sizes.py`. The figures are the same on every machine."""

from __future__ import annotations

from _measure import report

from porta.propagate import compute
from porta.run import Run

if __name__ == "__main__":
    run = Run(1_000_000)
    result, segments = compute(run)
    for name, size in result.summary["sizes"].items():
        report(f"{name} of {run.steps:,} steps, gzipped", size["bytes"], "bytes", beside=("unpacked", size["raw"]))
    for kind in segments[0].chunks:
        stored = [len(segment.chunks[kind]) for segment in segments]
        report(f"{kind} of {len(stored)} chunks in Redis", sum(stored), "bytes", beside=("the largest", max(stored)))
