"""The exact orbit against an integration that knows nothing of Kepler."""

from math import hypot, pi

import numpy as np
import pytest

from porta.checkpoint import start
from porta.kepler import ECCENTRICITY, MEAN_MOTION, SEMI_MAJOR, distances, orbit
from porta.kernel import propagate
from porta.model import SATELLITE

from .runs import rows


def accelerate(state: np.ndarray) -> np.ndarray:
    x, y, vx, vy = state
    r3 = hypot(x, y) ** 3
    return np.array([vx, vy, -x / r3, -y / r3])


def integrate(end: float, steps: int) -> np.ndarray:
    """Classical Runge-Kutta from the model's initial state in the planet's frame."""
    h, state = end / steps, np.array([0.0, 0.9, 0.9, 0.0])
    for _ in range(steps):
        k1 = accelerate(state)
        k2 = accelerate(state + h / 2 * k1)
        k3 = accelerate(state + h / 2 * k2)
        k4 = accelerate(state + h * k3)
        state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return state


@pytest.mark.parametrize("time", [0.01, 1.0, 3.0, 10.0])
def test_the_orbit_is_where_an_integration_leads(time: float) -> None:
    x, y, _, _ = integrate(time, steps=4000)
    assert orbit(time) == pytest.approx((x, y), abs=1e-9)


def test_the_orbit_starts_where_the_satellite_does() -> None:
    assert orbit(0.0) == pytest.approx((0.0, 0.9), abs=1e-15)


def test_the_orbit_closes_even_after_a_hundred_thousand_turns() -> None:
    period = 2 * pi / MEAN_MOTION
    assert orbit(1.0 + 100_000 * period) == pytest.approx(orbit(1.0), abs=1e-9)


def test_nearest_and_farthest_are_those_of_the_ellipse() -> None:
    radii = [hypot(*orbit(t)) for t in np.linspace(0, 2 * pi / MEAN_MOTION, 10_001)]
    assert max(radii) == pytest.approx(SEMI_MAJOR * (1 + ECCENTRICITY), abs=1e-7)
    assert min(radii) == pytest.approx(SEMI_MAJOR * (1 - ECCENTRICITY), abs=1e-7)


def test_distances_are_of_the_satellite_s_records_only() -> None:
    columns, _ = propagate(start(3), 700)
    expected = [
        hypot(row.x - 0.1 * row.to - orbit(row.to)[0], row.y - 0.1 - orbit(row.to)[1])
        for row in rows(columns)[2:]
        if row.agent == SATELLITE
    ]
    assert distances(columns) == pytest.approx((max(expected), expected[-1]), abs=1e-12)


def test_where_the_satellite_has_no_record_there_is_no_distance() -> None:
    columns, _ = propagate(start(0), 10)
    planets = next(i for i in range(2, columns.rows) if columns.agent[i] == SATELLITE)
    assert distances(columns.first(planets)) is None
