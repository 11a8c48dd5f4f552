"""Figures in the docs that do not depend on the machine are those that the code computes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from porta import arrow
from porta.checkpoint import start
from porta.columns import FROM, Columns
from porta.contract import ENGINE, MAX_ENSEMBLE_STEPS, MAX_RUNS, MAX_STEPS, SEGMENT_STEPS
from porta.ensembles.grid import Grid
from porta.ensembles.propagate import compute as compute_ensemble
from porta.ensembles.request import Chunk, Ensemble
from porta.ensembles.sampling import compute as compute_chunk
from porta.kernel import propagate
from porta.manifest import Manifest
from porta.model import PLANET, SATELLITE
from porta.propagate import compute
from porta.result import Result
from porta.run import Run
from porta.segment import Segment

MILLION = Run(1_000_000)
SMALL = Run(500)
DOCS = Path(__file__).parents[4] / "docs"
MIB = 2**20


def says(name: str, *sentences: str) -> None:
    """Check that a document has these words, wherever its lines break."""
    text = " ".join((DOCS / name).read_text().split())
    for sentence in sentences:
        assert " ".join(sentence.split()) in text, f"docs/{name} does not say {sentence!r}"


@pytest.fixture(scope="module")
def million() -> tuple[Result, list[Segment]]:
    return compute(MILLION)


@pytest.fixture(scope="module")
def small() -> tuple[Result, list[Segment]]:
    return compute(SMALL)


def framing(run: Run, result: Result) -> int:
    """Bytes of all heads and tails in a manifest."""
    bodies = Manifest.from_bytes(result.fields["manifest"], run.key).bodies
    return sum(len(body["head"]) + len(body["tail"]) for body in bodies.values())


def test_sizes_of_a_million_steps(million: tuple[Result, list[Segment]]) -> None:
    result, segments = million
    sizes = result.summary["sizes"]
    says(
        "decisions/large-bodies-are-verified-while-they-are-sent.md",
        f"`data.json` of a million steps (seed 0) is {sizes['data.json']['bytes']:,} bytes in {len(segments)} chunks, "
        f"and {sizes['data.json']['raw']:,} bytes unpacked",
    )
    says(
        "decisions/the-page-draws-windows.md",
        f"A million steps are {sizes['data.json']['bytes'] / 1e6:.0f} MB of records",
    )
    footer = arrow.envelope(MILLION.seed, MILLION.steps).last([segment.meta.arrow.raw for segment in segments])
    says("decisions/arrow-as-a-file.md", f"prints {len(footer)} for a million steps")
    says("analysis.md", f"would move {sizes['data.arrow']['raw'] / MILLION.steps:.0f} bytes a step")
    chunks = sum(len(chunk) for segment in segments for chunk in segment.chunks.values())
    says("decisions/segments-name-their-source.md", f"moves about {chunks / MILLION.steps:.0f} bytes a step")


def test_a_segment_stays_below_a_chunk(million: tuple[Result, list[Segment]]) -> None:
    _, segments = million
    says("formats.md", f"A segment of {SEGMENT_STEPS:,} steps stays below 4 MiB in each of them")
    assert max(len(chunk) for segment in segments for chunk in segment.chunks.values()) < 4 * MIB


def test_compressed_bytes_a_step(million: tuple[Result, list[Segment]]) -> None:
    segment = million[1][1]
    text, batch = (len(segment.chunks[kind]) / SEGMENT_STEPS for kind in ("records", "arrow"))
    says("decisions/deflate-by-isal.md", f"µs, {text:.0f} bytes** | **0.21 µs, {batch:.0f} bytes** |")


def test_heads_and_tails(million: tuple[Result, list[Segment]], small: tuple[Result, list[Segment]]) -> None:
    says(
        "decisions/gzip-frames-in-the-manifest.md",
        f"{framing(SMALL, small[0]):,} bytes of a manifest at 500 steps, {framing(MILLION, million[0]):,} at a million",
    )


def test_the_examples_of_the_formats_are_real(small: tuple[Result, list[Segment]]) -> None:
    result, (segment,) = small
    summary = result.summary
    skipped = summary["skipped"]
    planet, satellite = skipped.values()
    largest, last = summary["verdict"]["kepler"].values()
    says(
        "formats.md",
        f'"engine": {ENGINE}, "seed": 0, "steps": 500, "hash"',
        f'"rows": {segment.meta.rows}, "skipped": [{planet}, {satellite}]',
        f'"engine": {ENGINE}, "records": {summary["records"]}, "skipped": {json.dumps(skipped)}',
        f'"time": {summary["time"]:.4g}, "hash"',
        f'"kepler": {{"largest": {largest:.3f}, "last": {last:.3f}}}',
    )
    says("analysis.md", f"500 steps make {summary['records']} records")
    many = compute_ensemble(Ensemble(10_000, 1_000)).summary
    levels, closest, ejected = many["trusted1"], many["closest"], many["ejected"]
    says(
        "formats.md",
        f'"trusted1": {{"min": {levels["min"]}, "p5": {levels["p5"]},',
        f'"ejected": {{"runs": {ejected["runs"]}, "share": {ejected["share"]}, "median": null}}',
        f'"distance": {closest["distance"]:.4f}, "seed": {closest["seed"]}, "step": {closest["step"]}',
    )


def test_limits() -> None:
    says("formats.md", f"R ≤ `maxRuns` ({MAX_RUNS:,})", "N·R ≤ `maxEnsembleSteps` (10¹⁰)")
    assert (MAX_ENSEMBLE_STEPS, MAX_STEPS) == (10**10, 1_000_000)


def share_of_newest(columns: Columns) -> float:
    """How often the satellite reads the planet's newest record; else it reads the one before."""
    index = np.arange(columns.rows)
    newest = np.maximum.accumulate(np.where(columns.agent == PLANET, index, 0))
    rows = index[(columns.agent == SATELLITE) & (index >= columns.initial_rows)]
    read = columns.values[FROM, rows] - 0.001
    return float(np.mean(columns.values[FROM, newest[rows]] <= read))


def test_what_the_analysis_says_of_the_algorithm() -> None:
    columns, after = propagate(start(0), SEGMENT_STEPS)
    newest = share_of_newest(columns)
    says("analysis.md", f"the newest ({newest:.0%}) or the one before ({1 - newest:.0%})".replace("%", " %"))
    says("analysis.md", f"the *checkpoint*, {len(after.to_bytes())} bytes")
    waits = after.state["skipped"][0] / SEGMENT_STEPS
    assert all(round(1 / wait) == 5 for wait in waits)
    says("analysis.md", "one turn in five is a wait")
    median = compute_ensemble(Ensemble(200_000, 100)).summary["ejected"]["median"]
    says("analysis.md", f"is ejected after some {round(median, -4):,} steps")


def test_a_chunk_of_an_ensemble() -> None:
    sizes = {steps: len(compute_chunk(chunk := Chunk(steps, 0, 1000)).to_bytes(chunk)) for steps in (100, 10_000)}
    says(
        "decisions/ensembles-are-counted-under-codes.md",
        f"{sizes[100] / MIB:.2f} MiB at 100 steps, {sizes[10_000] / MIB:.2f} MiB at 10,000",
    )
    cells = Grid(10_000).cells
    says("decisions/ensembles-are-counted-under-codes.md", f"{8 * cells / 1024:.0f} KiB a run")
