"""Which readings the system judge takes."""

import dataclasses

import pytest
from fake_trainer import TRAINER, write_job

from falsifiers.bench import Bench, named_readings
from falsifiers.job import Job, read_job
from falsifiers.readings.scored import open_inputs


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    return read_job(write_job(tmp_path_factory.mktemp("job")))


@pytest.mark.parametrize(
    ("trainer", "controls", "asked"),
    [("aprtrain", ["lm-loss"], True), ("aprtrain", [], False), ("fake", ["lm-loss"], False)],
)
def test_a_source_of_known_entropy_that_nobody_can_learn(
    job: Job, trainer: str, controls: list[str], asked: bool
) -> None:
    """It is asked of a trainer with commands of its own, and only where a loss is guarded."""
    chosen = dataclasses.replace(job, trainer=trainer, controls=controls)
    bench = Bench(job=chosen, inputs=open_inputs(chosen), trainer=lambda: TRAINER)
    assert ("source of known entropy" in dict(named_readings(bench))) == asked


def test_an_init_that_the_run_has_not(job: Job) -> None:
    bare = dataclasses.replace(job, init_checkpoint=None)
    for given, there in ((job, True), (bare, False)):
        bench = Bench(job=given, inputs=open_inputs(given), trainer=lambda: TRAINER)
        assert ("init loss" in dict(named_readings(bench))) == there
