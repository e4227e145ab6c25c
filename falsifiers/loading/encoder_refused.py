"""A checkpoint of an encoder is refused by the name of the claim and of the family; decoders pass the same check.

Hunts for: a model that attends to both sides and is trained as if it did not.
Why it matters: an encoder's tensors fit a decoder well enough to be loaded, and its first loss is no alarm.
How it looks: a fine-tune of CodeBERT that starts.
If it strikes, suspect: a family that is guessed from the names of tensors, a default for a model type nobody knows.
Blind spots: a decoder under the name of an encoder, or the reverse.
Sources: paiml/aprender pull request 1475; Devlin et al. 2018, arXiv:1810.04805; Feng et al. 2020, arXiv:2002.08155.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.program import CONFIG, aprtrain, refused, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

CLAIM = "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-007"
FEWEST = 6
"""A case is one or two processes of two seconds."""
ENCODERS = {
    "bert": "BertForMaskedLM",
    "roberta": "RobertaForMaskedLM",
    "codebert": "RobertaModel",
    "xlnet": "XLNetModel",
}
DECODERS = {"qwen2": "Qwen2ForCausalLM"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A family and its class, on otherwise sound files."""

    family: str
    architecture: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Encoders, and a decoder's family with an encoder's class."""
    from hypothesis import strategies as st

    pairs = [
        *ENCODERS.items(),
        *DECODERS.items(),
        ("qwen2", "BertForMaskedLM"),
        ("qwen2", "Qwen2ForTokenClassification"),
    ]
    return st.sampled_from(pairs).map(lambda pair: Case(family=pair[0], architecture=pair[1]))


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken: an encoder is refused by name, a decoder is read."""
    config = {**CONFIG, "model_type": case.family, "architectures": [case.architecture]}
    folder = write_model(workshop() / "family", weights(1), config)
    ran = aprtrain("info", folder, cwd=workshop())
    if DECODERS.get(case.family) == case.architecture:
        return float(ran.status != 0)
    return float(refused(ran, CLAIM, case.family, case.architecture, "decoder-only", "config.json"))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
