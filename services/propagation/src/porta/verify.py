"""Computes a run again and compares it, record by record and to the bit, with what a file says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from porta.checkpoint import start
from porta.columns import NAMES, TO, Columns
from porta.contract import SEGMENT_STEPS
from porta.kernel import propagate
from porta.model import AGENTS, PLANET
from porta.readback import UnreadableError
from porta.result import result_hash
from porta.run import Run


class DiffersError(ValueError):
    """A file says something else than the model. The message says where first."""


def count_steps(blocks: Iterator[Columns]) -> int:
    """Count the steps of a run by its records: a planet's starts one, a satellite's only after another satellite's."""
    steps, before = -1, -1  # the initial record's two rows look like a step
    for block in blocks:
        agents = np.concatenate([[before], block.agent])
        steps += int(np.count_nonzero((agents[1:] == PLANET) | (agents[:-1] != PLANET)))
        before = int(agents[-1])
    if steps < 1:
        raise UnreadableError("it holds no step")
    return steps


def verify(run: Run, blocks: Iterator[Columns], progress: Callable[[int], object] = int) -> str:
    """Compare records with those of a run.

    Parameters
    ----------
    blocks
        The records in order, the initial one as two rows.
    progress
        Called with the number of steps compared so far.

    Returns
    -------
    The hash of the result, as in its summary.

    Raises
    ------
    DiffersError
        If a bit differs, or records are missing or too many.
    """
    found = _Rows(blocks)
    checkpoint = start(run.seed)
    digests = []
    while checkpoint.step < run.steps:
        steps = min(SEGMENT_STEPS, run.steps - checkpoint.step)
        expected, checkpoint = propagate(checkpoint, steps)
        _compare(expected, found.take(expected.rows), found.taken)
        digests.append(expected.digest().hex())
        progress(checkpoint.step)
    if found.take(1).rows:
        raise DiffersError(f"it goes on after record {checkpoint.records - 1}, the last of {run.steps} steps")
    return result_hash(digests)


class _Rows:
    """Takes any number of rows from blocks of any size."""

    def __init__(self, blocks: Iterator[Columns]) -> None:
        self._blocks = blocks
        self._left = Columns.empty(0)
        self.taken = 0

    def take(self, rows: int) -> Columns:
        """Return the next `rows` rows, or as many as there are."""
        parts, missing = [self._left], rows - self._left.rows
        while missing > 0 and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            missing -= block.rows
        agent = np.concatenate([part.agent for part in parts])
        values = np.concatenate([part.values for part in parts], axis=1)
        self._left = Columns(agent[rows:], values[:, rows:])
        found = Columns(agent[:rows], values[:, :rows])
        self.taken += found.rows
        return found


def _compare(expected: Columns, found: Columns, taken: int) -> None:
    rows = found.rows
    differs = np.concatenate(
        [
            [expected.agent[:rows] != found.agent],
            expected.values[:, :rows].view(np.uint64) != np.ascontiguousarray(found.values).view(np.uint64),
        ]
    )
    bad = np.flatnonzero(differs.any(axis=0))
    before = taken - rows - 1  # the first record has two rows
    if len(bad):
        row = int(bad[0])
        agent, until = AGENTS[expected.agent[row]], float(expected.values[TO, row])
        at = f"record {max(before + row, 0)} ({agent}, until {until!r})"
        if differs[0, row]:
            raise DiffersError(f"{at} is of the {AGENTS[found.agent[row]]} in the file")
        column = int(np.flatnonzero(differs[1:, row])[0])
        says, computed = float(found.values[column, row]), float(expected.values[column, row])
        raise DiffersError(f"{at}: {_JSON_NAMES[column]} is {says!r} in the file, {computed!r} computed again")
    if rows < expected.rows:
        raise DiffersError(f"it ends after record {before + rows - 1}, before the last step is done")


_JSON_NAMES = ["timeStep" if name == "time_step" else name for name in NAMES]
