"""Where a run can be cut and continued: everything the next step depends on, and the verdict so far."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from porta.contract import ENGINE, MAX_SEED
from porta.model import INITIAL, PLANET, SATELLITE, stream

NEVER: Final = -1
"""Of a step: it has not happened."""

STATE: Final = np.dtype(
    [
        ("step", "<i8"),  # steps done
        ("stream", "<u8", (2,)),  # SplitMix64 states, by agent
        ("time", "<f8", (2,)),
        ("time_step", "<f8", (2,)),
        ("planet_x", "<f8"),
        ("x", "<f8"),  # the satellite
        ("y", "<f8"),
        ("vx", "<f8"),
        ("vy", "<f8"),
        ("skipped", "<i8", (2,)),  # turns, by agent
        ("exceeded", "<i8", (2,)),  # step in which the energy error first exceeded 1 %, 5 %, or NEVER
        ("ejected", "<i8"),  # step, or NEVER
        ("largest_error", "<f8"),  # E/E0 - 1 of greatest magnitude, signed
        ("last_error", "<f8"),
    ]
)

_HEADER: Final = struct.Struct("<8sHHIQ")  # magic, version, length of the state, engine, seed
_MAGIC: Final = b"porta/cp"
_VERSION: Final = 1
_LENGTH: Final = _HEADER.size + STATE.itemsize + 4


class CheckpointError(ValueError):
    """Bytes that are not a checkpoint of this engine."""


@dataclass(frozen=True)
class Checkpoint:
    """A run of `seed` after `step` steps.

    `state` has dtype STATE and shape (1,); it is not to be changed: the kernel works on a copy.
    """

    seed: int
    state: NDArray[Any]

    @property
    def step(self) -> int:
        """Steps done."""
        return int(self.state["step"][0])

    @property
    def records(self) -> int:
        """Records in the store, the initial one included."""
        return 1 + 2 * self.step - int(self.state["skipped"][0].sum())

    def to_bytes(self) -> bytes:
        """Header, state and CRC-32, little-endian."""
        body = _HEADER.pack(_MAGIC, _VERSION, STATE.itemsize, ENGINE, self.seed) + self.state.tobytes()
        return body + struct.pack("<I", zlib.crc32(body))

    @classmethod
    def from_bytes(cls, data: bytes) -> Checkpoint:
        """Read what `to_bytes` wrote.

        Raises
        ------
        CheckpointError
            If it is truncated or damaged, or of another version or engine.
        """
        if len(data) != _LENGTH:
            raise CheckpointError(f"a checkpoint has {_LENGTH} bytes, this has {len(data)}")
        if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
            raise CheckpointError("the checkpoint's CRC-32 does not match: it is damaged")
        magic, version, length, engine, seed = _HEADER.unpack_from(data)
        if (magic, version, length) != (_MAGIC, _VERSION, STATE.itemsize):
            raise CheckpointError(
                f"not a checkpoint of version {_VERSION}: {magic!r}, version {version}, {length} bytes"
            )
        if engine != ENGINE:
            raise CheckpointError(f"the checkpoint is of engine {engine}, this is engine {ENGINE}")
        state = np.frombuffer(data, STATE, count=1, offset=_HEADER.size)
        if seed > MAX_SEED or state["step"][0] < 0:
            raise CheckpointError(f"the checkpoint's seed {seed} or step {state['step'][0]} is out of range")
        return cls(seed, state)


def start(seed: int) -> Checkpoint:
    """Return a run before its first step."""
    state = np.zeros(1, STATE)
    planet, satellite = INITIAL[PLANET], INITIAL[SATELLITE]
    state["stream"] = [stream(seed, PLANET), stream(seed, SATELLITE)]
    state["time_step"] = [planet.time_step, satellite.time_step]
    state["planet_x"] = planet.x
    for name in ("x", "y", "vx", "vy"):
        state[name] = getattr(satellite, name)
    state["exceeded"] = NEVER
    state["ejected"] = NEVER
    state.flags.writeable = False
    return Checkpoint(seed, state)
