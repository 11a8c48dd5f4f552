"""The environment says where the platform is, or what in it is wrong."""

from __future__ import annotations

import pytest

from porta.client.places import Places
from porta.config import ConfigError


def test_beside_npm_start_nothing_needs_to_be_set() -> None:
    places = Places.from_env({"REDIS_ADDR": "", "DASK_SCHEDULER": "", "DISPATCH_URL": ""})
    assert (places.cache, places.scheduler, places.dispatch) == (
        "localhost:6379",
        "tcp://localhost:8786",
        "http://localhost:8788",
    )


@pytest.mark.parametrize(
    ("env", "scheduler", "dispatch"),
    [
        ({"DASK_SCHEDULER": "pool:8786"}, "tcp://pool:8786", "http://pool:8788"),
        ({"DASK_SCHEDULER": "pool"}, "tcp://pool:8786", "http://pool:8788"),
        ({"DASK_SCHEDULER_ADDRESS": "tls://pool:9000"}, "tls://pool:9000", "http://pool:8788"),
        ({"DASK_SCHEDULER_ADDRESS": "tcp://[::1]:8786"}, "tcp://[::1]:8786", "http://[::1]:8788"),
        ({"DASK_SCHEDULER_ADDRESS": "tls://a:1", "DASK_SCHEDULER": "b:2"}, "tls://a:1", "http://a:8788"),
        ({"DASK_SCHEDULER": "pool:1", "DISPATCH_URL": "http://other:80/"}, "tcp://pool:1", "http://other:80"),
    ],
)
def test_dispatch_is_beside_the_scheduler_unless_said_otherwise(
    env: dict[str, str], scheduler: str, dispatch: str
) -> None:
    places = Places.from_env(env)
    assert (places.scheduler, places.dispatch) == (scheduler, dispatch)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DASK_SCHEDULER_ADDRESS", "http://pool:8786"),
        ("DASK_SCHEDULER_ADDRESS", "tcp://pool:99999"),
        ("DASK_SCHEDULER_ADDRESS", "tcp://:8786"),
        ("DASK_SCHEDULER", "pool:0"),
        ("DASK_SCHEDULER", "pool:8786/path"),
        ("DISPATCH_URL", "pool:8788"),
        ("DISPATCH_URL", "https://pool:8788"),
        ("DISPATCH_URL", "http://pool:8788/propagation"),
        ("DISPATCH_URL", "http://pool:port"),
        ("DASK_SCHEDULER_ADDRESS", "tcp://[::1"),
        ("DASK_SCHEDULER", "[::1"),
        ("DISPATCH_URL", "http://[::1"),
        ("REDIS_ADDR", "http://cache"),
    ],
)
def test_what_is_no_address_is_refused_by_name(variable: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^{variable}="):
        Places.from_env({variable: value})
