"""Messages, exit codes, and what is not imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aprtrain import cli, pretrain, tokenizer


def run(monkeypatch, capsys, *argv) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["aprtrain", *map(str, argv)])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    out, err = capsys.readouterr()
    return caught.value.code, out, err


def test_help_imports_jax():
    program = (
        "import sys; from aprtrain import cli, plugin\n"
        "from aprtrain import corpus, encode, info, tokenizer, data, recipes, pretrain, hf, safetensors, shapes\n"
        "heavy = {'jax', 'flax', 'optax', 'orbax'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.parametrize(
    "command",
    [[], ["tokenizer", "train"], ["encode"], ["pretrain"], ["eval"], ["info"], ["export"], ["diff"]],
)
def test_help_lacks_an_example(command, monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, *command, "--help")
    assert code == 0
    assert "aprtrain " in out.split("Options:")[0].split("\n", 1)[1]
    assert "\\b" not in out


@pytest.mark.parametrize(
    ("argv", "what"),
    [
        (["nothing"], "No such command"),
        (["pretrain"], "Missing option"),
        (["pretrain", "--dataset", "nowhere", "--run-dir", "x", "--recipe", "y"], "recipe 'y': is unknown"),
        (["pretrain", "--dataset", "nowhere", "--run-dir", "x"], "manifest.json: cannot be read"),
        (["pretrain", "--dataset", "n", "--run-dir", "x", "--mode", "finetune"], "--mode finetune: without --init"),
        (
            ["pretrain", "--dataset", "n", "--run-dir", "x", "--init", "i", "--mode", "from-scratch"],
            "from-scratch: with --init",
        ),
        (
            ["pretrain", "--dataset", "n", "--run-dir", "x", "--num-steps", "-3"],
            "num_steps=-3: Input should be greater than 0",
        ),
        (["pretrain", "--config", "nowhere.yaml"], "nowhere.yaml: cannot be read as YAML"),
        (["pretrain", "--dataset", "n", "--run-dir", "x", "--batch-size", "4", "--accumulate", "3"], "no multiple of"),
        (["encode", "nowhere", "--tokenizer", "n", "--out", "x"], "nowhere: is no folder"),
        (["eval", "nowhere", "--dataset", "n", "--device", "cpu"], "cannot be read"),
        (["export", "nowhere", "-o", "x"], "cannot be read"),
        (["diff", "nowhere", "nowhere"], "cannot be read"),
        (["info", "nowhere"], "neither shards nor a run nor a tokenizer"),
        (["tokenizer", "train", "nowhere", "--out", "x"], "nowhere: is no folder"),
    ],
)
def test_bad_input_ends_in_a_traceback(argv, what, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(monkeypatch, capsys, *argv)
    assert code == 2
    assert what in err
    assert "Traceback" not in err


def test_a_model_without_a_source_is_guessed(shards_folder, tmp_path, monkeypatch, capsys):
    code, _, err = run(
        monkeypatch, capsys, "pretrain", "--dataset", shards_folder, "--run-dir", tmp_path, "--device", "cpu"
    )
    assert code == 2
    assert "give --recipe NAME, --shape NAME, or --init FOLDER" in err


def test_a_tokenizer_of_another_size_is_trained_with(shards_folder, tmp_path, monkeypatch, capsys):
    argv = ["--dataset", shards_folder, "--run-dir", tmp_path, "--device", "cpu", "--recipe", "finetune-micro"]
    code, _, err = run(monkeypatch, capsys, "pretrain", *argv)
    assert code == 2
    assert "tokenizer has 270 entries, the model is made for 272" in err


def test_our_own_fault_looks_like_theirs(monkeypatch, capsys):
    def fail(*_args, **_options):
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(pretrain, "pretrain", fail)
    code, _, err = run(monkeypatch, capsys, "pretrain", "--dataset", "x", "--run-dir", "y")
    assert code == 70
    assert "internal error: ZeroDivisionError: inside" in err
    assert "Traceback" not in err


def test_divergence_exits_with_success(monkeypatch, capsys):
    monkeypatch.setattr(pretrain, "pretrain", lambda *_args, **_options: "diverged")
    code, _, _ = run(monkeypatch, capsys, "pretrain", "--dataset", "x", "--run-dir", "y")
    assert code == 3


def test_info_and_eval_are_silent(finished_run, shards_folder, tokenizer_folder, monkeypatch, capsys):
    for path, what in (
        (shards_folder, "agrees with the manifest"),
        (finished_run, "completed after 12 of 12 steps"),
        (tokenizer_folder, "270 entries"),
    ):
        code, out, _ = run(monkeypatch, capsys, "info", path)
        assert code == 0
        assert what in out
    argv = ["eval", finished_run, "--dataset", shards_folder, "--split", "val-b", "--device", "cpu"]
    code, out, _ = run(monkeypatch, capsys, *argv)
    assert code == 0
    assert "nats/token over" in out
    code, out, _ = run(monkeypatch, capsys, *argv, "--json", "--documents", "2")
    assert len(out.splitlines()) == 2


def test_a_file_of_options_is_not_what_the_options_say(monkeypatch, capsys, tmp_path):
    """The file gives what no option does, `lr` is `learning_rate`, and an unknown name is an error with a near one."""
    asked = []
    monkeypatch.setattr(pretrain, "pretrain", lambda request, *_, **__: asked.append(request) or "completed")
    path = tmp_path / "run.yaml"
    path.write_text("dataset: code\nrun_dir: run\nlr: 1e-3\nseed: 3\ndeterministic: true\nnum_steps: 7\ninit:\n")
    code, _, _ = run(monkeypatch, capsys, "pretrain", "--config", path, "--num-steps", "9", "--document-masks")
    assert code == 0
    assert (asked[0].dataset, asked[0].run_dir, asked[0].init) == (Path("code"), Path("run"), None)
    assert (asked[0].seed, asked[0].deterministic, asked[0].device) == (3, True, "auto")
    assert asked[0].overrides == {"learning_rate": 1e-3, "num_steps": 9, "document_masks": True}
    for line, what in (("num_stps: 7", "did you mean num_steps?"), ("num_steps: 1.5", "'1.5' is not a valid integer")):
        path.write_text(f"dataset: code\nrun_dir: run\n{line}\n", encoding="utf-8")
        code, _, err = run(monkeypatch, capsys, "pretrain", "--config", path)
        assert code == 2
        assert what in err


@pytest.mark.parametrize(("reason", "code"), [("interrupted by SIGINT", 130), ("interrupted by SIGTERM", 143)])
def test_an_interrupted_run_exits_with_success(reason, code, monkeypatch, capsys):
    monkeypatch.setattr(pretrain, "pretrain", lambda *_args, **_options: reason)
    assert run(monkeypatch, capsys, "pretrain", "--dataset", "x", "--run-dir", "y")[0] == code


def test_another_tokenizer_is_trained_with(shards_folder, recipe_file, tmp_path, monkeypatch, capsys):
    tokenizer.train(["other text " * 40], 260, tmp_path / "other")
    argv = ["pretrain", "--dataset", shards_folder, "--run-dir", tmp_path / "run", "--recipe", recipe_file]
    code, _, err = run(monkeypatch, capsys, *argv, "--device", "cpu", "--tokenizer", tmp_path / "other")
    assert code == 2
    assert "is not the tokenizer" in err
    assert not (tmp_path / "run").exists()


def test_cuda_falls_back_in_silence(shards_folder, recipe_file, tmp_path):
    """In a process of its own, where no other device was ever asked for."""
    argv = [sys.executable, "-m", "aprtrain", "pretrain", "--dataset", shards_folder, "--run-dir", tmp_path / "run"]
    environment = {name: value for name, value in os.environ.items() if name not in ("JAX_PLATFORMS", "XLA_FLAGS")}
    ended = subprocess.run(
        [*map(str, argv), "--recipe", str(recipe_file), "--device", "cuda", "--deterministic"],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment | {"CUDA_VISIBLE_DEVICES": ""},
        check=False,
    )
    assert ended.returncode == 2
    assert "--device cuda: found no CUDA device" in ended.stderr
    assert "Cpu" in ended.stderr or "cpu" in ended.stderr.lower()
    assert not (tmp_path / "run").exists()
