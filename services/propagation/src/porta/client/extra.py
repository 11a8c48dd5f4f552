"""Packages that only a notebook needs."""

from __future__ import annotations

from importlib.util import find_spec

INSTALL = "pip install 'porta[notebook]'"


def require(package: str) -> None:
    """Refuse to go on without ``package``. Raises ImportError with the way out."""
    if find_spec(package) is None:
        raise ImportError(
            f"{package} is not installed here. It comes with Porta's extra for notebooks: {INSTALL}", name=package
        )
