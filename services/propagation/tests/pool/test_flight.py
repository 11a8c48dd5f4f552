"""What those who wait are told of a flight, without a pool."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest

from porta.contract import SEGMENT_STEPS
from porta.dispatch.flight import Flight
from porta.dispatch.kinds.ensembles import EnsembleProgress, Ensembles
from porta.dispatch.kinds.propagations import ROW_BYTES, Propagations
from porta.ensembles.request import Ensemble
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


def test_a_run_that_is_computed_again_is_as_far_as_that_is_and_its_windows_are_no_news() -> None:
    flight = flown()
    for index in range(100):
        finished(flight, index, "copied" if index < 9 else "encoded")
    before, seen = progress(flight)
    flight.restart()
    again, seen = progress(flight, seen)
    assert (before["done"], again["done"], again["rate"], again["eta"]) == (RUN.steps, 0, None, None)
    finished(flight, 3)
    after, _ = progress(flight, seen)
    assert (after["done"], after["windows"]) == (SEGMENT_STEPS, [])
    assert after["eta"] == pytest.approx(99 * SEGMENT_STEPS / after["rate"])
    assert len(progress(flight)[0]["windows"]) == 1, "who joins gets all there are"


@pytest.mark.parametrize(
    ("steps", "level"), [(511, 0), (500_000, 10), (8_372_224, 14), (8_372_225, 14), (9_999_999, 14)]
)
def test_progress_is_at_the_level_of_the_overview_and_no_coarser_than_a_segment(steps: int, level: int) -> None:
    assert progress(flown(Run(steps)))[0]["k"] == level


ENSEMBLE = Ensemble(10_000, 5_000)


def bands() -> Flight:
    return Flight(Ensembles(), ENSEMBLE, "a")


def test_an_ensemble_counts_runs_also_those_of_a_chunk_that_is_not_done() -> None:
    flight = bands()
    for first, runs in ((0, 500), (2000, 500), (0, 1000), (2000, 500)):
        flight.progress.note("computed", (first, runs))
    line = progress(flight)[0]
    assert (line["done"], line["total"]) == (1500, 5000)


def test_runs_from_the_cache_count_and_say_nothing_of_how_fast_computing_is() -> None:
    flight = bands()
    flight.progress.note("found", (0, 1000))
    line = progress(flight)[0]
    assert (line["done"], line["rate"], line["eta"]) == (1000, None, None)
    flight.progress.note("computed", (1000, 1000))
    line = progress(flight)[0]
    assert line["done"] == 2000
    assert line["eta"] == pytest.approx(3000 / line["rate"])


def test_a_chunk_that_is_computed_again_is_no_news() -> None:
    flight = bands()
    for how, runs in (("computed", 1000), ("computed", 500), ("found", 1000)):
        flight.progress.note(how, (0, runs))
    assert (flight.progress.done, flight.progress.known) == (1000, 0)


def test_an_ensemble_that_is_computed_again_is_as_far_as_that_is() -> None:
    flight = bands()
    flight.progress.note("found", (0, 1000))
    flight.progress.note("computed", (1000, 1000))
    flight.restart()
    assert (flight.progress.done, flight.progress.known) == (0, 0)
    flight.progress.note("found", (1000, 1000))
    assert (flight.progress.done, flight.progress.known) == (1000, 1000)


def test_a_picture_is_sent_to_each_once() -> None:
    flight = bands()
    assert progress(flight)[0]["overview"] is None
    assert isinstance(flight.progress, EnsembleProgress)
    flight.progress.show(b"first")
    first, seen = progress(flight)
    again, seen = progress(flight, seen)
    flight.progress.show(b"second")
    flight.progress.show(b"third")
    third, _ = progress(flight, seen)
    pictures = [line["overview"] and base64.b64decode(line["overview"]) for line in (first, again, third)]
    assert pictures == [b"first", None, b"third"]
    assert base64.b64decode(progress(flight)[0]["overview"]) == b"third", "who joins gets the newest"
