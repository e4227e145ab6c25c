"""Why a verdict is what it is, where no rule has a page for it."""

from collections.abc import Mapping
from typing import Final

REASON_CODES: Final[Mapping[str, str]] = {
    "counterexample": """A case breaks a law that the claim rests on.

    The falsifier found it with Hypothesis and shrank it to the smallest case that still breaks the law; `pv explain` of
    the claim prints it. Reproduce it with the seed in raw/attacks/, mend the system, and try the claim again.""",
    "bound-violated": """The whole interval lies on the wrong side of the bound.

    The measurement is sound, no control read wrong, and even the favourable end of the one-sided interval misses the
    bound. The claim is refuted: mend the system, or publish the refutation. Moving the bound after the run is a finding
    of its own, loosened-bound.""",
    "baseline-not-beaten": """A baseline is better than the claim's quantity on the same documents.

    The paired difference to a baseline of `below` lies wholly above zero, so a predictor that learned less does better.
    The claim is refuted, whatever its own bound says.""",
    "interval-straddles": """The bound lies inside the interval.

    The evidence fits both the claim and its opposite. Score more documents: the interval shrinks with the square root
    of their number, not of their tokens.""",
    "contrast-straddles": """The difference to a baseline may be zero.

    The paired interval reaches from below to above zero: on these documents the claim's quantity and the baseline
    cannot be told apart. Score more documents.""",
    "too-few-seeds": """The claim asks for more seeds than there are runs of.

    It is about a recipe, and one run says nothing about another. Run it again from other seeds, all else equal, and
    keep each: `pv discharge ID --run --seed N --keep`.""",
    "seeds-straddle": """The bound lies inside the interval over seeds.

    Every run survived by itself, and yet they differ so much from seed to seed that their mean may lie on either side
    of the bound. Run further seeds; the message says how many would do if they spread as those so far.""",
    "level-below-required": """The evidence is less real than the claim requires.

    The claim survived, but on functions or on a small run, and it speaks about the full run on its hardware. Run the
    profile that the contract names as full: `pv discharge ID --run --profile P`.""",
    "no-evidence": """No bundle speaks about the claim.

    Nothing was sealed whose lock names this claim, or only runs under planted faults were. `pv discharge ID` says what
    would run, `pv discharge ID --run` runs it.""",
    "not-measured": """The bundle does not hold the claim's quantity.

    The run ended without recording the series that the claim measures, or the bound rests on a quantity that was not
    recorded. The message names what is missing.""",
    "planned": """The claim is planned, nothing measures it yet.

    `planned: true` says so openly: the claim counts as UNTESTED and keeps its contract from DISCHARGED. Bind a
    falsifier, give it a measure and a bound, and drop the key.""",
    "legacy": """A claim of the older format does not say what is measured against which bound.

    The prose was read and shown, and counts as UNTESTED: a sentence cannot be tried. Write `measure`, `op`, `bound`
    and `requires` in a contract with the key `pv: "1"`.""",
    "not-measurable": """The claim does not say what is measured against which bound.

    Add `measure`, `op`, `bound` and `requires`, or say `planned: true`.""",
    "untested-claims": """Some claims of the contract were not tested.

    A stamp speaks about everything a contract claims, so untested claims cap it at PARTIAL, and a contract of which
    nothing was tested is UNTESTED.""",
    "dependency": """A contract that this one depends on is FALSIFIED, SUSPECT or not judged here.

    What rests on a refuted or unbelievable result is PARTIAL at best. Settle the other contract first, or name its file
    on the command line if it was not read.""",
}
"""Code of a reason to its page; the first sentence is its title."""
