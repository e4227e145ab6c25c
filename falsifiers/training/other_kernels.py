"""A compiled step of other kernels than the record implies."""

from falsifiers.law import Falsifier
from falsifiers.laws import compiled_kernels

FALSIFIER = Falsifier(
    name="other-kernels",
    hunts="a product of another dtype, a hidden rounding, or a missing attention kernel in the compiled step",
    laws=(compiled_kernels.LAW,),
)
