"""A head that no longer shares the embedding once the run is over, or shares it unasked."""

from falsifiers.law import Falsifier
from falsifiers.laws import tied_head

FALSIFIER = Falsifier(
    name="loosened-tie",
    hunts="an embedding row of the final weights that is a row of the head against the configuration, or is none",
    laws=(tied_head.LAW.as_claim(),),
)
