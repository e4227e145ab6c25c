"""The trainer as a program: its commands as real processes, and the small inputs that they are given."""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from falsifiers.process import Ran, run
from falsifiers.system import Array

PROGRAM: Final = "aprtrain"
TEXT_COMMANDS: Final = ("tokenizer", "encode", "compare")
LIBRARIES: Final = (
    "click",
    "flax.nnx",
    "jax",
    "optax",
    "orbax.checkpoint",
    "pydantic.dataclasses",
    "rich.progress",
    "safetensors",
    "tokenizers",
    "yaml",
)
"""What every other command imports before anything else, for a second or more."""
REFUSED: Final = 2
"""Exit status where the input is at fault."""

VOCABULARY: Final = 272
UNKNOWN, END_OF_TEXT = "<unk>", "<|endoftext|>"
STEP: Final = ("--num-steps", "1", "--batch-size", "2", "--seq-length", "16", "--device", "cpu")
"""The shortest run: whatever can be refused has been by then."""

CONFIG: Final[Mapping[str, Any]] = {
    "architectures": ["Qwen2ForCausalLM"],
    "model_type": "qwen2",
    "vocab_size": VOCABULARY,
    "hidden_size": 16,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 24,
    "num_hidden_layers": 1,
    "max_position_embeddings": 64,
    "rope_theta": 10_000.0,
    "rms_norm_eps": 1e-6,
    "tie_word_embeddings": True,
    "hidden_act": "silu",
    "use_sliding_window": False,
    "dtype": "float32",
}
"""A config.json of the smallest model that has biases, groups of heads and a tie."""


def aprtrain(
    *arguments: str | Path,
    cwd: Path,
    timeout: float = 120.0,
    kill_at: float | Callable[[], bool] | None = None,
    env: Mapping[str, str] | None = None,
) -> Ran:
    """Run a command of the trainer to its end, or until it is killed."""
    libraries = () if arguments[0] in TEXT_COMMANDS else LIBRARIES
    return run(PROGRAM, *map(str, arguments), cwd=cwd, timeout=timeout, kill_at=kill_at, env=env, libraries=libraries)


def refused(ran: Ran, *names: object) -> int:
    """How many promises of a refusal are broken: the status, no traceback, and every name in the message."""
    said = ran.out + ran.err
    return (ran.status != REFUSED) + ("Traceback" in said) + sum(str(name) not in said for name in names)


def pretrain(
    *options: str | Path, shards: Path, run: Path, to_the_end: bool = True, env: Mapping[str, str] | None = None
) -> Ran:
    """Run the shortest training; unless it is `to_the_end`, kill it once the start is made: the run has a record."""
    shutil.rmtree(run, ignore_errors=True)
    more = ("--dataset", shards, "--run-dir", run)
    begun = None if to_the_end else (run / "config.json").exists
    return aprtrain("pretrain", *STEP, *options, *more, cwd=workshop(), kill_at=begun, env=env)


def started(ran: Ran) -> bool:
    """Whether a training that `pretrain` watched was begun."""
    return ran.status == 0 or ran.stopped == "asked"


@functools.cache
def workshop() -> Path:
    """A folder that lasts as long as this process; the trainer's own inputs are made in it once."""
    _kept.append(tempfile.TemporaryDirectory())
    return Path(_kept[-1].name)


_kept: list[tempfile.TemporaryDirectory[str]] = []


def write_texts(folder: Path, seed: int, documents: int = 100, words: int = 60) -> dict[str, str]:
    """Documents of words drawn with a seed, as files; file name -> text."""
    rng = np.random.default_rng(seed)
    lexicon = ["".join(rng.choice(list("abcdefgHIJ"), rng.integers(2, 7))) for _ in range(200)]
    texts = {f"{number:04d}.txt": " ".join(rng.choice(lexicon, words)) + "\n" for number in range(documents)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return texts


@functools.cache
def tokenizer() -> Path:
    """A tokenizer of `VOCABULARY` entries: the bytes, pairs of their first letters, an unknown and an end of text."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    merges = [(one, other) for one in "abcd" for other in "abcd"][: VOCABULARY - 258]
    entries = [UNKNOWN, END_OF_TEXT, *sorted(pre_tokenizers.ByteLevel.alphabet()), *map("".join, merges)]
    inner = Tokenizer(models.BPE(dict(zip(entries, range(VOCABULARY), strict=True)), merges, unk_token=UNKNOWN))
    inner.pre_tokenizer, inner.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    inner.add_special_tokens([UNKNOWN, END_OF_TEXT])
    (workshop() / "tok").mkdir()
    inner.save(str(workshop() / "tok" / "tokenizer.json"))
    return workshop() / "tok"


@functools.cache
def shards(seed: int = 2, documents: int = 100) -> Path:
    """Shards of a corpus drawn with a seed, written by the trainer."""
    folder, name = workshop(), f"shards-{seed}-{documents}"
    write_texts(folder / f"texts-{seed}-{documents}", seed, documents)
    _expect(aprtrain("encode", f"texts-{seed}-{documents}", "--tokenizer", tokenizer(), "--out", name, cwd=folder))
    return folder / name


def shards_of(entries: int) -> Path:
    """The same shards, as if their tokenizer had so many entries."""
    folder = workshop() / f"shards-of-{entries}"
    if not folder.exists():
        shutil.copytree(shards(), folder)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        (folder / "manifest.json").write_text(json.dumps(manifest | {"vocab_size": entries}), encoding="utf-8")
    return folder


@functools.cache
def model_of(vocabulary: int) -> Path:
    """A model with random weights and a vocabulary of that size."""
    config = {**CONFIG, "vocab_size": vocabulary}
    return write_model(workshop() / f"model-{vocabulary}", weights(vocabulary, config), config)


def _expect(ran: Ran) -> None:
    """RuntimeError where a command failed whose result an attack needs."""
    if ran.status != 0:
        raise RuntimeError(f"the trainer ended with {ran.status}: {ran.err.strip()[-200:]}")


def weights(seed: int, config: Mapping[str, Any] = CONFIG) -> dict[str, Array]:
    """Random weights of the model that a config.json describes, by the names of its family, norms about 1."""
    rng = np.random.default_rng(seed)
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    head = hidden // config["num_attention_heads"]
    widths = {"q": config["num_attention_heads"] * head, "k": config["num_key_value_heads"] * head}
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (config["vocab_size"], hidden)}
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}"
        for part, width in (widths | {"v": widths["k"]}).items():
            shapes |= {f"{at}.self_attn.{part}_proj.weight": (width, hidden)}
            shapes |= {f"{at}.self_attn.{part}_proj.bias": (width,)}
        shapes |= {f"{at}.self_attn.o_proj.weight": (hidden, widths["q"])}
        shapes |= {f"{at}.mlp.{part}_proj.weight": (inner, hidden) for part in ("gate", "up")}
        shapes |= {f"{at}.mlp.down_proj.weight": (hidden, inner)}
        shapes |= {f"{at}.{part}_layernorm.weight": (hidden,) for part in ("input", "post_attention")}
    shapes |= {"model.norm.weight": (hidden,)}
    if not config["tie_word_embeddings"]:
        shapes |= {"lm_head.weight": (config["vocab_size"], hidden)}
    drawn = {name: rng.normal(0, 0.2, size).astype(np.float32) for name, size in shapes.items()}
    return {name: leaf + np.float32("norm.weight" in name) for name, leaf in drawn.items()}


def loaded(init: Path, *options: str | Path, run: Path) -> dict[str, str]:
    """Tensor to digest of a model before step 0, by the ledger of a run that starts from an init; names of its own."""
    _expect(pretrain("--init", init, *options, shards=shards(), run=run))
    ledger = json.loads((run / "ledger.json").read_text(encoding="utf-8"))
    return {name: str(row["digest"]) for name, row in ledger["model"].items()}


OURS: Final[Mapping[str, str]] = {
    "model.embed_tokens.weight": "embed",
    "model.norm.weight": "norm",
    "model.layers.0.input_layernorm.weight": "layers.0.attn_norm",
    "model.layers.0.post_attention_layernorm.weight": "layers.0.mlp_norm",
    **{f"model.layers.0.self_attn.{part}_proj.bias": f"layers.0.b{part}" for part in "qkv"},
    **{f"model.layers.0.self_attn.{part}_proj.weight": f"layers.0.w{part}" for part in "qkvo"},
    **{f"model.layers.0.mlp.{part}_proj.weight": f"layers.0.w_{part}" for part in ("gate", "up", "down")},
}
"""What a file of the family calls a tensor of `CONFIG`'s model, and what the trainer does."""


def in_model(tensors: Mapping[str, Array]) -> dict[str, str]:
    """Tensor to the digest that it must have in the model: products lie the other way round there."""
    turned = {name: array.T if "_proj.weight" in name else array for name, array in tensors.items()}
    return {OURS[name]: digest(array) for name, array in turned.items()}


def write_model(folder: Path, tensors: Mapping[str, Array], config: Mapping[str, Any] = CONFIG) -> Path:
    """A folder of config.json and model.safetensors."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(dict(config)), encoding="utf-8")
    write_safetensors(folder / "model.safetensors", tensors)
    return folder


LABELS: Final = {"float32": "F32", "float16": "F16", "bfloat16": "BF16"}


def write_safetensors(path: Path, tensors: Mapping[str, Array], labels: Mapping[str, str] | None = None) -> None:
    """A safetensors file, written from the format's definition; `labels` put a dtype in place of a tensor's own."""
    header, end = dict[str, Any](), 0
    for name, array in tensors.items():
        begin, end = end, end + array.nbytes
        label = (labels or {}).get(name, LABELS[str(array.dtype)])
        header[name] = {"dtype": label, "shape": list(array.shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    data = b"".join(np.ascontiguousarray(array).tobytes() for array in tensors.values())
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def digest(array: Array) -> str:
    """SHA-256 of an array's bytes in C order."""
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
