"""Targets whose order does not matter."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="order-ignored",
    hunts="a loss on shuffled targets that is below their entropy, or that of the true ones",
    laws=(),
)
