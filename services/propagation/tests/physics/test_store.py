from __future__ import annotations

from math import inf, log2, nan, nextafter
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porta.store import InvalidRangeError, NothingFoundError, RangeStore

RANGES = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 15)).map(lambda r: (r[0], r[0] + r[1])), max_size=40)


def test_a_range_holds_its_start_but_not_its_end() -> None:
    store: RangeStore[int] = RangeStore()
    store.write(1.0, 2.0, {"a": 1})
    store.write(2.0, 3.0, {"a": 2})
    assert store.read(1.0) == {"a": 1}
    assert store.read(nextafter(2.0, 0.0)) == {"a": 1}
    assert store.read(2.0) == {"a": 2}


def test_a_range_may_begin_at_minus_infinity() -> None:
    store: RangeStore[int] = RangeStore()
    store.write(-inf, 0.0, {"a": 1})
    assert store.read(-1e300) == {"a": 1}


@given(ranges=RANGES, point=st.integers(-1, 60))
def test_a_read_merges_every_range_that_contains_the_point(ranges: list[tuple[int, int]], point: int) -> None:
    store: RangeStore[int] = RangeStore()
    for number, (start, end) in enumerate(ranges):
        store.write(start, end, {f"n{number}": number})
    expected = {f"n{number}": number for number, (start, end) in enumerate(ranges) if start <= point < end}
    if expected:
        assert store.read(point) == expected
    else:
        with pytest.raises(NothingFoundError):
            store.read(point)


@given(ranges=RANGES, point=st.integers(0, 55))
def test_of_two_values_for_one_name_the_one_written_last_counts(ranges: list[tuple[int, int]], point: int) -> None:
    store: RangeStore[int] = RangeStore()
    for number, (start, end) in enumerate(ranges):
        store.write(start, end, {"a": number})
    containing = [number for number, (start, end) in enumerate(ranges) if start <= point < end]
    if containing:
        assert store.read(point) == {"a": containing[-1]}


@given(ranges=RANGES)
def test_records_come_in_the_order_in_which_they_were_written(ranges: list[tuple[int, int]]) -> None:
    store: RangeStore[int] = RangeStore()
    for start, end in ranges:
        store.write(start, end, {})
    assert [(record.start, record.end) for record in store.records()] == ranges
    assert len(store) == len(ranges)


@pytest.mark.parametrize(("start", "end"), [(1.0, 1.0), (2.0, 1.0), (nan, 1.0), (0.0, nan), (inf, inf)])
def test_a_range_that_contains_nothing_is_refused(start: float, end: float) -> None:
    store: RangeStore[int] = RangeStore()
    with pytest.raises(InvalidRangeError, match="contains nothing"):
        store.write(start, end, {})
    assert len(store) == 0


def test_reading_where_nothing_holds_says_so() -> None:
    store: RangeStore[int] = RangeStore()
    with pytest.raises(NothingFoundError, match=r"no record holds at 1\.5"):
        store.read(1.5)
    store.write(2.0, 3.0, {"a": 1})
    with pytest.raises(NothingFoundError, match=r"no record holds at 1\.5"):
        store.read(1.5)


class Counted(float):
    """A number that counts how often it is compared."""

    comparisons: ClassVar[int] = 0

    def __lt__(self, other: float) -> bool:
        Counted.comparisons += 1
        return float(self) < float(other)

    __gt__ = __le__ = __ge__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("records", [100, 10_000, 100_000])
def test_a_read_takes_a_logarithmic_number_of_comparisons(records: int) -> None:
    store: RangeStore[int] = RangeStore()
    for i in range(records):
        store.write(i, i + 1, {"a": i})
        store.write(i + 0.5, i + 1.5, {"b": i})
    for point in (0.75, records / 3, records - 0.25):
        Counted.comparisons = 0
        assert len(store.read(Counted(point))) == 2
        assert Counted.comparisons <= 2 * (log2(records) + 3)
