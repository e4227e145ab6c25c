"""What each operation does to a value and to its unit."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from pv.contract.bounds.units import NUMBERS, convert, information
from pv.records import dataclass

MAX_EXPONENT: Final = 64
BARE: Final = ""
"""Unit of a literal, which takes the unit of what it meets."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A value with its unit."""

    value: float
    unit: str

    @property
    def number(self) -> bool:
        """Whether it scales others without changing their unit."""
        return self.unit == BARE or self.unit in NUMBERS

    @property
    def kind(self) -> str:
        """The unit in words."""
        return self.unit or "a number"

    def __str__(self) -> str:
        """Value and unit, e.g. `17.21 bits/token`."""
        return f"{self.value:.6g} {self.unit}".rstrip()


class RefusedError(Exception):
    """An operation that the units or the value do not allow."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what, fix)
        self.what = what
        self.fix = fix


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operator or a named function."""

    apply: Callable[..., Amount]
    """Amounts to an amount; raises RefusedError, ZeroDivisionError or OverflowError."""

    least: int
    """Fewest operands."""

    most: int
    """Most operands."""


def other_base(amount: Amount, unit: str) -> str:
    """The amount in the other base of information, in parentheses; empty where there is none."""
    other = convert(amount.value, amount.unit, unit)
    return "" if other is None else f" ({amount} is {other:.6g} {unit})"


def same_unit_fix(left: str, right: str) -> str:
    """How two units that do not fit are brought together."""
    a, b = information(left), information(right)
    if a and b and a[0] != b[0]:
        return "1 bit is 0.693147 nats; write ln for nats and log2 for bits, the same on both sides"
    if a and b:
        return "take ln or log2 of the recorded vocab_size: a plain number has no per-token logarithm"
    return "make both sides the same unit"


def _shared(operation: str, *amounts: Amount) -> str:
    """The unit of amounts that are added or compared."""
    fixed = [amount for amount in amounts if amount.unit != BARE]
    for other in fixed[1:]:
        if other.unit != fixed[0].unit:
            what = f"{operation} mixes {fixed[0].unit} with {other.unit}{other_base(other, fixed[0].unit)}"
            raise RefusedError(what, same_unit_fix(fixed[0].unit, other.unit))
    return fixed[0].unit if fixed else BARE


def _add(a: Amount, b: Amount) -> Amount:
    return Amount(a.value + b.value, _shared("+", a, b))


def _subtract(a: Amount, b: Amount) -> Amount:
    return Amount(a.value - b.value, _shared("-", a, b))


def _scaled_unit(a: Amount, b: Amount) -> str | None:
    """Unit of a product with a number on at least one side; None where both carry other units."""
    if a.number and b.number:
        units = {a.unit, b.unit} - {BARE}
        return BARE if not units else units.pop() if len(units) == 1 else "1"
    if a.number:
        return b.unit
    return a.unit if b.number else None


def _multiply(a: Amount, b: Amount) -> Amount:
    unit = _scaled_unit(a, b)
    for rate, base in ((a, b), (b, a)):
        if unit is None and rate.unit.endswith(f"/{base.unit}"):
            unit = rate.unit.removesuffix(f"/{base.unit}")
    if unit is None:
        raise RefusedError(f"{a.unit} times {b.unit} is no known unit", "scale by a plain number or a ratio")
    return Amount(a.value * b.value, unit)


def _divide(a: Amount, b: Amount) -> Amount:
    if b.number:
        return Amount(a.value / b.value, _scaled_unit(a, b) or BARE)
    if a.unit == b.unit:
        return Amount(a.value / b.value, "ratio")
    what = f"{a.kind} divided by {b.unit} is no known unit{other_base(b, a.unit)}"
    raise RefusedError(what, "divide like by like, or by a plain number")


def _negate(a: Amount) -> Amount:
    return Amount(-a.value, a.unit)


def _power(a: Amount, b: Amount) -> Amount:
    if not (a.number and b.number):
        raise RefusedError(f"{a.kind} to the power of {b.kind}", "raise plain numbers only")
    if abs(b.value) > MAX_EXPONENT:
        raise RefusedError(f"exponent {b.value:g} is beyond {MAX_EXPONENT}", "use a smaller exponent")
    if a.value < 0 and not b.value.is_integer():
        raise RefusedError(f"{a.value:g} to the power {b.value:g} is not real", "raise a positive number")
    return Amount(a.value**b.value, BARE if a.unit == b.unit == BARE else "1")


def _logarithm(name: str, function: Callable[[float], float], base: str) -> Callable[[Amount], Amount]:
    def apply(a: Amount) -> Amount:
        if not (a.number or a.unit == "ids"):
            raise RefusedError(f"{name} of {a.unit}", f"{name} takes ids, a ratio or a plain number")
        if a.value <= 0:
            raise RefusedError(f"{name} of {a.value:g}", f"{name} needs a positive argument")
        return Amount(function(a.value), f"{base}/token" if a.unit == "ids" else base)

    return apply


def _exp(a: Amount) -> Amount:
    units = {"nats/token": "ids", "nats": "1", "1": "1", "ratio": "1", BARE: BARE}
    if a.unit not in units:
        raise RefusedError(f"exp of {a.unit}", "exp takes nats/token, nats or a plain number")
    return Amount(math.exp(a.value), units[a.unit])


def _sqrt(a: Amount) -> Amount:
    if not a.number or a.value < 0:
        raise RefusedError(f"sqrt of {a}", "sqrt takes a plain number that is not negative")
    return Amount(math.sqrt(a.value), a.unit)


def _abs(a: Amount) -> Amount:
    return Amount(abs(a.value), a.unit)


def _choice(name: str, function: Callable[[list[float]], float]) -> Callable[..., Amount]:
    def apply(*amounts: Amount) -> Amount:
        return Amount(function([amount.value for amount in amounts]), _shared(name, *amounts))

    return apply


FUNCTIONS: Final[Mapping[str, Operation]] = {
    "ln": Operation(apply=_logarithm("ln", math.log, "nats"), least=1, most=1),
    "log2": Operation(apply=_logarithm("log2", math.log2, "bits"), least=1, most=1),
    "sqrt": Operation(apply=_sqrt, least=1, most=1),
    "exp": Operation(apply=_exp, least=1, most=1),
    "min": Operation(apply=_choice("min", min), least=2, most=30),
    "max": Operation(apply=_choice("max", max), least=2, most=30),
    "abs": Operation(apply=_abs, least=1, most=1),
}
OPERATORS: Final[Mapping[str, Operation]] = {
    "Add": Operation(apply=_add, least=2, most=2),
    "Sub": Operation(apply=_subtract, least=2, most=2),
    "Mult": Operation(apply=_multiply, least=2, most=2),
    "Div": Operation(apply=_divide, least=2, most=2),
    "Pow": Operation(apply=_power, least=2, most=2),
    "USub": Operation(apply=_negate, least=1, most=1),
}
"""By the name of Python's syntax node."""
