"""What an ensemble costs beside the physics alone: `python bench/ensemble.py`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from _measure import best_of, report

from porta.checkpoint import start
from porta.ensembles.request import Chunk, Ensemble
from porta.ensembles.result import reduce, view
from porta.ensembles.sampling import compute
from porta.ensembles.sketch import Sketch, merge
from porta.kernel import walk, warm_up

STEPS = 10_000
CHUNKS = 10

WHY = "Without AVX-512 (docs/decisions/runs-in-lanes.md) it is the kernel, and 17 % more for sampling and packing."


def walk_each(chunk: Chunk) -> None:
    """Run the physics of a chunk's runs, one after the other, and keep nothing."""
    for seed in range(chunk.first, chunk.first + chunk.runs):
        walk(start(seed), chunk.steps)


def store(chunk: Chunk) -> bytes:
    """Do what a task does for a chunk, but for Redis."""
    return compute(chunk).to_bytes(chunk)


def milliseconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Return processor time on one core."""
    return best_of(repeats, work) * 1e3


def one_process() -> None:
    """Measure a chunk and what is made of chunks, on one core."""
    chunks = Ensemble(STEPS, CHUNKS * 1000).chunks()
    chunk = chunks[0]
    alone = ("the kernel alone, a walk per run", milliseconds(partial(walk_each, chunk)))
    name = f"a chunk of {chunk.runs:,} runs of {STEPS:,} steps, sampled, counted and packed"
    report(name, milliseconds(partial(store, chunk)), "ms", goal="≤ 115 %", beside=alone, why=WHY)
    sketches = [compute(chunk) for chunk in chunks]
    stored = sketches[0].to_bytes(chunk)
    whole = merge(sketches)
    ensemble = Ensemble(STEPS, whole.runs)
    for name, work in (
        ("a sketch packed", partial(sketches[0].to_bytes, chunk)),
        ("a sketch unpacked", partial(Sketch.from_bytes, stored, chunk)),
        (f"{CHUNKS} sketches added up", partial(merge, sketches)),
        (f"the overview of {whole.runs:,} runs", partial(view, ensemble, whole)),
        (f"the result of {whole.runs:,} runs", partial(reduce, ensemble, whole)),
    ):
        report(name, milliseconds(work), "ms")
    report("a chunk's sketch, stored", len(stored) / 1024, "KiB")


if __name__ == "__main__":
    warm_up()
    one_process()
