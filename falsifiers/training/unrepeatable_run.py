"""A training whose losses its seed does not decide."""

from falsifiers.law import Falsifier
from falsifiers.laws import same_seed

FALSIFIER = Falsifier(
    name="unrepeatable-run",
    hunts="losses that another process does not repeat from the same seed, or repeats from another one",
    laws=(same_seed.LAW,),
)
