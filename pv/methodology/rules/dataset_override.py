"""The run used a data set that was handed over by hand.

What it hunts: runs on other data than the recipe's.
Why: the claim names a recipe; whoever reads the verdict should know that its data was exchanged.
How it looks: the data set's name and digest.
What to do: nothing, if it is meant; else run without --dataset.
Blind spots: data that changed under the recipe's own name; its digest is in data.json.
Source: run.json.
"""

from collections.abc import Iterator

from pv.methodology.case import Case
from pv.methodology.model import Effect, Finding, NotJudged
from pv.methodology.rules.rule import Rule


def check(case: Case) -> Iterator[Finding | NotJudged]:
    """Name the data set that replaced the recipe's."""
    dataset = case.bundle.run.get("dataset")
    if case.of_a_run and "dataset" not in case.bundle.run:
        yield RULE.not_judged("whether the data set was handed over by hand is not recorded")
    if isinstance(dataset, dict):
        name, digest = str(dataset.get("name"))[:80], str(dataset.get("digest"))[:16]
        yield RULE.finding(f"data set {name}, digest {digest}", "raw/run.json")


RULE = Rule(id="dataset-override", effect=Effect.NOTES, page=__doc__, check=check)
