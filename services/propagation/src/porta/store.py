"""The range store: records that hold over half-open ranges, and a read of everything that holds at one point.

Ranges may come in any order and overlap in any way. They are kept in *layers*, lists of ranges that don't overlap; a
new range goes into the first layer that has room for it. In a layer, one bisection finds the only range that can
contain a point, so a read takes O(d·log n) comparisons, d being the most ranges that overlap at any point (first fit
needs at most 8·d layers; Narayanaswamy & Babu, "A note on first-fit coloring of interval graphs", 2008). Here d is 2.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class InvalidRangeError(ValueError):
    """A range that contains no point."""

    def __init__(self, start: float, end: float) -> None:
        super().__init__(f"the range [{start}, {end}) contains nothing: its start must be less than its end")


class NothingFoundError(LookupError):
    """No record holds at the point asked for."""

    def __init__(self, point: float) -> None:
        super().__init__(f"no record holds at {point}: read within a range that was written")


class Record(NamedTuple, Generic[T]):
    """What holds over [start, end), by name."""

    start: float
    end: float
    values: Mapping[str, T]


@dataclass
class _Layer(Generic[T]):
    """Ranges that don't overlap, in order."""

    starts: list[float] = field(default_factory=list)
    records: list[tuple[int, Record[T]]] = field(default_factory=list)

    def place_for(self, start: float, end: float) -> int | None:
        """Index at which [start, end) fits between its neighbours, or None."""
        place = bisect_right(self.starts, start)
        if place > 0 and start < self.records[place - 1][1].end:
            return None
        if place < len(self.starts) and self.starts[place] < end:
            return None
        return place


class RangeStore(Generic[T]):
    """Records over half-open ranges."""

    def __init__(self) -> None:
        self._layers: list[_Layer[T]] = []
        self._written = 0

    def __len__(self) -> int:
        """Count the records."""
        return self._written

    def write(self, start: float, end: float, values: Mapping[str, T]) -> None:
        """Store that `values` hold over [start, end).

        Raises
        ------
        InvalidRangeError
            If start < end does not hold; NaN never does.
        """
        if not start < end:
            raise InvalidRangeError(start, end)
        for layer in self._layers:
            place = layer.place_for(start, end)
            if place is not None:
                break
        else:
            layer, place = _Layer(), 0
            self._layers.append(layer)
        layer.starts.insert(place, start)
        layer.records.insert(place, (self._written, Record(start, end, values)))
        self._written += 1

    def read(self, point: float) -> dict[str, T]:
        """Merge the values of all records whose range contains `point`; for one name the one written last counts.

        Raises
        ------
        NothingFoundError
            If no range contains it.
        """
        found = []
        for layer in self._layers:
            place = bisect_right(layer.starts, point) - 1
            if place >= 0 and point < layer.records[place][1].end:
                found.append(layer.records[place])
        if not found:
            raise NothingFoundError(point)
        return {name: value for _, record in sorted(found, key=_when_written) for name, value in record.values.items()}

    def records(self) -> list[Record[T]]:
        """All records in the order in which they were written."""
        return [record for _, record in sorted((r for layer in self._layers for r in layer.records), key=_when_written)]


def _when_written(entry: tuple[int, Record[T]]) -> int:
    return entry[0]
