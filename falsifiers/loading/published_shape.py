"""A shape that is asked for by name is the published one: every field, and the number of its parameters.

Hunts for: a field that was typed from memory, a tie or a bias that one size of a family has and the next has not.
Why it matters: a model that is called by a name and is another one cannot take that name's weights, nor be compared.
How it looks: a count that is off by a vocabulary times a width, or by a few thousand.
If it strikes, suspect: shapes.yaml, then the rule that says which tensors a model has.
Blind spots: families that are not asked for; a field that changes neither a count nor what is printed.
Sources: the config.json and the parameter counts published with Qwen2.5-Coder 0.5B, 1.5B, 7B and Llama 2 7B, 13B;
Touvron et al. 2023, arXiv:2307.09288; public pull requests 1472 to 1494 of paiml/aprender for Llama-370M.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from falsifiers.law import one_law
from falsifiers.loop.record import finished
from falsifiers.program import aprtrain, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 6
"""A case is a process of a second."""
FIELDS: Final = (
    *("vocab_size", "hidden_size", "num_layers", "num_heads", "num_kv_heads", "head_dim", "intermediate_size"),
    *("max_positions", "rope_theta", "rms_norm_eps", "tie_word_embeddings", "qkv_bias"),
)
PUBLISHED: Final[dict[str, tuple[int, tuple[Any, ...]]]] = {
    "qwen2.5-coder-0.5b": (494_032_768, (151_936, 896, 24, 14, 2, 64, 4864, 32_768, 1e6, 1e-6, True, True)),
    "qwen2.5-coder-1.5b": (1_543_714_304, (151_936, 1536, 28, 12, 2, 128, 8960, 32_768, 1e6, 1e-6, True, True)),
    "qwen2.5-coder-7b": (7_615_616_512, (152_064, 3584, 28, 28, 4, 128, 18_944, 32_768, 1e6, 1e-6, False, True)),
    "llama-370m": (373_509_120, (50_257, 1024, 24, 16, 4, 64, 2816, 2048, 1e4, 1e-5, False, False)),
    "llama-2-7b": (6_738_415_616, (32_000, 4096, 32, 32, 32, 128, 11_008, 4096, 1e4, 1e-5, False, False)),
    "llama-2-13b": (13_015_864_320, (32_000, 5120, 40, 40, 40, 128, 13_824, 4096, 1e4, 1e-5, False, False)),
}
"""Parameters, and the value of each field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A published name."""

    name: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each name once."""
    from hypothesis import strategies as st

    return st.builds(Case, name=st.sampled_from(sorted(PUBLISHED)))


def reading(_subject: None, case: Case) -> float:
    """Fields that differ from the published ones, and 1 where the count does."""
    parameters, values = PUBLISHED[case.name]
    out = finished(aprtrain("info", case.name, cwd=workshop())).out
    shown = dict(re.findall(r"(\w+)=([\w.+-]+)", out))
    counted = re.search(r"([\d,]+) parameters", out)
    wrong = sum(not _same(value, shown.get(name, "")) for name, value in zip(FIELDS, values, strict=True))
    return float(wrong + (counted is None or int(counted[1].replace(",", "")) != parameters))


def _same(value: Any, shown: str) -> bool:
    return shown == str(value) if isinstance(value, bool) or not shown else float(shown) == value


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
