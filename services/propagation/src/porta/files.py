"""Files that a user names: a regular file is replaced whole, everything else is written to as it is."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Final

_LINKS: Final = 40
"""Links that are followed for one name, as many as Linux follows."""

_PART: Final = ".part"

_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def written(path: Path | None) -> Iterator[IO[bytes]]:
    """Open what a user names for writing; None is standard output.

    A regular file, or one that does not exist yet, changes only when everything is written: until then, and after an
    error, it is what it was. Links are followed and stay. Devices, pipes and descriptors of this process
    (`/dev/stdout`, `/dev/fd/3`) are written to as they are.

    Raises
    ------
    OSError
        If it cannot be written. `filename` is what the user named.
    """
    try:
        with ExitStack() as files:
            yield files.enter_context(_opened(path))
    except BrokenPipeError:
        raise
    except OSError as error:
        if path is None or not (error.filename is None or str(error.filename).endswith(_PART)):
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


@contextmanager
def read_again(path: Path) -> Iterator[Path]:
    """Yield a path at which the file's content can be read more than once: a copy, where it is a pipe or a device.

    `-` is standard input.
    """
    own = sys.stdin.fileno() if str(path) == "-" else _own_descriptor(path)
    if own is None and stat.S_ISREG(path.stat().st_mode):
        yield path
        return
    with tempfile.NamedTemporaryFile() as copy:
        with path.open("rb") if own is None else os.fdopen(os.dup(own), "rb") as file:
            shutil.copyfileobj(file, copy)
        copy.flush()
        yield Path(copy.name)


def is_terminal(path: Path | None) -> bool:
    """Whether what is written there appears on a terminal."""
    if path is None:
        return sys.stdout is not None and sys.stdout.isatty()
    try:
        if not stat.S_ISCHR(path.stat().st_mode):  # to open a pipe would wait for its reader
            return False
        with _descriptor(os.open(path, os.O_WRONLY | os.O_NOCTTY)) as file:
            return file.isatty()
    except OSError:
        return False


@contextmanager
def _opened(path: Path | None) -> Iterator[IO[bytes]]:
    if path is None:
        if sys.stdout is None:
            raise OSError(errno.EBADF, "it is closed", "standard output")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    own = _own_descriptor(path)
    if own is not None:
        with _descriptor(os.dup(own)) as file:
            yield file
        return
    try:
        old = path.stat()
    except FileNotFoundError:
        old = None
    target = Path(os.path.realpath(path))
    if old is None:
        with _created(target) as file:
            yield file
    elif not stat.S_ISREG(old.st_mode):
        with _descriptor(_open_special(path, old.st_mode)) as file:
            yield file
    elif not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise OSError(errno.EACCES, "it is read-only; make it writable, or name another file")
    else:
        with _replaced(path, target, old) as file:
            yield file


def _own_descriptor(path: Path) -> int | None:
    """Return the number of the open descriptor that a path such as /dev/stdout stands for; None for other paths.

    To open such a path again would start at the beginning of a file to which others append.
    """
    name = os.fspath(path)
    for _ in range(_LINKS):
        folder, last = os.path.realpath(os.path.dirname(name)), os.path.basename(name)  # noqa: PTH119, PTH120
        if re.fullmatch(rf"/dev/fd|/proc/{os.getpid()}(/task/\d+)?/fd", folder) and last.isascii() and last.isdigit():
            return int(last)
        try:
            name = os.path.join(folder, os.readlink(os.path.join(folder, last)))  # noqa: PTH115, PTH118
        except OSError:
            return None
    return None


def _open_special(path: Path, mode: int) -> int:
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, "it is a folder")
    if stat.S_ISSOCK(mode):
        raise OSError(errno.ENXIO, "it is a socket; write to standard output, and pipe that into what connects to it")
    return os.open(path, os.O_WRONLY | os.O_NOCTTY)


@contextmanager
def _created(target: Path) -> Iterator[IO[bytes]]:
    if not target.parent.is_dir():
        raise OSError(errno.ENOENT, f"there is no folder {target.parent}")
    part = _part(target)
    try:
        with part.open("xb") as file:
            yield file
            _settle(file)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _replaced(path: Path, target: Path, old: os.stat_result) -> Iterator[IO[bytes]]:
    part = _part(target)
    try:
        with ExitStack() as files:
            new = _successor(part, target, old)
            file = files.enter_context(tempfile.TemporaryFile() if new is None else new)  # noqa: SIM115
            yield file
            _settle(file)
            if new is not None:
                try:
                    part.replace(target)
                except OSError:  # such as a file that is mounted by itself, or another user's in a sticky folder
                    pass
                else:
                    return
            _overwrite(path, file)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _successor(part: Path, target: Path, old: os.stat_result) -> IO[bytes] | None:
    """Open a file that can take the old one's place with its owner, mode and attributes; None if none can.

    None can take the place of a file with other names (hard links), of another owner, in a folder that is not
    writable, or of one that is deleted and still open somewhere.
    """
    try:
        if old.st_nlink != 1 or not os.path.samestat(old, target.stat()):
            return None
        file = part.open("x+b")
    except OSError:
        return None
    try:
        made = os.fstat(file.fileno())
        if (made.st_uid, made.st_gid) != (old.st_uid, old.st_gid):
            os.fchown(file.fileno(), old.st_uid, old.st_gid)
        shutil.copystat(target, part)
    except OSError:
        file.close()
        part.unlink()
        return None
    return file


def _overwrite(path: Path, content: IO[bytes]) -> None:
    """Copy complete content into a file that has to stay the same file, after there is room for all of it."""
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    with _descriptor(os.open(path, os.O_WRONLY)) as file:
        before = os.fstat(file.fileno()).st_size
        try:
            if size > before and hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), before, size - before)
        except OSError as error:
            if error.errno in _NO_SPACE:
                file.truncate(before)
                raise
        shutil.copyfileobj(content, file)
        file.truncate(size)
        _settle(file)


def _settle(file: IO[bytes]) -> None:
    """Have everything on the disk: some file systems say only now that it is full."""
    file.flush()
    os.fsync(file.fileno())


def _part(target: Path) -> Path:
    """Name a file beside the target. The name is short, since the target's own may be as long as a name can be."""
    return target.with_name(f".porta-{secrets.token_hex(6)}{_PART}")


def _descriptor(number: int) -> IO[bytes]:
    return os.fdopen(number, "wb")
