"""The runs that an investigation stands on."""

from collections.abc import Callable

from pv.investigation import Loaded, wanted_runs
from pv.investigation.model import Made


def test_every_run_once_made_as_the_symptom_was(changed: Callable[..., Loaded]) -> None:
    found = changed(
        ("run: {profile: cpu}", "run: {profile: cpu, mutant: both, seed: 3}"),
        ("    inject: unk-corpus", "    inject: unk-corpus\n    without: {mutant: dropped-bias}"),
        ("{control: constant-logits, reads: wrong}", "{control: overlap, reads: wrong, run: {seed: 4}}"),
    ).investigation
    assert found is not None
    assert wanted_runs(found) == (
        Made(mutant="both", profile="cpu", seed=3),
        Made(mutant="unk-corpus", profile="cpu", seed=3),
        Made(mutant="dropped-bias", profile="cpu", seed=3),
        Made(profile="cpu", seed=4),
    )


def test_a_bundle_that_is_named_cannot_be_made_again(changed: Callable[..., Loaded]) -> None:
    found = changed(("run: {profile: cpu}", "bundle: some-bundle")).investigation
    assert found is not None
    assert wanted_runs(found) == ()
