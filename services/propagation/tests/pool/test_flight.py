"""What those who wait are told of a flight, without a pool."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest

from porta.contract import SEGMENT_STEPS
from porta.dispatch.flight import Flight
from porta.dispatch.propagations import ROW_BYTES, Propagations
from porta.run import Run

RUN = Run(100 * SEGMENT_STEPS)
"""At level 12: four rows a segment."""


def rows(index: int) -> bytes:
    """Four rows that tell whose they are."""
    return bytes([index]) * (4 * ROW_BYTES)


def flown(run: Run = RUN) -> Flight:
    return Flight(Propagations(), run, "a")


def finished(flight: Flight, index: int, how: str = "encoded") -> None:
    """A worker says that a segment is stored."""
    flight.progress.note(how, (index, rows(index)))


def progress(flight: Flight, seen: int = 0) -> tuple[dict[str, Any], int]:
    """The next line of someone who has seen so many segments."""
    line, seen = flight.line(seen)
    assert line.endswith(b"\n")
    return orjson.loads(line)["progress"], seen


def test_the_first_line_holds_all_windows_and_later_ones_what_is_new() -> None:
    flight = flown()
    finished(flight, 0)
    finished(flight, 1)
    first, seen = progress(flight)
    finished(flight, 7)
    second, seen = progress(flight, seen)
    third, _ = progress(flight, seen)
    assert [window["first"] for window in first["windows"]] == [0]
    assert base64.b64decode(first["windows"][0]["data"]) == rows(0) + rows(1)
    assert second["windows"] == [{"first": 28, "data": base64.b64encode(rows(7)).decode()}]
    assert third["windows"] == []
    assert [line["done"] for line in (first, second, third)] == [
        2 * SEGMENT_STEPS,
        3 * SEGMENT_STEPS,
        3 * SEGMENT_STEPS,
    ]


def test_neighbours_are_joined_whatever_the_order_in_which_they_came() -> None:
    flight = flown()
    for index in (9, 4, 3, 5):
        finished(flight, index)
    windows = progress(flight)[0]["windows"]
    assert [(window["first"], base64.b64decode(window["data"])) for window in windows] == [
        (12, rows(3) + rows(4) + rows(5)),
        (36, rows(9)),
    ]


def test_a_segment_that_is_computed_again_is_no_news() -> None:
    flight = flown()
    finished(flight, 2)
    before, seen = progress(flight)
    finished(flight, 2)
    after, _ = progress(flight, seen)
    assert (after["done"], after["windows"]) == (before["done"], [])


def test_rate_and_time_left_are_null_until_something_is_computed() -> None:
    flight = flown()
    assert (progress(flight)[0]["rate"], progress(flight)[0]["eta"]) == (None, None)
    finished(flight, 0, "copied")
    assert progress(flight)[0]["rate"] is None, "copying says nothing of how fast computing is"
    finished(flight, 1)
    line = progress(flight)[0]
    assert line["rate"] > 0
    assert line["eta"] == pytest.approx((line["total"] - line["done"]) / line["rate"])


@pytest.mark.parametrize(
    ("steps", "level"), [(511, 0), (500_000, 10), (8_372_224, 14), (8_372_225, 14), (9_999_999, 14)]
)
def test_progress_is_at_the_level_of_the_overview_and_no_coarser_than_a_segment(steps: int, level: int) -> None:
    assert progress(flown(Run(steps)))[0]["k"] == level
