"""``python -m porta.lab --root FOLDER --examples FOLDER [option of JupyterLab...]``."""

import argparse
import sys
from pathlib import Path

from porta.lab.start import Refused, start

parser = argparse.ArgumentParser(
    "python -m porta.lab",
    description="JupyterLab on the pool.",
    epilog=("Everything else is handed to JupyterLab, such as --port=8888."),
)
parser.add_argument("--root", type=Path, required=True, help="where notebooks are")
parser.add_argument("--examples", type=Path, required=True, help="what is brought there")
options, arguments = parser.parse_known_args()
try:
    start(options.root.resolve(), options.examples, arguments)
except Refused as error:
    sys.exit(f"porta.lab: {error}")
