"""A small corpus, its shards, and a short run of a small model, made once a session."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import jax
import pytest

import aprtrain
from aprtrain import corpus, encode, recipes, tokenizer
from aprtrain.pretrain import Request, pretrain

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)

SMALL = dataclasses.replace(
    recipes.recipe("finetune-micro"),
    name="test-small",
    tokenizer_vocab_size=270,
    model=dataclasses.replace(
        recipes.recipe("finetune-micro").model, vocab_size=270, hidden_size=16, head_dim=4, intermediate_size=24
    ),
    eval=recipes.EvalConfig(eval_documents=4, eval_tokens=40),
)
SETTINGS = {"num_steps": 12, "batch_size": 4, "seq_length": 16, "steps_per_epoch": 5, "checkpoint_every": 4}


@pytest.fixture(scope="session", autouse=True)
def compile_cache(tmp_path_factory) -> Path:
    """Runs of the same shape compile once, in this process and in its children."""
    folder = tmp_path_factory.mktemp("compiled")
    jax.config.update("jax_compilation_cache_dir", str(folder))
    yield folder
    jax.config.update("jax_compilation_cache_dir", None)


@pytest.fixture
def environment(compile_cache) -> dict[str, str]:
    """Of a child process that trains on the CPU."""
    paths = [str(Path(aprtrain.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(paths),
        "JAX_PLATFORMS": "cpu",
        "JAX_COMPILATION_CACHE_DIR": str(compile_cache),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    }


@pytest.fixture(scope="session")
def small_recipe() -> recipes.Recipe:
    return SMALL


@pytest.fixture(scope="session")
def recipe_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / f"{SMALL.name}.yaml"
    path.write_text(json.dumps(SMALL.to_json()), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def text_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("text")
    for number in range(120):
        words = " ".join(f"word{(number * 7 + k * k) % 31} = {k % 5}\n" for k in range(30))
        (folder / f"{number:03}.txt").write_text(f"document {number}\n{words}", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def tokenizer_folder(text_folder, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    tokenizer.train((one.text for one in corpus.gather(str(text_folder)).documents), 270, folder)
    return folder


@pytest.fixture(scope="session")
def shards_folder(text_folder, tokenizer_folder, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    encode.encode(corpus.gather(str(text_folder)), tokenizer_folder, folder)
    return folder


@pytest.fixture(scope="session")
def request_for(shards_folder, recipe_file):
    def build(run_dir: Path, init: Path | None = None, seed: int = 0, **overrides) -> Request:
        return Request(
            dataset=shards_folder,
            run_dir=run_dir,
            device="cpu",
            seed=seed,
            init=init,
            recipe=str(recipe_file),
            stage=None,
            overrides=SETTINGS | overrides,
        )

    return build


@pytest.fixture(scope="session")
def finished_run(request_for, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "scratch"
    assert pretrain(request_for(folder), lambda _: None, say_every=5) == "completed"
    return folder
