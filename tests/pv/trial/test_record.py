"""What is put into raw evidence beside what trainer and judges write there."""

import json
from pathlib import Path

import pytest

from pv.binding import Freshness
from pv.contract import load
from pv.trial import Claimed, Request
from pv.trial.record import name_from_root, write_lock

CONTRACTS = Path(__file__).parents[3] / "contracts"


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


@pytest.mark.parametrize("mutant", [None, "lost-rng"])
def test_a_run_is_about_the_claims_that_were_asked_for(tmp_path: Path, mutant: str | None) -> None:
    loaded = load(CONTRACTS / "training-loop-v1.yaml")
    assert loaded.contract is not None
    asked = ("FALSIFY-TRAINING-LOOP-009", "FALSIFY-TRAINING-LOOP-004")
    claimed = Claimed(contract=loaded.contract, path=loaded.path, digest=loaded.digest, claims=asked, profile="cpu")
    lock = tmp_path / "claim.lock.json"
    write_lock(Request(root=tmp_path, claimed=(claimed,), mutant=mutant), claimed, lock, Freshness())
    content = json.loads(lock.read_text())
    assert (content["claim"], content["profile"]) == (asked[0], "cpu")
    assert sorted(row["id"] for row in content["claims"]) == sorted(asked)
