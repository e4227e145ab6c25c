"""A trainer that is slower than what a team would use instead."""

from falsifiers.law import Falsifier
from falsifiers.laws import step_clock
from falsifiers.race.turns import SIZES

FALSIFIER = Falsifier(
    name="slower-than-peer",
    hunts=f"a step slower than that of a peer which does the same work, in turns on one device, at {', '.join(SIZES)}",
    laws=(step_clock.LAW,),
)
