"""The algorithm as plainly as it can be said: what the compiled kernel must agree with, to the bit."""

from dataclasses import dataclass
from math import inf, sqrt

from porta.model import AGENTS, INITIAL, LEAST_STEP, LOOK_BACK, STEP_SPAN, State, draw, stream
from porta.store import NothingFoundError, RangeStore, Record


@dataclass
class Reference:
    """A run that can be stepped on and looked at."""

    seed: int = 0

    def __post_init__(self) -> None:
        """Write the initial record."""
        self.store: RangeStore[State] = RangeStore()
        self.store.write(-inf, 0.0, dict(zip(AGENTS, INITIAL, strict=True)))
        self.times = dict.fromkeys(AGENTS, 0.0)
        self.streams = {agent: stream(self.seed, index) for index, agent in enumerate(AGENTS)}
        self.skipped = dict.fromkeys(AGENTS, 0)
        self.written_at: list[int] = []
        self.steps = 0

    def step(self) -> None:
        """Let each agent try once, the planet first."""
        self.steps += 1
        for agent in AGENTS:
            self._turn(agent)

    def _turn(self, agent: str) -> None:
        try:
            universe = self.store.read(self.times[agent] - LOOK_BACK)
        except NothingFoundError:
            universe = {}
        if len(universe) < len(AGENTS):  # somebody isn't that far yet: wait
            self.skipped[agent] += 1
            return
        before = universe[agent]
        self.streams[agent], u = draw(self.streams[agent])
        after = propagate(agent, universe, before.time + before.time_step, LEAST_STEP + u * STEP_SPAN)
        self.store.write(before.time, after.time, {agent: after})
        self.times[agent] = after.time
        self.written_at.append(self.steps)

    def records(self) -> list[Record[State]]:
        """All records so far, the initial one first, in the order in which they were written."""
        return self.store.records()


def propagate(agent: str, universe: dict[str, State], time: float, time_step: float) -> State:
    """Move `agent` on by its own time step, among what it read."""
    before = universe[agent]
    dt, x, y, vx, vy = before.time_step, before.x, before.y, before.vx, before.vy
    if agent == "Planet":
        return State(time, time_step, x + vx * dt, y + vy * dt, vx, vy)
    planet = universe["Planet"]
    dx, dy = planet.x - x, planet.y - y
    r2 = dx * dx + dy * dy
    r3 = r2 * sqrt(r2)  # not r2**1.5: pow isn't the same on every machine, sqrt is
    vx = vx + (dx / r3) * dt
    vy = vy + (dy / r3) * dt
    return State(time, time_step, x + vx * dt, y + vy * dt, vx, vy)  # with the new velocity: semi-implicit Euler


def run(steps: int, seed: int = 0) -> Reference:
    """Step a new run `steps` times."""
    reference = Reference(seed)
    for _ in range(steps):
        reference.step()
    return reference
