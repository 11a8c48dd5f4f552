"""Runs in forms that tests compare."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from porta.columns import Columns
from porta.contract import MAX_SEED
from porta.model import AGENTS
from porta.reference import Reference, run

SEEDS = st.integers(0, MAX_SEED)


class Row(NamedTuple):
    """A record of one agent, as the columns have it."""

    agent: int
    start: float
    to: float
    time_step: float
    x: float
    y: float
    vx: float
    vy: float


@functools.cache
def reference(steps: int, seed: int) -> Reference:
    return run(steps, seed)


def reference_rows(reference: Reference) -> list[Row]:
    rows = []
    for record in reference.records():
        for agent, state in record.values.items():
            assert state.time == record.end
            values = (record.start, record.end, state.time_step, state.x, state.y, state.vx, state.vy)
            rows.append(Row(AGENTS.index(agent), *values))
    return rows


def rows(columns: Columns) -> list[Row]:
    return [Row(*values) for values in zip(columns.agent.tolist(), *columns.values.tolist(), strict=True)]


def joined(parts: list[Columns]) -> Columns:
    return Columns(np.concatenate([p.agent for p in parts]), np.concatenate([p.values for p in parts], axis=1))


def bits(columns: Columns) -> bytes:
    return b"".join(array.tobytes() for array in columns.arrays())
