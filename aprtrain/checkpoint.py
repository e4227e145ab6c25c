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
from aprtrain.files import digest_file, read_json, write_json

KEPT = 2
DIGESTS = "digests.json"
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
            _seal(self.folder / str(step))

    def latest(self) -> int:
        """Steps done at the last checkpoint; 0 without one."""
        return self._manager.latest_step() or 0

    def restore(self, step: int, like: dict[str, Any]) -> dict[str, Any]:
        """The state saved after `step` steps, with the structure, shapes and dtypes of `like`.

        Raises:
            InputError: the checkpoint is truncated, altered, or of another structure.
        """
        _check(self.folder / str(step))
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
    config = read_json(folder / "config.json", fix="give a run of `aprtrain pretrain`, or its checkpoint folder")
    manager = _manager(folder, writing=False)
    try:
        step = manager.latest_step()
        if step is None:
            raise InputError(folder, "holds no finished checkpoint", "let `aprtrain pretrain` save one first")
        _check(folder / str(step))
        item = {"params": _saved_params(manager, folder, step)}
        arguments = jax.tree.map(lambda _: ocp.RestoreArgs(restore_type=np.ndarray), item)
        state = _restore(manager, folder, step, item, arguments, partial=True)
    finally:
        manager.close()
    return config, step, state["params"]


def _seal(step: Path) -> None:
    """The digest of every file stands beside them; Orbax itself would not notice a changed byte."""
    files = sorted(path for path in step.rglob("*") if path.is_file() and path.name != DIGESTS)
    write_json(step / DIGESTS, {path.relative_to(step).as_posix(): digest_file(path) for path in files})


def _check(step: Path) -> None:
    """Raises InputError naming the files that are missing or altered.

    A process killed between saving and sealing leaves a whole checkpoint without digests: it is taken as it is.
    """
    if not (step / DIGESTS).exists():
        return
    digests = read_json(step / DIGESTS, fix=f"delete {step}")
    bad = [
        name for name, digest in digests.items() if not (step / name).is_file() or digest_file(step / name) != digest
    ]
    if bad:
        raise _unreadable(step, f"missing or altered: {', '.join(bad)}")


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
    except Exception as error:
        raise _unreadable(folder / str(step), _first_line(error)) from error
    return {name: _shape(leaf) for name, leaf in saved.items()}


def _shape(leaf: Any) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(leaf.shape, leaf.dtype)  # type: ignore[no-untyped-call]


def _restore(manager: Any, folder: Path, step: int, item: Any, arguments: Any, *, partial: bool) -> dict[str, Any]:
    wanted = ocp.args.PyTreeRestore(item=item, restore_args=arguments, partial_restore=partial)
    try:
        restored: dict[str, Any] = manager.restore(step, args=ocp.args.Composite(state=wanted))["state"]
    except Exception as error:  # Orbax and TensorStore raise many kinds for one cause
        raise _unreadable(folder / str(step), _first_line(error)) from error
    return restored


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _unreadable(step: Path, why: str) -> InputError:
    fix = f"delete {step} to go on from the checkpoint before it, or train again"
    return InputError(step, f"is truncated, altered or of another structure ({why})", fix)
