"""Templates of contracts and claims."""

from pv.cli.scaffold.names import Name

_CLAIM = """\
- id: {id}
{alias}  rule: Say what is claimed, in one sentence.
  prediction: Say what will be observed if it is true.
  if_fails: Say what to look at first when it is refuted.
"""
_PLANNED = """\
  planned: true    # nothing measures it yet, so it is UNTESTED; when it is measured, replace this line by:
  # requires: integration    # algorithm, integration or live: how real the evidence must be
  # measure: {series: eval/loss, reduce: last, unit: nats/token, split: val-b}
  # op: "<"
  # bound: ln(vocab_size)    # a number, or an expression over recorded quantities
  # below: [unigram_entropy, bigram_loss, untouched_init_loss]
  # controls: lm-loss
  # counter_example_classes: [unk-corpus]    # planted faults that its falsifier must have killed
"""
_CONTRACT = """\
# yaml-language-server: $schema=schema.json
pv: "1"
metadata:
  id: C-{upper}
  version: "1.0.0"
  kind: training-run
  description: >
    Say in a sentence or two what holds of {words} if every claim below survives.
  references:
    - "Where the claims come from: a paper, an issue, a page"
  depends_on: []
# The system under test; uncomment it with the first claim that is measured on a run.
# system:
#   trainer: aprtrain
#   profiles: {{cpu: finetune-tiny}}
equations:
  {snake}:
    formula: Write the definition that the claims refer to
proof_obligations:
  - id: OBL-{upper}
    type: invariant
    property: Say what must hold.
    applies_to: {snake}
    tested_by: [FALSIFY-{upper}-001]
falsification_tests:
"""


def contract_file(name: Name) -> str:
    """A contract with one equation, one obligation and one planned claim, linked to each other."""
    head = _CONTRACT.format(upper=name.upper, words=name.words, snake=name.snake)
    return head + indented(claim_block(f"FALSIFY-{name.upper}-001"), 2)


def claim_block(claim_id: str, alias: str = "", *, legacy: bool = False) -> str:
    """A claim as an entry of a list; a file of the older tool knows no `planned`."""
    head = _CLAIM.format(id=claim_id, alias=f"  aliases: [{alias}]\n" if alias else "")
    return head if legacy else head + _PLANNED


def indented(block: str, columns: int) -> str:
    """The block with every line moved to the right."""
    return "".join(f"{' ' * columns}{line}" for line in block.splitlines(keepends=True))
