"""What a trainer shows to those who judge it, in NumPy terms. Structural: nobody inherits from these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.generic]


class System(Protocol):
    """A model with its weights, and the trainer's own ways to score with it."""

    vocab_size: int
    context: int
    """Length of a training sequence, in targets."""
    config: dict[str, Any]
    device_platform: str

    def parameters(self) -> dict[str, Array]:
        """Leaf name -> array, under exactly the checkpoint's names."""

    def with_parameters(self, parameters: Mapping[str, Array], /) -> System:
        """The same code with other weights."""

    def reinitialised(self, seed: int, /) -> System:
        """The same code with freshly drawn weights."""

    def logits(self, tokens: npt.NDArray[np.int32], /) -> npt.NDArray[np.float32]:
        """[batch, time] -> [batch, time, vocab]; time is at most the context."""

    def score(
        self,
        inputs: npt.NDArray[np.int32],
        targets: npt.NDArray[np.int32],
        weights: npt.NDArray[np.float32],
        /,
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Per row, the weighted sum of nats and the sum of weights, by the evaluator's own loss."""

    def evaluate(self, documents: Sequence[npt.NDArray[np.int32]], /) -> list[tuple[float, int]]:
        """Per document, the sum of nats and the number of targets, by the trainer's own evaluator."""

    def window(self, step: int, /) -> npt.NDArray[np.int32]:
        """[batch, context + 1]: the raw ids of the training batch of a step."""


class Trainer(Protocol):
    """What an entry point of the group `pv.trainers` loads."""

    name: str

    def open(self, checkpoint: Path, *, device: str, shards: Path | None = None) -> System:
        """The system whose weights lie in a checkpoint folder."""
