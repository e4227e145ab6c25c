"""What goes out comes in again, and transformers sees the same model."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from aprtrain import cli
from aprtrain.checkpoint import read
from aprtrain.errors import InputError
from aprtrain.export import differing_tensors, export, write_tensors
from aprtrain.hf import hf_name
from aprtrain.init import load_init, starting_params
from aprtrain.safetensors import INDEX, NAME, read_file, write_file
from aprtrain.system import open_system


@pytest.fixture(scope="module")
def exported(finished_run, tmp_path_factory):
    out = tmp_path_factory.mktemp("exported") / "model"
    assert export(finished_run, out, "float32") == 14
    return out


def test_a_round_trip_changes_a_byte(finished_run, exported, tmp_path):
    assert list(differing_tensors(finished_run, exported)) == []
    init = load_init(exported)
    params, _ = starting_params(init.model, 0, init)
    assert {name: leaf.tobytes() for name, leaf in read(finished_run)[2].items()} == {
        name: leaf.tobytes() for name, leaf in params.items()
    }
    write_tensors(tmp_path, params, "float32")
    assert (tmp_path / NAME).read_bytes() == (exported / NAME).read_bytes()


def test_bfloat16_comes_back_changed(finished_run, tmp_path):
    export(finished_run, tmp_path / "half", "bfloat16")
    init = load_init(tmp_path / "half")
    params, _ = starting_params(init.model, 0, init)
    write_tensors(tmp_path, params, "bfloat16")
    assert (tmp_path / NAME).read_bytes() == (tmp_path / "half" / NAME).read_bytes()


def test_a_value_is_cut_off(tmp_path):
    with pytest.raises(InputError, match=r"float16 cannot hold the values of model\.norm\.weight"):
        write_tensors(tmp_path, {"norm": np.array([1e6], np.float32)}, "float16")


def test_an_export_covers_what_was_there(finished_run, exported, tmp_path):
    for source, out, what in (
        (finished_run, exported, "is there and not empty"),
        (exported, tmp_path / "x", "Hugging Face already"),
        (tmp_path / "nowhere", tmp_path / "x", "cannot be read"),
    ):
        with pytest.raises(InputError, match=what):
            export(source, out, "float32")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("limit", [1, 2_000, 20_000])
def test_a_tensor_is_lost_between_the_files(limit, finished_run, exported, tmp_path):
    count = export(finished_run, tmp_path / "cut", "float32", max_shard_bytes=limit)
    files = sorted((tmp_path / "cut").glob("*.safetensors"))
    assert [file.name for file in files] == [
        f"model-{n:05}-of-{len(files):05}.safetensors" for n in range(1, len(files) + 1)
    ]
    held = [read_file(file) for file in files]
    assert sum(map(len, held)) == count
    assert all(len(one) == 1 or sum(leaf.nbytes for leaf in one.values()) <= limit for one in held)
    assert (len(files) == count) == (limit == 1)
    index = json.loads((tmp_path / "cut" / INDEX).read_text(encoding="utf-8"))
    assert index["metadata"]["total_size"] == sum(leaf.nbytes for one in held for leaf in one.values())
    assert list(differing_tensors(tmp_path / "cut", exported)) == []


def test_an_export_scores_otherwise_than_the_run(finished_run, exported, shards_folder, monkeypatch, capsys):
    run = open_system(finished_run, device="cpu", shards=shards_folder)
    same = open_system(exported, device="cpu", shards=shards_folder, context=run.context, limit=40)
    documents = [ids for _, ids in run.scored_documents("val-b")]
    assert [ids.tolist() for _, ids in same.scored_documents("val-b", 4)] == [ids.tolist() for ids in documents]
    assert run.evaluate(documents) == same.evaluate(documents)
    scores = []
    for checkpoint in (finished_run, exported):
        options = ["--split", "val-b", "--documents", "3", "--seq-length", "8", "--limit", "30", "--device", "cpu"]
        monkeypatch.setattr(
            "sys.argv", ["aprtrain", "eval", str(checkpoint), "--dataset", str(shards_folder), *options]
        )
        with pytest.raises(SystemExit) as caught:
            cli.main()
        assert caught.value.code == 0
        scores.append(capsys.readouterr().out)
    assert scores[0] == scores[1]
    assert "over 90 tokens of 3 documents" in scores[0]


def test_shards_of_another_tokenizer_are_scored(finished_run, exported, shards_folder, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(exported, other)
    text = (other / "tokenizer.json").read_text(encoding="utf-8")
    (other / "tokenizer.json").write_text(text + " ", encoding="utf-8")
    with pytest.raises(InputError, match="is made for tokenizer"):
        open_system(other, device="cpu", shards=shards_folder)
    (other / "tokenizer.json").unlink()
    assert open_system(other, device="cpu", shards=shards_folder).context == open_system(exported, device="cpu").context


def spoilt(exported, folder, change):
    shutil.copytree(exported, folder)
    tensors = {name: np.array(array) for name, array in read_file(folder / NAME).items()}
    change(tensors)
    write_file(folder / NAME, tensors)
    return folder


def test_a_difference_is_not_named(exported, tmp_path):
    o = hf_name("layers.0.wo")

    def change(tensors):
        tensors[o] = tensors[o].T
        tensors[hf_name("norm")][3] += 0.5
        tensors[hf_name("embed")] = tensors[hf_name("embed")].astype(np.float16)
        tensors["more"] = tensors.pop(hf_name("layers.0.bq"))

    other = spoilt(exported, tmp_path / "other", change)
    config = json.loads((other / "config.json").read_text(encoding="utf-8")) | {"rms_norm_eps": 1e-3}
    (other / "config.json").write_text(json.dumps(config), encoding="utf-8")
    found = dict(line.split(": ", 1) for line in differing_tensors(exported, other))
    assert set(found) == {"shape.rms_norm_eps", "layers.0.wo", "norm", "embed", "file:more", "layers.0.bq"}
    assert "transpose" in found["layers.0.wo"]
    assert "max |difference| 5.000e-01" in found["norm"]
    assert found["embed"].startswith("float32[270, 16] and float16[270, 16], max |difference| ")
    assert found["layers.0.bq"] == f"only in {exported}"
    assert found["file:more"] == f"only in {other}"


def test_the_exit_status_says_nothing(exported, finished_run, tmp_path, monkeypatch, capsys):
    other = spoilt(exported, tmp_path / "other", lambda tensors: tensors[hf_name("norm")].fill(2))
    for second, status, text in ((finished_run, 0, "no difference"), (other, 1, "norm: float32[16]")):
        monkeypatch.setattr("sys.argv", ["aprtrain", "diff", str(exported), str(second)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        assert caught.value.code == status
        assert text in capsys.readouterr().out


def test_transformers_sees_another_model(finished_run, exported):
    transformers = pytest.importorskip("transformers", reason="transformers is not installed: pip install '.[torch]'")
    torch = pytest.importorskip("torch", reason="torch is not installed: pip install '.[torch]'")
    system = open_system(finished_run / "checkpoint", device="cpu")
    tokens = np.random.default_rng(0).integers(0, system.vocab_size, (3, system.context))
    model, report = transformers.AutoModelForCausalLM.from_pretrained(exported, output_loading_info=True)
    assert not any(report.values())
    with torch.no_grad():
        theirs = model(torch.from_numpy(tokens)).logits.numpy()
    assert np.abs(theirs - system.logits(tokens)).max() <= 1e-4 * np.abs(theirs).max()
    tokenizer = transformers.AutoTokenizer.from_pretrained(exported)
    text = "word3 = 4\nword17 = 0\n"
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
    assert tokenizer.eos_token_id == model.config.eos_token_id
