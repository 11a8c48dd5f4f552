"""What `-o` names: a regular file is replaced whole, everything else is written to as it is."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from porta.export import pieces
from porta.files import written
from porta.run import Run

from .console import PORTA, Porta, process

EXPECTED = b"".join(pieces(Run(5), "data.json", packed=False))
OLD = b"what was there before"
NOBODY = 65_534

root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def shell(command: str, *, folder: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PORTA": str(PORTA)}
    return subprocess.run(
        ["/bin/sh", "-c", command], cwd=folder, env=environment, capture_output=True, timeout=100, check=False
    )


def device(folder: Path, name: str, minor: int) -> Path:
    """Make a node of our own for a memory device: as root, a fault would replace the machine's."""
    path = folder / name
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, minor))
        path.open("rb").close()
    except PermissionError:  # not root, who could not replace it either; or a file system without devices
        return Path("/dev") / name
    return path


def kind(path: Path) -> int:
    return stat.S_IFMT(path.lstat().st_mode)


def test_a_pipe_is_written_to_and_stays_a_pipe(porta: Porta, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        reader = pool.submit(pipe.read_bytes)
        porta.succeeds("propagate", 5, "-o", pipe)
        assert reader.result(60) == EXPECTED
    assert kind(pipe) == stat.S_IFIFO
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_device_is_written_to_and_stays_a_device(porta: Porta, tmp_path: Path) -> None:
    null = device(tmp_path, "null", 3)
    porta.succeeds("propagate", 5, "-o", null)
    assert kind(null) == stat.S_IFCHR


def test_a_device_that_is_full_is_told_in_one_line(tmp_path: Path) -> None:
    full = device(tmp_path, "full", 7)
    for command in (f"propagate 5 -o {full}", f"propagate 5 > {full}", f"summary 5 > {full}"):
        done = shell(f'"$PORTA" {command}', folder=tmp_path)
        where = full if " -o " in command else "standard output"
        assert (done.returncode, done.stderr.decode()) == (2, f"porta: {where}: No space left on device\n")
    assert kind(full) == stat.S_IFCHR


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link", "-"])
def test_standard_output_by_any_name_is_standard_output(tmp_path: Path, name: str) -> None:
    if name.startswith("/proc") and not Path(name).exists():
        pytest.skip("this system has no /proc")
    (tmp_path / "link").symlink_to("/dev/stdout")
    assert shell(f'"$PORTA" propagate 5 -o {name} | cat', folder=tmp_path).stdout == EXPECTED
    (tmp_path / "log").write_bytes(OLD)
    inode = (tmp_path / "log").stat().st_ino
    done = shell(f'"$PORTA" propagate 5 -o {name} >> log', folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "log").read_bytes() == OLD + EXPECTED
    assert (tmp_path / "log").stat().st_ino == inode
    assert (tmp_path / "link").is_symlink()


def test_a_descriptor_that_a_shell_passes_is_written_to(tmp_path: Path) -> None:
    done = shell('"$PORTA" propagate 5 -o /dev/fd/3 3>&1 >/dev/null | cat', folder=tmp_path)
    assert (done.stdout, done.stderr) == (EXPECTED, b"")


def test_what_is_closed_is_told(tmp_path: Path) -> None:
    done = shell('"$PORTA" propagate 5 >&-', folder=tmp_path)
    assert (done.returncode, done.stderr) == (2, b"porta: standard output: it is closed\n")
    done = shell('"$PORTA" propagate 5 -o /dev/fd/77', folder=tmp_path)
    assert (done.returncode, done.stderr) == (2, b"porta: /dev/fd/77: Bad file descriptor\n")


def test_a_reader_of_a_pipe_that_has_enough_is_no_error(tmp_path: Path) -> None:
    done = shell('mkfifo pipe; head -c 10 pipe & "$PORTA" propagate 20000 -o pipe; wait', folder=tmp_path)
    assert (done.stdout, done.stderr) == (b'{"seed":0,', b"")


@pytest.mark.parametrize("before", [OLD, None], ids=["there", "dangling"])
def test_links_are_followed_and_stay(porta: Porta, tmp_path: Path, before: bytes | None) -> None:
    (tmp_path / "folder").mkdir()
    target = tmp_path / "folder" / "target"
    if before is not None:
        target.write_bytes(before)
    (tmp_path / "second").symlink_to("folder/target")
    (tmp_path / "first.json").symlink_to(tmp_path / "second")
    porta.succeeds("propagate", 5, "-o", tmp_path / "first.json")
    assert target.read_bytes() == EXPECTED
    assert (tmp_path / "first.json").is_symlink()
    assert (tmp_path / "second").is_symlink()
    assert list((tmp_path / "folder").iterdir()) == [target]


def test_what_cannot_be_written_is_told_in_words(porta: Porta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path may have 107 bytes
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "folder").mkdir()
    (tmp_path / "to folder").symlink_to("folder")
    (tmp_path / "nowhere").symlink_to("missing/file")
    (tmp_path / "file").write_bytes(OLD)
    server = socket.socket(socket.AF_UNIX)
    server.bind("socket")
    for name, words in {
        "loop": "Too many levels of symbolic links",
        "folder": "it is a folder",
        "to folder": "it is a folder",
        "nowhere": f"there is no folder {tmp_path / 'missing'}",
        "file/x": "Not a directory",
        "socket": "it is a socket; write to standard output",
        "x" * 256: "File name too long",
    }.items():
        assert porta.fails(2, "propagate", 5, "-o", tmp_path / name) == f"porta: {tmp_path / name}: {words}" + (
            ", and pipe that into what connects to it\n" if name == "socket" else "\n"
        )
    server.close()
    for name in ("", "results/"):
        done = process("propagate", 5, "-o", name)
        assert (done.returncode, f"{name!r} is not the name of a file".encode() in done.stderr) == (2, True)


def test_the_longest_name_is_written(porta: Porta, tmp_path: Path) -> None:
    file = tmp_path / f"{'x' * 250}.json"
    porta.succeeds("propagate", 5, "-o", file)
    assert file.read_bytes() == EXPECTED


def test_a_new_file_has_the_mode_that_the_user_has_set(porta: Porta, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        porta.succeeds("propagate", 5, "-o", tmp_path / "run.json")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "run.json").stat().st_mode) == 0o640


def test_mode_and_attributes_of_a_file_stay(porta: Porta, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(OLD)
    file.chmod(0o604)
    porta.succeeds("propagate", 5, "-o", file)
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (EXPECTED, 0o604)


@root
def test_the_owner_of_a_file_stays(porta: Porta, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(OLD)
    os.chown(file, 1234, 2345)
    porta.succeeds("propagate", 5, "-o", file)
    assert (file.read_bytes(), file.stat().st_uid, file.stat().st_gid) == (EXPECTED, 1234, 2345)


@pytest.mark.parametrize("old", [OLD, OLD * 1000], ids=["shorter", "longer"])
def test_every_name_of_a_file_sees_the_new_content(porta: Porta, tmp_path: Path, old: bytes) -> None:
    file, other = tmp_path / "run.json", tmp_path / "other"
    file.write_bytes(old)
    os.link(file, other)
    porta.succeeds("propagate", 5, "-o", file)
    assert (file.read_bytes(), other.read_bytes()) == (EXPECTED, EXPECTED)
    assert sorted(tmp_path.iterdir()) == [other, file]


@contextmanager
def as_nobody() -> Iterator[Path]:
    """Become a user without rights, as far as files are concerned; yield a folder that root owns."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    became = os.geteuid() == 0
    try:
        if became:
            os.seteuid(NOBODY)
        yield folder
    finally:
        if became:
            os.seteuid(0)
        shutil.rmtree(folder)


def prepared(folder: Path, mode: int, prepare: Callable[[Path], object] = bool) -> Path:
    file = folder / "run.json"
    file.write_bytes(OLD)
    file.chmod(mode)
    prepare(file)
    return file


@root
@pytest.mark.parametrize("sticky", [False, True], ids=["not writable", "sticky"])
def test_a_file_whose_folder_cannot_be_changed_is_written_all_the_same(sticky: bool) -> None:
    with as_nobody() as folder:
        os.seteuid(0)
        file = prepared(folder, 0o666)
        if sticky:
            folder.chmod(0o1777)
        os.seteuid(NOBODY)
        with written(file) as out:
            out.write(EXPECTED)
            assert file.read_bytes() == OLD
        assert (file.read_bytes(), file.stat().st_uid) == (EXPECTED, 0)
        assert list(folder.iterdir()) == [file]


@root
def test_a_file_that_is_read_only_is_refused_and_stays() -> None:
    with as_nobody() as folder:
        os.seteuid(0)
        folder.chmod(0o777)
        file = prepared(folder, 0o444)
        os.seteuid(NOBODY)
        with pytest.raises(OSError, match="it is read-only; make it writable, or name another file"), written(file):
            pass
        assert file.read_bytes() == OLD


@pytest.mark.parametrize("link", [False, True], ids=["one name", "two names"])
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, link: bool) -> None:
    (tmp_path / "run.json").write_bytes(OLD)
    if link:
        os.link(tmp_path / "run.json", tmp_path / "other")
    names = sorted(tmp_path.iterdir())
    done = shell('ulimit -f 100; "$PORTA" propagate 20000 -o run.json', folder=tmp_path)
    assert (done.returncode, done.stderr) == (2, b"porta: run.json: File too large\n")
    assert (tmp_path / "run.json").read_bytes() == OLD
    assert sorted(tmp_path.iterdir()) == names


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_is_told_to_end_leaves_no_part_of_a_file(tmp_path: Path, number: signal.Signals) -> None:
    command = [str(PORTA), "propagate", "1000000", "-o", str(tmp_path / "run.json")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as porta:
        deadline = time.monotonic() + 60
        while not list(tmp_path.iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        porta.send_signal(number)
        assert porta.wait(60) == 128 + number
    assert list(tmp_path.iterdir()) == []


def test_what_comes_through_a_pipe_is_verified(tmp_path: Path) -> None:
    for command in (
        '"$PORTA" propagate 500 --seed 3 | "$PORTA" verify -',
        '"$PORTA" propagate 500 --seed 3 --format arrow | "$PORTA" verify /dev/stdin',
        'mkfifo pipe; "$PORTA" propagate 500 --seed 3 -o pipe & "$PORTA" verify pipe',
        '"$PORTA" propagate 500 --seed 3 -o run.json; "$PORTA" verify - < run.json',
    ):
        done = shell(command, folder=tmp_path)
        assert b"500 steps of seed 3, equal to the bit" in done.stdout
        assert done.stderr == b""
