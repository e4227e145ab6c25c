"""Bounds as expressions over recorded quantities, e.g. `0.7 * ln(vocab_size)`.

Syntax: numbers, names, `+ - * / **`, unary `-`, parentheses, and `ln log2 sqrt exp min max abs`.

Units:
- a number literal is bare: it scales, and beside `+ - min max` it takes the unit of its partner;
- `+ - min max` want equal units; `*` and `/` want a number on one side, or units that cancel;
- `ln` of ids is nats/token and `log2` of ids is bits/token; of a number they are plain nats and bits, which
  do not compare with a loss: a bound on a loss names the recorded vocabulary, never a figure typed by hand;
- `exp` takes nats/token back to ids and nats to a number; `sqrt` and `**` want numbers.
"""

import ast
import math
import warnings
from collections.abc import Mapping
from typing import Final, assert_never

from pv.contract.bounds.arithmetic import (
    BARE,
    FUNCTIONS,
    OPERATORS,
    Amount,
    Operation,
    RefusedError,
    other_base,
    same_unit_fix,
)
from pv.contract.problem import did_you_mean, nearest
from pv.errors import ContractError
from pv.records import dataclass

MAX_LENGTH: Final = 500
MAX_DEPTH: Final = 30

_SYNTAX: Final = f"use numbers, names, + - * / **, parentheses and {' '.join(FUNCTIONS)}"


@dataclass(frozen=True, slots=True)
class _Number:
    value: float


@dataclass(frozen=True, slots=True)
class _Name:
    name: str


@dataclass(frozen=True, slots=True)
class _Applied:
    operation: Operation
    operands: "tuple[_Node, ...]"


_Node = _Number | _Name | _Applied


def names(expression: str | float) -> set[str]:
    """The quantities an expression reads.

    Raises:
        ContractError: It is not an expression.
    """
    return _names(_parsed(expression))


def evaluate(
    expression: str | float, quantities: Mapping[str, tuple[float, str]], *, unit: str | None = None
) -> tuple[float, str]:
    """The value of a bound and its unit.

    Args:
        expression: Text, or a number, which is bare.
        quantities: Name to (value, unit) of what was recorded.
        unit: What the result must be in; a bare result takes it. Without it a bare result is in `1`.

    Raises:
        ContractError: Not an expression, an unknown name, units that do not fit, a value that is not finite.
    """
    amount = _amount(_parsed(expression), _where(expression), quantities)
    if amount.unit == BARE:
        return amount.value, unit or "1"
    if unit is not None and amount.unit != unit:
        what = f"the result is in {amount.unit}, wanted is {unit}{other_base(amount, unit)}"
        raise ContractError(_where(expression), what, same_unit_fix(amount.unit, unit))
    return amount.value, amount.unit


def _where(expression: str | float) -> str:
    text = str(expression)
    return f"expression `{text if len(text) <= 80 else text[:77] + '...'}`"


def _finite(where: str, value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ContractError(where, f"the value {number} is not finite", "check the quantities it is made of")
    return number


def _parsed(expression: str | float) -> _Node:
    """The expression as a tree of bounded size that holds nothing but allowed operations."""
    where = _where(expression)
    if not isinstance(expression, str):
        return _Number(_finite(where, expression))
    if len(expression) > MAX_LENGTH:
        raise ContractError(where, f"{len(expression)} characters; at most {MAX_LENGTH} are read", "name its parts")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ContractError(where, "not an expression", _SYNTAX) from error
    return _node(tree.body, where, depth=1)


def _node(node: ast.expr, where: str, *, depth: int) -> _Node:
    if depth > MAX_DEPTH:
        raise ContractError(where, f"nested deeper than {MAX_DEPTH} levels", "name its parts")
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _Number(_finite(where, value))
        case ast.Name(id=name):
            return _Name(name)
        case ast.UnaryOp(op=op, operand=operand) if type(op).__name__ in OPERATORS:
            operation, operands = OPERATORS[type(op).__name__], [operand]
        case ast.BinOp(left=left, op=op, right=right) if type(op).__name__ in OPERATORS:
            operation, operands = OPERATORS[type(op).__name__], [left, right]
        case ast.Call(func=ast.Name(id=name), args=operands, keywords=[]):
            operation = _function(name, len(operands), where)
        case _:
            raise ContractError(where, f"{type(node).__name__} is not allowed", _SYNTAX)
    return _Applied(operation, tuple(_node(operand, where, depth=depth + 1) for operand in operands))


def _function(name: str, count: int, where: str) -> Operation:
    if name not in FUNCTIONS:
        raise ContractError(where, f"unknown function `{name[:60]}`", did_you_mean(name, FUNCTIONS))
    operation = FUNCTIONS[name]
    if not operation.least <= count <= operation.most:
        wanted = "1" if operation.most == 1 else f"{operation.least} to {operation.most}"
        raise ContractError(where, f"{name} takes {wanted} arguments, got {count}", _SYNTAX)
    return operation


def _names(node: _Node) -> set[str]:
    match node:
        case _Number():
            return set()
        case _Name(name=name):
            return {name}
        case _Applied(operands=operands):
            return set().union(*map(_names, operands))
        case _:
            assert_never(node)


def _amount(node: _Node, where: str, quantities: Mapping[str, tuple[float, str]]) -> Amount:
    match node:
        case _Number(value=value):
            return Amount(value, BARE)
        case _Name(name=name):
            return _recorded(name, where, quantities)
        case _Applied(operation=operation, operands=operands):
            amounts = [_amount(operand, where, quantities) for operand in operands]
            return _result(operation, amounts, where)
        case _:
            assert_never(node)


def _recorded(name: str, where: str, quantities: Mapping[str, tuple[float, str]]) -> Amount:
    if name in quantities:
        value, unit = quantities[name]
        return Amount(_finite(where, value), unit)
    near = nearest(name, quantities, count=3)
    known = ", ".join((*near, *sorted(set(quantities) - set(near)))) or "none is recorded"
    raise ContractError(where, f"unknown quantity `{name[:60]}`", f"known: {known}")


def _result(operation: Operation, amounts: list[Amount], where: str) -> Amount:
    """What the operation gives, each way it can fail told at this expression."""
    try:
        amount = operation.apply(*amounts)
    except RefusedError as error:
        raise ContractError(where, error.what, error.fix) from error
    except ZeroDivisionError as error:
        raise ContractError(where, "division by zero", "check the divisor") from error
    except OverflowError as error:
        raise ContractError(where, "the value is too large", "check the quantities it is made of") from error
    return Amount(_finite(where, amount.value), amount.unit)
