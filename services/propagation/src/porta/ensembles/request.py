"""An ensemble that may be asked for, and the chunks that it is computed in. Light: the scheduler imports it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from porta.contract import MAX_ENSEMBLE_STEPS, MAX_RUNS, MAX_SEED, MAX_STEPS
from porta.run import BadInput, Run

RUNS_PATTERN: Final = re.compile(r"[1-9][0-9]{0,5}")

CHUNK_STEPS: Final = 25_000_000
"""Half a second of one core: how long a propagation may have to wait for a worker, and what a killed one costs."""

CHUNK_RUNS: Final = (1000, 500, 250, 125, 50, 25, 10, 5, 2, 1)
"""Sizes of chunks, each a divisor of the first, so that all their boundaries are boundaries of smaller ones."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some runs of an ensemble, computed and cached together: the seeds ``first`` … ``first + runs − 1``."""

    steps: int
    first: int
    runs: int

    @property
    def key(self) -> str:
        """The Redis key."""
        return f"chunk/{self.steps}/{self.first}/{self.runs}"


@dataclass(frozen=True, slots=True)
class Ensemble:
    """``runs`` runs of ``steps`` steps, with ``seed`` and the seeds that follow it."""

    steps: int
    runs: int
    seed: int = 0

    def __post_init__(self) -> None:  # noqa: D105
        Run(self.steps, self.seed)
        if self.runs < 1:
            raise BadInput("runs", str(self.runs), "a whole number from 1", "1000")
        if self.seed + self.runs - 1 > MAX_SEED:
            raise BadInput("seed", str(self.seed), f"at most {MAX_SEED - self.runs + 1} for {self.runs} runs", "7")

    @property
    def key(self) -> str:
        """The path and the query without defaults: Redis key, stem of the Dask keys, and route in one."""
        return f"ensemble/{self.steps}/{self.runs}" + (f"?seed={self.seed}" if self.seed else "")

    def numbers(self) -> dict[str, int]:
        """Return what it is made of, in the order in which results name it."""
        return {"seed": self.seed, "steps": self.steps, "runs": self.runs}

    def chunks(self) -> list[Chunk]:
        """Cut at multiples of the chunks' size in the seed: ensembles that overlap share what lies between."""
        size = next((size for size in CHUNK_RUNS if size * self.steps <= CHUNK_STEPS), CHUNK_RUNS[-1])
        end, chunks, first = self.seed + self.runs, list[Chunk](), self.seed
        while first < end:
            last = min((first // size + 1) * size, end)
            chunks.append(Chunk(self.steps, first, last - first))
            first = last
        return chunks

    @classmethod
    def parse(
        cls,
        steps: str,
        runs: str,
        seed: str | None = None,
        *,
        max_steps: int = MAX_STEPS,
        max_runs: int = MAX_RUNS,
        max_ensemble_steps: int = MAX_ENSEMBLE_STEPS,
    ) -> Ensemble:
        """Check what came over the wire: the texts of the path, decoded, and of the query's ``seed``.

        Raises
        ------
        BadInput : where one is anything but the canonical text of a number in range
        """
        run = Run.parse(steps, seed, min(max_steps, max_ensemble_steps))
        most = min(max_runs, max_ensemble_steps // run.steps)
        if not RUNS_PATTERN.fullmatch(runs) or int(runs) > most:
            raise BadInput(
                "runs", runs, f"a whole number from 1 to {most} for {run.steps} steps, in plain digits", "1000"
            )
        return cls(run.steps, int(runs), run.seed)
