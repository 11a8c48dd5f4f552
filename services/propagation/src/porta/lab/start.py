"""What `python -m porta.lab` does before JupyterLab runs.

=======================  ==============================================================================================
variable                 meaning
=======================  ==============================================================================================
``JUPYTER_TOKEN_FILE``   the file that holds the token which lets a user in: at least 32 characters
``PORTA_DASHBOARD``      ``host:port`` of the scheduler's dashboard
=======================  ==============================================================================================

What notebooks need to find pool and cache, they read from the same environment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from porta.lab.examples import bring

LEAST_TOKEN: Final = 32
"""Characters. Jupyter takes an empty token for no authentication at all."""

ROUTE: Final = "dask/scheduler"
"""Where Jupyter has the dashboard: the address in the sidebar of the Dask extension, by `config/labconfig`."""

CONFIG: Final = Path(__file__).parent / "config"
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class Refused(Exception):  # noqa: N818
    """JupyterLab cannot be started like this; says what is missing."""


def read_token(env: Mapping[str, str]) -> str:
    """Return the token. Raises `Refused` where there is none that protects."""
    path = env.get("JUPYTER_TOKEN_FILE")
    if not path:
        raise Refused("JUPYTER_TOKEN_FILE is not set: it names the file that holds the token")
    try:
        token = Path(path).read_text().strip()
    except OSError as error:
        raise Refused(f"JUPYTER_TOKEN_FILE={path} cannot be read: {error.strerror}") from None
    if len(token) < LEAST_TOKEN:
        raise Refused(f"JUPYTER_TOKEN_FILE={path} holds {len(token)} characters: a token needs at least {LEAST_TOKEN}")
    return token


def dashboard_address(env: Mapping[str, str]) -> tuple[str, int]:
    """Return host and port of the scheduler's dashboard. Raises `Refused`."""
    value = env.get("PORTA_DASHBOARD", "")
    host, _, port = value.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise Refused(f"PORTA_DASHBOARD={value!r} is not allowed: host:port of the scheduler's dashboard")
    return host, int(port)


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """Return what JupyterLab's environment has beyond `env`. Raises `Refused`."""
    read_token(env)
    host, _ = dashboard_address(env)
    more = {"JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, [str(CONFIG), env.get("JUPYTER_CONFIG_PATH")]))}
    if "SHELL" not in env:
        more["SHELL"] = "/bin/bash"  # for terminals, which take sh without it: no history, no line to edit
    if host not in LOOPBACK:
        # A client's link in a notebook: the browser reaches the dashboard only through us.
        more["DASK_DISTRIBUTED__DASHBOARD__LINK"] = f"/{ROUTE}/status"
    return more


def start(root: Path, examples: Path, options: Sequence[str]) -> None:
    """Bring the examples, then become JupyterLab with `root` as its folder and these `options`. Raises `Refused`."""
    os.environ.update(environment(os.environ))
    try:
        print(bring(examples, root), file=sys.stderr, flush=True)
    except OSError as error:
        # Whoever has filled the disk needs JupyterLab to make room.
        print(f"examples: not brought: {error}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}", *options]
    os.execv(sys.executable, command)  # noqa: S606  that is what this file is for
