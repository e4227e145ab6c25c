"""A small investigation as text, and everything that is found wrong with a changed one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pv.investigation import Loaded, load

TEXT = """\
investigation: "1"
id: low-loss
title: The loss is too low.
symptom:
  claim: FALSIFY-005
  run: {profile: cpu}
  quantity: train/loss last
  expected: {low: 0.3, high: 6.0, unit: nats/token}
hypotheses:
  - id: H1
    says: The scored tokens are no text.
    predicts:
      - {control: scored-unk-share, reads: wrong}
      - quantity: unigram_entropy
        within: {high: 0.1, unit: nats/token}
        rivals: {low: 2.0, unit: nats/token}
    inject: unk-corpus
  - id: H2
    says: The evaluator is degenerate.
    predicts:
      - {control: constant-logits, reads: wrong}
whys:
  - why: Why is it so low?
    because: Nearly every token is the same.
    cites: [{quantity: train/loss last, reads: 0.0008, unit: nats/token}]
  - why: Why is that?
    because: Somebody hurried.
not_covered: [what the model is good for]
"""


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Loaded]:
    """Loads the investigation with texts replaced, each of which occurs once."""

    def read(*replacements: tuple[str, str]) -> Loaded:
        text = TEXT
        for old, new in replacements:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "low-loss.yaml"
        path.write_text(text)
        return load(path)

    return read
