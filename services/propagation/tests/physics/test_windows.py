"""Overview rows against the definition in docs/formats.md, taken word by word."""

from __future__ import annotations

import struct
from collections.abc import Callable
from math import inf, nan, sqrt

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from porta.checkpoint import start
from porta.contract import ENGINE
from porta.kernel import propagate
from porta.levels import MOST_ROWS, overview_level, range_level
from porta.model import PLANET, SATELLITE
from porta.propagate import detail
from porta.run import Run
from porta.windows import ROW_BYTES, STORED_LEVELS, at_level, merge_rows, rows, stored_rows

from .conftest import GOLDEN
from .runs import SEEDS, Row, reference, reference_rows

OVERVIEWS = GOLDEN / "overview"
HEADER = struct.Struct("<8s4H2Id4I4d")
VECTORS = {path.stem: path for path in sorted(OVERVIEWS.glob("*.bin"))}


def first_where(records: list[Row], measure: Callable[[Row], float], best: Callable[..., float]) -> Row:
    extreme = best(measure(record) for record in records)
    return next(record for record in records if measure(record) == extreme)


def frame_x(record: Row) -> float:
    return record.x - 0.1 * record.to


def error(record: Row) -> float:
    ex, ey, wx = frame_x(record), record.y - 0.1, record.vx - 0.1
    energy = 0.5 * (wx * wx + record.vy * record.vy) - 1.0 / sqrt(ex * ex + ey * ey)
    return energy / (0.405 - 1 / 0.9) - 1.0


def row_by_definition(records: list[Row]) -> bytes:
    t = min(record.to for record in records)
    planet = [record for record in records if record.agent == PLANET]
    satellite = [record for record in records if record.agent == SATELLITE]
    values = [min(map(error, satellite)), max(map(error, satellite))] if satellite else [nan, nan]
    for record in (planet[0], planet[-1]) if planet else ():
        values += [record.to - t, frame_x(record)]
    values += [nan] * (6 - len(values))
    if satellite:
        points = [satellite[0], satellite[-1]]
        for measure in (lambda r: r.x, lambda r: r.y, frame_x):
            points += [first_where(satellite, measure, min), first_where(satellite, measure, max)]
        for point in points:
            values += [point.to - t, frame_x(point), point.y - 0.1]
    values += [nan] * (30 - len(values))
    return struct.pack("<d30f", t, *values)


def rows_by_definition(steps: int, seed: int, level: int) -> bytes:
    plain = reference(steps, seed)
    records = reference_rows(plain)[2:]
    windows: dict[int, list[Row]] = {}
    for step, record in zip(plain.written_at, records, strict=True):
        windows.setdefault((step - 1) >> level, []).append(record)
    return b"".join(row_by_definition(windows[j]) for j in sorted(windows))


@given(seed=SEEDS, steps=st.integers(1, 300), level=st.integers(0, 9))
def test_rows_are_what_the_definition_says(seed: int, steps: int, level: int) -> None:
    columns, _ = propagate(start(seed), steps)
    assert rows(columns, steps, level) == rows_by_definition(steps, seed, level)


@given(seed=SEEDS, steps=st.integers(1, 2000))
def test_rows_of_every_stored_level_are_as_if_made_from_the_records(seed: int, steps: int) -> None:
    columns, _ = propagate(start(seed), steps)
    stored = stored_rows(columns, steps)
    assert stored == b"".join(rows(columns, steps, level) for level in STORED_LEVELS)
    for level in STORED_LEVELS:
        assert at_level(stored, level, steps) == rows(columns, steps, level)


def test_a_level_that_is_not_stored_is_refused() -> None:
    columns, _ = propagate(start(0), 100)
    with pytest.raises(ValueError, match="level 4 is not stored: 5 to 14 are"):
        at_level(stored_rows(columns, 100), 4, 100)


def test_windows_of_another_number_of_steps_are_refused() -> None:
    columns, _ = propagate(start(0), 100)
    with pytest.raises(ValueError, match="windows of 200 steps have"):
        at_level(stored_rows(columns, 100), 5, 200)


def test_rows_above_the_stored_levels_hold_the_extremes_of_those_below() -> None:
    columns, _ = propagate(start(3), 16_384)
    level_13 = np.frombuffer(rows(columns, 16_384, 13), "<f4").reshape(-1, 32)
    # Taken for rows of the highest stored level, these merge to what should be nearly the one of level 14.
    merged = np.frombuffer(merge_rows(level_13.tobytes(), STORED_LEVELS[-1] + 1), "<f4")
    expected = np.frombuffer(rows(columns, 16_384, 14), "<f4")
    assert len(merged) == 32
    assert merged[2:] == pytest.approx(expected[2:], rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("name", VECTORS)
def test_details_are_the_golden_ones(name: str) -> None:
    golden = VECTORS[name].read_bytes()
    _, _, _, _, _, _, steps, seed, begin, end, *_ = HEADER.unpack_from(golden)
    assert detail(Run(steps, int(seed)), begin, end) == golden


def test_the_header_is_what_the_formats_say() -> None:
    header = HEADER.unpack_from(detail(Run(40_000, 7), 12_345, 27_001))
    assert header == (b"porta/ov", 1, 80, 128, 5, ENGINE, 40_000, 7.0, 12_320, 27_008, 459, 0, 0.1, 0.1, 0.0, 0.9)


@given(begin=st.integers(0, 39_999), length=st.integers(1, 40_000))
def test_a_detail_is_a_cut_of_the_whole_at_its_level(begin: int, length: int) -> None:
    end = min(begin + length, 40_000)
    level = range_level(begin, end)
    found = detail(Run(40_000, 7), begin, end)[HEADER.size :]
    first, last = begin >> level, -(-end >> level)
    assert found == whole(level)[first * ROW_BYTES : last * ROW_BYTES]


WHOLE: dict[int, bytes] = {}


def whole(level: int) -> bytes:
    """All rows of 40,000 steps of seed 7, whose segments do not matter up to level 14."""
    if level not in WHOLE:
        columns, _ = propagate(start(7), 40_000)
        WHOLE[level] = rows(columns, 40_000, level)
    return WHOLE[level]


@pytest.mark.parametrize(("begin", "end"), [(5, 5), (6, 5), (-1, 5), (0, 101)])
def test_a_range_that_is_not_within_the_run_is_refused(begin: int, end: int) -> None:
    with pytest.raises(ValueError, match=f"steps {begin} to {end} are not a range within 0 to 100"):
        detail(Run(100), begin, end)


@given(begin=st.integers(0, 9_999_998), length=st.integers(1, 9_999_999))
@example(begin=0, length=512)
@example(begin=1, length=1022)
def test_an_overview_is_below_64_kib_and_of_the_least_level_that_is(begin: int, length: int) -> None:
    def count(level: int) -> float:
        return inf if level < 0 else -(-end >> level) - (begin >> level)

    end = min(begin + length, 9_999_999)
    level = range_level(begin, end)
    assert count(level) <= MOST_ROWS < count(level - 1)
    assert HEADER.size + count(level) * ROW_BYTES <= 64 * 1024


@pytest.mark.parametrize(("steps", "level"), [(1, 0), (511, 0), (512, 1), (8176, 4), (8177, 5), (8_372_225, 15)])
def test_the_level_of_a_run_is_the_least_that_fits(steps: int, level: int) -> None:
    assert overview_level(steps) == level
