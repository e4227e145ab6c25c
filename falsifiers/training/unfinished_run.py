"""A run that did not do what was planned."""

from falsifiers.law import Falsifier
from falsifiers.laws import step_record

FALSIFIER = Falsifier(
    name="unfinished-run",
    hunts="steps that were planned and are missing, doubled, out of order or not finite in the record",
    laws=(step_record.LAW,),
)
