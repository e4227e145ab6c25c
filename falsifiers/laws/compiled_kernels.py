"""The compiled step multiplies in the dtype that the record implies, and holds the attention kernel of its platform.

Hunts for: an accelerator that runs the plain path, or a narrower one, while the record speaks of the other.
Why it matters: a kernel is refused for a shape, a mask or a dtype, and the only sign of it is the time of a step.
How it looks: the right numbers at another speed; or numbers of fewer bits than anybody declared.
If it strikes, suspect: the head's size, the dtype at the kernel's door, a number that is rounded on its way.
Blind spots: what a kernel does inside; bits that are lost by operations that say nothing of it.
Sources: OpenXLA, "XLA Operation Semantics", Dot, CustomCall and ReducePrecision; jax.nn.dot_product_attention.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from falsifiers.kernels.trainer import find
from falsifiers.law import Law
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

INSTRUCTION: Final = re.compile(
    r"^\s*(?:ROOT )?%?(?P<name>[\w.\-]+) = (?P<type>\(.*?\)|\S+) (?P<call>[\w\-]+)\((?P<given>.*)"
)
TARGET: Final = re.compile(r'custom_call_target="([^"]+)"')
FLOAT: Final = re.compile(r"\b(f64|f32|bf16|f16|f8\w*|f4\w*)\[")
OPERAND: Final = re.compile(r"%([\w.\-]+)|^([\w.\-]+)$")
PRODUCTS: Final = re.compile(r"gemm|matmul|cublas", re.IGNORECASE)
KERNEL: Final = re.compile(r"cudnn\W*fmha\w*", re.IGNORECASE)
"""What the fused attention calls itself, forward and backward, in a program before and after it is compiled."""
NARROWER: Final = {"f32": ("bf16", "f16", "f8", "f4"), "bf16": ("f16", "f8", "f4")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An interval of what there is to look at in the program."""

    start: int
    length: int


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any interval."""
    from hypothesis import strategies as st

    many = len(_looks(subject))
    return st.builds(Case, start=st.integers(0, many - 1), length=st.integers(1, many))


def reading(subject: SystemSubject, case: Case) -> float:
    """How many of the products, kernels and roundings in the interval are not those that the platform implies."""
    return float(sum(_looks(subject)[case.start : case.start + case.length]))


def _looks(subject: SystemSubject) -> tuple[bool, ...]:
    system: Any = subject.system
    fused = subject.config["platform"] != "cpu"
    return faults(system.model, system.train, "bf16" if fused else "f32", len(system.window(0)))


@functools.cache
def faults(config: Any, train: Any, dtype: str, rows: int) -> tuple[bool, ...]:
    """Whether each product, rounding and attention kernel of the compiled step is wrong; nothing else is looked at."""
    import jax.numpy as jnp

    fused = dtype == "bf16"
    program = _lowered(config, train, jnp.bfloat16 if fused else jnp.float32, rows).compile().as_text()
    without = _lowered(config, train, jnp.float32, rows).as_text()
    wanted = config.num_layers if fused else 0
    kernels = attention_kernels(program)
    backward = sum("backward" in name.lower() for name in kernels)
    return (
        *(kind != dtype for kind in products(program)),
        *(True for _ in roundings(program, dtype)),
        *_unmatched(len(kernels) - backward, wanted),
        *_unmatched(backward, wanted),
        bool(attention_kernels(without)),
    )


def _unmatched(found: int, wanted: int) -> Iterator[bool]:
    """For each that is found or wanted, whether it is not both."""
    return (number >= min(found, wanted) for number in range(max(found, wanted)))


def _lowered(config: Any, train: Any, dtype: Any, rows: int) -> Any:
    """The trainer's own step, for the shapes of the run, before it is compiled."""
    import jax
    import jax.numpy as jnp

    state = jax.eval_shape(lambda: find("step.initial_state")(find("model.initial_params")(config, 0), train))
    window = jax.ShapeDtypeStruct((rows, train.seq_length + 1), jnp.int32)
    return find("step.make_step")(config, train, dtype).lower(state, {"window": window})


def products(program: str) -> list[str]:
    """The dtype of what each matrix product of a compiled program multiplies; those that differ joined by `*`."""
    rows = list(_instructions(program))
    kinds = {row["name"]: kind[0] for row in rows if (kind := FLOAT.findall(row["type"]))}
    found = []
    for row in rows:
        target = TARGET.search(row["given"])
        if row["call"] == "dot" or (row["call"] == "custom-call" and target and PRODUCTS.search(target[1])):
            given = row["given"].partition(")")[0]
            names = [first or second for first, second in OPERAND.findall(given)]
            taken = FLOAT.findall(given)[:2] or [kinds.get(name, "") for name in names[:2]]
            found.append("*".join(sorted(set(taken))))
    return found


def roundings(program: str, dtype: str) -> list[str]:
    """Names of the instructions that hold floats narrower than a dtype, or round to fewer bits."""
    return [
        row["name"]
        for row in _instructions(program)
        if row["call"] == "reduce-precision"
        or any(kind.startswith(NARROWER[dtype]) for kind in FLOAT.findall(row["type"]))
    ]


def attention_kernels(program: str) -> list[str]:
    """The calls of fused attention in a program, compiled or not."""
    calls = (line for line in program.splitlines() if "custom-call(" in line or "custom_call " in line)
    return [found[0] for line in calls if (found := KERNEL.search(line))]


def _instructions(program: str) -> Iterator[dict[str, str]]:
    return (found.groupdict() for line in program.splitlines() if (found := INSTRUCTION.match(line)))


LAW = Law(
    name="compiled-kernels",
    role="claim",
    evidence="system",
    unit="errors",
    tolerance=0.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
