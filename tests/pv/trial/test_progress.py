"""Timings are remembered, and a broken file of timings is ignored."""

from pathlib import Path

from pv.trial.progress import FIRST_GUESS_S, Timings


def test_a_duration_is_the_next_estimate(tmp_path: Path) -> None:
    path = tmp_path / "timings.json"
    assert Timings(path).estimate_s("tiny/train") == FIRST_GUESS_S
    Timings(path).record("tiny/train", 41.26)
    assert Timings(path).estimate_s("tiny/train") == 41.3


def test_a_broken_file_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "timings.json"
    for text in ("{", "[]", '{"tiny/train": "soon"}'):
        path.write_text(text)
        assert Timings(path).estimate_s("tiny/train") == FIRST_GUESS_S
