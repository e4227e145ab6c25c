"""A trace that shows another program than the one that runs."""

from falsifiers.law import Falsifier
from falsifiers.laws import trace_is_innocent

FALSIFIER = Falsifier(
    name="altered-by-trace",
    hunts="logits of a traced model that are not those of the model",
    laws=(trace_is_innocent.LAW,),
)
