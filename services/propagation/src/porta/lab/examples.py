"""Brings the example notebooks to where a user works, without taking anything from the user.

An example that is missing is brought: who deletes one has it fresh at the next start. One that is as it was brought is
renewed when a new version has another. One that the user has changed stays. Of a notebook only the cells count:
to run it, or to open it in another JupyterLab, is no change.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

RECORD: Final = ".porta-examples.json"
"""Beside the examples: of each, the fingerprint of what was brought last."""


@dataclass
class Outcome:
    """What became of each example: paths relative to the folder, sorted."""

    brought: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Changed by the user, or not to be read; and not what this version brings."""

    def __str__(self) -> str:
        """Say it in a line."""
        said = [f"{what} {', '.join(names)}" for what, names in vars(self).items() if names]
        return "examples: " + ("; ".join(said) or "as they were")


def fingerprint(data: bytes, name: str) -> str:
    """Return a hash that changes when a user changes the file: of a notebook's cells, of any other file's bytes."""
    if name.endswith(".ipynb"):
        try:
            cells: list[Any] = [(cell["cell_type"], _text(cell["source"])) for cell in json.loads(data)["cells"]]
        except (ValueError, KeyError, TypeError):
            pass  # no notebook any more: its bytes count
        else:
            data = json.dumps(cells).encode()
    return hashlib.sha256(data).hexdigest()


def _text(source: str | list[str]) -> str:
    """Return a cell's text, which the format allows to be cut into lines."""
    return source if isinstance(source, str) else "".join(source)


def bring(source: Path, target: Path) -> Outcome:
    """Bring every file under `source` to `target`, as far as no work of a user is in the way.

    Raises `OSError` where there are no examples, or the folder cannot be written. One that ends in the middle loses
    nothing: files appear whole, and are recorded; by the next time, where the record could not be written.
    """
    outcome, names = Outcome(), _files(source)
    target.mkdir(parents=True, exist_ok=True)
    before = _read_record(target / RECORD)
    record = dict(before)
    try:
        for name in names:
            data = (source / name).read_bytes()
            new, place = fingerprint(data, name), target / name
            there = _fingerprint_of(place, name)
            if there == new:
                record[name] = new
                continue
            if there is None and not os.path.lexists(place):
                outcome.brought.append(name)
            elif there is not None and there == before.get(name):
                outcome.renewed.append(name)
            else:
                outcome.kept.append(name)
                continue
            _write(place, data)
            record[name] = new
    finally:
        # Also where it ends in the middle: the next version would take for the user's what is here and not recorded.
        if record != before:
            _write(target / RECORD, json.dumps(record, indent=2).encode())
    return outcome


def _fingerprint_of(place: Path, name: str) -> str | None:
    """Return that of the file there; None where there is none that can be read."""
    try:
        return fingerprint(place.read_bytes(), name) if place.is_file() else None
    except OSError:
        return None


def _files(folder: Path) -> list[str]:
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(str(path) for path in paths if not any(part.startswith((".", "__")) for part in path.parts))


def _read_record(path: Path) -> dict[str, str]:
    """Return what the record says; without it, what differs from this version counts as changed by the user."""
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _write(path: Path, data: bytes) -> None:
    path = Path(os.path.realpath(path))  # a link of the user's stays, and what it names is renewed
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".porta-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
