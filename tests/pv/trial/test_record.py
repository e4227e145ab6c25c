"""What is put into raw evidence beside what trainer and judges write there."""

from pathlib import Path

from pv.trial.record import name_from_root


def test_files_of_the_project_are_named_from_its_root(tmp_path: Path) -> None:
    raw = tmp_path / "staging"
    raw.mkdir()
    (raw / "log.txt").write_bytes(f"\xff {tmp_path}/a.py and {tmp_path}-other/b.py\n".encode())
    (raw / "judge.jsonl").write_text(f'{{"reason": "{tmp_path}/.pv/cache/init"}}\n')
    name_from_root(raw, tmp_path)
    assert (raw / "log.txt").read_bytes() == f"\xff a.py and {tmp_path}-other/b.py\n".encode()
    assert (raw / "judge.jsonl").read_text() == '{"reason": ".pv/cache/init"}\n'


def test_a_run_without_a_log_is_left_alone(tmp_path: Path) -> None:
    name_from_root(tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []
