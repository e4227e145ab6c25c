"""Checkpoints that carry their configuration and tokenizer; Orbax writes each whole or not at all."""

import logging
import shutil
from operator import itemgetter
from pathlib import Path
from typing import Any

import jax
import numpy as np
import orbax.checkpoint as ocp
from orbax.checkpoint import checkpoint_managers as policies

from aprtrain.errors import InputError
from aprtrain.files import digest_file, read_json, write_json
from aprtrain.mesh import gathered

DIGESTS = "digests.json"
_VAL_LOSS = itemgetter("val_loss")
Arrays = dict[str, np.ndarray[Any, np.dtype[Any]]]

logging.getLogger("absl").setLevel(logging.ERROR)


class Checkpoints:
    """The checkpoints of a run: `<folder>/<steps done>/state`, config.json and tokenizer.json beside them."""

    def __init__(self, folder: Path, *, keep: int = 2) -> None:
        """The last `keep` stay, and the one with the lowest validation loss."""
        self.folder = folder.resolve()
        self._saving = 0
        self._writes = jax.process_index() == 0
        if self._writes:
            self.folder.mkdir(parents=True, exist_ok=True)
        best = policies.BestN(get_metric_fn=_VAL_LOSS, reverse=True, n=1, keep_checkpoints_without_metrics=False)
        self._manager = _manager(
            self.folder,
            cleanup_tmp_directories=self._writes,
            enable_async_checkpointing=True,
            async_options=ocp.options.AsyncOptions(post_finalization_callback=self._seal),
            preservation_policy=policies.AnyPreservationPolicy([policies.LatestN(keep), best]),
            best_fn=_VAL_LOSS,
        )

    def prepare(self, config: dict[str, Any], tokenizer: Path) -> None:
        """What a checkpoint needs to be understood lies beside where it will be."""
        if not self._writes:
            return
        shutil.copyfile(tokenizer, self.folder / "tokenizer.json")
        write_json(self.folder / "config.json", config)

    def save(self, step: int, state: dict[str, Any], val_loss: float | None = None) -> None:
        """The state after `step` steps is copied, and written by the first process while the caller goes on.

        A process that dies meanwhile leaves no checkpoint of this step, never a part of one.
        """
        copy = gathered(state)
        if not self._writes or self._manager.latest_step() == step:
            return
        self.finish()
        self._saving = step
        metrics = None if val_loss is None else {"val_loss": val_loss}
        self._manager.save(step, args=ocp.args.Composite(state=ocp.args.PyTreeSave(copy)), metrics=metrics)

    def _seal(self) -> None:
        """The digest of every file stands beside them before the checkpoint gets its name.

        Orbax itself would not notice a changed byte.
        """
        (step,) = self.folder.glob(f"{self._saving}.orbax-checkpoint-tmp*")
        files = sorted(path for path in (step / "state").rglob("*") if path.is_file())
        write_json(step / DIGESTS, {path.relative_to(step).as_posix(): digest_file(path) for path in files})

    def latest(self) -> int:
        """Steps done at the last checkpoint; 0 without one."""
        self.finish()
        return self._manager.latest_step() or 0

    def restore(self, step: int, like: dict[str, Any]) -> dict[str, Any]:
        """The state saved after `step` steps, with the structure, shapes and dtypes of `like`.

        Raises:
            InputError: the checkpoint is truncated, altered, or of another structure.
        """
        self.finish()
        return _restore(self._manager, self.folder / str(step), like)

    def finish(self) -> None:
        """Everything is on disk."""
        self._manager.wait_until_finished()

    def close(self) -> None:
        """Everything is on disk and every thread is gone."""
        self._manager.close()


def read(folder: Path) -> tuple[dict[str, Any], int, Arrays]:
    """A checkpoint's config.json, steps done, and parameters in the dtypes they were saved in.

    Args:
        folder: a run, the `checkpoint` folder in it (the last checkpoint is read), or one checkpoint in that.

    Raises:
        InputError: there is no checkpoint, or it is truncated or altered.
    """
    folder = (folder / "checkpoint" if (folder / "checkpoint").is_dir() else folder).resolve()
    chosen = int(folder.name) if folder.name.isdecimal() and (folder.parent / "config.json").is_file() else None
    folder = folder if chosen is None else folder.parent
    config = read_json(folder / "config.json", fix="give a run of `aprtrain pretrain`, or its checkpoint folder")
    manager = _manager(folder)
    try:
        step = manager.latest_step() if chosen is None else chosen
        if step is None:
            raise InputError(folder, "holds no finished checkpoint", "let `aprtrain pretrain` save one first")
        state = _restore(manager, folder / str(step), None)
    finally:
        manager.close()
    return config, step, state["params"]


def _check(step: Path) -> None:
    """Raises InputError naming the files that are missing or altered."""
    digests = read_json(step / DIGESTS, fix=f"delete {step}")
    bad = [
        name for name, digest in digests.items() if not (step / name).is_file() or digest_file(step / name) != digest
    ]
    if bad:
        raise _unreadable(step, f"missing or altered: {', '.join(bad)}")


def _manager(folder: Path, **options: Any) -> Any:
    me, several = jax.process_index(), jax.process_count() > 1
    only = {"primary_host": me, "active_processes": {me}, "barrier_sync_key_prefix": f"process-{me}"}
    alone = ocp.options.MultiprocessingOptions(**only if several else {})
    handler = ocp.PyTreeCheckpointHandler(use_ocdbt=True, use_compression=False, multiprocessing_options=alone)
    settings = ocp.CheckpointManagerOptions(multiprocessing_options=alone, create=False, **options)
    return ocp.CheckpointManager(folder, options=settings, item_handlers={"state": handler})


def _restore(manager: Any, step: Path, like: dict[str, Any] | None) -> dict[str, Any]:
    """The state in the folder of a step, structured as `like`; without it the parameters alone, as they were saved."""
    _check(step)
    try:
        if like is None:
            saved = manager.item_metadata(int(step.name))["state"].tree["params"]
            struct: Any = jax.ShapeDtypeStruct
            item = {"params": {name: struct(leaf.shape, leaf.dtype) for name, leaf in saved.items()}}
        else:
            item = jax.tree.map(lambda leaf: jax.ShapeDtypeStruct(leaf.shape, leaf.dtype), like)
        arguments = jax.tree.map(lambda _: ocp.RestoreArgs(restore_type=np.ndarray), item)
        wanted = ocp.args.PyTreeRestore(item=item, restore_args=arguments, partial_restore=like is None)
        restored: dict[str, Any] = manager.restore(int(step.name), args=ocp.args.Composite(state=wanted))["state"]
    except Exception as error:  # Orbax and TensorStore raise many kinds for one cause
        raise _unreadable(step, error) from error
    return restored


def _unreadable(step: Path, why: object) -> InputError:
    first = (str(why).strip().splitlines() or [type(why).__name__])[0][:200]
    fix = f"delete {step} to go on from the checkpoint before it, or train again"
    return InputError(step, f"is truncated, altered or of another structure ({first})", fix)
