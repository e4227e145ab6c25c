"""What `aprtrain pretrain` was asked for becomes a run: recipe, init and options, checked together."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from aprtrain.config import EvalConfig, ModelConfig, Request, TrainConfig, parse
from aprtrain.data import Shards, open_shards
from aprtrain.errors import InputError
from aprtrain.files import locked
from aprtrain.manifest import faults
from aprtrain.recipes import Recipe, recipe
from aprtrain.shapes import shape
from aprtrain.tokenizer import load

if TYPE_CHECKING:
    from aprtrain.init import Init


def pretrain(request: Request, say: Callable[[str], None], *, say_every: int) -> str:
    """Carries the request out and returns the exit reason."""
    base = None if request.recipe is None else recipe(request.recipe)
    train, scored = _configurations(request, base)
    shards = open_shards(request.dataset)
    if request.tokenizer is not None and load(request.tokenizer).digest != shards.tokenizer_digest:
        what = f"is not the tokenizer {shards.tokenizer_digest[:12]} that {request.dataset} was made with"
        raise InputError(request.tokenizer, what, "encode the documents with it")

    from aprtrain.device import resolve
    from aprtrain.init import check_model, load_init
    from aprtrain.mesh import layout_of

    _join(request, train)
    device = resolve(request.device, deterministic=request.deterministic)
    several = request.devices > 1
    layout = layout_of(request.devices, shard=request.shard) if several else None
    count = f"{request.devices} x " if several else ""
    say(f"device: {count}{device.platform} ({device.kind}), computing in {device.compute_dtype.__name__}")
    init = None if request.init is None else load_init(request.init)
    model = _model_config(base, init, request.shape)
    if init is not None:
        check_model(init, model)
        for note in init.notes:
            say(f"init: {note}")
    _preflight(base, model, train, shards, init)

    from aprtrain.run import Run, finished
    from aprtrain.train import train as run_to_the_end

    run = Run(
        model=model,
        train=train,
        eval=scored,
        seed=request.seed,
        deterministic=request.deterministic,
        device=device,
        layout=layout,
        shards=shards,
        init=init,
        folder=request.run_dir,
    )
    reason = finished(run)
    if reason is None and request.process:
        return run_to_the_end(run, say, say_every=say_every)
    if reason is None:
        with locked(run.folder):
            return finished(run) or run_to_the_end(run, say, say_every=say_every)
    say(f"{request.run_dir}: already finished ({reason})")
    return reason


def _join(request: Request, train: TrainConfig) -> None:
    """This process joins the others, where the run is made by several."""
    parts = request.devices * train.accumulate
    if train.batch_size % parts:
        what = f"does not divide into {request.devices} devices times {train.accumulate} micro-batches"
        raise InputError(f"--batch-size {train.batch_size}", what, f"give a multiple of {parts}")
    if (request.coordinator is None) != (request.processes == 1) or request.process >= request.processes:
        what = f"with --process {request.process} --processes {request.processes}"
        fix = "give all three for several processes (--process from 0), none for one"
        raise InputError(f"--coordinator {request.coordinator}", what, fix)
    if request.coordinator is not None:
        from aprtrain.mesh import join

        join(request.coordinator, request.processes, request.process)


def _configurations(request: Request, base: Recipe | None) -> tuple[TrainConfig, EvalConfig]:
    """How to train and what to score: the recipe's, else the defaults, under the options."""
    stage = request.stage or ("finetune" if request.init else "init")
    mode = {} if base else {"mode": "finetune" if request.init else "from-scratch"}
    train, scored = (base.stage(stage), base.eval) if base else (TrainConfig(), EvalConfig())
    fields = train.to_json() | scored.to_json() | mode | request.overrides
    scored = parse(EvalConfig, "eval", {name: fields.pop(name) for name in scored.to_json()})
    train = parse(TrainConfig, "train", fields)
    if (train.mode == "finetune") != (request.init is not None):
        fix = "give --mode finetune with --init, --mode from-scratch without"
        raise InputError(f"--mode {train.mode}", f"{'with' if request.init else 'without'} --init", fix)
    return train, scored


def _model_config(base: Recipe | None, init: Init | None, named: str | None) -> ModelConfig:
    """The recipe's model, else the named one, else the init's own."""
    if base is not None and named is not None:
        raise InputError(f"--shape {named}", f"with --recipe {base.name}, which has a shape", "give one of them")
    if base is not None:
        return base.model
    if named is not None:
        return shape(named)
    if init is not None:
        return init.model
    raise InputError("pretrain", "has no model to train", "give --recipe NAME, --shape NAME, or --init FOLDER")


def _preflight(base: Recipe | None, model: ModelConfig, train: TrainConfig, shards: Shards, init: Init | None) -> None:
    """Raises InputError where tokenizer, context and model do not go together, or the shards hold no text.

    From scratch the tokenizer has as many entries as the model, reserved ones included, or as the recipe declares
    where a published shape has more rows than its tokenizer uses. An init's model may have more rows than that.
    """
    declared = base.tokenizer_vocab_size if base else model.vocab_size
    sizes = f"its tokenizer has {shards.vocab_size} entries, the"
    if init is None and shards.vocab_size != declared:
        fill = f"`aprtrain tokenizer import --vocab-size {declared}` fills it up with reserved ones"
        fix = fill if shards.vocab_size < declared else "encode with a smaller one, or take a model with more rows"
        raise InputError(
            shards.folder, f"{sizes} model is made for {declared}", f"from scratch both must be equal: {fix}"
        )
    if shards.vocab_size > model.vocab_size:
        what = f"{sizes} init's model only {model.vocab_size} rows"
        raise InputError(shards.folder, what, "encode with the init's own tokenizer.json")
    found = faults(shards.counts, shards.unk_id)
    if found and not shards.manifest.get("accepted_faults"):
        what = f"is no text to train on: {', '.join(found)}"
        raise InputError(shards.folder, what, "encode with the right tokenizer; `aprtrain info` describes one")
    if train.seq_length > model.max_positions:
        what = f"seq_length={train.seq_length} is beyond max_positions={model.max_positions}"
        raise InputError("train", what, "give a shorter --seq-length")
    known = None if init is None else init.config.get("tokenizer_digest")
    if known is not None and known != shards.tokenizer_digest:
        sys.stderr.write(
            f"warning: {shards.folder} was encoded with tokenizer {shards.tokenizer_digest[:12]}, "
            f"the init was trained with {known[:12]}: ids do not mean the same\n"
        )
