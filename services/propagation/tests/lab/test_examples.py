import json
from pathlib import Path

import pytest

from porta.lab.examples import RECORD, Outcome, bring, fingerprint


def notebook(*sources: str, **more: object) -> bytes:
    cells = [{"cell_type": "code", "source": source, "outputs": [], "metadata": {}} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}).encode()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "image"
    (folder / "data").mkdir(parents=True)
    (folder / "sim.ipynb").write_bytes(notebook("1 + 1"))
    (folder / "data" / "table.csv").write_text("a,b\n")
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "volume" / "notebooks"


def test_examples_are_brought_with_their_folders_and_then_left_as_they_are(source: Path, target: Path) -> None:
    assert bring(source, target) == Outcome(brought=["data/table.csv", "sim.ipynb"])
    assert (target / "data" / "table.csv").read_text() == "a,b\n"
    before = {path: path.stat().st_mtime_ns for path in target.rglob("*")}
    assert bring(source, target) == Outcome()
    assert {path: path.stat().st_mtime_ns for path in target.rglob("*")} == before


def test_what_a_user_changed_is_never_overwritten_by_however_many_versions(source: Path, target: Path) -> None:
    bring(source, target)
    (target / "sim.ipynb").write_bytes(notebook("my own"))
    for version in ("2", "3"):
        (source / "sim.ipynb").write_bytes(notebook(version))
        assert bring(source, target) == Outcome(kept=["sim.ipynb"])
        assert (target / "sim.ipynb").read_bytes() == notebook("my own")


def test_what_a_user_has_not_changed_is_renewed_again_and_again(source: Path, target: Path) -> None:
    bring(source, target)
    for version in ("2", "3"):
        (source / "sim.ipynb").write_bytes(notebook(version))
        assert bring(source, target) == Outcome(renewed=["sim.ipynb"])
        assert (target / "sim.ipynb").read_bytes() == notebook(version)


def test_to_run_a_notebook_is_not_to_change_it(source: Path, target: Path) -> None:
    bring(source, target)
    ran = json.loads(notebook("1 + 1"))
    ran["cells"][0] |= {"source": ["1 + 1"], "outputs": [{"output_type": "stream", "text": "2"}], "execution_count": 7}
    (target / "sim.ipynb").write_text(json.dumps(ran | {"metadata": {"language_info": {"version": "3.13"}}}, indent=1))
    assert bring(source, target) == Outcome()
    assert json.loads((target / "sim.ipynb").read_text())["cells"][0]["execution_count"] == 7
    (source / "sim.ipynb").write_bytes(notebook("2 + 2"))
    assert bring(source, target) == Outcome(renewed=["sim.ipynb"])


def test_a_deleted_example_is_there_again_fresh(source: Path, target: Path) -> None:
    bring(source, target)
    (target / "sim.ipynb").unlink()
    assert bring(source, target) == Outcome(brought=["sim.ipynb"])


def test_a_user_who_comes_to_the_new_version_alone_follows_again(source: Path, target: Path) -> None:
    bring(source, target)
    (target / "sim.ipynb").write_bytes(notebook("2"))
    (source / "sim.ipynb").write_bytes(notebook("2"))
    assert bring(source, target) == Outcome()
    (source / "sim.ipynb").write_bytes(notebook("3"))
    assert bring(source, target) == Outcome(renewed=["sim.ipynb"])


@pytest.mark.parametrize("record", [None, "", "[]", "{", '{"sim.ipynb": 1}'])
def test_without_a_record_what_is_there_counts_as_the_users(source: Path, target: Path, record: str | None) -> None:
    bring(source, target)
    (source / "sim.ipynb").write_bytes(notebook("2"))
    (target / RECORD).unlink()
    if record is not None:
        (target / RECORD).write_text(record)
    assert bring(source, target) == Outcome(kept=["sim.ipynb"])
    assert (target / "sim.ipynb").read_bytes() == notebook("1 + 1")


def test_an_example_that_this_version_has_no_more_stays_with_the_user(source: Path, target: Path) -> None:
    bring(source, target)
    (source / "sim.ipynb").unlink()
    bring(source, target)
    assert (target / "sim.ipynb").exists()


def test_a_folder_or_a_link_of_that_name_is_the_users(source: Path, target: Path) -> None:
    (target / "sim.ipynb").mkdir(parents=True)
    (target / "data").mkdir()
    (target / "data" / "table.csv").symlink_to("/nowhere/at/all")
    assert bring(source, target) == Outcome(kept=["data/table.csv", "sim.ipynb"])
    assert (target / "data" / "table.csv").is_symlink()


def test_an_example_that_the_user_keeps_elsewhere_is_renewed_there(source: Path, target: Path, tmp_path: Path) -> None:
    bring(source, target)
    kept = (target / "sim.ipynb").rename(tmp_path / "kept.ipynb")
    (target / "sim.ipynb").symlink_to(kept)
    (source / "sim.ipynb").write_bytes(notebook("version 2"))
    assert bring(source, target).renewed == ["sim.ipynb"]
    assert (target / "sim.ipynb").is_symlink()
    assert kept.read_bytes() == notebook("version 2")


def test_a_file_of_the_users_by_the_name_of_a_new_example_stays(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    (target / "sim.ipynb").write_text("not even a notebook")
    assert bring(source, target) == Outcome(brought=["data/table.csv"], kept=["sim.ipynb"])


def test_hidden_files_and_checkpoints_are_no_examples(source: Path, target: Path) -> None:
    (source / ".ipynb_checkpoints").mkdir()
    (source / ".ipynb_checkpoints" / "sim-checkpoint.ipynb").write_text("{}")
    bring(source, target)
    assert sorted(path.name for path in target.iterdir()) == [RECORD, "data", "sim.ipynb"]


def test_an_interrupted_start_leaves_no_half_written_example(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(source, target)
    (source / "sim.ipynb").write_bytes(notebook("2"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        bring(source, target)
    monkeypatch.undo()
    assert (target / "sim.ipynb").read_bytes() == notebook("1 + 1")
    assert not [path for path in target.rglob(".porta-*") if path.name != RECORD]
    assert bring(source, target) == Outcome(renewed=["sim.ipynb"])


def test_what_an_interrupted_start_has_brought_follows_the_next_version(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "later.ipynb").write_bytes(notebook("0"))
    bring(source, target)
    for name in ("later.ipynb", "sim.ipynb"):
        (source / name).write_bytes(notebook("2"))
    replace = Path.replace

    def full(path: Path, place: Path) -> Path:
        if place.name == "sim.ipynb":
            raise OSError(28, "No space left on device")
        return replace(path, place)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        bring(source, target)
    monkeypatch.undo()
    assert (target / "later.ipynb").read_bytes() == notebook("2")
    for name in ("later.ipynb", "sim.ipynb"):
        (source / name).write_bytes(notebook("3"))
    assert bring(source, target) == Outcome(renewed=["later.ipynb", "sim.ipynb"])


def test_a_file_that_cannot_be_read_is_the_users_and_keeps_no_other_back(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(source, target)
    for name in ("data/table.csv", "sim.ipynb"):
        (source / name).write_bytes(notebook("2"))
    read_bytes = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path == target / "data" / "table.csv":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert bring(source, target) == Outcome(kept=["data/table.csv"], renewed=["sim.ipynb"])
    monkeypatch.undo()
    assert (target / "data" / "table.csv").read_text() == "a,b\n"


def test_examples_that_are_not_there_are_an_error(target: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        bring(target / "none", target)


def test_what_was_brought_can_be_written_by_its_user(source: Path, target: Path) -> None:
    (source / "sim.ipynb").chmod(0o444)
    bring(source, target)
    assert (target / "sim.ipynb").stat().st_mode & 0o777 == 0o644


def test_an_outcome_says_what_happened() -> None:
    assert str(Outcome()) == "examples: as they were"
    assert str(Outcome(brought=["a", "b"], kept=["c"])) == "examples: brought a, b; kept c"


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b'{"cells": 1}', b'{"cells": [1]}', b"\xff"])
def test_what_is_no_notebook_is_compared_by_its_bytes(damaged: bytes) -> None:
    assert fingerprint(damaged, "a.ipynb") == fingerprint(damaged, "a.txt") != fingerprint(damaged + b" ", "a.ipynb")
