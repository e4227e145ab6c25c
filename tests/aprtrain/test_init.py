"""An init is taken over whole, or every difference is named."""

from __future__ import annotations

import dataclasses
import json
import shutil

import numpy as np
import pytest

from aprtrain.checkpoint import read
from aprtrain.errors import InputError
from aprtrain.init import Init, check_model, load_init, starting_params
from aprtrain.pretrain import pretrain


@pytest.fixture(scope="module")
def init(finished_run) -> Init:
    return load_init(finished_run)


def test_a_parameter_is_not_the_inits(init, small_recipe):
    params, ledger = starting_params(small_recipe.model, 0, init)
    assert all(np.array_equal(params[name], leaf) for name, leaf in init.params.items())
    assert all(row["consumed"] for row in ledger["source"].values())
    assert {name: row["filled_from"] for name, row in ledger["model"].items()} == {
        name: f"init:{name}" for name in init.params
    }


def test_a_difference_goes_unnamed(init, small_recipe):
    params = dict(init.params)
    del params["layers.0.bq"]
    params["head"] = params["embed"]
    params["norm"] = params["norm"][:-1]
    params["layers.0.wo"] = params["layers.0.wo"].astype(np.float16)
    with pytest.raises(InputError) as caught:
        starting_params(small_recipe.model, 0, dataclasses.replace(init, params=params))
    text = str(caught.value)
    assert "4 differences" in text
    for line in (
        "layers.0.bq: expected float32[16], not found",
        "head: found float32[270, 16], not expected",
        "norm: expected float32[16], found float32[15]",
        "layers.0.wo: expected float32[16, 16], found float16[16, 16]",
    ):
        assert line in text


def test_values_that_are_not_finite_are_taken_over(init, small_recipe):
    params = dict(init.params) | {"norm": np.full_like(init.params["norm"], np.nan)}
    with pytest.raises(InputError, match="not finite in norm"):
        starting_params(small_recipe.model, 0, dataclasses.replace(init, params=params))


def test_a_field_that_changes_no_shape_goes_unnoticed(init, small_recipe):
    other = dataclasses.replace(small_recipe.model, rope_theta=5.0, rms_norm_eps=1e-3)
    with pytest.raises(InputError, match=r"rms_norm_eps: 1e-06 -> 0.001; rope_theta: 10000.0 -> 5.0"):
        check_model(init, other)


def test_a_field_of_the_checkpoint_has_a_default(finished_run, tmp_path):
    shutil.copytree(finished_run / "checkpoint", tmp_path / "checkpoint")
    path = tmp_path / "checkpoint" / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    del config["model"]["rope_theta"]
    path.write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(InputError, match=r"missing fields \['rope_theta'\]"):
        load_init(tmp_path).model  # noqa: B018


def test_fine_tuning_does_not_start_at_the_init(finished_run, request_for, tmp_path):
    assert pretrain(request_for(tmp_path / "tuned", finished_run), lambda _: None, say_every=9) == "completed"
    ledger = json.loads((tmp_path / "tuned" / "ledger.json").read_text(encoding="utf-8"))
    before = json.loads((finished_run / "ledger.json").read_text(encoding="utf-8"))
    digests = {name: row["digest"] for name, row in before["final"].items()}
    assert digests == {name: row["digest"] for name, row in ledger["source"].items()}
    assert digests == {name: row["digest"] for name, row in ledger["model"].items()}
    assert all(row["digest"] != digests[name] for name, row in ledger["final"].items())


@pytest.mark.parametrize("change", [lambda raw: raw[:-1], lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), None])
def test_a_truncated_or_altered_checkpoint_is_read(change, finished_run, tmp_path):
    shutil.copytree(finished_run / "checkpoint", tmp_path / "checkpoint")
    path = min((tmp_path / "checkpoint" / "12" / "state" / "ocdbt.process_0" / "d").iterdir())
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change(path.read_bytes()))
    with pytest.raises(InputError, match=rf"missing or altered: \S*{path.name}(.|\n)*fix: delete"):
        read(tmp_path)


@pytest.mark.parametrize(("name", "what"), [("nowhere", "cannot be read"), ("empty", "no finished checkpoint")])
def test_no_checkpoint_is_read(name, what, tmp_path):
    (tmp_path / "empty" / "checkpoint").mkdir(parents=True)
    (tmp_path / "empty" / "checkpoint" / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=what):
        read(tmp_path / name)


def test_a_tokenizer_larger_than_the_init_is_accepted_or_a_smaller_one_refused(
    finished_run, request_for, shards_folder, tokenizer_folder, text_folder, tmp_path
):
    from aprtrain import corpus, encode, tokenizer

    texts = [one.text for one in corpus.gather(str(text_folder)).documents]
    for size in (264, 276):
        tokenizer.train(texts, size, tmp_path / f"tok{size}")
        encode.encode(corpus.gather(str(text_folder)), tmp_path / f"tok{size}", tmp_path / f"shards{size}")
    asked = {
        size: dataclasses.replace(
            request_for(tmp_path / f"run{size}", finished_run), dataset=tmp_path / f"shards{size}"
        )
        for size in (264, 276)
    }
    assert pretrain(asked[264], lambda _: None, say_every=9) == "completed"
    with pytest.raises(InputError, match="tokenizer has 276 entries, the model of the init has only 270"):
        pretrain(asked[276], lambda _: None, say_every=9)
