"""What the tests of everything that computes have in common; their `conftest.py` imports it."""

import pytest
from hypothesis import settings

from porta.kernel import warm_up

# No deadline: the machine may be busy. Fixed examples: a failure is the same everywhere.
settings.register_profile("porta", deadline=None, derandomize=True, max_examples=30)
settings.load_profile("porta")


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Compile before the first test, so that none waits for it."""
    warm_up()
