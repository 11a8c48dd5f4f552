"""Write the vectors in this folder: `python make.py`. Only a new `engine` may change them."""

from pathlib import Path

from porta.propagate import detail
from porta.run import Run

# Name: (steps, seed, from, to).
VECTORS = {
    "seed7-steps2000": (2000, 7, 0, 2000),
    "seed0-steps1": (1, 0, 0, 1),
    "seed7-steps40000": (40_000, 7, 0, 40_000),
    "seed7-steps40000-from16380-to16390": (40_000, 7, 16_380, 16_390),
    "seed7-steps40000-from15001-to17003": (40_000, 7, 15_001, 17_003),
    "seed7-steps40000-from12345-to27001": (40_000, 7, 12_345, 27_001),
    "seed7-steps40000-from39990-to40000": (40_000, 7, 39_990, 40_000),
    "seed7-steps40000-from0-to3": (40_000, 7, 0, 3),
}

if __name__ == "__main__":
    for name, (steps, seed, start, end) in VECTORS.items():
        Path(__file__).with_name(f"{name}.bin").write_bytes(detail(Run(steps, seed), start, end))
