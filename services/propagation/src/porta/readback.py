"""Reads results back from files: data.json, data.js and data.arrow, packed or not, as columns."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import orjson

from porta.columns import NAMES, Columns
from porta.model import AGENTS

_GZIP: Final = b"\x1f\x8b"

_BLOCK: Final = 32_768
"""Records of JSON turned into columns at a time."""

_STATE: Final = ("time", "timeStep", "x", "y", "vx", "vy")

_ASSIGNMENT: Final = re.compile(rb"\s*data\s*=\s*")


class UnreadableError(ValueError):
    """A file that is not a result, or not all of one."""


@dataclass(frozen=True)
class Reading:
    """What a file says of itself, None where it does not (data.js says nothing), and its records."""

    seed: int | None
    steps: int | None
    blocks: Iterator[Columns]
    """In order, the initial record as two rows. Raises UnreadableError where the file ceases to be a result."""


@contextmanager
def read(path: Path) -> Iterator[Reading]:
    """Open a result in whichever format.

    Raises
    ------
    UnreadableError
        If it is none.
    OSError
        If the file cannot be opened.
    """
    with ExitStack() as files:
        plain = files.enter_context(path.open("rb"))
        packed = plain.read(2) == _GZIP
        plain.seek(0)
        file: Any = files.enter_context(gzip.open(plain)) if packed else plain
        with _explained():
            start = file.read(6)
            file.seek(0)
            is_arrow = start[:4] == b"\xff" * 4 or start == b"ARROW1"
            reading = _read_arrow(file, stream=start != b"ARROW1") if is_arrow else _read_text(file)
        yield Reading(reading.seed, reading.steps, _all_explained(reading.blocks))


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except UnreadableError:
        raise
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableError(f"it cannot be unpacked, so it is cut off or damaged ({error})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(f"it is not a result: {error}") from error


def _all_explained(blocks: Iterator[Columns]) -> Iterator[Columns]:
    with _explained():
        yield from blocks


def _read_arrow(file: Any, *, stream: bool) -> Reading:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415  (slow to load, and not for who reads JSON)

    reader = pa.ipc.open_stream(file) if stream else pa.ipc.open_file(file)
    missing = [name for name in ("agent", *NAMES) if name not in reader.schema.names]
    if missing:
        raise UnreadableError(f"its Arrow schema has no column {', '.join(missing)}")
    batches = reader if stream else map(reader.get_batch, range(reader.num_record_batches))
    metadata = {key.decode(): int(value) for key, value in (reader.schema.metadata or {}).items() if value.isdigit()}
    return Reading(metadata.get("seed"), metadata.get("steps"), map(_from_batch, batches))


def _from_batch(batch: Any) -> Columns:  # noqa: ANN401
    agent = batch.column("agent")
    codes = np.array([AGENTS.index(name) for name in agent.dictionary.to_pylist()], np.int8)
    values = np.array([batch.column(name).to_numpy(zero_copy_only=False) for name in NAMES], np.float64)
    return Columns(codes[agent.indices.to_numpy(zero_copy_only=False)], values)


def _read_text(file: IO[bytes]) -> Reading:
    """Ours has a record a line and is read so, in little memory; what other tools have laid out anew is read whole."""
    head = file.readline().removesuffix(b",\n")
    try:
        is_object = head.startswith(b"{")
        opened = _object(_parse(head + (b"]}" if is_object else b"]")))
        rest = _lines(file, b"]]}" if is_object else b"]];")
    except ValueError:
        file.seek(0)
        opened, rest = _object(_parse(file.read())), iter(())
    if not isinstance(opened.get("records"), list):
        raise UnreadableError("it is neither data.json nor data.js nor data.arrow")
    return Reading(opened.get("seed"), opened.get("steps"), _blocks(chain(opened["records"], rest)))


def _parse(text: bytes) -> Any:  # noqa: ANN401
    text = _ASSIGNMENT.sub(b"", text, count=1).rstrip(b"; \r\n")
    return orjson.loads(text.replace(b"-Infinity", b"null", 1))


def _object(parsed: Any) -> dict[str, Any]:  # noqa: ANN401
    return parsed if isinstance(parsed, dict) else {"records": parsed}


def _lines(file: IO[bytes], end: bytes) -> Iterator[Any]:
    ended = False
    for number, line in enumerate(file, start=2):
        if ended and line.strip():
            raise UnreadableError("it goes on after its end")
        text = line.rstrip(b"\r\n")
        ended = ended or text.endswith(end)
        if text:
            try:
                record = orjson.loads(text[:-2] if ended else text.removesuffix(b","))
            except ValueError as error:
                raise UnreadableError(f"line {number} is no record, so it is cut off or damaged ({error})") from error
            yield record
    if not ended:
        raise UnreadableError("it is cut off: it ends before its last record does")


def _blocks(records: Iterable[Any]) -> Iterator[Columns]:
    records = iter(records)
    number = 0
    while block := list(islice(records, _BLOCK)):
        rows: list[tuple[float, ...]] = []
        for record in block:
            try:
                rows.extend(_rows(record))
            except (ValueError, KeyError, TypeError) as error:
                raise UnreadableError(f"record {number} is not a record: {error}") from error
            number += 1
        table = np.array(rows, np.float64)
        yield Columns(table[:, 0].astype(np.int8), np.ascontiguousarray(table[:, 1:].T))


def _rows(record: Any) -> Iterator[tuple[float, ...]]:  # noqa: ANN401
    start, end, states = record
    for agent, state in states.items():
        if len(state) != len(_STATE):
            raise ValueError(f"a state has {', '.join(_STATE)}, not {', '.join(state)}")
        time, time_step, *rest = (state[name] for name in _STATE)
        if time != end:
            raise ValueError(f"it holds until {end}, but its time is {time}")
        yield (AGENTS.index(agent), -np.inf if start is None else start, end, time_step, *rest)
