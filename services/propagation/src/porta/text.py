"""Records as JSON text: the numbers printed by orjson a column at a time, spliced into records by compiled code.

orjson prints the shortest text that reads back as the same number, 23 ns each, without an object per number. A record's `to` is
printed once and stands in three places: `to`, `time`, and the agent's next `from` (an agent's ranges tile).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from porta.columns import FROM, TIME_STEP, TO, VX, VY, Columns, X, Y
from porta.compiled import compiled, inlined
from porta.model import AGENTS, INITIAL, PLANET, SATELLITE, State

_Text = NDArray[np.uint8]

_COMMA, _END = ord(","), ord("]")


def _text(data: bytes) -> _Text:
    return np.frombuffer(data, np.uint8)


def _plain(value: float) -> str:
    return repr(value).removesuffix(".0")


def _state(state: State) -> str:
    names = {
        "time": state.time,
        "timeStep": state.time_step,
        "x": state.x,
        "y": state.y,
        "vx": state.vx,
        "vy": state.vy,
    }
    return "{" + ",".join(f'"{name}":{_plain(value)}' for name, value in names.items()) + "}"


INITIAL_RECORD: Final = "0,{" + ",".join(f'"{a}":{_state(s)}' for a, s in zip(AGENTS, INITIAL, strict=True)) + "}]"
"""The initial record after its `from`, which JSON and JavaScript write differently."""

_planet = INITIAL[PLANET]
_OPEN = _text(b",\n[")
_TIME = [_text(f',{{"{agent}":{{"time":'.encode()) for agent in AGENTS]
_PLANET_TIME, _SATELLITE_TIME = _TIME
_TIME_STEP = _text(b',"timeStep":')
_X, _Y, _VX, _VY = (_text(f',"{name}":'.encode()) for name in ("x", "y", "vx", "vy"))
_PLANET_REST = _text(f',"y":{_plain(_planet.y)},"vx":{_plain(_planet.vx)},"vy":{_plain(_planet.vy)}}}}}]'.encode())
_CLOSE = _text(b"}}]")

_LONGEST_RECORD: Final = 320
"""Bytes: eight numbers of at most 24 characters and 104 of structure fit."""


@inlined
def _copy(out, end, source, start, stop):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for i in range(stop - start):
        out[end + i] = source[start + i]
    return end + stop - start


@inlined
def _put(out, end, source):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for i in range(len(source)):
        out[end + i] = source[i]
    return end + len(source)


@inlined
def _put_number(out, end, text, at):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Copy the number at `at` and return the end of both."""
    while text[at] != _COMMA and text[at] != _END:
        out[end] = text[at]
        end += 1
        at += 1
    return end, at + 1


@compiled
def _splice(  # type: ignore[no-untyped-def]  # noqa: ANN202
    agent,
    planet_to,
    planet_step,
    planet_x,
    to,
    step,
    x,
    y,
    vx,
    vy,
    out,  # noqa: ANN001
):
    """Write the records' text to `out`, return its length. The texts are JSON arrays; the first `to` is the first `from`."""
    end = 0
    p_from, p_to, p_step, p_x = 0, 1, 1, 1
    s_from, s_to, s_step, s_x, s_y, s_vx, s_vy = 0, 1, 1, 1, 1, 1, 1
    # Step over the first `from`; from there on, the number before `to` is always `from`.
    p_from = 1
    while planet_to[p_to] != _COMMA and planet_to[p_to] != _END:
        p_to += 1
    p_to += 1
    s_from = 1
    while to[s_to] != _COMMA and to[s_to] != _END:
        s_to += 1
    s_to += 1
    for row in range(len(agent)):
        end = _put(out, end, _OPEN)
        if agent[row] == PLANET:
            end = _copy(out, end, planet_to, p_from, p_to)  # with its comma
            p_from = p_to
            end, p_to = _put_number(out, end, planet_to, p_to)
            end = _put(out, end, _PLANET_TIME)
            end = _copy(out, end, planet_to, p_from, p_to - 1)
            end = _put(out, end, _TIME_STEP)
            end, p_step = _put_number(out, end, planet_step, p_step)
            end = _put(out, end, _X)
            end, p_x = _put_number(out, end, planet_x, p_x)
            end = _put(out, end, _PLANET_REST)
        else:
            end = _copy(out, end, to, s_from, s_to)
            s_from = s_to
            end, s_to = _put_number(out, end, to, s_to)
            end = _put(out, end, _SATELLITE_TIME)
            end = _copy(out, end, to, s_from, s_to - 1)
            end = _put(out, end, _TIME_STEP)
            end, s_step = _put_number(out, end, step, s_step)
            end = _put(out, end, _X)
            end, s_x = _put_number(out, end, x, s_x)
            end = _put(out, end, _Y)
            end, s_y = _put_number(out, end, y, s_y)
            end = _put(out, end, _VX)
            end, s_vx = _put_number(out, end, vx, s_vx)
            end = _put(out, end, _VY)
            end, s_vy = _put_number(out, end, vy, s_vy)
            end = _put(out, end, _CLOSE)
    return end


def records_text(columns: Columns) -> memoryview:
    """Text of the records, each with a comma and a newline before it; the initial record is not among them."""
    first = columns.initial_rows
    agent, values = columns.agent[first:], columns.values[:, first:]
    mine = agent == SATELLITE
    planet, satellite = values[:, ~mine], values[:, mine]
    out = np.empty(len(agent) * _LONGEST_RECORD, np.uint8)
    length = _splice(
        agent,
        _ends(planet),
        *(_numbers(planet[c]) for c in (TIME_STEP, X)),
        _ends(satellite),
        *(_numbers(satellite[c]) for c in (TIME_STEP, X, Y, VX, VY)),
        out,
    )
    return memoryview(out)[:length]


def _ends(values: NDArray[np.float64]) -> _Text:
    """The first `from`, then every `to`."""
    return _numbers(np.concatenate([values[FROM, :1], values[TO]]))


def _numbers(column: NDArray[Any]) -> _Text:
    return _text(orjson.dumps(np.ascontiguousarray(column), option=orjson.OPT_SERIALIZE_NUMPY))
