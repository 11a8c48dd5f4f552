"""Removes from the virtual environment what nobody in the image uses, and compiles the rest to bytecode. Prints what it saves.

Run once, by the environment's own interpreter, while the image is built.
"""

import compileall
import os
import py_compile
import shutil
import site
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(sys.prefix)
SITE = Path(site.getsitepackages()[0])

PATTERNS = {
    "tests": ["**/tests", "tornado/test", "jupyterlab/galata"],
    "for compilers": ["**/include", "**/*.pxd", "**/*.pyx", "**/*.pxi", "pyarrow/src"],
    "bokeh's scripts, not minified": [
        f"bokeh/server/static/js/{name}" for name in ("lib", "compiler.js", *(f"bokeh{part}.js" for part in ("", "-mathjax", "-tables", "-widgets", "-gl", "-api")))
    ],
    # A pod reaches no such service: its network policy ends at the platform.
    "Arrow over S3 and Flight": ["pyarrow/libarrow_s3.*", "pyarrow/_s3fs.*.so", "pyarrow/*flight*.so*"],
    # JupyterLab asks it only for the languages of language packs, of which there are none.
    "texts in other languages": ["babel/locale-data/[!er]*.dat", "babel/locale-data/e[!n]*.dat", "babel/locale-data/r[!o]*.dat"],
}
"""By what it is, relative to site-packages."""

STRIPPED = ("llvmlite/binding/*.so", "pyarrow/*.so*")
"""Libraries that come with their symbol tables. Not those in `*.libs`: patched by auditwheel, some do not survive it."""


def size(path: Path) -> int:
    """Bytes below a path."""
    if path.is_dir() and not path.is_symlink():
        return sum(size(entry) for entry in path.iterdir())
    return path.lstat().st_size


def duplicates(least: int = 64 * 1024) -> Iterator[tuple[Path, Path]]:
    """Pairs (kept, same) of equal files: wheels cannot hold links, so some libraries and scripts come twice or thrice."""
    seen: dict[bytes, Path] = {}
    for path in sorted(ROOT.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_size >= least:
            content = path.read_bytes()
            kept = seen.setdefault(content, path)
            if kept != path:
                yield kept, path


def main() -> None:
    """Slim the environment that runs this."""
    before = size(ROOT)
    for what, patterns in PATTERNS.items():
        found = {path for pattern in patterns for path in SITE.glob(pattern)}
        if not found:
            sys.exit(f"Nothing to remove for {what!r}: {', '.join(patterns)}. Has a package changed its layout?")
        saved = 0
        for path in sorted(found):
            if path.exists():  # not if it was below one that is gone
                saved += size(path)
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        print(f"{saved / 1e6:8.1f} MB {what}")

    saved = 0
    for kept, same in duplicates():
        saved += same.stat().st_size
        same.unlink()
        same.symlink_to(os.path.relpath(kept, same.parent))
    print(f"{saved / 1e6:8.1f} MB the same file again")

    libraries = [path for pattern in STRIPPED for path in SITE.glob(pattern) if not path.is_symlink()]
    unstripped = sum(map(size, libraries))
    subprocess.run(["strip", "--strip-unneeded", *libraries], check=True)  # noqa: S603, S607
    print(f"{(unstripped - sum(map(size, libraries))) / 1e6:8.1f} MB symbol tables")

    slimmed = size(ROOT)
    # By content, not by time, which a layer of an image keeps to the second only. Under a read-only root nobody could write them later.
    compiled = compileall.compile_dir(SITE, quiet=2, workers=0, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    print(f"{(size(ROOT) - slimmed) / 1e6:8.1f} MB bytecode added{'' if compiled else ' (some files are no valid Python)'}")
    (SITE / "porta.pth").write_text("/opt/porta/lib\n")
    print(f"{before / 1e6:8.1f} MB before, {size(ROOT) / 1e6:.1f} MB after")


if __name__ == "__main__":  # compileall starts processes that import this
    main()
