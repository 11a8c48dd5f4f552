from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porta.checkpoint import Checkpoint, start
from porta.contract import ENGINE, SEGMENT_STEPS
from porta.kernel import walk
from porta.levels import overview_level
from porta.manifest import Damaged, read_manifest
from porta.model import SATELLITE
from porta.propagate import compute, detail
from porta.result import Result, estimate_bytes, reduce
from porta.run import Run
from porta.segment import Segment, SegmentMeta, encode, rows_at

RUN = Run(40_000, 7)


@pytest.fixture(scope="module")
def computed() -> tuple[Result, list[Segment]]:
    return compute(RUN)


@pytest.fixture(scope="module")
def small() -> Result:
    return compute(Run(500))[0]


def test_segments_encoded_apart_and_in_any_order_make_the_same_result(computed: tuple[Result, list[Segment]]) -> None:
    result, segments = computed
    checkpoints = [start(7), walk(start(7), SEGMENT_STEPS), walk(start(7), 2 * SEGMENT_STEPS)]
    stored = [Checkpoint.from_bytes(checkpoint.to_bytes()) for checkpoint in checkpoints]
    level = overview_level(RUN.steps)
    apart = [encode(stored[i], min(SEGMENT_STEPS, RUN.steps - i * SEGMENT_STEPS), level) for i in (2, 0, 1)]
    apart.sort(key=lambda segment: segment.index)
    assert apart == segments
    rows = b"".join(segment.rows for segment in apart)
    assert reduce(RUN, walk(start(7), RUN.steps), [segment.meta for segment in apart], rows) == result


def test_complete_segments_are_those_of_any_longer_run(computed: tuple[Result, list[Segment]]) -> None:
    _, longer = compute(Run(60_000, 7))
    for mine, other in zip(computed[1][:2], longer, strict=False):
        assert (mine.chunks, mine.meta) == (other.chunks, other.meta)


def test_overview_rows_come_out_of_stored_windows(computed: tuple[Result, list[Segment]]) -> None:
    level = overview_level(RUN.steps)
    for i, segment in enumerate(computed[1]):
        steps = min(SEGMENT_STEPS, RUN.steps - i * SEGMENT_STEPS)
        assert rows_at(segment.chunks["windows"], level, steps) == segment.rows


def test_the_overview_is_that_of_the_whole_range(computed: tuple[Result, list[Segment]]) -> None:
    assert gzip.decompress(computed[0].fields["overview"]) == detail(RUN, 0, RUN.steps)


def test_the_manifest_says_what_the_summary_says(computed: tuple[Result, list[Segment]]) -> None:
    result, segments = computed
    manifest = read_manifest(result.fields["manifest"], RUN.key)
    summary = json.loads(result.fields["summary"])
    assert summary == result.summary
    assert manifest.request == RUN
    assert manifest.segments == tuple(segment.meta for segment in segments)
    assert manifest.verify(result.fields["summary"], result.fields["overview"])
    assert manifest.hash == summary["hash"]
    assert summary["engine"] == ENGINE
    assert summary["records"] == sum(meta.rows for meta in manifest.segments) - 1
    assert list(summary["skipped"].values()) == [sum(meta.skipped[i] for meta in manifest.segments) for i in range(2)]
    assert summary["time"] == walk(start(7), RUN.steps).state["time"][0, SATELLITE]


@pytest.mark.parametrize(("name", "kind"), [("data.json", "records"), ("data.js", "records"), ("data.arrow", "arrow")])
def test_bodies_have_the_sizes_that_are_promised(computed: tuple[Result, list[Segment]], name: str, kind: str) -> None:
    result, segments = computed
    manifest = read_manifest(result.fields["manifest"], RUN.key)
    body = manifest.body(name, [segment.chunks[kind] for segment in segments])
    promised = result.summary["sizes"][name]
    assert (len(body), len(gzip.decompress(body))) == (promised["bytes"], promised["raw"])


def test_chunks_are_described_as_they_are(computed: tuple[Result, list[Segment]]) -> None:
    for segment in computed[1]:
        for kind, chunk in segment.chunks.items():
            described = getattr(segment.meta, kind)
            assert (described.bytes, described.sha256) == (len(chunk), hashlib.sha256(chunk).hexdigest())
            assert len(chunk) < 4 * 2**20


def test_a_segment_vouches_for_its_own_chunks_only(computed: tuple[Result, list[Segment]]) -> None:
    first, second, _ = computed[1]
    assert first.meta.verify(first.chunks)
    assert not first.meta.verify(second.chunks)
    for kind, chunk in first.chunks.items():
        assert not first.meta.verify({**first.chunks, kind: chunk[:-1]})
        assert not first.meta.verify({**first.chunks, kind: chunk[:-1] + bytes([chunk[-1] ^ 1])})
        assert not first.meta.verify({other: c for other, c in first.chunks.items() if other != kind})


def test_a_segment_s_description_survives_json(computed: tuple[Result, list[Segment]]) -> None:
    for segment in computed[1]:
        assert SegmentMeta.from_json(json.loads(json.dumps(segment.meta.to_json()))) == segment.meta


@given(data=st.data())
def test_a_manifest_with_any_byte_changed_is_damaged(small: Result, data: st.DataObject) -> None:
    manifest = small.fields["manifest"]
    at, flip = data.draw(st.integers(0, len(manifest) - 1)), data.draw(st.integers(1, 255))
    with pytest.raises(Damaged):
        read_manifest(manifest[:at] + bytes([manifest[at] ^ flip]) + manifest[at + 1 :], "propagation/500")


@given(data=st.data())
def test_a_truncated_manifest_is_damaged(small: Result, data: st.DataObject) -> None:
    manifest = small.fields["manifest"]
    with pytest.raises(Damaged):
        read_manifest(manifest[: data.draw(st.integers(0, len(manifest) - 1))], "propagation/500")


def sealed(fields: dict[str, Any]) -> bytes:
    content = json.dumps(fields, separators=(",", ":")).encode()[:-1]
    return content + f',"sha256":"{hashlib.sha256(content).hexdigest()}"}}'.encode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"key": "propagation/501"}, "of propagation/500, not of|is of"),
        ({"engine": ENGINE + 1}, f"of engine {ENGINE + 1}, this is engine {ENGINE}"),
        ({"steps": 501}, "is of propagation/501"),
        ({"seed": 1}, "is of propagation/500\\?seed=1"),
        ({"steps": "500"}, "not the shape"),
        ({"segments": []}, "has 0 segments"),
        ({"segments": [{}]}, "not the shape"),
        ({"segments": None}, "not the shape"),
        ({"hash": None}, "not the shape"),
        ({"bodies": None}, "not the shape"),
    ],
)
def test_a_sealed_manifest_of_something_else_is_refused_in_words(
    small: Result, change: dict[str, Any], says: str
) -> None:
    fields = json.loads(small.fields["manifest"])
    del fields["sha256"]
    assert read_manifest(sealed(fields), "propagation/500").request == Run(500)
    with pytest.raises(Damaged, match=says):
        read_manifest(sealed({**fields, **change}), "propagation/500")


def test_parts_of_another_run_make_no_result(computed: tuple[Result, list[Segment]]) -> None:
    metas = [segment.meta for segment in computed[1]]
    with pytest.raises(ValueError, match="3 segments and a checkpoint of seed 7 at step 16384 are not"):
        reduce(RUN, walk(start(7), SEGMENT_STEPS), metas, b"")
    with pytest.raises(ValueError, match="2 segments"):
        reduce(RUN, walk(start(7), RUN.steps), metas[:2], b"")


@pytest.mark.parametrize(("step", "steps"), [(1, 10), (0, 0), (0, SEGMENT_STEPS + 1)])
def test_a_segment_off_the_cuts_is_refused(step: int, steps: int) -> None:
    with pytest.raises(ValueError, match=f"not {steps} from step {step}"):
        encode(walk(start(0), step), steps, 5)


def test_a_last_segment_without_a_record_of_the_satellite_has_a_verdict() -> None:
    """A run one step longer than a segment, whose last step is the planet's alone."""
    seed = next(s for s in range(100) if encode(walk(start(s), SEGMENT_STEPS), 1, 5).meta.kepler is None)
    result, segments = compute(Run(SEGMENT_STEPS + 1, seed))
    assert segments[1].meta.rows == 1
    before = segments[0].meta.kepler
    assert before is not None
    assert result.summary["verdict"]["kepler"] == {"largest": before[0], "last": before[1]}


def test_results_of_the_same_run_are_equal_to_the_byte(small: Result) -> None:
    assert dataclasses.astuple(compute(Run(500))[0]) == dataclasses.astuple(small)


@pytest.mark.parametrize("steps", [1, 500, SEGMENT_STEPS, SEGMENT_STEPS + 1])
def test_a_run_of_any_length_has_progress_up_to_its_end(steps: int) -> None:
    seen: list[int] = []
    compute(Run(steps), seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == steps


@pytest.mark.parametrize(("steps", "seed"), [(1, 0), (500, 0), (2000, 7), (16_384, 0), (65_536, 3), (100_000, 11)])
def test_the_estimate_of_a_result_s_size_is_above_it_but_not_by_much(steps: int, seed: int) -> None:
    result, segments = compute(Run(steps, seed))
    stored = sum(len(chunk) for segment in segments for chunk in segment.chunks.values())
    stored += sum(map(len, result.fields.values()))
    assert stored < estimate_bytes(steps) < 1.25 * stored + 65_536
