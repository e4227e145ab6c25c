"""Planted faults: source-level edits of the trainer, applied from outside, that falsifiers must catch; one a module."""

import importlib
import pkgutil
from types import ModuleType
from typing import Final

_OTHERS: Final = frozenset({"apply", "mutant", "passages"})
"""Modules that hold no fault."""

REGISTRY: Final[tuple[ModuleType, ...]] = tuple(
    importlib.import_module(f"{__name__}.{found.name}")
    for found in pkgutil.iter_modules(__path__)
    if found.name not in _OTHERS
)
