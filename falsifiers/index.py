"""The static index: which falsifier is bound to which claim, so that binding needs no import of it.

`python -m falsifiers.index` writes index.json anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from falsifiers import mutants
from falsifiers.training import (
    contradictory_clocks,
    device_fault,
    empty_loss,
    unfinished_run,
    unsaved_weights,
    unused_init,
    worthless_init,
)

REGISTRY: Final = (
    unfinished_run,
    contradictory_clocks,
    unused_init,
    unsaved_weights,
    empty_loss,
    device_fault,
    worthless_init,
)

CLAIMS: Final = {
    f"FALSIFY-APR-PRETRAIN-INIT-FINETUNE-{number:03d}": module.FALSIFIER.name
    for number, module in enumerate(REGISTRY, start=1)
}

PATH: Final = Path(__file__).with_name("index.json")


def build() -> dict[str, Any]:
    """The index as the modules have it."""
    return {
        "schema_version": "1",
        "falsifiers": {module.FALSIFIER.name: _falsifier(module) for module in REGISTRY},
        "claims": CLAIMS,
        "mutants": {
            module.MUTANT.name: {"module": module.__name__, "summary": module.MUTANT.summary}
            for module in mutants.REGISTRY
        },
    }


def _falsifier(module: ModuleType) -> dict[str, Any]:
    falsifier = module.FALSIFIER
    return {
        "module": module.__name__,
        "hunts": falsifier.hunts,
        "laws": [law.name for law in falsifier.laws],
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(build(), indent=2, sort_keys=True) + "\n", encoding="utf-8")
