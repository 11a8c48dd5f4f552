"""Where the platform is, read from the environment.

==========================  ========================  ==================================================================
variable                    default                   meaning
==========================  ========================  ==================================================================
``REDIS_ADDR``              ``localhost:6379``        the cache; with ``REDIS_USERNAME``, and ``REDIS_PASSWORD`` or
                                                      ``REDIS_PASSWORD_FILE``: see `porta.config`
``DASK_SCHEDULER_ADDRESS``  ``tcp://localhost:8786``  the pool, as Dask reads it; ``tls://`` where it is encrypted
``DASK_SCHEDULER``          none                      the same as ``host:port``, as the frontend reads it
``DISPATCH_URL``            port 8788 of that host    where computations are asked for
==========================  ========================  ==================================================================

So beside ``npm start`` nothing needs to be set, and on Kubernetes JupyterLab's pod has all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from porta.config import DISPATCH_PORT, ConfigError, RedisSettings

SCHEDULER_PORT: Final = 8786


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of cache, dispatch and scheduler, and which variables they come from."""

    redis: RedisSettings
    dispatch: str
    """``http://host:port``, without a slash at its end."""
    scheduler: str
    """``tcp://host:port`` or ``tls://host:port``."""
    scheduler_variable: str = "DASK_SCHEDULER_ADDRESS"
    """Where it is read from, or would be."""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Places:
        """Read the variables above. An empty one counts as unset. Raises `porta.config.ConfigError`."""
        short = not env.get("DASK_SCHEDULER_ADDRESS") and bool(env.get("DASK_SCHEDULER"))
        variable = "DASK_SCHEDULER" if short else "DASK_SCHEDULER_ADDRESS"
        scheduler = _scheduler(variable, env.get(variable) or f"localhost:{SCHEDULER_PORT}")
        host = f"[{scheduler.hostname}]" if ":" in (scheduler.hostname or "") else scheduler.hostname
        return cls(
            redis=RedisSettings.from_env(env),
            dispatch=_url(env.get("DISPATCH_URL") or f"http://{host}:{DISPATCH_PORT}"),
            scheduler=scheduler.geturl(),
            scheduler_variable=variable,
        )

    @property
    def cache(self) -> str:
        """The cache's address, for a person."""
        return f"{self.redis.host}:{self.redis.port}"


def _scheduler(variable: str, text: str) -> SplitResult:
    allowed = "host:port, tcp://host:port or tls://host:port"
    try:
        url = urlsplit(text if "://" in text else f"tcp://{text}")
        port = url.port
    except ValueError:
        raise ConfigError(variable, text, f"{allowed}, with a port from 1 to 65535") from None
    if url.scheme not in ("tcp", "tls") or not url.hostname or url.path not in ("", "/") or port == 0:
        raise ConfigError(variable, text, allowed)
    netloc = url.netloc if port else f"{url.netloc}:{SCHEDULER_PORT}"
    return SplitResult(url.scheme, netloc, "", "", "")


def _url(text: str) -> str:
    allowed = "http://host:port"
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        raise ConfigError("DISPATCH_URL", text, f"{allowed}, with a port from 1 to 65535") from None
    if url.scheme != "http" or not url.hostname or url.path not in ("", "/") or url.query or port == 0:
        raise ConfigError("DISPATCH_URL", text, allowed)
    return f"http://{url.netloc}"
