"""Equal logits that do not cost ln V."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="misread-constant",
    hunts="an evaluator that reads equal logits as anything but ln V",
    laws=(),
)
