"""Two systems in processes of their own, from their names to what is found."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from falsifiers.oracles.safetensors import read_safetensors
from falsifiers.program import write_model
from falsifiers.tracing.saved import save
from pv.binding import Packages
from pv.bisect import Request, bisect, system_name
from pv.bisect.suspect import Trial
from pv.errors import PvError, UsageError
from pv.trial.progress import Silent

IDS = tuple(range(9))
UP = "layers.0.w_up"
NAN = float("nan")


@pytest.fixture(scope="module")
def spoilt(model, tmp_path_factory) -> Path:
    """The model with the rows of one matrix turned round."""
    plain = model()
    tensors = read_safetensors(plain / "model.safetensors")
    name = "model.layers.0.mlp.up_proj.weight"
    config = json.loads((plain / "config.json").read_text(encoding="utf-8"))
    return write_model(tmp_path_factory.mktemp("spoilt"), tensors | {name: tensors[name][::-1]}, config)


@pytest.fixture
def run(tmp_path):
    def compare(first: str, second: str, **options):
        request = Request(first=system_name(first), second=system_name(second), **{"tokens": IDS, **options})
        return bisect(request, Packages(), tmp_path / "scratch", Silent())

    return compare


def test_a_fault_is_missed_or_put_elsewhere(run, model, spoilt) -> None:
    found = run(f"oracle:{spoilt}", f"oracle:{model()}", suspects=(UP,))
    assert found.divergence.name == "layers.0.up"
    assert found.divergence.positions == tuple(range(9))
    assert found.smallest.tokens == (0,)
    assert found.smallest.gap.name == "layers.0.up"
    assert found.dtypes == ("float64", "float64")
    assert found.trial.state == "confirmed"
    assert found.trial.removed == 0.0 < found.trial.planted == found.trial.symptom


def test_the_same_system_parts_from_itself(run, model) -> None:
    found = run(f"oracle:{model()}", f"oracle:{model()}", tokens=None, inputs=3, length=5, suspects=(UP,))
    assert found.divergence is None
    assert (found.inputs, len(found.tokens), found.smallest) == (3, 5, None)
    assert found.trial.state == "there is no symptom"


def test_a_mutant_of_the_trainer_goes_unseen(run, model) -> None:
    """A copy of the trainer with the fault, in a process of its own, and the input shrunk to where it shows."""
    folder = model(num_hidden_layers=1)
    found = run(f"aprtrain:{folder}?mutant=rope-interleaved", f"oracle:{folder}", tokens=IDS[:2], tries=10)
    assert found.divergence.name == "layers.0.q_rope"
    assert found.divergence.positions == (1,), "position 0 is not turned"
    assert found.smallest.tokens == (0, 0)
    assert found.smallest.gap.positions == (1,)


def test_a_saved_trace_is_no_system(run, model, spoilt, tmp_path, defined) -> None:
    reference, _ = defined(model(), IDS)
    folder = str(save(tmp_path / "saved", np.array(IDS, np.int32), reference.values))
    assert run(f"oracle:{model()}", f"trace:{folder}").divergence is None
    found = run(f"trace:{folder}", f"oracle:{spoilt}")
    assert found.divergence.name == "layers.0.up"
    assert found.smallest is None
    for options, what in (
        ({"tokens": (*IDS[:-1], 9)}, "not comparable: tokens"),
        ({"positions": (8, 9)}, "not comparable: positions 8:9 in A, positions 0:9 in B"),
        ({"suspects": (UP,)}, "oracle and trace do not exchange"),
    ):
        with pytest.raises(UsageError, match=what):
            run(f"oracle:{model()}", f"trace:{folder}", **options)
    with pytest.raises(UsageError, match="two saved traces"):
        run(f"trace:{folder}", f"trace:{folder}")


@pytest.mark.parametrize(
    ("first", "options", "what"),
    [
        ("oracle:nowhere", {}, "not readable as JSON"),
        ("nobody:{model}", {}, "no entry point"),
        ("oracle:{model}", {"tokens": (1, 64)}, r"all in \[0, 64\)"),
        ("oracle:{model}", {"positions": (3, 3)}, "3:3 are not among 9 tokens"),
        ("oracle:{model}", {"tokens": None, "text": "def"}, "has no tokenizer"),
        ("oracle:{model}", {"suspects": ("w_upp",)}, "no tensor is named w_upp"),
    ],
)
def test_what_cannot_be_had_ends_otherwise(run, model, first, options, what) -> None:
    with pytest.raises(UsageError, match=what):
        run(first.format(model=model()), f"oracle:{model()}", **options)


def test_suspects_of_two_kinds_are_exchanged(run, model) -> None:
    with pytest.raises(UsageError, match="aprtrain and oracle do not exchange"):
        run(f"aprtrain:{model()}", f"oracle:{model()}", suspects=(UP,))


def test_a_system_that_dies_is_waited_for(run, model, monkeypatch) -> None:
    monkeypatch.setattr("pv.bisect.tracer.TRACER", "falsifiers.nowhere")
    with pytest.raises(PvError, match=r"No module named falsifiers\.nowhere") as caught:
        run(f"oracle:{model()}", f"oracle:{model()}")
    assert caught.value.exit_code == 70


@pytest.mark.parametrize(
    ("symptom", "removed", "planted", "state"),
    [
        (0.4, 0.0, 0.4, "confirmed"),
        (0.4, 0.001, 0.2, "confirmed"),
        (0.4, 0.0, 0.19, "real, and does not explain the symptom"),
        (0.4, 0.0, 0.81, "real, and does not explain the symptom"),
        (0.4, 0.1, 0.4, "real, and does not explain the symptom"),
        (0.4, 0.0, 0.0, "open, as planted alone it does nothing"),
        (0.4, 0.4, 0.0, "open, as planted alone it does nothing"),
        (0.001, 0.0, 0.4, "there is no symptom"),
        (NAN, 0.0, 0.0, "open, as planted alone it does nothing"),
        (NAN, NAN, NAN, "real, and does not explain the symptom"),
    ],
)
def test_half_a_trial_confirms(symptom, removed, planted, state) -> None:
    trial = Trial(tensors=(UP,), budget=0.001, symptom=symptom, removed=removed, planted=planted)
    assert trial.state == state
    assert dataclasses.replace(trial, budget=1.0).state != "confirmed"
