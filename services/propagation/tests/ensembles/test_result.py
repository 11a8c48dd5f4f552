from __future__ import annotations

import gzip
import hashlib
import json
import struct
from math import inf, isnan
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from porta.checkpoint import start
from porta.contract import ENGINE, MAX_SEED
from porta.ensembles.bands import LEVELS
from porta.ensembles.grid import IN_TIME, QUANTITIES, Grid
from porta.ensembles.propagate import compute, sketch
from porta.ensembles.request import Chunk, Ensemble
from porta.ensembles.result import EnsembleResult, estimate_bytes, read_manifest, reduce, view
from porta.ensembles.sampling import compute as compute_chunk
from porta.ensembles.sketch import merge
from porta.kernel import walk
from porta.manifest import Damaged
from porta.verdict import Verdict

from .golden import body

SMALL = Ensemble(15, 30, 3)
"""Some of its instants are beyond the end of some runs, and the last beyond that of all."""

ENSEMBLES = [SMALL, Ensemble(1, 1), Ensemble(2, 7, MAX_SEED - 6), Ensemble(257, 12), Ensemble(3000, 40, 7)]


@pytest.fixture(scope="module", params=ENSEMBLES, ids=lambda ensemble: ensemble.key)
def served(request: pytest.FixtureRequest) -> tuple[Ensemble, EnsembleResult]:
    return request.param, compute(request.param)


def table(ensemble: Ensemble, result: EnsembleResult) -> pa.Table:
    return pa.ipc.open_file(body(ensemble, result, "data.arrow")).read_all()


def rows_of(found: pa.Table, quantity: str) -> pa.Table:
    return found.filter(pa.compute.equal(found["quantity"], quantity))


def levels_of(rows: pa.Table) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return shape (rows, 7), NaN for null."""
    return np.array([[nan_of(value) for value in rows[level].to_pylist()] for level in LEVELS]).T


def nan_of(value: float | None) -> float:
    return float("nan") if value is None else value


def test_the_table_has_a_row_per_quantity_and_place_in_order(served: tuple[Ensemble, EnsembleResult]) -> None:
    ensemble, result = served
    found, grid = table(ensemble, result), Grid(ensemble.steps)
    assert found.column_names == ["quantity", "time", "step", "runs", *LEVELS, "ejected"]
    metadata = {key.decode(): value.decode() for key, value in found.schema.metadata.items()}
    assert metadata == {
        "seed": str(ensemble.seed),
        "steps": str(ensemble.steps),
        "runs": str(ensemble.runs),
        "engine": str(ENGINE),
    }
    assert found["quantity"].to_pylist() == [
        quantity for quantity in QUANTITIES for _ in range(grid.cells)[grid.of(quantity)]
    ]
    for quantity in QUANTITIES:
        rows = rows_of(found, quantity)
        timed = quantity in IN_TIME
        assert rows["time"].to_pylist() == (grid.instants.tolist() if timed else [None] * len(grid.marks))
        assert rows["step"].to_pylist() == ([None] * 256 if timed else grid.marks.tolist())
        assert (rows["ejected"].null_count == rows.num_rows) == timed
        for level in LEVELS:
            assert [v is None for v in rows[level].to_pylist()] == [n == 0 for n in rows["runs"].to_pylist()]


def test_json_says_what_arrow_says_to_the_bit(served: tuple[Ensemble, EnsembleResult]) -> None:
    ensemble, result = served
    found, said = table(ensemble, result), json.loads(body(ensemble, result, "data.json"))
    assert list(said) == ["seed", "steps", "runs", "levels", "times", "bands", "marks", "energy_error", "ejected"]
    assert (said["seed"], said["steps"], said["runs"]) == (ensemble.seed, ensemble.steps, ensemble.runs)
    assert said["levels"] == list(LEVELS)
    assert list(said["bands"]) == list(IN_TIME)
    errors = rows_of(found, "energy_error")
    assert said["marks"] == errors["step"].to_pylist()
    assert said["ejected"] == errors["ejected"].to_pylist()
    assert said["energy_error"] == {level: errors[level].to_pylist() for level in LEVELS}
    for quantity in IN_TIME:
        rows = rows_of(found, quantity)
        assert said["times"] == rows["time"].to_pylist()
        assert said["bands"][quantity] == {name: rows[name].to_pylist() for name in ("runs", *LEVELS)}


def parse(overview: bytes) -> tuple[dict[str, Any], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Read an overview by its description in formats.md, and by nothing else."""
    names = "magic version header time_row step_row engine steps asked runs times marks seed vx y"
    header = dict(zip(names.split(), struct.unpack_from("<8s4H6I3d", overview), strict=True))
    assert (header["header"], header["time_row"], header["step_row"]) == (64, 160, 40)
    middle = 64 + 160 * header["times"]
    assert len(overview) == middle + 40 * header["marks"] <= 52 * 1024
    times = [*struct.iter_unpack("<dII35f4x", overview[64:middle])]
    return header, times, [*struct.iter_unpack("<III7f", overview[middle:])]


def assert_equal_in_float32(found: Any, expected: Any) -> None:
    assert np.array(found, np.float32).tobytes() == np.array(expected, np.float32).tobytes()


def test_the_overview_says_what_arrow_says_within_float32(served: tuple[Ensemble, EnsembleResult]) -> None:
    ensemble, result = served
    found = table(ensemble, result)
    header, times, marks = parse(gzip.decompress(result.fields["overview"]))
    assert (header["magic"], header["version"], header["engine"]) == (b"porta/en", 1, ENGINE)
    assert (header["steps"], header["asked"], header["runs"]) == (ensemble.steps, ensemble.runs, ensemble.runs)
    assert (header["seed"], header["vx"], header["y"]) == (ensemble.seed, 0.1, 0.1)
    for i, quantity in enumerate(IN_TIME):
        rows = rows_of(found, quantity)
        t = np.array(rows["time"].to_pylist())
        shift = {"x": 0.1 * t, "y": np.full(len(t), 0.1)}.get(quantity[-1], np.zeros(len(t)))
        assert [row[0] for row in times] == t.tolist()
        assert [row[1 if i < 2 else 2] for row in times] == rows["runs"].to_pylist()
        got = np.array([row[3 + 7 * i : 10 + 7 * i] for row in times])
        want = levels_of(rows) - shift[:, None]
        assert (np.isnan(got) == np.isnan(want)).all()
        near = np.abs(got - want) <= np.abs(want) * 2.0**-23 + 4 * np.spacing(1 + shift)[:, None]
        assert (near | np.isnan(want)).all()
    errors = rows_of(found, "energy_error")
    assert [row[0] for row in marks] == errors["step"].to_pylist()
    assert [row[1] for row in marks] == errors["ejected"].to_pylist()
    assert [row[2] for row in marks] == [ensemble.runs] * len(marks)
    assert_equal_in_float32([row[3:] for row in marks], levels_of(errors))


def test_where_no_run_has_a_value_there_is_none_anywhere() -> None:
    result = compute(SMALL)
    found = rows_of(table(SMALL, result), "satellite_x")
    runs = found["runs"].to_pylist()
    assert runs[0] == SMALL.runs
    assert 0 < min(n for n in runs if n) < SMALL.runs
    nowhere = Ensemble(1, 2)
    _, times, _ = parse(gzip.decompress(compute(nowhere).fields["overview"]))
    assert times[-1][1:3] == (0, 0)
    assert all(isnan(value) for value in times[-1][3:])
    raw = gzip.decompress(compute(nowhere).fields["overview"])
    assert raw[64 + 255 * 160 + 16 :][: 35 * 4] == b"\x00\x00\xc0\x7f" * 35


def test_the_hash_is_over_the_columns_of_the_table(served: tuple[Ensemble, EnsembleResult]) -> None:
    ensemble, result = served
    found, sha = table(ensemble, result), hashlib.sha256()
    sha.update(np.array([QUANTITIES.index(name) for name in found["quantity"].to_pylist()], "<i1").tobytes())
    for name in ("time", "step", "runs", *LEVELS, "ejected"):
        values = found[name].to_pylist()
        if name in ("step", "runs", "ejected"):
            sha.update(np.array([value or 0 for value in values], "<i4").tobytes())
        else:
            sha.update(
                b"".join(bytes.fromhex("000000000000f87f") if v is None else struct.pack("<d", v) for v in values)
            )
    assert result.summary["hash"] == sha.hexdigest()


def test_the_summary_is_about_the_verdicts_of_the_runs(served: tuple[Ensemble, EnsembleResult]) -> None:
    ensemble, result = served
    summary = json.loads(result.fields["summary"])
    assert summary == result.summary
    about = ["trusted1", "trusted5", "ejected", "closest", "largestError", "bound", "words", "sizes"]
    assert list(summary) == ["key", "seed", "steps", "runs", "engine", "hash", *about]
    seeds = range(ensemble.seed, ensemble.seed + ensemble.runs)
    verdicts = [Verdict.of(walk(start(seed), ensemble.steps), [(0.0, 0.0)]) for seed in seeds]
    middle = -(-ensemble.runs // 2) - 1
    numbers: dict[str, list[float]] = {
        "trusted1": [verdict.trusted1 for verdict in verdicts],
        "trusted5": [verdict.trusted5 for verdict in verdicts],
        "largestError": [abs(verdict.largest_error) for verdict in verdicts],
    }
    for name, values in numbers.items():
        found = [summary[name][level] for level in ("min", "p50", "max")]
        assert found == [min(values), sorted(values)[middle], max(values)]
    gone = sum(verdict.ejected is not None for verdict in verdicts)
    assert summary["ejected"]["runs"] == gone
    assert summary["ejected"]["share"] == gone / ensemble.runs
    assert summary["closest"]["distance"] == summary["closest"]["quantiles"]["min"]
    closest = compute_chunk(Chunk(ensemble.steps, summary["closest"]["seed"], 1)).rows[0]
    assert (closest["closest"], closest["closest_step"]) == (
        summary["closest"]["distance"],
        summary["closest"]["step"],
    )
    assert summary["bound"] == {"relative": 2.0**-10, "absolute": 2.0**-24}


def test_the_median_ejection_is_the_first_step_by_which_half_of_all_runs_are_ejected() -> None:
    ejected = compute(Ensemble(12_000, 1, 235)).summary["ejected"]
    assert ejected == {"runs": 1, "share": 1.0, "median": 6407}
    assert compute(Ensemble(12_000, 2, 234)).summary["ejected"] == {"runs": 1, "share": 0.5, "median": 6407}
    assert compute(Ensemble(12_000, 3, 234)).summary["ejected"]["median"] is None


def test_the_manifest_vouches_for_everything(served: tuple[Ensemble, EnsembleResult]) -> None:
    ensemble, result = served
    manifest = read_manifest(result.fields["manifest"], ensemble.key)
    assert manifest.request == ensemble
    assert manifest.hash == result.summary["hash"]
    assert manifest.verify(result.fields["summary"], result.fields["overview"])
    (segment,) = manifest.segments
    assert segment.verify(result.chunks)
    assert segment.rows == Grid(ensemble.steps).cells
    assert not segment.verify({**result.chunks, "arrow": result.chunks["records"]})
    said = json.loads(result.fields["manifest"])
    assert list(said)[:5] == ["key", "engine", "seed", "steps", "runs"]
    assert set(said["segments"][0]) == {"rows", "records", "arrow"}
    for name, kind in (("data.json", "records"), ("data.arrow", "arrow")):
        packed = manifest.body(name, [result.chunks[kind]])
        assert result.summary["sizes"][name] == {"bytes": len(packed), "raw": len(gzip.decompress(packed))}


@given(data=st.data())
def test_a_manifest_with_any_byte_changed_is_damaged(data: st.DataObject) -> None:
    manifest = compute(Ensemble(1, 1)).fields["manifest"]
    at, flip = data.draw(st.integers(0, len(manifest) - 1)), data.draw(st.integers(1, 255))
    with pytest.raises(Damaged):
        read_manifest(manifest[:at] + bytes([manifest[at] ^ flip]) + manifest[at + 1 :], "ensemble/1/1")


def test_a_manifest_of_another_ensemble_or_of_several_segments_is_refused() -> None:
    manifest = compute(SMALL).fields["manifest"]
    with pytest.raises(Damaged, match=r"the manifest is of ensemble/15/30\?seed=3, not of ensemble/15/30"):
        read_manifest(manifest, "ensemble/15/30")
    fields = json.loads(manifest)
    for change, says in (({"segments": []}, "has 0 segments"), ({"runs": None}, "not the shape")):
        content = json.dumps({**fields, **change, "sha256": None}, separators=(",", ":")).encode()
        content = content.removesuffix(b',"sha256":null}')
        seal = f',"sha256":"{hashlib.sha256(content).hexdigest()}"}}'.encode()
        with pytest.raises(Damaged, match=says):
            read_manifest(content + seal, SMALL.key)


def test_the_same_ensemble_is_the_same_bytes_however_it_is_computed(served: tuple[Ensemble, EnsembleResult]) -> None:
    ensemble, result = served
    seeds = range(ensemble.seed, ensemble.seed + ensemble.runs)
    parts = [compute_chunk(Chunk(ensemble.steps, seed, 1)) for seed in seeds]
    again = reduce(ensemble, merge(parts[::-1]))
    assert (again.fields, again.chunks, again.summary) == (result.fields, result.chunks, result.summary)


@pytest.mark.parametrize("other", [Ensemble(15, 31, 3), Ensemble(15, 30, 2), Ensemble(16, 30, 3)])
def test_a_result_is_made_of_all_its_runs_and_of_no_others(other: Ensemble) -> None:
    with pytest.raises(ValueError, match="30 runs of 15 steps with seeds from 3 to 32 are not"):
        reduce(other, sketch(SMALL))


def test_a_view_of_some_runs_says_how_many_they_are_and_is_an_overview_of_them() -> None:
    some = compute_chunk(Chunk(15, 5, 10))
    header, times, marks = parse(view(SMALL, some))
    assert (header["asked"], header["runs"], header["seed"]) == (30, 10, 3)
    _, alone, alone_marks = parse(view(Ensemble(15, 10, 5), some))
    assert repr((times, marks)) == repr((alone, alone_marks))
    assert view(SMALL, sketch(SMALL)) == gzip.decompress(compute(SMALL).fields["overview"])


@pytest.mark.parametrize("ensemble", [*ENSEMBLES, Ensemble(10_000, 300)], ids=lambda ensemble: ensemble.key)
def test_the_estimate_of_a_result_s_size_is_above_it_but_not_by_much(ensemble: Ensemble) -> None:
    result = compute(ensemble)
    stored = sum(map(len, [*result.fields.values(), *result.chunks.values()]))
    assert stored < estimate_bytes(ensemble) < 300_000


@pytest.mark.parametrize("runs", [1, 999, 2500])
def test_progress_goes_up_to_the_runs_that_were_asked_for(runs: int) -> None:
    seen: list[int] = []
    compute(Ensemble(10, runs, 400), seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == runs


def test_levels_are_finite_wherever_there_are_runs(served: tuple[Ensemble, EnsembleResult]) -> None:
    found = table(*served)
    values = np.array([value for level in LEVELS for value in found[level].to_pylist() if value is not None])
    assert (np.abs(values) < inf).all()
