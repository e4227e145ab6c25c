"""The tensors that must be there, that lie on disk, and that the run says it read and wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

from falsifiers.oracles.checkpoint import facts, read_arrays, read_config
from falsifiers.oracles.expected import expected_arrays, shape_of

Facts: TypeAlias = dict[str, Any]

PARAMETER_DTYPE = "float32"


def expected(checkpoint: Path, init_checkpoint: Path | None) -> Facts:
    """Names, shapes and dtypes by the configuration of the init, or of the run where it has no init."""
    arrays = expected_arrays(shape_of(read_config(init_checkpoint or checkpoint)["model"]))
    return {
        "expected": {name: {"shape": list(size), "dtype": PARAMETER_DTYPE} for name, size in sorted(arrays.items())}
    }


def on_disk(key: str, checkpoint: Path) -> Facts:
    """Shape, dtype and digest of every tensor of a checkpoint, under a key."""
    return {key: facts(read_arrays(checkpoint))}


def ledger(run_dir: Path) -> Facts:
    """What the run wrote about its tensors: read from the init, before step 0, and at the end."""
    entries = json.loads((run_dir / "ledger.json").read_text(encoding="utf-8"))
    return {"source": entries["source"], "model": entries["model"], "reported_final": entries["final"]}
