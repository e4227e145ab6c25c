"""A run during which the device failed."""

from falsifiers.law import Falsifier
from falsifiers.laws import device_record

FALSIFIER = Falsifier(
    name="device-fault",
    hunts="a line of the log or a recorded loss that betrays a fault of the device",
    laws=(device_record.LAW,),
)
