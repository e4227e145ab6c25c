"""A suspected tensor is confirmed by both halves of its trial, and by nothing less."""

from __future__ import annotations

import numpy as np
import pytest

from aprtrain.errors import InputError
from aprtrain.suspect import Trial, try_suspect
from aprtrain.system import open_system
from falsifiers.program import CONFIG, weights, write_model

NAN = float("nan")


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
def test_half_a_trial_confirms(symptom, removed, planted, state):
    assert Trial(symptom, removed, planted).state == state


def test_a_tensor_is_tried_in_the_wrong_model(tmp_path):
    tensors = weights(0, CONFIG)
    sound = open_system(write_model(tmp_path / "sound", tensors), device="cpu")
    name = "model.layers.0.mlp.up_proj.weight"
    spoilt = open_system(write_model(tmp_path / "spoilt", tensors | {name: tensors[name][::-1]}), device="cpu")
    ids = np.arange(9, dtype=np.int32)
    trial = try_suspect(spoilt, sound, ("layers.0.w_up",), ids)
    assert trial.removed == 0.0 < trial.planted == trial.symptom
    other = try_suspect(spoilt, sound, ("layers.0.w_gate", "norm"), ids)
    assert (other.removed, other.planted) == (trial.symptom, 0.0)
    with pytest.raises(InputError, match="w_upp is in none"):
        try_suspect(spoilt, sound, ("layers.0.w_upp",), ids)
