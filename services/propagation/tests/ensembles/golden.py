"""What is in `tests/golden/ensemble`. Run as a program, it writes it: only a new `engine` may change these files."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from porta.ensembles.propagate import compute
from porta.ensembles.request import Chunk, Ensemble
from porta.ensembles.result import EnsembleResult, read_manifest, view
from porta.ensembles.sampling import compute as compute_chunk

FOLDER = Path(__file__).parents[1] / "golden" / "ensemble"
ENSEMBLES = (Ensemble(500, 200), Ensemble(10, 3), Ensemble(2000, 50, 7))
PARTIAL = Chunk(500, 0, 40)


def body(ensemble: Ensemble, result: EnsembleResult, name: str) -> bytes:
    """Return a body as it is served, unpacked."""
    kind = {"data.json": "records", "data.arrow": "arrow"}[name]
    manifest = read_manifest(result.fields["manifest"], ensemble.key)
    return gzip.decompress(manifest.body(name, [result.chunks[kind]]))


def files() -> Iterator[tuple[str, bytes]]:
    """Yield each file's name and content."""
    for ensemble in ENSEMBLES:
        result = compute(ensemble)
        name = f"seed{ensemble.seed}-steps{ensemble.steps}-runs{ensemble.runs}"
        yield f"{name}.summary.json", result.fields["summary"]
        yield f"{name}.overview.bin", gzip.decompress(result.fields["overview"])
        for served in ("data.json", "data.arrow"):
            yield f"{name}.{served}", body(ensemble, result, served)
    yield "partial40-seed0-steps500-runs200.overview.bin", view(ENSEMBLES[0], compute_chunk(PARTIAL))


if __name__ == "__main__":
    for name, content in files():
        (FOLDER / name).write_bytes(content)
