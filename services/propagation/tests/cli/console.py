"""The command line, in this process and in one of its own."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from porta.cli import main

PORTA = Path(sysconfig.get_path("scripts")) / "porta"

Console = pytest.CaptureFixture[bytes]


class Porta:
    """Runs the command line in this process: a process of its own takes a second to load numba."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def succeeds(self, *arguments: object) -> bytes:
        main([str(argument) for argument in arguments])
        out, err = self._console.readouterr()
        assert err == b""
        return out

    def fails(self, code: int, *arguments: object) -> str:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        assert ended.value.code == code
        out, err = self._console.readouterr()
        assert out == b""
        message = err.decode()
        assert message.startswith("porta: ")
        assert message.count("\n") == 1
        return message


def process(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [str(PORTA), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env={**os.environ, **environment}, timeout=100, check=False)
