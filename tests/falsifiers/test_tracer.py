"""The tracer answers what it is asked, and tells a refusal from a fault."""

import io
import json
from argparse import Namespace

import numpy as np
import pytest

from falsifiers import process, tracer
from falsifiers.oracles.system import open_oracle
from falsifiers.program import CONFIG, weights, write_model

WHOLE = {"positions": [0, 3], "disturbed": None, "swapped": None}


@pytest.fixture
def folder(tmp_path):
    return write_model(tmp_path / "model", weights(0))


@pytest.fixture
def ask(folder, tmp_path):
    def answers(*questions, kind="oracle", path=folder):
        options = Namespace(kind=kind, path=path, device="cpu", dtype="float64", out=tmp_path)
        said = io.StringIO()
        tracer.serve(options, io.StringIO("".join(json.dumps(one) + "\n" for one in questions)), said)
        return [json.loads(line) for line in said.getvalue().splitlines()]

    return answers


def test_another_trace_is_answered(ask, folder, tmp_path) -> None:
    hello, said, part = ask({"tokens": [1, 2, 3], **WHOLE}, {"tokens": [1, 2, 3], **WHOLE, "positions": [1, 2]})
    assert hello == {"vocab_size": CONFIG["vocab_size"], "platform": "cpu"}
    wanted = open_oracle(folder).operations(np.array([1, 2, 3], np.int32), dtype="float64", alter=lambda _name, x: x)
    assert said["names"] == list(wanted)
    counted = dict(zip(said["names"], said["counts"], strict=True))
    assert (counted["embed"], counted["layers.0.scores"]) == (3 * CONFIG["hidden_size"], 6 * 4)
    with np.load(tmp_path / said["file"]) as whole, np.load(tmp_path / part["file"]) as second:
        for index, x in enumerate(wanted.values()):
            np.testing.assert_array_equal(whole[str(index)], x.filled(0))
            np.testing.assert_array_equal(second[str(index)], x.filled(0)[:, 1:2])
    assert dict(zip(part["names"], part["counts"], strict=True))["layers.0.scores"] == 2 * 4


def test_swapped_parameters_stay(ask, tmp_path) -> None:
    np.savez(tmp_path / "other.npz", norm=np.zeros(CONFIG["hidden_size"]))
    question = {"tokens": [1, 2, 3], **WHOLE}
    _, plain, swapped = ask(question, question | {"swapped": str(tmp_path / "other.npz")})
    with np.load(tmp_path / plain["file"]) as one, np.load(tmp_path / swapped["file"]) as other:
        last = str(len(plain["names"]) - 1)
        assert np.any(one[last])
        assert not np.any(other[last])


def test_parameters_are_others(ask, folder, tmp_path) -> None:
    _, said = ask({"parameters": ["norm"]})
    with np.load(tmp_path / said["file"]) as found:
        np.testing.assert_array_equal(found["norm"], open_oracle(folder).parameters()["norm"])


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ({"parameters": ["w_upp"]}, "no tensor is named w_upp"),
        ({"text": "def"}, "has no tokenizer"),
        ({"tokens": [999], **WHOLE}, "give at least one id"),
    ],
)
def test_a_refusal_is_a_fault(ask, question, what) -> None:
    _, said, after = ask(question, {"tokens": [1, 2, 3], **WHOLE})
    assert what in said["refused"]
    assert after["names"]


def test_a_fault_is_a_refusal(ask, monkeypatch) -> None:
    def broken(*_anything):
        raise ValueError("shapes differ")

    monkeypatch.setattr("falsifiers.oracles.system.operations", broken)
    _, said = ask({"tokens": [1, 2, 3], **WHOLE})
    assert said == {"fault": "ValueError: shapes differ"}


def test_a_system_that_cannot_be_opened_is_asked(ask, tmp_path) -> None:
    assert [list(one) for one in ask({"text": "x"}, path=tmp_path / "nowhere")] == [["refused", "fix"]]
    [said] = ask({"text": "x"}, kind="nobody")
    assert "no entry point" in said["refused"]


def test_a_trainer_without_operations_is_asked(ask, monkeypatch) -> None:
    class Blind:
        def open(self, path, device):
            return self

    monkeypatch.setattr(tracer, "find_trainer", lambda _name: Blind)
    [said] = ask(kind="blind")
    assert "show no operations" in said["refused"]


STARTS_ONE = """
import subprocess, sys
command = [sys.executable, "-P", "-m", "falsifiers.tracer", *sys.argv[1:]]
subprocess.run(command, stdin=subprocess.DEVNULL, check=True)
"""


def test_what_a_tracer_imports_goes_unrecorded(folder, tmp_path, monkeypatch) -> None:
    """A program that starts one rests on the sources of the system that is traced."""
    (tmp_path / "starts_one.py").write_text(STARTS_ONE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    options = {"kind": "oracle", "path": folder, "device": "cpu", "dtype": "float64", "out": tmp_path}
    ran = process.run("starts_one", *(f"--{key}={value}" for key, value in options.items()), cwd=tmp_path)
    assert ran.status == 0, ran.err
    assert "vocab_size" in ran.out
    assert {"starts_one", "ml_dtypes"} <= {name for name, _ in ran.imported}
