"""The words beside a progress bar."""

from porta.client.progress import words

RUNNING = {"done": 3000, "total": 10_000, "rate": 5200.0, "eta": 1.3}


def test_progress_is_told_in_words() -> None:
    assert words(RUNNING, "runs") == "3,000 of 10,000 runs, 5,200 a second, 1 s left"


def test_a_computation_that_waits_in_line_is_told_its_place() -> None:
    waiting = {"done": 0, "total": 10_000, "rate": None, "eta": None, "place": 3}
    assert words(waiting, "runs") == "waits in line for the pool, at place 3"
