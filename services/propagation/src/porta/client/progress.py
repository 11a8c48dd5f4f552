"""Shows how far a computation is: in Jupyter, on a terminal, or not at all.

Rich draws the terminal's, as on the command line. In Jupyter neither Rich nor tqdm draws without ipywidgets, whose
pictures a saved notebook does not hold; HTML's own bar is in every browser.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Show = Callable[[dict[str, Any]], None]


@contextmanager
def shown(what: str, unit: str) -> Iterator[Show]:
    """Yield what takes dispatch's ``progress``. The bar appears with the first one, so never for a hit.

    Only in the main thread: who asks for many results at once is not helped by many bars in each other's way.
    """
    bar: _Jupyter | _Terminal | None = None
    if threading.current_thread() is threading.main_thread():
        bar = _Jupyter(what, unit) if _in_jupyter() else _Terminal(what, unit) if sys.stderr.isatty() else None
    try:
        yield bar.show if bar else _nothing
    finally:
        if bar:
            bar.end()


def _nothing(_: dict[str, Any]) -> None:
    """Show nothing."""


def _in_jupyter() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def words(progress: dict[str, Any], unit: str) -> str:
    """How far, how fast, how long still; or the place in line of what is not computed yet."""
    if progress.get("place") is not None:
        return f"waits in line for the pool, at place {progress['place']:,}"
    said = [f"{progress['done']:,} of {progress['total']:,} {unit}"]
    if progress["rate"]:
        said.append(f"{progress['rate']:,.0f} a second")
    if progress["eta"] is not None and progress["eta"] >= 1:
        said.append(f"{progress['eta']:,.0f} s left")
    return ", ".join(said)


class _Jupyter:
    """A line of HTML that is drawn again, and gone at the end."""

    def __init__(self, what: str, unit: str) -> None:
        self._what, self._unit = what, unit
        self._handle: Any = None

    def show(self, progress: dict[str, Any]) -> None:
        bar = f'<progress max="{progress["total"]}" value="{progress["done"]}" style="width: 20em"></progress>'
        self._draw(f"<div>{self._what} {bar} {words(progress, self._unit)}</div>")

    def end(self) -> None:
        if self._handle is not None:
            self._draw("")

    def _draw(self, html: str) -> None:
        from IPython.display import HTML, display  # noqa: PLC0415  only where it runs already

        if self._handle is None:
            self._handle = display(HTML(html), display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(HTML(html))  # type: ignore[no-untyped-call]


class _Terminal:
    """A bar on standard error that is gone at the end."""

    def __init__(self, what: str, unit: str) -> None:
        self._what, self._unit = what, unit
        self._bar: Any = None

    def show(self, progress: dict[str, Any]) -> None:
        if self._bar is None:
            from rich.console import Console  # noqa: PLC0415  most calls show nothing
            from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415

            columns = (TextColumn(self._what), BarColumn(), TextColumn("{task.description}"))
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task("")
        self._bar.update(
            self._task, total=progress["total"], completed=progress["done"], description=words(progress, self._unit)
        )

    def end(self) -> None:
        if self._bar is not None:
            self._bar.stop()
