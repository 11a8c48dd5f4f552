"""The model's constants and its random numbers: what the reference and the compiled kernel have in common.

Two agents take turns, the planet first. The planet moves in a straight line; the satellite falls around it (units in
which G·M = 1). The planet's mass knows nothing of the satellite.
"""

from dataclasses import dataclass
from typing import Final

PLANET: Final = 0
SATELLITE: Final = 1
AGENTS: Final = ("Planet", "Satellite")
"""In the order in which they take their turns; an agent's index is its code in the columns."""

LOOK_BACK: Final = 0.001
"""An agent reads the store at its own time minus this: less than the least time step, so in its own newest record."""

LEAST_STEP: Final = 0.01
STEP_SPAN: Final = 0.09
"""A time step is LEAST_STEP + u·STEP_SPAN, u in [0, 1)."""

PLANET_VX: Final = 0.1
PLANET_Y: Final = 0.1
"""The planet's true motion is (PLANET_VX·t, PLANET_Y): what frames, energy and the exact orbit refer to."""

INITIAL_ENERGY: Final = 0.405 - 1 / 0.9
"""Of the satellite in the planet's frame: speed 0.9, distance 0.9."""


@dataclass(frozen=True)
class State:
    """What an agent knows of itself, valid from the record's ``from`` until its ``to`` (= ``time``)."""

    time: float
    time_step: float
    x: float
    y: float
    vx: float
    vy: float


INITIAL: Final = (
    State(time=0.0, time_step=LEAST_STEP, x=0.0, y=PLANET_Y, vx=PLANET_VX, vy=0.0),
    State(time=0.0, time_step=LEAST_STEP, x=0.0, y=1.0, vx=1.0, vy=0.0),
)

GAMMA: Final = 0x9E3779B97F4A7C15
MASK: Final = 2**64 - 1
UNIT: Final = 2.0**-53


def mix64(z: int) -> int:
    """Mix 64 bits (Steele, Lea & Flood, "Fast splittable pseudorandom number generators", 2014)."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def stream(seed: int, agent: int) -> int:
    """Return the state an agent's draws start from. Each has its own: skipped turns of one don't shift the other's."""
    return mix64((seed + (agent + 1) * GAMMA) & MASK)


def draw(state: int) -> tuple[int, float]:
    """Return the stream's next state, and the draw u in [0, 1), a multiple of 2⁻⁵³."""
    state = (state + GAMMA) & MASK
    return state, (mix64(state) >> 11) * UNIT
