"""Dask's own commands, read by Dask's own parser: ``scheduler <options>`` and ``worker <options>``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import click
import dask.config
from distributed.worker_memory import parse_memory_limit

logger = logging.getLogger(__name__)

ROLES: Final = ("scheduler", "worker")


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, and how."""

    run: tuple[Callable[[], None], ...]
    """One for each child: runs Dask's command to its end."""
    preloads: tuple[str, ...]
    most_memory: int | None
    """Bytes from which on a child is ended. None: any amount is allowed."""


def parse(role: str, options: Sequence[str]) -> Command:
    """Read the options of ``dask scheduler`` or ``dask worker``. What is wrong with them ends the process, in words."""
    main = import_module(f"distributed.cli.dask_{role}").main
    try:
        context = main.make_context(f"dask {role}", list(options))
    except click.exceptions.Exit as end:  # --help
        raise SystemExit(end.exit_code) from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from None
    preloads = tuple(context.params["preload"] or ())
    if role == "scheduler":
        return Command((_runner(main, context, {}),), preloads, None)
    count = int(context.params["n_workers"] or 1)
    if count < 1:
        raise SystemExit(f"porta.prefork: --nworkers {count} is not allowed: a whole number from 1")
    name = context.params["name"]
    # This process does what a nanny does.
    alone = {"nanny": False, "n_workers": "1"}
    each = [alone if count == 1 or not name else {**alone, "name": f"{name}-{number}"} for number in range(count)]
    return Command(tuple(_runner(main, context, other) for other in each), preloads, _most_memory(context.params))


def _runner(main: click.Command, context: click.Context, other: dict[str, Any]) -> Callable[[], None]:
    def run() -> None:
        context.params.update(other)
        with context:
            main.invoke(context)

    return run


def _most_memory(params: dict[str, Any]) -> int | None:
    """Return the amount at which Dask's nanny would end a worker, by the same settings."""
    share = dask.config.get("distributed.worker.memory.terminate")
    limit = parse_memory_limit(params["memory_limit"], params["nthreads"] or 1, logger=logger)
    return int(limit * share) if share and limit else None
