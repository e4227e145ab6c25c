"""Checkpoints that carry their configuration and tokenizer; Orbax writes each whole or not at all."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

import jax
import numpy as np
import orbax.checkpoint as ocp

from aprtrain.errors import InputError
from aprtrain.files import read_json, write_json

KEPT = 2
Arrays = dict[str, np.ndarray[Any, np.dtype[Any]]]

logging.getLogger("absl").setLevel(logging.ERROR)


class Checkpoints:
    """The checkpoints of a run: `<folder>/<steps done>/state`, config.json and tokenizer.json beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._manager = _manager(self.folder, writing=True)

    def prepare(self, config: dict[str, Any], tokenizer: Path) -> None:
        """What a checkpoint needs to be understood lies beside where it will be."""
        shutil.copyfile(tokenizer, self.folder / "tokenizer.json")
        write_json(self.folder / "config.json", config)

    def save(self, step: int, state: dict[str, Any]) -> None:
        """The state after `step` steps is on disk; all but the last two are gone."""
        if self._manager.latest_step() != step:
            self._manager.save(step, args=ocp.args.Composite(state=ocp.args.PyTreeSave(state)))

    def latest(self) -> int:
        """Steps done at the last checkpoint; 0 without one."""
        return self._manager.latest_step() or 0

    def restore(self, step: int, like: dict[str, Any]) -> dict[str, Any]:
        """The state saved after `step` steps, with the structure, shapes and dtypes of `like`.

        Raises:
            InputError: the checkpoint is truncated, altered, or of another structure.
        """
        item = jax.eval_shape(lambda: like)
        arguments = ocp.checkpoint_utils.construct_restore_args(item)
        return _restore(self._manager, self.folder, step, item, arguments, partial=False)

    def close(self) -> None:
        """Everything is on disk and every thread is gone."""
        self._manager.close()


def read(folder: Path) -> tuple[dict[str, Any], int, Arrays]:
    """A checkpoint's config.json, steps done, and parameters in the dtypes they were saved in.

    Args:
        folder: a run, or the `checkpoint` folder in it.

    Raises:
        InputError: there is no checkpoint, or it is truncated or altered.
    """
    folder = (folder / "checkpoint" if (folder / "checkpoint").is_dir() else folder).resolve()
    config = read_json(
        folder / "config.json", fix="give a run of `aprtrain pretrain`, or its checkpoint folder"
    )
    manager = _manager(folder, writing=False)
    try:
        step = manager.latest_step()
        if step is None:
            raise InputError(folder, "holds no finished checkpoint", "let `aprtrain pretrain` save one first")
        item = {"params": _saved_params(manager, folder, step)}
        arguments = jax.tree.map(lambda _: ocp.RestoreArgs(restore_type=np.ndarray), item)
        state = _restore(manager, folder, step, item, arguments, partial=True)
    finally:
        manager.close()
    return config, step, state["params"]


def _manager(folder: Path, *, writing: bool) -> Any:
    options = ocp.CheckpointManagerOptions(
        max_to_keep=KEPT if writing else None,
        create=writing,
        cleanup_tmp_directories=writing,
        enable_async_checkpointing=False,
    )
    handler = ocp.PyTreeCheckpointHandler(use_ocdbt=True, use_compression=False)
    return ocp.CheckpointManager(folder, options=options, item_handlers={"state": handler})


def _saved_params(manager: Any, folder: Path, step: int) -> dict[str, jax.ShapeDtypeStruct]:
    try:
        saved = manager.item_metadata(step)["state"].tree["params"]
        shapes: dict[str, jax.ShapeDtypeStruct] = jax.tree.map(_shape, dict(saved))
        return shapes
    except Exception as error:
        raise _unreadable(folder, step, error) from error


def _shape(leaf: Any) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(leaf.shape, leaf.dtype)  # type: ignore[no-untyped-call]


def _restore(
    manager: Any, folder: Path, step: int, item: Any, arguments: Any, *, partial: bool
) -> dict[str, Any]:
    wanted = ocp.args.PyTreeRestore(item=item, restore_args=arguments, partial_restore=partial)
    try:
        restored: dict[str, Any] = manager.restore(step, args=ocp.args.Composite(state=wanted))["state"]
    except Exception as error:  # Orbax and TensorStore raise many kinds for one cause
        raise _unreadable(folder, step, error) from error
    return restored


def _unreadable(folder: Path, step: int, error: Exception) -> InputError:
    first = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
    fix = f"delete {folder / str(step)} to go on from the checkpoint before it, or train again"
    return InputError(folder / str(step), f"is truncated, altered or of another structure ({first})", fix)
