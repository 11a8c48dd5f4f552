"""The command line. Its start-up is short: what computes is loaded by the command that computes."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Final

from porta.config import ConfigError, DispatchSettings
from porta.ensembles.request import Ensemble
from porta.run import BadInput, Run

_FORMATS: Final = {
    "json": "data.json",
    "js": "data.js",
    "arrow": "data.arrow",
    "overview": "overview",
    "summary": "summary",
}
_BINARY: Final = ("arrow", "overview")
_ENDINGS: Final = {**{f".{kind}": kind for kind in _FORMATS}, ".feather": "arrow", ".ipc": "arrow"}
_FOREIGN: Final = frozenset(
    [".arrows", ".csv", ".tsv", ".parquet", ".npy", ".npz", ".h5", ".xlsx", ".bz2", ".xz", ".zst", ".zip"]
)
"""Endings of formats that Porta does not write. A file with such a name would not open by its name."""
_ENSEMBLE_FORMATS: Final = {kind: name for kind, name in _FORMATS.items() if kind != "js"}

_LONG: Final = 50_000
"""Steps of a run from which on a progress bar is worth its place."""
_LONG_ENSEMBLE: Final = 5_000_000
"""The same of an ensemble, of which no record is written."""

_ABOUT: Final = """\
Propagate a satellite around a planet, with random time steps, on this machine.
The same steps and seed give the same records, to the bit, here and on every pool.
"""

_EXAMPLES: Final = """\
examples:
  porta summary 500                           how far 500 steps can be trusted, in words
  porta propagate 500 --seed 1 -o run.json    every record, as JSON
  porta propagate 1000000 -o run.arrow.gz     the format follows from the name; .gz packs it
  porta propagate 500 --format js | head      to standard output
  porta verify run.json                       computes it again and compares every bit
  porta ensemble 10000 1000                   how 1,000 runs of 10,000 steps end, in words
  porta ensemble 10000 1000 -o bands.arrow    their quantiles over time and steps

environment:
  MAX_STEPS        the most steps of a run (1000000); MAX_RUNS, MAX_ENSEMBLE_STEPS: of an ensemble
  NUMBA_CACHE_DIR  where compiled code is kept, so that it is compiled once
"""


class Refusal(Exception):  # noqa: N818
    """Something the user can put right. Printed without a traceback."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line.

    Ends the process with 0, 1 (a file differs), 2 (bad input), 130 (interrupted) or 143 (told to end).
    """
    options = _parser().parse_args(arguments)
    before = signal.signal(signal.SIGTERM, _end)
    try:
        options.command(options)
        if sys.stdout is not None:
            sys.stdout.flush()
    except Refusal as refusal:
        _fail(str(refusal), refusal.code)
    except (BadInput, ConfigError) as error:
        _fail(str(error), 2)
    except BrokenPipeError:  # `porta … | head`: the reader has enough
        _drop_output()
    except OSError as error:
        _drop_output()
        _fail(f"{error.filename or 'standard output'}: {error.strerror}", 2)
    except KeyboardInterrupt:
        _fail("interrupted", 130)
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, _: object) -> None:
    """End as after an error, so that no half-written file stays."""
    raise SystemExit(128 + number)


def _drop_output() -> None:
    """Drop what standard output does not take. Python would try again at its end, and complain."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, code: int) -> None:
    print(f"porta: {message}", file=sys.stderr)
    raise SystemExit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "porta", description=_ABOUT, epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"porta {version('porta')}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    propagate = commands.add_parser(
        "propagate", help="compute a run and write it", description="Compute a run and write one representation of it."
    )
    _add_run(propagate)
    propagate.add_argument(
        "-f",
        "--format",
        choices=_FORMATS,
        help="default: what FILE's name says, else json; arrow and overview are binary",
    )
    _add_output(propagate)
    propagate.set_defaults(command=_propagate)

    ensemble = commands.add_parser(
        "ensemble",
        help="compute many runs and reduce them to quantiles",
        description="Compute RUNS runs, with seed S and those that follow it, and reduce them: how far they can be "
        "trusted, quantiles of both orbits over time and of the energy error over steps, ejections, closest approach.",
    )
    _add_run(ensemble, runs=True)
    ensemble.add_argument(
        "-f",
        "--format",
        choices=["words", *_ENSEMBLE_FORMATS],
        help="default: what FILE's name says, else words; arrow and overview are binary",
    )
    _add_output(ensemble)
    ensemble.set_defaults(command=_ensemble)

    summary = commands.add_parser(
        "summary",
        help="compute a run and say how far it can be trusted",
        description="Compute a run and say how far it can be trusted.",
    )
    _add_run(summary)
    summary.add_argument("--json", action="store_true", help="the whole summary, as the service answers it")
    summary.set_defaults(command=_summary)

    check = commands.add_parser(
        "verify",
        help="compute a file's run again and compare",
        description="Compute the run of a data.json, data.js or data.arrow, gzipped or not, and compare every bit. "
        "Exit status 1 if one differs.",
    )
    check.add_argument("file", metavar="FILE", type=Path, help="- for standard input")
    check.add_argument("--seed", metavar="S", help="for files that do not name theirs, as data.js (default: 0)")
    check.set_defaults(command=_verify)
    return parser


def _add_run(parser: argparse.ArgumentParser, *, runs: bool = False) -> None:
    parser.add_argument("steps", metavar="STEPS", help="how many steps, for example 500")
    if runs:
        parser.add_argument("runs", metavar="RUNS", help="how many runs, for example 1000")
    parser.add_argument("-s", "--seed", metavar="S", help="which random time steps, for example 7 (default: 0)")


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=_output,
        help="appears when it is complete; default, and -: standard output",
    )


def _output(name: str) -> Path | None:
    if name == "-":
        return None
    if name == "" or name.endswith(os.sep):
        raise argparse.ArgumentTypeError(f"{name!r} is not the name of a file")
    return Path(name)


def _run(options: argparse.Namespace) -> Run:
    return Run.parse(options.steps, options.seed, DispatchSettings.from_env(os.environ).max_steps)


def _propagate(options: argparse.Namespace) -> None:
    run = _run(options)
    kind, packed = _representation(options, _FORMATS, "json")
    from porta import export, files  # noqa: PLC0415

    bar = _progress(f"{run.steps:,} steps", run.steps, long=run.steps >= _LONG)
    with bar as progress, files.written(options.output) as out:
        for piece in export.pieces(run, _FORMATS[kind], packed=packed, progress=progress):
            out.write(piece)


def _ensemble(options: argparse.Namespace) -> None:
    limits = DispatchSettings.from_env(os.environ)
    ensemble = Ensemble.parse(
        *(options.steps, options.runs, options.seed),
        max_steps=limits.max_steps,
        max_runs=limits.max_runs,
        max_ensemble_steps=limits.max_ensemble_steps,
    )
    kind, packed = _representation(options, _ENSEMBLE_FORMATS, "words")
    from porta import export, files  # noqa: PLC0415

    what = f"{ensemble.runs:,} runs of {ensemble.steps:,} steps"
    bar = _progress(what, ensemble.runs, long=ensemble.runs * ensemble.steps >= _LONG_ENSEMBLE)
    with bar as progress, files.written(options.output) as out:
        name = _ENSEMBLE_FORMATS.get(kind)
        out.write(export.ensemble(ensemble, name, packed=packed, progress=progress))


def _representation(options: argparse.Namespace, formats: Mapping[str, str], default: str) -> tuple[str, bool]:
    """Return the format that is asked for, or that the file's name says, and whether the file is to be packed."""
    from porta import files  # noqa: PLC0415

    path: Path | None = options.output
    ending = Path(path.name.removesuffix(".gz")).suffix.lower() if path else ""
    named = _ENDINGS.get(ending)
    if options.format is None and (ending in _FOREIGN or (named is not None and named not in formats)):
        written = ", ".join(ending for ending, kind in _ENDINGS.items() if kind in formats)
        raise Refusal(f"{path}: Porta does not write {ending}. It writes {written}; or choose one with --format")
    kind = options.format or named or default
    if kind in _BINARY and files.is_terminal(path):
        raise Refusal(f"{kind} is binary, and this is a terminal: give a file with -o, or another --format")
    return kind, path is not None and path.suffix == ".gz"


def _summary(options: argparse.Namespace) -> None:
    run = _run(options)
    from porta.propagate import compute  # noqa: PLC0415

    with _progress(f"{run.steps:,} steps", run.steps, long=run.steps >= _LONG) as progress:
        result, _ = compute(run, progress)
    if options.json:
        sys.stdout.write(result.fields["summary"].decode() + "\n")
        return
    summary, verdict = result.summary, result.summary["verdict"]
    sizes = ", ".join(f"{name} {size['raw']:,} bytes" for name, size in summary["sizes"].items())
    print(f"{verdict['words']}\n")
    for name, value in {
        "run": f"{run.steps:,} steps, seed {run.seed}",
        "records": f"{summary['records']:,}, until time {summary['time']:.6g}",
        "skipped": ", ".join(f"{agent} {count:,}" for agent, count in summary["skipped"].items()) + " turns",
        "energy": f"{verdict['energyError']['largest']:+.3%} at worst, {verdict['energyError']['last']:+.3%} at last",
        "off orbit": f"{verdict['kepler']['largest']:.3g} at worst, {verdict['kepler']['last']:.3g} at last",
        "sizes": sizes,
        "hash": summary["hash"],
    }.items():
        print(f"{name:>10}  {value}")


def _verify(options: argparse.Namespace) -> None:
    from porta.files import read_again  # noqa: PLC0415
    from porta.readback import UnreadableError, read  # noqa: PLC0415
    from porta.verify import DiffersError, count_steps, verify  # noqa: PLC0415

    path: Path = options.file
    try:
        with read_again(path) as file:
            with read(file) as reading:
                steps = reading.steps if reading.steps is not None else count_steps(reading.blocks)
            seed = options.seed if options.seed is not None else str(reading.seed or 0)
            run = Run.parse(str(steps), seed, DispatchSettings.from_env(os.environ).max_steps)
            bar = _progress(f"{run.steps:,} steps", run.steps, long=run.steps >= _LONG)
            with read(file) as reading, bar as progress:
                result_hash = verify(run, reading.blocks, progress)
    except UnreadableError as error:
        raise Refusal(f"{path}: {error}", 1) from error
    except DiffersError as error:
        hint = "" if reading.seed is not None or options.seed else "; it does not name its seed: give it with --seed"
        raise Refusal(f"{path} is not {run.steps} steps of seed {run.seed}: {error}{hint}", 1) from error
    print(f"{path}: {run.steps:,} steps of seed {run.seed}, equal to the bit\nhash {result_hash}")


@contextmanager
def _progress(what: str, total: int, *, long: bool) -> Iterator[Callable[[int], object]]:
    """Show a bar on a terminal where the work is long."""
    if not long or not sys.stderr.isatty():
        yield int
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
