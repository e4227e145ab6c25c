"""A record that is shorter than the plan, or broken."""

from falsifiers.law import Falsifier
from falsifiers.laws import step_record

FALSIFIER = Falsifier(
    name="unrecorded-steps",
    hunts="a planned step that was not taken, or was taken twice, under an exit status of 0",
    laws=(step_record.LAW,),
)
