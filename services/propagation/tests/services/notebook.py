"""What a notebook finds in its environment."""

from __future__ import annotations

import json
import os
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from services.process import OURS

if TYPE_CHECKING:
    import pytest

    from services.pool import Pool
    from services.valkey import Valkey

PASSWORD: Final = "notebook-secret"


def cache_env(valkey: Valkey) -> dict[str, str]:
    """Give the cache an account for notebooks, with its rights and no others, and return what names it."""
    rules: dict[str, str] = json.loads(files("porta").joinpath("acl.json").read_text())
    admin: Any = valkey.client
    admin.execute_command("ACL", "SETUSER", "notebook", "reset", "on", f">{PASSWORD}", *rules["notebook"].split())
    return {**valkey.env, "REDIS_USERNAME": "notebook", "REDIS_PASSWORD": PASSWORD}


def pool_env(pool: Pool) -> dict[str, str]:
    """Return what names the pool."""
    return {"DASK_SCHEDULER_ADDRESS": pool.address, "DISPATCH_URL": f"http://127.0.0.1:{pool.dispatch}"}


def set_env(patch: pytest.MonkeyPatch, *parts: dict[str, str]) -> None:
    """Make these all of the platform that the environment names, whatever the shell has."""
    for name in [name for name in os.environ if name.startswith((*OURS, "DISPATCH_"))]:
        patch.delenv(name)
    for part in parts:
        for name, value in part.items():
            patch.setenv(name, value)
