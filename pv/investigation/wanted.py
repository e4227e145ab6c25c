"""The runs that an investigation stands on."""

from collections.abc import Iterator

from pv.investigation.model import Investigation, Made
from pv.investigation.rules import hypotheses


def wanted_runs(investigation: Investigation) -> tuple[Made, ...]:
    """Return how each run of the symptom's claim is made that an investigation names, each once, the symptom's first.

    None of them for one that names its symptom's bundle: that bundle cannot be made again.
    """
    symptom = investigation.symptom.run
    if symptom is None:
        return ()
    likewise = {"profile": symptom.profile, "seed": symptom.seed}
    runs = (symptom, *_named(investigation))
    return tuple(dict.fromkeys(Made(**{**likewise, **run.model_dump(exclude_defaults=True)}) for run in runs))


def _named(investigation: Investigation) -> Iterator[Made]:
    for _, one in hypotheses(investigation):
        yield from (prediction.run for prediction in one.predicts if prediction.run)
        if one.inject:
            yield Made(mutant=one.inject)
            yield one.without or Made()
    for why in investigation.whys:
        yield from (cite.run for cite in why.cites if cite.run)
