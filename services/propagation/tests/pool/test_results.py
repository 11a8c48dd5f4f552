"""What a test says and keeps of a stored result that is not the computed one."""

from __future__ import annotations

from pathlib import Path

from pool.results import Fields, computed, explained, keep
from pool.test_damage import flip
from porta.ensembles.request import Ensemble
from porta.run import Run

RUN = Run(40, 3)


def test_a_result_as_it_was_made_does_not_contradict_itself() -> None:
    for request in (RUN, Run(20_000, 3), Ensemble(20, 3)):
        assert explained(computed(request)) == []


def test_a_result_that_was_damaged_later_is_told_from_one_that_was_made_so() -> None:
    sound = computed(RUN)
    assert explained(Fields(sound | {b"arrow/0": flip(sound[b"arrow/0"])})) == [
        "arrow/0 is not what its manifest describes"
    ]
    assert explained(Fields({name: value for name, value in sound.items() if name != b"overview"})) == [
        "overview is missing"
    ]
    assert "no manifest" in explained(Fields())[0]


def test_both_sides_of_what_differs_are_kept_with_their_manifests(tmp_path: Path) -> None:
    sound = computed(RUN)
    other = Fields(sound | {b"records/0": flip(sound[b"records/0"])})
    folder = keep(sound, other, tmp_path / "kept")
    assert (folder / "left.records-0").read_bytes() == sound[b"records/0"]
    assert (folder / "right.records-0").read_bytes() == other[b"records/0"]
    assert {path.name for path in folder.iterdir()} == {
        f"{side}.{name}" for side in ("left", "right") for name in ("manifest", "summary", "records-0")
    }
