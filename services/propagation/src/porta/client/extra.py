"""Packages that only a notebook needs: the extra ``notebook``."""

from __future__ import annotations

from importlib.util import find_spec


def require(package: str) -> None:
    """Refuse to go on without ``package``. Raises ImportError with the way out."""
    if find_spec(package) is None:
        raise ImportError(
            f"{package} is not installed here, where this needs it: pip install {package}. "
            "(JupyterLab in the cluster, and of npm start -- --jupyter, has it.)",
            name=package,
        )
