"""Removes from the virtual environment what nobody in the image uses, and compiles the rest to bytecode.

Run once, by the environment's own interpreter, while the image is built. Prints what each step saves.
"""

import compileall
import hashlib
import os
import py_compile
import shutil
import site
import subprocess
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path

ROOT = Path(sys.prefix)
SITE = Path(site.getsitepackages()[0])

BOKEH = "bokeh/server/static/js"
LOCALES = "babel/locale-data"

UNUSED = {
    "tests": ["**/tests", "tornado/test", "jupyterlab/galata"],
    "for compilers": ["**/include", "**/*.pxd", "**/*.pyx", "**/*.pxi", "pyarrow/src"],
    "bokeh's scripts, not minified": [
        *(f"{BOKEH}/{name}" for name in ("lib", "compiler.js", "bokeh.js", "bokeh-api.js", "bokeh-gl.js")),
        *(f"{BOKEH}/bokeh-{name}.js" for name in ("mathjax", "tables", "widgets")),
    ],
    # A pod reaches no such service: its network policy ends at the platform.
    "Arrow over S3 and Flight": ["pyarrow/libarrow_s3.*", "pyarrow/_s3fs.*.so", "pyarrow/*flight*.so*"],
    "completion for libraries that are not here": ["jedi/third_party/typeshed/stubs", "jedi/third_party/django-stubs"],
    # All but en* and root. JupyterLab asks only for languages of which it has a language pack: none.
    "texts in other languages": [f"{LOCALES}/{start}*.dat" for start in ("[!er]", "e[!n]", "r[!o]")],
}
"""Patterns relative to site-packages, by what they find."""

UNSTRIPPED = ("llvmlite/binding/*.so", "pyarrow/*.so*")
"""Libraries with symbol tables. Not those in `*.libs`: they were patched, and stripping breaks some such libraries."""

DUPLICATES_FROM = 64 * 1024
"""Bytes from which on a second copy of a file becomes a link."""


def size(path: Path) -> int:
    """Bytes in a file or folder."""
    if path.is_dir() and not path.is_symlink():
        return sum(map(size, path.iterdir()))
    return path.lstat().st_size


def saving(what: str, step: Callable[[], None]) -> None:
    """Take a step; print the megabytes that it saves."""
    before = size(ROOT)
    step()
    print(f"{(before - size(ROOT)) / 1e6:8.1f} MB  {what}")


def remove(patterns: list[str]) -> None:
    """Remove what the patterns find. Each finds something, or a package has changed its layout."""
    for pattern in patterns:
        found = sorted(SITE.glob(pattern))
        if not found:
            sys.exit(f"{SITE} holds no {pattern!r} any more: see where its package has that now, or drop the pattern")
        for path in found:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)  # with a folder that was found before it


def link_duplicates() -> None:
    """Replace second copies by links: wheels cannot hold links, so that some libraries and scripts come thrice."""
    first: dict[bytes, Path] = {}
    # Jupyter serves what is in share, and refuses (403) a link that leads out of a folder it serves: files there stay,
    # and others link to them.
    served = ROOT / "share"
    for path in sorted(ROOT.rglob("*"), key=lambda path: (not path.is_relative_to(served), path)):
        if path.is_file() and not path.is_symlink() and path.stat().st_size >= DUPLICATES_FROM:
            kept = first.setdefault(hashlib.sha256(path.read_bytes()).digest(), path)
            if kept != path and not path.is_relative_to(served):
                path.unlink()
                path.symlink_to(os.path.relpath(kept, path.parent))


def strip() -> None:
    """Remove symbol tables."""
    libraries = [path for path in chain.from_iterable(map(SITE.glob, UNSTRIPPED)) if not path.is_symlink()]
    subprocess.run(["strip", "--strip-unneeded", *libraries], check=True)  # noqa: S603, S607


def compile_all() -> None:
    """Compile to bytecode: under a read-only root no process could keep its own, and each would compile again.

    Valid by content, not by time, of which an image's layers keep whole seconds only.
    """
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(SITE, quiet=2, workers=0, invalidation_mode=mode)


if __name__ == "__main__":
    for what, patterns in UNUSED.items():
        saving(what, lambda patterns=patterns: remove(patterns))  # type: ignore[misc]
    saving("the same files again", link_duplicates)
    saving("symbol tables", strip)
    saving("bytecode", compile_all)
    print(f"{size(ROOT) / 1e6:8.1f} MB  are left")
