"""A tensor of the init's file was not used.

What it hunts: tensors that lie in the file of the init and that filled nothing of the model.
Why: a model without its biases, or with a head of its own, loads without a word and trains to nearly the same loss.
How it looks: the names of the tensors that were left over.
What to do: build the model that the file is of; a tensor that is left out on purpose does not belong in the file.
Blind spots: tensors that were read and used wrongly. A copy of one that was used, such as a tied head, is exempt; runs
from an init without a ledger of its file are not judged.
Source: paiml/aprender pull request 1579: 72 biases left over and a head added, seen as a difference of 71.
"""

from collections.abc import Iterator

from pv.evidence.fields import part
from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule

SHOWN = 5


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Name the tensors of the source that filled nothing, unless another with the same bytes did."""
    if not case.of_a_run:
        return
    source = part(case.bundle.tensors, "source")
    if not source:
        if part(case.bundle.run, "config").get("init_digest"):
            yield RULE.not_judged("the tensors of the init's file are not recorded")
        return
    rows = {name: part(source, name) for name in source}
    used = {str(row.get("digest")) for row in rows.values() if row.get("consumed") is True}
    unused = {name: str(row.get("digest")) for name, row in sorted(rows.items()) if row.get("consumed") is False}
    left = [name for name, digest in unused.items() if digest not in used]
    if left:
        more = f" and {len(left) - SHOWN} more" if len(left) > SHOWN else ""
        yield RULE.finding(
            f"{', '.join(name[:80] for name in left[:SHOWN])}{more}: in the init's file, and used nowhere",
            "raw/tensors.json",
        )


RULE = Rule(id="unconsumed-tensor", effect=Effect.CAPS, page=__doc__, check=check)
