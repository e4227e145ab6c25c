"""The opened system agrees with itself, and refuses what the model would silently accept."""

from __future__ import annotations

import numpy as np
import pytest

from aprtrain.data import open_shards
from aprtrain.device import resolve
from aprtrain.errors import InputError
from aprtrain.plugin import TRAINER
from aprtrain.recipes import recipe


@pytest.fixture(scope="module")
def system(finished_run, shards_folder):
    return TRAINER.open(finished_run / "checkpoint", device="cpu", shards=shards_folder)


@pytest.fixture(scope="module")
def window(system):
    return system.window(3)


def test_score_departs_from_the_logits(system, window):
    inputs, targets = window[:, :-1], window[:, 1:]
    weights = np.random.default_rng(0).integers(0, 2, targets.shape).astype(np.float32)
    z = system.logits(inputs).astype(np.float64)
    nats = np.log(np.exp(z).sum(-1)) - np.take_along_axis(z, targets[..., None], -1)[..., 0]
    sums, counts = system.score(inputs, targets, weights)
    np.testing.assert_allclose((nats * weights).sum(1), sums, rtol=1e-5)
    np.testing.assert_array_equal(weights.sum(1), counts)


def test_evaluation_departs_from_the_windows_of_a_document(system):
    _, ids = system.scored_documents("val-b")[0]
    nats = 0.0
    for start in range(0, 40, system.context):
        part = ids[start : min(start + system.context, 40) + 1][None]
        nats += system.score(part[:, :-1], part[:, 1:], np.ones_like(part[:, 1:], np.float32))[0][0]
    ((found, count),) = system.evaluate([ids])
    assert count == 40
    assert found == pytest.approx(nats, rel=1e-5)


def test_constant_logits_do_not_cost_ln_v(system):
    zero = system.with_parameters({name: np.zeros_like(leaf) for name, leaf in system.parameters().items()})
    for nats, count in zero.evaluate([ids for _, ids in system.scored_documents("val-b")]):
        assert nats / count == pytest.approx(np.log(system.vocab_size), abs=1e-6)


def test_the_window_is_not_what_was_trained_on(system, shards_folder, window):
    stream = open_shards(shards_folder).splits["train"]
    everything = stream.read(0, stream.tokens)
    starts = {bytes(everything[i : i + system.context + 1]) for i in range(0, stream.tokens, system.context)}
    assert all(bytes(row) in starts for row in window)
    assert window.shape == (4, system.context + 1)


def test_other_parameters_give_the_same_logits(system, window):
    other = system.reinitialised(9)
    assert np.abs(other.logits(window[:, :-1]) - system.logits(window[:, :-1])).max() > 1e-3
    back = other.with_parameters(system.parameters())
    np.testing.assert_array_equal(back.logits(window[:, :-1]), system.logits(window[:, :-1]))


@pytest.mark.parametrize("bad", [-1, 270])
def test_an_id_beyond_the_vocabulary_is_clamped(system, window, bad):
    tokens = window.copy()
    tokens[0, 0] = bad
    for use in (lambda: system.logits(tokens[:, :-1]), lambda: system.evaluate([tokens[0]])):
        with pytest.raises(InputError, match="give ids in"):
            use()


def test_misfitting_parameters_are_taken(system):
    parameters = system.parameters()
    parameters["extra"] = parameters.pop("norm")
    with pytest.raises(InputError, match="2 differences"):
        system.with_parameters(parameters)


def test_too_long_a_context_is_taken(system):
    with pytest.raises(InputError, match="exceed context=16"):
        system.logits(np.zeros((1, 17), np.int32))


def test_a_missing_gpu_falls_back_to_the_cpu():
    with pytest.raises(InputError, match=r"--device cuda: found no CUDA device(.|\n)*fix: "):
        resolve("cuda")
    assert resolve("cpu").platform == "cpu"


def test_stages_do_not_follow_from_each_other(shards_folder, text_folder):
    stages = TRAINER.stages("finetune-micro", seed=7, dataset=None, device="cpu")
    assert [stage.name for stage in stages] == ["tokenizer", "encode-init", "encode", "init", "train"]
    seen: set[str] = set()
    for stage in stages:
        used = {word[1:-1] for word in stage.argv if word.startswith("{")} - {"out"}
        assert used == set(stage.inputs) <= seen
        seen.add(stage.name)
    assert [stage.mutable for stage in stages] == [False, False, True, False, True]
    given = TRAINER.stages("finetune-micro", seed=7, dataset=shards_folder, device="cpu")
    assert [stage.name for stage in given] == ["tokenizer", "encode-init", "init", "train"]
    assert str(shards_folder) in given[-1].argv
    raw = TRAINER.stages("finetune-micro", seed=7, dataset=text_folder, device="cpu")
    assert raw[2].fingerprint != stages[2].fingerprint


def test_a_recipe_without_a_fine_tune_asks_for_an_init():
    """It trains from scratch on its one corpus, or on the one that is given, and its fine-tune is refused by name."""
    stages = TRAINER.stages("pretrain-micro", seed=7, dataset=None, device="cpu")
    assert [(stage.name, stage.mutable) for stage in stages] == [
        ("tokenizer", False),
        ("encode", True),
        ("train", True),
    ]
    assert [stage.inputs for stage in stages] == [(), ("tokenizer",), ("encode",)]
    with pytest.raises(InputError, match="has no stage finetune"):
        recipe("pretrain-micro").stage("finetune")


def test_an_unknown_device_is_accepted():
    with pytest.raises(InputError, match="cpu, cuda, auto"):
        TRAINER.stages("finetune-micro", seed=7, dataset=None, device="banana")


def test_an_unknown_recipe_is_accepted():
    with pytest.raises(InputError, match=r"finetune-micro, .*finetune-tiny"):
        TRAINER.recipe("nothing")
