"""A replica that is no longer the other one."""

from falsifiers.law import Falsifier
from falsifiers.laws import replica_digests

FALSIFIER = Falsifier(
    name="drifted-replica",
    hunts="processes that made a run together and hold other weights at its end",
    laws=(replica_digests.LAW,),
)
