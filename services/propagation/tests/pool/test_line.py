"""The line in which computations wait for their turn, without a pool."""

from __future__ import annotations

import asyncio

import pytest

from porta.dispatch.flight import Flight
from porta.dispatch.kinds.propagations import Propagations
from porta.dispatch.line import Line, LineFull
from porta.run import Run


def flights(count: int) -> list[Flight]:
    return [Flight(Propagations(), Run(1, seed), str(seed)) for seed in range(count)]


def line_of(some: list[Flight], *, at_once: int = 1, most: int = 10) -> Line:
    """A line that these have entered in order."""
    line = Line("/propagation/:steps", at_once, most)
    for flight in some:
        line.enter(flight)
    return line


async def test_turns_come_in_the_order_in_which_flights_entered() -> None:
    some = flights(5)
    line, turns = line_of(some), list[Flight]()

    async def compute(flight: Flight) -> None:
        await line.turn(flight)
        turns.append(flight)
        line.leave(flight)

    await asyncio.gather(*map(compute, reversed(some)))
    assert turns == some


def test_those_behind_move_up_when_one_ends_and_when_one_leaves_the_line() -> None:
    some = flights(5)
    line = line_of(some)
    assert [flight.place for flight in some] == [None, 1, 2, 3, 4]
    line.leave(some[2])
    assert [flight.place for flight in some[3:]] == [2, 3]
    line.leave(some[0])
    assert [flight.place for flight in (some[1], *some[3:])] == [None, 1, 2]


def test_no_more_than_its_bounds_are_computed_and_wait() -> None:
    some = flights(6)
    line = line_of(some[:5], at_once=2, most=3)
    with pytest.raises(LineFull, match=r"2 computations of /propagation/:steps are under way already, and 3 wait"):
        line.enter(some[5])
    line.leave(some[4])
    line.enter(some[5])
    assert len(line) == 3
    for flight in some:
        line.leave(flight)
    assert len(line) == 0


def test_a_turn_that_nobody_takes_goes_to_the_next() -> None:
    some = flights(3)
    line = line_of(some)
    line.leave(some[0])
    line.leave(some[1])  # its turn had come, and its flight was given up before it began
    assert [flight.place for flight in some[2:]] == [None]
