"""What a pluggable trainer offers: stages to run, and a system to question afterwards."""

from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol, cast

from pv.errors import TrainerError

GROUP = "pv.trainers"


class Stage(Protocol):
    """One command of a run, e.g. training the tokenizer or fine-tuning the model."""

    @property
    def name(self) -> str:
        """Short name; later stages refer to its output folder as `{name}`."""

    @property
    def argv(self) -> tuple[str, ...]:
        """Module and arguments after `python -m`; `{out}` stands for the stage's own output folder."""

    @property
    def modules(self) -> tuple[str, ...]:
        """Modules of the trainer that the result depends on, without what they import."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the earlier stages whose output this one reads."""

    @property
    def fingerprint(self) -> str:
        """Digest of what is read from outside, such as a corpus; empty if nothing is."""

    @property
    def cached(self) -> bool:
        """Whether a finished output may serve later runs."""

    @property
    def mutable(self) -> bool:
        """Whether the stage runs under the mutant of a mutated run."""


class Trainer(Protocol):
    """A trainer found by the entry point group `pv.trainers`."""

    @property
    def name(self) -> str:
        """The name contracts use in `system.trainer`."""

    def recipe(self, name: str) -> Mapping[str, Any]:
        """Return the resolved recipe as JSON-able data; raises ValueError listing the known names."""

    def stages(self, recipe: str, *, seed: int, dataset: Path | None, device: str) -> tuple[Stage, ...]:
        """Return the commands of a run, in order; the last one trains."""


def find_trainer(name: str) -> Trainer:
    """Return the installed trainer of that name."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    if name not in found:
        known = ", ".join(sorted(found)) or "none"
        raise TrainerError(f"system.trainer={name}", "no such trainer is installed", f"installed trainers: {known}")
    return cast("Trainer", found[name].load())
